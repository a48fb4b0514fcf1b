package checkin

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/names"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// called is shown for a roll call; the journal has no verdict for it.
const called = "called"

// RollCallPage shows the roll call page.
func (h *Handlers) RollCallPage(c *gin.Context, v page.Visitor) {
	n, ok := h.session(c)
	if !ok {
		return
	}
	body := struct {
		page.Screen
		Session roster.Count
		Missing []roster.Person
		Teacher string // who teaches the class, where it is one person
		Most    int
	}{Screen: h.Screen(v), Session: n, Missing: h.Desk.Missing(n.ID), Most: desk.MostCalled}
	for _, x := range h.Desk.Lines(n.ID) { // who teaches stands first
		if x.Role == models.PersonInstructor && body.Teacher == "" {
			body.Teacher = x.Name
		}
	}
	page.Show(h.Kit, c, http.StatusOK, "roll-call", "notes.roll_call", v, body)
}

// rollCallAnswer says who was not checked in besides how many were.
type rollCallAnswer struct {
	Answer
	Refused []string `json:"refused,omitempty"`
}

// PostRollCall answers the roll call request.
func (h *Handlers) PostRollCall(c *gin.Context, v page.Visitor) {
	id, session, photo, err := h.pictured(c)
	r := desk.RollCallRequest{ID: id, Session: session, Reason: c.PostForm("reason"), Signed: photo, Signer: names.Clean(c.PostForm("signer")),
		Desk: v.Desk(c.PostForm("desk")), Staff: v.ID}
	for _, text := range strings.Fields(c.PostForm("people")) {
		who, bad := uuid.Parse(text)
		if bad != nil {
			err = page.ErrForm
		}
		r.People = append(r.People, who)
	}
	if err != nil || len(r.People) == 0 || len(r.People) > desk.MostCalled {
		h.Refuse(c, page.ErrForm)
		return
	}
	all, err := h.Desk.RollCall(c.Request.Context(), r)
	if err != nil {
		h.Refuse(c, err)
		return
	}
	h.Devices.Scanned(v.Device.ID)
	answer := rollCallAnswer{Answer: answerOf(all[0])}
	answer.Person, answer.Earlier = nil, nil
	for _, o := range all {
		if !o.Verdict.Accepted() && !o.Verdict.Repeated() {
			answer.Refused = append(answer.Refused, o.Person.Name)
		}
	}
	answer.Verdict, answer.Tone = called, templates.Good
	if len(answer.Refused) > 0 {
		answer.Tone = templates.Bad
	}
	answer.TicketName = fmt.Sprintf("%d / %d", len(all)-len(answer.Refused), len(all))
	c.JSON(http.StatusOK, answer)
}
