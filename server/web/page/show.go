package page

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// Frame is what the layout needs. A page's handler may change it before show.
func (p *Kit) Frame(c *gin.Context, title templates.Text) templates.Frame {
	f := templates.Frame{
		Lang: templates.ChooseLang(c.Writer, c.Request), Title: title, URL: c.Request.URL,
		Zone: models.ZoneWIB, Now: p.Now(),
	}
	if Stateless(c.Request.URL.Path) {
		return f
	}
	if c.GetHeader("HX-Request") == "" { // a part that renews itself shows no messages: it would take them from the page
		f.Flash = p.takeFlash(c)
	}
	if v := VisitorOf(c); v.SignedIn {
		f.User = &templates.User{Name: v.User.Name, Role: templates.Say("role." + string(v.User.Role)), Scope: p.scopeName(c, v)}
		f.Nav = navigation(v)
	}
	return f
}

// scopeName is the institution that a coordinator sees.
func (p *Kit) scopeName(c *gin.Context, v Visitor) string {
	if v.User.ProviderID == nil {
		return ""
	}
	provider, err := p.Store.Read(c.Request.Context()).Provider(*v.User.ProviderID)
	if err != nil {
		p.Log.Warn("name a coordinator's institution", "error", err)
		return ""
	}
	return provider.Name
}

// menuEntry is an entry of the menu; who lacks the permission doesn't see it.
type menuEntry struct {
	asks       account.Permission
	href, icon string
	key        string
}

// wing is a group of the menu. Its word names the folder of its pages, of their
// templates and texts too.
type wing struct {
	word    string
	entries []menuEntry
}

func menu() []wing {
	return []wing{
		{"attendance", []menuEntry{
			{account.Self, "/", "house", "nav.overview"},
			{account.SeeClasses, "/figures", "clipboard-check", "nav.figures"},
			{account.SeeClasses, "/progress", "circle-check", "nav.progress"},
			{account.ReviewCases, "/cases", "inbox", "nav.cases"},
		}},
		{"plan", []menuEntry{
			{account.SeePilots, "/pilots", "flag", "nav.pilots"},
			{account.SeeClasses, "/classes", "book-open", "nav.classes"},
			{account.SeeClasses, "/calendar", "calendar-days", "nav.calendar"},
			{account.ImportPlan, "/imports", "upload", "nav.imports"},
			{account.ManagePlan, "/plan", "clipboard-list", "nav.plan"},
		}},
		{"people", []menuEntry{
			{account.SeePeople, "/participants", "users", "nav.participants"},
			{account.ManagePlan, "/enrollments", "id-card", "nav.enrollments"},
			{account.AnswerRequests, "/requests", "lock", "nav.requests"},
		}},
		{"sites", []menuEntry{
			{account.SeeSites, "/sites", "map-pin", "nav.sites"},
			{account.SeeSites, "/agents", "laptop", "nav.agents"},
		}},
		{"admin", []menuEntry{
			{account.ExportAttendance, "/subscriptions", "bell", "nav.subscriptions"},
			{account.ManageUsers, "/users", "shield-check", "nav.users"},
			{account.ManageTokens, "/tokens", "key", "nav.tokens"},
			{account.SeeHistory, "/history", "history", "nav.history"},
			{account.Self, "/account", "user", "nav.account"},
		}},
	}
}

// navigation is the menu of what a visitor may see.
func navigation(v Visitor) (groups []templates.NavGroup) {
	for _, w := range menu() {
		group := templates.NavGroup{Title: templates.Say("nav.wing." + w.word)}
		for _, e := range w.entries {
			if v.May(e.asks) {
				group.Items = append(group.Items, templates.NavItem{Href: e.href, Icon: e.icon, Label: templates.Say(e.key)})
			}
		}
		if len(group.Items) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// Show renders a page of the office. The status is the one that was set before, otherwise
// 200.
func Show[T any](p *Kit, c *gin.Context, page string, f templates.Frame, body T) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	if err := p.Set.Render(c.Writer, "server/"+page, templates.Page[T]{Frame: f, Body: body}); err != nil {
		p.Fail(c, err)
	}
}

// ShowPart renders one block of a page, for a page that renews a part of itself.
func ShowPart[T any](p *Kit, c *gin.Context, page, part string, f templates.Frame, body T) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	if err := p.Set.RenderPart(c.Writer, "server/"+page, part, templates.Page[T]{Frame: f, Body: body}); err != nil {
		p.Fail(c, err)
	}
}

