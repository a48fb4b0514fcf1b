package kiosk

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// A kiosk is unattended: people show it their tickets themselves. The agent knows from
// the sign-in that it is a kiosk. Whatever keys, back button or reload ask for, it gets
// the kiosk page, until an officer signs in again with their PIN.

// EnterKiosk makes this sign-in a kiosk.
func (h *Handlers) EnterKiosk(c *gin.Context, v page.Visitor) {
	h.Sessions.MakeKiosk(v.Key)
	h.SaveSignIns(c.Request.Context())
	c.Redirect(http.StatusSeeOther, "/kiosk")
}

type kioskBody struct {
	board
	Verdicts []models.Verdict
	Receipts string
	Officers []templates.Option
	Officer  string
	Problem  templates.Text // with the PIN
}

// KioskPage shows the kiosk page.
func (h *Handlers) KioskPage(c *gin.Context, v page.Visitor) {
	if !v.Kiosk {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	shared := h.Screen(v)
	body := kioskBody{board: h.board(), Verdicts: shared.Verdicts, Receipts: shared.Receipts, Officer: v.ID.String()}
	switch c.Query("leave") {
	case "wrong":
		body.Problem = templates.Say("desk.sign_in.wrong")
	case "locked":
		body.Problem = templates.Say("desk.sign_in.locked")
	}
	for _, o := range h.Desk.Officers() {
		body.Officers = append(body.Officers, templates.Option{Value: o.ID.String(), Name: o.Name})
	}
	page := templates.Page[kioskBody]{Frame: h.Frame(c, "kiosk.title", page.Visitor{}), Body: body}
	h.Render(c, http.StatusOK, "stand/kiosk", "layout", page)
}

// LeaveKiosk begins the sign-in of the officer whose PIN was typed.
func (h *Handlers) LeaveKiosk(c *gin.Context, v page.Visitor) {
	id, err := uuid.Parse(c.PostForm("officer"))
	if err != nil {
		h.ShowError(c, http.StatusBadRequest, "bad_request")
		return
	}
	o, err := h.CheckPIN(c.Request, id, c.PostForm("pin"))
	if err != nil {
		why := "wrong"
		if status, _ := h.WhyNot(err); status == http.StatusTooManyRequests {
			why = "locked"
		}
		c.Redirect(http.StatusSeeOther, "/kiosk?leave="+why) // a reload shows the kiosk, not the PIN
		return
	}
	h.EnterAs(c, v, o)
	h.SaveSignIns(c.Request.Context())
	c.Redirect(http.StatusSeeOther, "/")
}

// Display is what a kiosk shows of a verdict: others look on.
type Display struct {
	Verdict models.Verdict `json:"verdict"`
	Tone    templates.Tone `json:"tone"`
	Name    string         `json:"name"`  // a first name and a letter
	Class   string         `json:"class"` // its code
	Gates   string         `json:"gates"` // of other_class and other_site: where to go
	Staff   bool           `json:"staff"` // the rest is for a person at the staff's desk
	Receipt string         `json:"receipt,omitempty"`
}

// PostKiosk judges like any scan; of the data that the page sends only the ticket counts.
func (h *Handlers) PostKiosk(c *gin.Context, v page.Visitor) {
	form, ok := page.Read[page.ScanForm](h.Kit, c)
	if !ok {
		return
	}
	request, err := page.ScanForm{ID: form.ID, Code: form.Code, Alt: form.Alt, Method: form.Method}.Request(v)
	if err != nil {
		h.Refuse(c, err)
		return
	}
	o, err := h.Desk.Scan(c.Request.Context(), request)
	if err != nil {
		h.Refuse(c, err)
		return
	}
	h.Devices.Scanned(v.Device.ID)
	a := Display{Verdict: o.Verdict, Tone: templates.VerdictTone(o.Verdict), Name: shortName(strings.TrimSpace(o.TicketName)), Gates: h.GatesFor(o),
		Receipt: o.Receipt.String()}
	if o.Unseen {
		a.Tone = templates.Warn
	}
	if o.Person != nil {
		a.Name, a.Class = shortName(o.Person.Name), o.Person.ClassCode
	}
	switch o.Verdict { // these a person does without help
	case models.VerdictAcceptedIn, models.VerdictAcceptedOut, models.VerdictAlreadyIn, models.VerdictAlreadyOut:
	default:
		a.Staff = true
	}
	c.JSON(http.StatusOK, a)
}
