package checkin

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// SheetPage shows the sheet page.
func (h *Handlers) SheetPage(c *gin.Context, v page.Visitor) {
	n, ok := h.session(c)
	if !ok {
		return
	}
	f := h.Frame(c, "sheet.title", v)
	sheet := templates.Sheet{Session: n.ID, Class: n.ClassCode, Course: n.Course, Site: f.Desk.Site, Room: n.Room, Seq: n.Seq, Start: n.Start, End: n.End,
		Zone: f.Zone}
	for _, k := range h.Desk.Classes() {
		if k.ID == n.Class {
			sheet.Provider = k.Provider
		}
	}
	for _, x := range h.Desk.Lines(n.ID) {
		sheet.Rows = append(sheet.Rows, templates.SheetRow{Enrollment: x.Enrollment, Name: x.Name, Number: x.Number, Role: x.Role})
	}
	sheet, err := sheet.Drawn()
	if err != nil {
		h.Internal(c, "draw a sheet", err)
		return
	}
	h.Render(c, http.StatusOK, "agent/sheet", "layout", templates.Page[templates.Sheet]{Frame: f, Body: sheet})
}

// paperLine is a row of the sheet as the page has it.
type paperLine struct {
	roster.Line
	Code string // the content of the printed row
}

type paperBody struct {
	page.Screen
	Session  roster.Count
	Midnight models.Millis // at which the session's day began
	In, Out  string        // the times that the page starts with, as 08.00
	Lines    []paperLine
	Mistyped string // the reason for which a row is taken back
	Photos   int    // of the sheet that are there
}

// PaperPage shows the paper page.
func (h *Handlers) PaperPage(c *gin.Context, v page.Visitor) {
	if h.Desk.AsksForTime() {
		c.Redirect(http.StatusSeeOther, "/clock")
		return
	}
	n, ok := h.session(c)
	if !ok {
		return
	}
	f := h.Frame(c, "sheet.key_in", v)
	now := h.Desk.Now()
	clock := func(at models.Millis) string { return min(at, now).Time().In(f.Zone.Location()).Format("15.04") }
	body := paperBody{Screen: h.Screen(v), Session: n, In: clock(n.Start), Out: clock(n.End), Mistyped: h.Reasons("mistyped")[0].Value,
		Midnight: f.Zone.Date(n.Start).Start(f.Zone)}
	for _, x := range h.Desk.Lines(n.ID) {
		body.Lines = append(body.Lines, paperLine{x, ticket.Row{Session: n.ID, Enrollment: x.Enrollment}.Text()})
	}
	for _, note := range h.Desk.Notes(n.ID) {
		if note.Sheet && note.Kind == models.EventNote {
			body.Photos++
		}
	}
	h.Render(c, http.StatusOK, "agent/paper", "layout", templates.Page[paperBody]{Frame: f, Body: body})
}

// KeyInForm is one row of a sheet: by its code or by whose it is.
type KeyInForm struct {
	ID         uuid.UUID        `json:"id"`
	Session    uuid.UUID        `json:"session"`
	Code       string           `json:"code"`
	Alt        string           `json:"alt"`
	Enrollment uuid.UUID        `json:"enrollment"`
	Direction  models.Direction `json:"direction"`
	Written    models.Millis    `json:"written"`
	Desk       string           `json:"desk"`
	Supervisor uuid.UUID        `json:"supervisor"`
	PIN        string           `json:"pin"`
	Reason     string           `json:"reason"`
}

// rowOf reads a row's code, which a keyboard may have typed in several readings.
func rowOf(code, alt string) (ticket.Row, error) {
	for text := range ticket.Readings(code, alt) {
		if row, err := ticket.ParseRow(text); err == nil {
			return row, nil
		}
	}
	return ticket.Row{}, page.ErrNoRow
}

// otherSheet names the session of a row from another sheet; it is empty for a row of
// another site.
type otherSheet struct {
	page.Problem
	Session *roster.SessionAnswer `json:"session,omitempty"`
}

// PostKeyIn answers the key in request.
func (h *Handlers) PostKeyIn(c *gin.Context, v page.Visitor) {
	form, ok := page.Read[KeyInForm](h.Kit, c)
	if !ok {
		return
	}
	towards := form.Direction == models.DirectionIn || form.Direction == models.DirectionOut
	if form.ID == uuid.Nil || !towards || form.Written <= 0 || len(form.Desk) > page.MaxDesk {
		h.Refuse(c, page.ErrForm)
		return
	}
	if form.Code != "" {
		row, err := rowOf(form.Code, form.Alt)
		if err != nil {
			h.Refuse(c, err)
			return
		}
		if row.Session != form.Session {
			h.refuseOther(c, row.Session)
			return
		}
		form.Enrollment = row.Enrollment
	}
	if form.Supervisor != uuid.Nil {
		if err := h.proveSupervisor(c, form.Supervisor, form.PIN); err != nil {
			h.Refuse(c, err)
			return
		}
	}
	outcome, err := h.Desk.KeyIn(c.Request.Context(), desk.KeyInRequest{
		ID: form.ID, Session: form.Session, Enrollment: form.Enrollment, Direction: form.Direction, Written: form.Written,
		Desk: v.Desk(form.Desk), Staff: v.ID, Supervisor: form.Supervisor, Reason: form.Reason,
	})
	h.answer(c, v, outcome, err)
}

func (h *Handlers) refuseOther(c *gin.Context, session uuid.UUID) {
	other := otherSheet{Problem: page.Problem{Error: "other_sheet"}}
	if n, ok := h.Desk.Session(session); ok {
		other.Session = &roster.SessionAnswer{ID: n.ID, Seq: n.Seq, Class: n.ClassCode, Room: n.Room, Start: n.Start, End: n.End}
	}
	c.JSON(http.StatusConflict, other)
}
