package checkin

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// ScanPage shows the scan page.
func (h *Handlers) ScanPage(c *gin.Context, v page.Visitor) {
	if h.Desk.AsksForTime() {
		c.Redirect(http.StatusSeeOther, "/clock")
		return
	}
	body := h.Screen(v)
	body.Live, body.Place, body.PlaceFor = h.LiveNow(), v.Device.Label(), h.ClassesOf(v.Device.Preset)
	page.Show(h.Kit, c, http.StatusOK, "scan", "desk.scan", v, body)
}

// VerdictPart renders what shows verdicts, for a page on which a USB scanner has read a ticket.
func (h *Handlers) VerdictPart(c *gin.Context, v page.Visitor) {
	view := templates.Page[page.Screen]{Frame: h.Frame(c, "desk.scan", v), Body: h.Screen(v)}
	h.Render(c, http.StatusOK, "agent/scan", "desk-judges", view)
}

// OverrideForm is what a page sends to admit against a refusal.
type OverrideForm struct {
	page.ScanForm
	Enrollment uuid.UUID `json:"enrollment"` // of a person found by name, who shows no code
	Supervisor uuid.UUID `json:"supervisor"`
	PIN        string    `json:"pin"`
	Reason     string    `json:"reason"`
}

// ManualForm is what a page sends of a check-in without a ticket.
type ManualForm struct {
	ID         uuid.UUID        `json:"id"`
	Enrollment uuid.UUID        `json:"enrollment"`
	Direction  models.Direction `json:"direction"`
	Desk       string           `json:"desk"`
	Reason     string           `json:"reason"`
	Until      page.Deadline    `json:"until"`
}

// VoidForm is what a page sends to void an event.
type VoidForm struct {
	ID     uuid.UUID `json:"id"`
	Seq    uint64    `json:"seq"`
	Desk   string    `json:"desk"`
	Reason string    `json:"reason"`
}

// Answer is the result of a scan, with its colour.
type Answer struct {
	roster.Answer
	Tone  templates.Tone `json:"tone"`
	Sheet *uuid.UUID     `json:"sheet,omitempty"` // the code is a row of this session's sheet
}

// These are shown for a void and for a note; the journal has no verdict for them.
const (
	voided = "voided"
	noted  = "noted"
)

func answerOf(o roster.Outcome) Answer {
	a := Answer{Answer: roster.AnswerOf(o), Tone: templates.VerdictTone(o.Verdict)}
	switch o.Kind {
	case models.EventVoid:
		a.Verdict, a.Tone = voided, templates.Neutral
	case models.EventNote:
		a.Verdict, a.Tone = noted, templates.Good
	case models.EventWalkIn: // staff have just written the name down
		a.Tone = templates.Good
	case models.EventOut, models.EventManual:
		if o.Unseen {
			a.Tone = templates.Warn
		}
	case models.EventIn, models.EventOverride, models.EventRefused, models.EventClock:
	}
	return a
}

// PostScan answers the scan request.
func (h *Handlers) PostScan(c *gin.Context, v page.Visitor) {
	form, ok := page.Read[page.ScanForm](h.Kit, c)
	if !ok {
		return
	}
	request, err := form.Request(v)
	if err != nil {
		h.Refuse(c, err)
		return
	}
	outcome, err := h.Desk.Scan(c.Request.Context(), request)
	if row, none := rowOf(form.Code, form.Alt); err == nil && none == nil {
		if _, ours := h.Desk.Session(row.Session); ours {
			h.answerOf(c, v, outcome, &row.Session)
			return
		}
	}
	h.answer(c, v, outcome, err)
}

// PostManual answers the manual request.
func (h *Handlers) PostManual(c *gin.Context, v page.Visitor) {
	form, ok := page.Read[ManualForm](h.Kit, c)
	if !ok {
		return
	}
	if form.ID == uuid.Nil || !page.KnownDirection(form.Direction) || len(form.Desk) > page.MaxDesk {
		h.Refuse(c, page.ErrForm)
		return
	}
	outcome, err := h.Desk.ManualCheckIn(c.Request.Context(), roster.ManualCheckIn{
		ID: form.ID, Enrollment: form.Enrollment, Direction: form.Direction, Reason: form.Reason, Desk: v.Desk(form.Desk), Staff: v.ID,
		Until: roster.Deadline(form.Until),
	})
	h.answer(c, v, outcome, err)
}

// PostOverride answers the override request.
func (h *Handlers) PostOverride(c *gin.Context, v page.Visitor) {
	form, ok := page.Read[OverrideForm](h.Kit, c)
	if !ok {
		return
	}
	request, err := form.Request(v)
	if err == nil {
		err = h.proveSupervisor(c, form.Supervisor, form.PIN)
	}
	if err != nil {
		h.Refuse(c, err)
		return
	}
	if form.Enrollment != uuid.Nil {
		request.Method = models.MethodManual
	}
	outcome, err := h.Desk.Override(c.Request.Context(), desk.OverrideRequest{
		ScanRequest: request, Enrollment: form.Enrollment, Reason: form.Reason, Supervisor: form.Supervisor,
	})
	h.answer(c, v, outcome, err)
}

func (h *Handlers) proveSupervisor(c *gin.Context, id uuid.UUID, pin string) error {
	o, err := h.CheckPIN(c.Request, id, pin)
	if err == nil && !o.Supervisor {
		return desk.ErrNotSupervisor
	}
	return err
}

// PostVoid answers the void request.
func (h *Handlers) PostVoid(c *gin.Context, v page.Visitor) {
	form, ok := page.Read[VoidForm](h.Kit, c)
	if !ok {
		return
	}
	if form.ID == uuid.Nil || form.Seq == 0 || len(form.Desk) > page.MaxDesk {
		h.Refuse(c, page.ErrForm)
		return
	}
	outcome, err := h.Desk.Void(c.Request.Context(), desk.VoidRequest{
		ID: form.ID, Seq: form.Seq, Reason: form.Reason, Desk: v.Desk(form.Desk), Staff: v.ID,
	})
	h.answer(c, v, outcome, err)
}

func (h *Handlers) answer(c *gin.Context, v page.Visitor, o roster.Outcome, err error) {
	if err != nil {
		h.Refuse(c, err)
		return
	}
	h.answerOf(c, v, o, nil)
}

func (h *Handlers) answerOf(c *gin.Context, v page.Visitor, o roster.Outcome, sheet *uuid.UUID) {
	h.Devices.Scanned(v.Device.ID)
	a := answerOf(o)
	a.Gates, a.Sheet = h.GatesFor(o), sheet
	c.JSON(http.StatusOK, a)
}
