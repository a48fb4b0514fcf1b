package page

import (
	"bytes"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/templates"
)

// onlineFor is how long after the last contact the desk counts as connected.
const onlineFor = 5 * time.Minute

func navigation() []templates.NavGroup {
	return []templates.NavGroup{{Items: []templates.NavItem{
		{Href: "/", Icon: "scan-line", Label: templates.Say("desk.nav.scan")},
		{Href: "/search", Icon: "search", Label: templates.Say("desk.nav.search")},
		{Href: "/sessions", Icon: "users", Label: templates.Say("desk.nav.sessions")},
		{Href: "/recent", Icon: "history", Label: templates.Say("desk.nav.recent")},
		{Href: "/station", Icon: "laptop", Label: templates.Say("desk.nav.station")},
	}}}
}

// Frame is what every page shows around its own.
func (k *Kit) Frame(c *gin.Context, title string, v Visitor) templates.Frame {
	f := templates.Frame{
		Lang: templates.ChooseLang(c.Writer, c.Request), Title: templates.Say(title), URL: c.Request.URL,
		Zone: models.ZoneWIB, Now: k.Now(), Colours: colours(c.Request),
	}
	if v.signedIn() {
		role := templates.Say("desk.role.officer")
		if v.Supervisor {
			role = templates.Say("desk.role.supervisor")
		}
		f.User, f.Nav = &templates.User{Name: v.Name, Role: role, Scope: v.Device.Label()}, navigation()
	}
	status, err := k.Desk.Status(c.Request.Context())
	if err != nil {
		k.Log.Error("read the desk's status", "error", err)
		return f
	}
	if status.Site.Zone.Valid() {
		f.Zone = status.Site.Zone
	}
	f.Desk = deskOf(status, f.Now)
	if disk := k.FreeDisk(); disk.Little() {
		f.Desk.Disk = templates.Say("desk.disk_little", "Count", k.Pages.Texts.Formats(f.Lang).Number(disk.Scans()))
	}
	return f
}

// FreeDisk is how much room there is for scans.
func (k *Kit) FreeDisk() models.Disk {
	if k.Disk == nil {
		return models.Disk{}
	}
	return k.Disk()
}

func deskOf(status desk.Status, now models.Millis) *templates.Desk {
	alarm := ""
	if status.OtherRecord {
		alarm = "log.witness_alarm"
	}
	return &templates.Desk{
		Alarm: alarm,
		Site:  status.Site.Name, Agent: status.Name, Unsent: int(status.Unsent), //nolint:gosec // a journal's length
		RosterAt: status.RosterConfirmed, Stale: status.RosterAlarm != "" || status.RosterConfirmed == 0 || status.Silent,
		Online: status.LastContact != 0 && now.Sub(status.LastContact) < onlineFor, Clock: status.Clock,
	}
}

// Show renders a page of the desk: a whole one or an error page, never half.
func Show[B any](k *Kit, c *gin.Context, status int, page, title string, v Visitor, body B) {
	k.Render(c, status, "agent/"+page, "layout", templates.Page[B]{Frame: k.Frame(c, title, v), Body: body})
}

// Render writes a part of a page; a template that fails never leaves half a page.
func (k *Kit) Render(c *gin.Context, status int, page, part string, view templates.View) {
	var html bytes.Buffer
	if err := k.Pages.RenderPart(&html, page, part, view); err != nil {
		k.Log.Error("render", "page", page, "error", err)
		c.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("500"))
		return
	}
	c.Data(status, "text/html; charset=utf-8", html.Bytes())
}

// ShowError shows the page of an error.
func (k *Kit) ShowError(c *gin.Context, status int, kind string) {
	key := "error." + kind
	icon := "circle-alert"
	if status == http.StatusForbidden {
		icon = "lock"
	}
	v := k.Identify(c.Request)
	if v.Kiosk { // which does not show staff pages to a kiosk
		v = Visitor{}
	}
	Show(k, c, status, "error", key+".title", v, templates.Empty{
		Icon: icon, Title: templates.Say(key + ".title"), Text: templates.Say(key + ".text"), Href: "/", Button: "error.back",
	})
}

// Internal logs an error and shows the page for a fault of the program.
func (k *Kit) Internal(c *gin.Context, doing string, err error) {
	k.Log.Error(doing, "error", err)
	k.ShowError(c, http.StatusInternalServerError, "internal")
}
