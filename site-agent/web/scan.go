package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roll"
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
	Until     deadline         `json:"until"`
}

// deadline is until when a phone waits for an answer that can go on alone, as far as
// it knows this agent's time since its boot. Without one it waits for as long as it takes.
type deadline struct {
	Boot uuid.UUID `json:"boot"`
	Mono int64     `json:"mono"`
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
	Until      deadline         `json:"until"`
}

type voidForm struct {
	ID     uuid.UUID `json:"id"`
	Seq    uint64    `json:"seq"`
	Desk   string    `json:"desk"`
	Reason string    `json:"reason"`
}

// answer is what became of a scan, and the colour to show it in.
type answer struct {
	roll.Answer
	Tone  templates.Tone `json:"tone"`
	Sheet *uuid.UUID     `json:"sheet,omitempty"` // the code is a row of this session's sheet
}

// problem is why nothing was recorded, as a word that pages have a text for.
type problem struct {
	Error string `json:"error"`
}

// What a page shows of a void and of a note; the journal has no verdict for them.
const (
	voided = "voided"
	noted  = "noted"
)

func answerOf(o desk.Outcome) answer {
	a := answer{Answer: roll.AnswerOf(o), Tone: templates.VerdictTone(o.Verdict)}
	switch o.Kind {
	case models.EventVoid:
		a.Verdict, a.Tone = voided, templates.Good
	case models.EventNote:
		a.Verdict, a.Tone = noted, templates.Good
	case models.EventWalkIn: // staff have just written the name down
		a.Tone = templates.Good
	case models.EventIn, models.EventOut, models.EventManual, models.EventOverride, models.EventRefused, models.EventClock:
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
		ID: f.ID, Code: f.Code, Alt: f.Alt, Method: f.Method, Direction: f.Direction, Desk: v.desk(f.Desk),
		Classes: v.classes(f.Class), Staff: v.ID, Digits: f.Digits, Until: roll.Deadline(f.Until),
	}, nil
}

func known(d models.Direction) bool {
	return d == "" || d == models.DirectionAuto || d == models.DirectionIn || d == models.DirectionOut
}

// read decodes a request; where it can't be read the answer is given already.
func read[F scanForm | overrideForm | checkInForm | voidForm | tryForm | keyInForm](s *Server, c *gin.Context) (F, bool) {
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
	if row, none := rowOf(form.Code, form.Alt); err == nil && none == nil {
		if _, ours := s.Desk.Session(row.Session); ours {
			s.answerOf(c, v, outcome, &row.Session)
			return
		}
	}
	s.answer(c, v, outcome, err)
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
		ID: form.ID, Enrollment: form.Enrollment, Direction: form.Direction, Reason: form.Reason, Desk: v.desk(form.Desk), Staff: v.ID,
		Until: roll.Deadline(form.Until),
	})
	s.answer(c, v, outcome, err)
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
	s.answer(c, v, outcome, err)
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
		ID: form.ID, Seq: form.Seq, Reason: form.Reason, Desk: v.desk(form.Desk), Staff: v.ID,
	})
	s.answer(c, v, outcome, err)
}

func (s *Server) answer(c *gin.Context, v visitor, o desk.Outcome, err error) {
	if err != nil {
		s.refuse(c, err)
		return
	}
	s.answerOf(c, v, o, nil)
}

func (s *Server) answerOf(c *gin.Context, v visitor, o desk.Outcome, sheet *uuid.UUID) {
	s.Devices.Scanned(v.device.ID)
	a := answerOf(o)
	a.Gates, a.Sheet = s.gatesFor(o), sheet
	c.JSON(http.StatusOK, a)
}

// refuse says why nothing was recorded. Only what may be right next time is a
// 5xx: the page then tries again with the same id.
func (s *Server) refuse(c *gin.Context, err error) {
	status, word := http.StatusServiceUnavailable, "not_recorded"
	switch {
	case errors.Is(err, desk.ErrLate):
		word = "late"
	case errors.Is(err, errForm):
		status, word = http.StatusBadRequest, "bad_request"
	case errors.Is(err, desk.ErrNoReason):
		status, word = http.StatusBadRequest, "reason"
	case errors.Is(err, desk.ErrNoName):
		status, word = http.StatusBadRequest, "name"
	case errors.Is(err, desk.ErrNoPicture), errors.Is(err, journal.ErrAttachment):
		status, word = http.StatusBadRequest, "picture"
	case errors.Is(err, desk.ErrNotThen):
		status, word = http.StatusBadRequest, "not_then"
	case errors.Is(err, desk.ErrWrongPIN), errors.Is(err, desk.ErrUnknownOfficer):
		status, word = http.StatusForbidden, "pin"
	case errors.Is(err, desk.ErrNotSupervisor):
		status, word = http.StatusForbidden, "supervisor"
	case errors.Is(err, desk.ErrLocked):
		status, word = http.StatusTooManyRequests, "locked"
	case errors.Is(err, errNoRow):
		status, word = http.StatusBadRequest, "no_row"
	case errors.Is(err, desk.ErrUnknownPerson), errors.Is(err, desk.ErrNotOverridable),
		errors.Is(err, desk.ErrNoSession), errors.Is(err, desk.ErrNothingToVoid):
		status, word = http.StatusConflict, "refused"
	case c.Request.Context().Err() == nil:
		s.Log.Error("not recorded", "route", c.FullPath(), "error", err)
	}
	c.JSON(status, problem{word})
}
