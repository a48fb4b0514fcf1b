package checkin

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// SessionsPage shows the sessions page.
func (h *Handlers) SessionsPage(c *gin.Context, v page.Visitor) {
	body := h.Screen(v)
	body.Live = h.LiveNow()
	page.Show(h.Kit, c, http.StatusOK, "sessions", "desk.sessions", v, body)
}

// SessionPage shows the session page.
func (h *Handlers) SessionPage(c *gin.Context, v page.Visitor) {
	n, ok := h.session(c)
	if !ok {
		return
	}
	body := struct {
		page.Screen
		Session          page.Count
		Today            bool // missing people can still be checked in
		Missing, Present []roster.Person
		WalkIns, Notes   []noteLine
		NoteReasons      []templates.Option
	}{Screen: h.Screen(v), Session: page.Count{Count: n}, Today: h.Desk.IsToday(n), Missing: h.Desk.Missing(n.ID), Present: h.Desk.Present(n.ID),
		NoteReasons: h.Reasons("wrong_person", "mistaken")}
	body.WalkIns, body.Notes = h.notesOf(c, n.ID)
	page.Show(h.Kit, c, http.StatusOK, "session", "desk.sessions", v, body)
}

// RecentPage shows the recent page.
func (h *Handlers) RecentPage(c *gin.Context, v page.Visitor) {
	body := struct {
		page.Screen
		Events []page.Entry
	}{h.Screen(v), h.Entries(page.Listed)}
	body.Reasons = h.Reasons("wrong_person", "mistaken", "left_at_once")
	page.Show(h.Kit, c, http.StatusOK, "recent", "desk.recent", v, body)
}

// day is the sessions of one date, which Start lies on.
type day struct {
	Start    models.Millis
	Zone     models.Zone
	Sessions []roster.Count
}

// DaysPage shows the days page.
func (h *Handlers) DaysPage(c *gin.Context, v page.Visitor) {
	var body struct{ Past, Coming []day }
	now, zone := h.Desk.Now(), h.Frame(c, "", v).Zone
	for _, n := range h.Desk.OtherDays() {
		days := &body.Past
		if n.Start > now {
			days = &body.Coming
		}
		if last := len(*days) - 1; last >= 0 && zone.Date((*days)[last].Start) == zone.Date(n.Start) {
			(*days)[last].Sessions = append((*days)[last].Sessions, n)
			continue
		}
		*days = append(*days, day{n.Start, zone, []roster.Count{n}})
	}
	slices.Reverse(body.Past) // yesterday first
	page.Show(h.Kit, c, http.StatusOK, "days", "sheet.days", v, body)
}

// session is the session that an address names. If there is none it sends the error
// itself.
func (h *Handlers) session(c *gin.Context) (roster.Count, bool) {
	id, err := uuid.Parse(c.Param("id"))
	n, ok := h.Desk.Session(id)
	if err != nil || !ok {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return n, false
	}
	return n, true
}
