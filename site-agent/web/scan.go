package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/templates"
)

// scanForm is what a page sends of one scan. ID is made by the page and stays
// the same for every attempt.
type scanForm struct {
	ID        uuid.UUID        `json:"id"`
	Code      string           `json:"code"`
	Alt       string           `json:"alt"`
	Method    models.Method    `json:"method"`
	Direction models.Direction `json:"direction"`
	Desk      string           `json:"desk"`
	Class     uuid.UUID        `json:"class"`
	Digits    string           `json:"digits"`
}

type overrideForm struct {
	scanForm
	Enrollment uuid.UUID `json:"enrollment"` // of somebody found by name: there is no code then
	Supervisor uuid.UUID `json:"supervisor"`
	PIN        string    `json:"pin"`
	Reason     string    `json:"reason"`
}

type checkInForm struct {
	ID         uuid.UUID        `json:"id"`
	Enrollment uuid.UUID        `json:"enrollment"`
	Direction  models.Direction `json:"direction"`
	Desk       string           `json:"desk"`
	Reason     string           `json:"reason"`
}

type voidForm struct {
	ID     uuid.UUID `json:"id"`
	Seq    uint64    `json:"seq"`
	Desk   string    `json:"desk"`
	Reason string    `json:"reason"`
}

// answer is what became of a scan: facts only, pages put them into words.
type answer struct {
	Verdict     string             `json:"verdict"`
	Tone        templates.Tone     `json:"tone"`
	Direction   models.Direction   `json:"direction,omitempty"`
	Person      *personAnswer      `json:"person"`
	TicketName  string             `json:"ticket_name,omitempty"`
	Session     *sessionAnswer     `json:"session"`
	Earlier     *earlierAnswer     `json:"earlier,omitempty"`
	Opens       models.Millis      `json:"opens,omitempty"`
	Closes      models.Millis      `json:"closes,omitempty"`
	Zone        models.Zone        `json:"zone"`
	Occurred    string             `json:"occurred"`
	OccurredMS  models.Millis      `json:"occurred_ms"`
	Seq         uint64             `json:"seq"`
	Spot        models.SpotOutcome `json:"spot,omitempty"`
	Stale       bool               `json:"stale,omitempty"`
	Overridable bool               `json:"overridable,omitempty"`
}

type personAnswer struct {
	Enrollment uuid.UUID         `json:"enrollment"`
	Name       string            `json:"name"`
	Number     string            `json:"number"`
	Role       models.PersonRole `json:"role"`
	Class      string            `json:"class"`
	Alike      bool              `json:"alike,omitempty"` // the name can be taken for another's
	NIK4       string            `json:"nik4,omitempty"`  // where that tells them apart
}

type sessionAnswer struct {
	ID    uuid.UUID     `json:"id"`
	Seq   int           `json:"seq"`
	Class string        `json:"class"`
	Room  string        `json:"room,omitempty"`
	Start models.Millis `json:"start"`
	End   models.Millis `json:"end"`
}

type earlierAnswer struct {
	At        models.Millis    `json:"at"`
	Direction models.Direction `json:"direction"`
	Desk      string           `json:"desk"`
}

// problem is why nothing was recorded, as a word that pages have a text for.
type problem struct {
	Error string `json:"error"`
}

// voided is the verdict that a page shows of a void; the journal has none for it.
const voided = "voided"

func answerOf(o desk.Outcome) answer {
	a := answer{
		Verdict: string(o.Verdict), Tone: templates.VerdictTone(o.Verdict), Direction: o.Direction, TicketName: o.TicketName,
		Opens: o.Opens, Closes: o.Closes, Zone: o.Zone, Occurred: o.Occurred.Time().In(o.Zone.Location()).Format(time.RFC3339),
		OccurredMS: o.Occurred, Seq: o.Seq, Spot: o.Spot, Stale: o.Stale, Overridable: o.Overridable,
	}
	if o.Kind == models.EventVoid {
		a.Verdict, a.Tone = voided, templates.Good
	}
	if p := o.Person; p != nil {
		a.Person = &personAnswer{Enrollment: p.Enrollment, Name: p.Name, Number: p.Number, Role: p.Role, Class: p.ClassCode, Alike: p.Alike}
		// A spot check asks for these digits: whoever asks is not told them first.
		if p.Alike && o.Verdict.Accepted() {
			a.Person.NIK4 = p.NIK4
		}
	}
	if s := o.Session; s != nil {
		a.Session = &sessionAnswer{s.ID, s.Seq, s.ClassCode, s.Room, s.Start, s.End}
	}
	if e := o.Earlier; e != nil {
		a.Earlier = &earlierAnswer{e.At, e.Direction, e.Desk}
	}
	return a
}

// maxDesk is how long a desk's name may be, in bytes.
const maxDesk = 80

var errForm = errors.New("unreadable request")

