package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/templates"
)

// paperRoutes print attendance sheets, and take what was written on them.
func (s *Server) paperRoutes() []route {
	return []route{
		{http.MethodGet, "/sessions/days", officer, s.daysPage},
		{http.MethodGet, "/sessions/:id/sheet", officer, s.sheetPage},
		{http.MethodGet, "/sessions/:id/paper", officer, s.paperPage},
		{http.MethodPost, apiRoot + "key-in", officer, s.postKeyIn},
	}
}

// day is the sessions of one date, which Start lies on.
type day struct {
	Start    models.Millis
	Zone     models.Zone
	Sessions []roster.Count
}

func (s *Server) daysPage(c *gin.Context, v visitor) {
	var body struct{ Past, Coming []day }
	now, zone := s.Desk.Now(), s.frame(c, "", v).Zone
	for _, n := range s.Desk.OtherDays() {
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
	show(s, c, http.StatusOK, "days", "sheet.days", v, body)
}

// session is the one that an address names; where there is none the answer is given already.
func (s *Server) session(c *gin.Context) (roster.Count, bool) {
	id, err := uuid.Parse(c.Param("id"))
	n, ok := s.Desk.Session(id)
	if err != nil || !ok {
		s.showError(c, http.StatusNotFound, "not_found")
		return n, false
	}
	return n, true
}

func (s *Server) sheetPage(c *gin.Context, v visitor) {
	n, ok := s.session(c)
	if !ok {
		return
	}
	f := s.frame(c, "sheet.title", v)
	sheet := templates.Sheet{Session: n.ID, Class: n.ClassCode, Course: n.Course, Site: f.Desk.Site, Room: n.Room, Seq: n.Seq, Start: n.Start, End: n.End, Zone: f.Zone}
	for _, k := range s.Desk.Classes() {
		if k.ID == n.Class {
			sheet.Provider = k.Provider
		}
	}
	for _, x := range s.Desk.Lines(n.ID) {
		sheet.Rows = append(sheet.Rows, templates.SheetRow{Enrollment: x.Enrollment, Name: x.Name, Number: x.Number, Role: x.Role})
	}
	sheet, err := sheet.Drawn()
	if err != nil {
		s.internal(c, "draw a sheet", err)
		return
	}
	s.render(c, http.StatusOK, "agent/sheet", "layout", templates.Page[templates.Sheet]{Frame: f, Body: sheet})
}

// paperLine is a row of the sheet as the page has it.
type paperLine struct {
	roster.Line
	Code string // what the printed row says
}

type paperBody struct {
	screen
	Session  roster.Count
	Midnight models.Millis // at which the session's day began
	In, Out  string        // the times that the page starts with, as 08.00
	Lines    []paperLine
	Mistyped string // the reason for which a row is taken back
	Photos   int    // of the sheet that are there
}

func (s *Server) paperPage(c *gin.Context, v visitor) {
	if s.Desk.AsksForTime() {
		c.Redirect(http.StatusSeeOther, "/clock")
		return
	}
	n, ok := s.session(c)
	if !ok {
		return
	}
	f := s.frame(c, "sheet.paper", v)
	now := s.Desk.Now()
	clock := func(at models.Millis) string { return min(at, now).Time().In(f.Zone.Location()).Format("15.04") }
	body := paperBody{screen: s.screen(c.Request), Session: n, In: clock(n.Start), Out: clock(n.End), Mistyped: s.reasons("mistyped")[0].Value,
		Midnight: f.Zone.Date(n.Start).Start(f.Zone)}
	for _, x := range s.Desk.Lines(n.ID) {
		body.Lines = append(body.Lines, paperLine{x, ticket.Row{Session: n.ID, Enrollment: x.Enrollment}.Text()})
	}
	for _, note := range s.Desk.Notes(n.ID) {
		if note.Sheet && note.Kind == models.EventNote {
			body.Photos++
		}
	}
	s.render(c, http.StatusOK, "agent/paper", "layout", templates.Page[paperBody]{Frame: f, Body: body})
}

// keyInForm is one row of a sheet: by its code or by whose it is.
type keyInForm struct {
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

// errNoRow says that a code is no row of any sheet.
var errNoRow = errors.New("not a row of a sheet")

// rowOf reads a row's code, which a keyboard may have typed in two readings.
func rowOf(code, alt string) (ticket.Row, error) {
	row, err := ticket.ParseRow(code)
	if err != nil && alt != "" {
		row, err = ticket.ParseRow(alt)
	}
	if err != nil {
		return row, errNoRow
	}
	return row, nil
}

// otherSheet says of which session a row is that was not asked for; none is of another site.
type otherSheet struct {
	problem
	Session *roster.SessionAnswer `json:"session,omitempty"`
}

func (s *Server) postKeyIn(c *gin.Context, v visitor) {
	form, ok := read[keyInForm](s, c)
	if !ok {
		return
	}
	towards := form.Direction == models.DirectionIn || form.Direction == models.DirectionOut
	if form.ID == uuid.Nil || !towards || form.Written <= 0 || len(form.Desk) > maxDesk {
		s.refuse(c, errForm)
		return
	}
	if form.Code != "" {
		row, err := rowOf(form.Code, form.Alt)
		if err != nil {
			s.refuse(c, err)
			return
		}
		if row.Session != form.Session {
			s.refuseOther(c, row.Session)
			return
		}
		form.Enrollment = row.Enrollment
	}
	if form.Supervisor != uuid.Nil {
		if err := s.proveSupervisor(c, form.Supervisor, form.PIN); err != nil {
			s.refuse(c, err)
			return
		}
	}
	outcome, err := s.Desk.KeyIn(c.Request.Context(), desk.KeyInRequest{
		ID: form.ID, Session: form.Session, Enrollment: form.Enrollment, Direction: form.Direction, Written: form.Written,
		Desk: v.desk(form.Desk), Staff: v.ID, Supervisor: form.Supervisor, Reason: form.Reason,
	})
	s.answer(c, v, outcome, err)
}

func (s *Server) refuseOther(c *gin.Context, session uuid.UUID) {
	other := otherSheet{problem: problem{"other_sheet"}}
	if n, ok := s.Desk.Session(session); ok {
		other.Session = &roster.SessionAnswer{ID: n.ID, Seq: n.Seq, Class: n.ClassCode, Room: n.Room, Start: n.Start, End: n.End}
	}
	c.JSON(http.StatusConflict, other)
}
