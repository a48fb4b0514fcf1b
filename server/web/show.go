package web

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

// frame is what the layout needs. A page's handler may change it before show.
func (p *Pages) frame(c *gin.Context, title templates.Text) templates.Frame {
	f := templates.Frame{
		Lang: templates.ChooseLang(c.Writer, c.Request), Title: title, URL: c.Request.URL,
		Zone: models.ZoneWIB, Now: p.Now(),
	}
	if stateless(c.Request.URL.Path) {
		return f
	}
	if c.GetHeader("HX-Request") == "" { // a part that renews itself shows no messages: it would take them from the page
		f.Flash = p.takeFlash(c)
	}
	if v := visitorOf(c); v.signedIn {
		f.User = &templates.User{Name: v.user.Name, Role: templates.Say("role." + string(v.user.Role)), Scope: p.scopeName(c, v)}
		f.Nav = navigation(v)
	}
	return f
}

// scopeName is the institution that a coordinator sees.
func (p *Pages) scopeName(c *gin.Context, v visitor) string {
	if v.user.ProviderID == nil {
		return ""
	}
	provider, err := p.Store.Read(c.Request.Context()).Provider(*v.user.ProviderID)
	if err != nil {
		p.Log.Warn("name a coordinator's institution", "error", err)
		return ""
	}
	return provider.Name
}

func navigation(v visitor) []templates.NavItem {
	var nav []templates.NavItem
	for _, n := range []struct {
		asks            account.Permission
		href, icon, key string
	}{
		{account.Self, "/", "house", "nav.overview"},
		{account.SeeClasses, "/figures", "clipboard-check", "nav.figures"},
		{account.SeeClasses, "/progress", "circle-check", "nav.progress"},
		{account.ExportAttendance, "/subscriptions", "bell", "nav.subscriptions"},
		{account.SeePilots, "/pilots", "flag", "nav.pilots"},
		{account.SeeClasses, "/classes", "book-open", "nav.classes"},
		{account.SeeClasses, "/calendar", "calendar-days", "nav.calendar"},
		{account.SeePeople, "/participants", "users", "nav.participants"},
		{account.SeeSites, "/sites", "map-pin", "nav.sites"},
		{account.SeeSites, "/agents", "laptop", "nav.agents"},
		{account.ReviewCases, "/cases", "inbox", "nav.cases"},
		{account.AnswerRequests, "/requests", "lock", "nav.requests"},
		{account.ImportPlan, "/imports", "upload", "nav.imports"},
		{account.ManagePlan, "/enrollments", "id-card", "nav.enrollments"},
		{account.ManagePlan, "/plan", "clipboard-list", "nav.plan"},
		{account.ManageUsers, "/users", "shield-check", "nav.users"},
		{account.ManageTokens, "/tokens", "key", "nav.tokens"},
		{account.SeeHistory, "/history", "history", "nav.history"},
		{account.Self, "/account", "user", "nav.account"},
	} {
		if v.may(n.asks) {
			nav = append(nav, templates.NavItem{Href: n.href, Icon: n.icon, Label: templates.Say(n.key)})
		}
	}
	return nav
}

// show renders a page of the office. The status stays what was set before, 200 if nothing was.
func show[T any](p *Pages, c *gin.Context, page string, f templates.Frame, body T) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	if err := p.Set.Render(c.Writer, "server/"+page, templates.Page[T]{Frame: f, Body: body}); err != nil {
		p.fail(c, err)
	}
}

// showPart renders one block of a page, for a page that renews a part of itself.
func showPart[T any](p *Pages, c *gin.Context, page, part string, f templates.Frame, body T) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	if err := p.Set.RenderPart(c.Writer, "server/"+page, part, templates.Page[T]{Frame: f, Body: body}); err != nil {
		p.fail(c, err)
	}
}

// fail answers with what an error means to a visitor.
func (p *Pages) fail(c *gin.Context, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		p.showError(c, http.StatusNotFound, "not_found")
	case tooLarge(err):
		p.showError(c, http.StatusRequestEntityTooLarge, "too_large")
	case c.Request.Context().Err() != nil:
		c.Status(499) // nobody waits for the answer: nginx's number for it
	default:
		p.Log.Error("page", "route", c.FullPath(), "error", err)
		p.showError(c, http.StatusInternalServerError, "internal")
	}
}

// tooLarge says that somebody sent more than limitBody lets in.
func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

func (p *Pages) showError(c *gin.Context, status int, kind string) {
	f := p.frame(c, templates.Say("error."+kind+".title"))
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

// done answers a form that did what it should: a message on the page that follows.
func (p *Pages) done(c *gin.Context, href, key string, args ...any) {
	p.flash(c, templates.Good, templates.Say(key, args...))
	c.Redirect(http.StatusSeeOther, href)
}

// refused answers a button whose wish the domain refused.
func (p *Pages) refused(c *gin.Context, href string, err error) {
	r, ok := office.RefusalOf(err)
	if !ok {
		p.fail(c, err)
		return
	}
	p.flash(c, templates.Bad, p.words(c, r))
	c.Redirect(http.StatusSeeOther, href)
}

func (p *Pages) flash(c *gin.Context, tone templates.Tone, text templates.Text) {
	packed, err := json.Marshal(templates.Flash{Tone: tone, Text: text})
	if err != nil {
		p.Log.Warn("keep a message", "error", err)
		return
	}
	p.sessions.Put(c.Request.Context(), sessionFlash, string(packed))
}

func (p *Pages) takeFlash(c *gin.Context) []templates.Flash {
	packed := p.sessions.PopString(c.Request.Context(), sessionFlash)
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

// tellOnce sends the visitor to a page that shows a secret (a link, a PIN, a
// code) which is kept nowhere else and can be shown one time only.
func (p *Pages) tellOnce(c *gin.Context, href, secret string) {
	sealed, err := p.Store.Vault().Seal([]byte(secret), sessionSecret+href)
	if err != nil {
		p.fail(c, err)
		return
	}
	p.sessions.Put(c.Request.Context(), sessionSecret, sealed)
	c.Redirect(http.StatusSeeOther, href)
}

// toldOnce takes the secret for this page; "" if it was shown before.
func (p *Pages) toldOnce(c *gin.Context) string {
	sealed := p.sessions.PopBytes(c.Request.Context(), sessionSecret)
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

// local is an address of this server that a visitor may be sent to after
// signing in; anything else is the start page.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || len(next) < 2 || next[0] != '/' || next[1] == '/' || next[1] == '\\' {
		return "/"
	}
	return next
}