// Fail answers with what an error means to a visitor.
func (p *Kit) Fail(c *gin.Context, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		p.ShowError(c, http.StatusNotFound, "not_found")
	case tooLarge(err):
		p.ShowError(c, http.StatusRequestEntityTooLarge, "too_large")
	case c.Request.Context().Err() != nil:
		c.Status(499) // the client has closed the connection: nginx's number for it
	default:
		p.Log.Error("page", "route", c.FullPath(), "error", err)
		p.ShowError(c, http.StatusInternalServerError, "internal")
	}
}

// tooLarge says that somebody sent more than LimitBody lets in.
func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// ShowError answers with a page that says what went wrong.
func (p *Kit) ShowError(c *gin.Context, status int, kind string) {
	f := p.Frame(c, templates.Say("error."+kind+".title"))
	icon := "circle-alert"
	if kind == "not_found" {
		icon = "circle-question-mark"
	}
	body := templates.Empty{Icon: icon, Title: f.Title, Text: templates.Say("error." + kind + ".text"), Href: "/", Button: "error.back"}
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	if err := p.Set.Render(c.Writer, "server/error", templates.Page[templates.Empty]{Frame: f, Body: body}); err != nil {
		p.Log.Error("show an error", "error", err)
	}
}

// Done answers a form that did what it should: a message on the page that follows.
func (p *Kit) Done(c *gin.Context, href, key string, args ...any) {
	p.Flash(c, templates.Good, templates.Say(key, args...))
	c.Redirect(http.StatusSeeOther, href)
}

// Refused answers a button whose wish the domain refused.
func (p *Kit) Refused(c *gin.Context, href string, err error) {
	r, ok := office.RefusalOf(err)
	if !ok {
		p.Fail(c, err)
		return
	}
	p.Flash(c, templates.Bad, p.words(c, r))
	c.Redirect(http.StatusSeeOther, href)
}

// Flash keeps a message for the next page that the visitor sees.
func (p *Kit) Flash(c *gin.Context, tone templates.Tone, text templates.Text) {
	packed, err := json.Marshal(templates.Flash{Tone: tone, Text: text})
	if err != nil {
		p.Log.Warn("keep a message", "error", err)
		return
	}
	p.Sessions.Put(c.Request.Context(), sessionFlash, string(packed))
}

func (p *Kit) takeFlash(c *gin.Context) []templates.Flash {
	packed := p.Sessions.PopString(c.Request.Context(), sessionFlash)
	if packed == "" {
		return nil
	}
	var f templates.Flash
	if err := json.Unmarshal([]byte(packed), &f); err != nil {
		p.Log.Warn("read a message", "error", err)
		return nil
	}
	for i, arg := range f.Text.Args {
		if n, ok := arg.(float64); ok { // JSON knows no integers, plurals know nothing else
			f.Text.Args[i] = int(n)
		}
	}
	return []templates.Flash{f}
}

// TellOnce sends the visitor to a page that shows a secret (a link, a PIN, a
// code) which is kept nowhere else and can be shown one time only.
func (p *Kit) TellOnce(c *gin.Context, href, secret string) {
	sealed, err := p.Store.Vault().Seal([]byte(secret), sessionSecret+href)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Sessions.Put(c.Request.Context(), sessionSecret, sealed)
	c.Redirect(http.StatusSeeOther, href)
}

// ToldOnce takes the secret for this page; "" if it was shown before.
func (p *Kit) ToldOnce(c *gin.Context) string {
	sealed := p.Sessions.PopBytes(c.Request.Context(), sessionSecret)
	if sealed == nil {
		return ""
	}
	plain, err := p.Store.Vault().Open(sealed, sessionSecret+c.Request.URL.Path)
	if err != nil {
		p.Log.Warn("show a secret once", "error", err)
		return ""
	}
	return string(plain)
}

// Local is an address of this server that a visitor may be sent to after signing in; any
// other address gives the start page.
func Local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || len(next) < 2 || next[0] != '/' || next[1] == '/' || next[1] == '\\' {
		return "/"
	}
	return next
}