func (f scanForm) request(v visitor) (desk.ScanRequest, error) {
	if f.Method == "" {
		f.Method = models.MethodCamera
	}
	typed := f.Method == models.MethodCamera || f.Method == models.MethodKeyboard || f.Method == models.MethodPhoto
	if f.ID == uuid.Nil || !typed || !known(f.Direction) || len(f.Desk) > maxDesk || len(f.Digits) > maxDesk {
		return desk.ScanRequest{}, errForm
	}
	return desk.ScanRequest{
		ID: f.ID, Code: f.Code, Alt: f.Alt, Method: f.Method, Direction: f.Direction, Desk: strings.TrimSpace(f.Desk),
		Class: f.Class, Staff: v.ID, Digits: f.Digits,
	}, nil
}

func known(d models.Direction) bool {
	return d == "" || d == models.DirectionAuto || d == models.DirectionIn || d == models.DirectionOut
}

// read decodes a request; where it can't be read the answer is given already.
func read[F scanForm | overrideForm | checkInForm | voidForm | tryForm](s *Server, c *gin.Context) (F, bool) {
	var form F
	if err := json.NewDecoder(c.Request.Body).Decode(&form); err != nil {
		s.refuse(c, errForm)
		return form, false
	}
	return form, true
}

func (s *Server) postScan(c *gin.Context, v visitor) {
	form, ok := read[scanForm](s, c)
	if !ok {
		return
	}
	request, err := form.request(v)
	if err != nil {
		s.refuse(c, err)
		return
	}
	outcome, err := s.Desk.Scan(c.Request.Context(), request)
	s.answer(c, outcome, err)
}

func (s *Server) postCheckIn(c *gin.Context, v visitor) {
	form, ok := read[checkInForm](s, c)
	if !ok {
		return
	}
	if form.ID == uuid.Nil || !known(form.Direction) || len(form.Desk) > maxDesk {
		s.refuse(c, errForm)
		return
	}
	outcome, err := s.Desk.CheckIn(c.Request.Context(), desk.ManualRequest{
		ID: form.ID, Enrollment: form.Enrollment, Direction: form.Direction, Reason: form.Reason, Desk: form.Desk, Staff: v.ID,
	})
	s.answer(c, outcome, err)
}

func (s *Server) postOverride(c *gin.Context, v visitor) {
	form, ok := read[overrideForm](s, c)
	if !ok {
		return
	}
	request, err := form.request(v)
	if err == nil {
		err = s.proveSupervisor(c, form.Supervisor, form.PIN)
	}
	if err != nil {
		s.refuse(c, err)
		return
	}
	if form.Enrollment != uuid.Nil {
		request.Method = models.MethodSearch
	}
	outcome, err := s.Desk.Override(c.Request.Context(), desk.OverrideRequest{
		ScanRequest: request, Enrollment: form.Enrollment, Reason: form.Reason, Supervisor: form.Supervisor,
	})
	s.answer(c, outcome, err)
}

func (s *Server) proveSupervisor(c *gin.Context, id uuid.UUID, pin string) error {
	o, err := s.checkPIN(c.Request, id, pin)
	if err == nil && !o.Supervisor {
		return desk.ErrNotSupervisor
	}
	return err
}

func (s *Server) postVoid(c *gin.Context, v visitor) {
	form, ok := read[voidForm](s, c)
	if !ok {
		return
	}
	if form.ID == uuid.Nil || form.Seq == 0 || len(form.Desk) > maxDesk {
		s.refuse(c, errForm)
		return
	}
	outcome, err := s.Desk.Void(c.Request.Context(), desk.VoidRequest{
		ID: form.ID, Seq: form.Seq, Reason: form.Reason, Desk: form.Desk, Staff: v.ID,
	})
	s.answer(c, outcome, err)
}

func (s *Server) answer(c *gin.Context, o desk.Outcome, err error) {
	if err != nil {
		s.refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, answerOf(o))
}

// refuse says why nothing was recorded. Only what may be right next time is a
// 5xx: the page then tries again with the same id.
func (s *Server) refuse(c *gin.Context, err error) {
	status, word := http.StatusServiceUnavailable, "not_recorded"
	switch {
	case errors.Is(err, errForm):
		status, word = http.StatusBadRequest, "bad_request"
	case errors.Is(err, desk.ErrNoReason):
		status, word = http.StatusBadRequest, "reason"
	case errors.Is(err, desk.ErrWrongPIN), errors.Is(err, desk.ErrUnknownOfficer):
		status, word = http.StatusForbidden, "pin"
	case errors.Is(err, desk.ErrNotSupervisor):
		status, word = http.StatusForbidden, "supervisor"
	case errors.Is(err, desk.ErrLocked):
		status, word = http.StatusTooManyRequests, "locked"
	case errors.Is(err, desk.ErrUnknownPerson), errors.Is(err, desk.ErrNotOverridable),
		errors.Is(err, desk.ErrNoSession), errors.Is(err, desk.ErrNothingToVoid):
		status, word = http.StatusConflict, "refused"
	case c.Request.Context().Err() == nil:
		s.Log.Error("not recorded", "route", c.FullPath(), "error", err)
	}
	c.JSON(status, problem{word})
}
