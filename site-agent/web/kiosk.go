package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/templates"
)

// A kiosk stands there and people show it their tickets themselves. It knows that from
// its sign-in, here: whatever its keys, its back button or a reload ask for, it gets the
// kiosk, until an officer's PIN begins another sign-in.

const kioskPath = "/kiosk"

func (s *Server) kioskRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{post, kioskPath + "/enter", officer, s.enterKiosk},
		{get, kioskPath, officer, s.kioskPage},
		{post, kioskPath + "/leave", stander, s.leaveKiosk},
		{post, apiRoot + "kiosk", stander, s.postKiosk},
	}
}

// forKiosk says whether a kiosk may use a route.
func forKiosk(r route) bool {
	return r.who == stander || r.path == kioskPath || r.path == farewellPath || r.who == watcher && r.path != screenPath
}

func (s *Server) backToKiosk(c *gin.Context, r route) {
	if forScripts(r.path) {
		c.JSON(http.StatusForbidden, problem{"kiosk"})
		return
	}
	c.Redirect(http.StatusSeeOther, kioskPath)
}

func (s *Server) enterKiosk(c *gin.Context, v visitor) {
	s.sessions.stand(v.key)
	s.keep(c.Request.Context())
	c.Redirect(http.StatusSeeOther, kioskPath)
}

type kioskBody struct {
	board
	Verdicts []models.Verdict
	Officers []templates.Option
	Officer  string
	Problem  templates.Text // with the PIN
}

func (s *Server) kioskPage(c *gin.Context, v visitor) {
	if !v.kiosk {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	body := kioskBody{board: s.board(), Verdicts: s.screen(c.Request).Verdicts, Officer: v.ID.String()}
	switch c.Query("leave") {
	case "wrong":
		body.Problem = templates.Say("desk.sign_in.wrong")
	case "locked":
		body.Problem = templates.Say("desk.sign_in.locked")
	}
	for _, o := range s.Desk.Officers() {
		body.Officers = append(body.Officers, templates.Option{Value: o.ID.String(), Name: o.Name})
	}
	page := templates.Page[kioskBody]{Frame: s.frame(c, "kiosk.title", visitor{}), Body: body}
	s.render(c, http.StatusOK, "stand/kiosk", "layout", page)
}

// leaveKiosk begins the sign-in of the officer whose PIN was typed.
func (s *Server) leaveKiosk(c *gin.Context, v visitor) {
	id, err := uuid.Parse(c.PostForm("officer"))
	if err != nil {
		s.showError(c, http.StatusBadRequest, "bad_request")
		return
	}
	o, err := s.checkPIN(c.Request, id, c.PostForm("pin"))
	if err != nil {
		why := "wrong"
		if status, _ := s.whyNot(err); status == http.StatusTooManyRequests {
			why = "locked"
		}
		c.Redirect(http.StatusSeeOther, kioskPath+"?leave="+why) // what reloads is the kiosk, not the PIN
		return
	}
	s.enterAs(c, v, o)
	s.keep(c.Request.Context())
	c.Redirect(http.StatusSeeOther, "/")
}

// kioskAnswer is what a kiosk shows of a verdict: others look on.
type kioskAnswer struct {
	Verdict models.Verdict `json:"verdict"`
	Tone    templates.Tone `json:"tone"`
	Name    string         `json:"name"`  // a first name and a letter
	Class   string         `json:"class"` // its code
	Gates   string         `json:"gates"` // of other_class: where to go
	Staff   bool           `json:"staff"` // the rest is for a person at the staff's desk
}

// postKiosk judges as any scan, by whoever stands before the kiosk: nothing but the
// ticket counts of what the page sends.
func (s *Server) postKiosk(c *gin.Context, v visitor) {
	form, ok := read[scanForm](s, c)
	if !ok {
		return
	}
	request, err := scanForm{ID: form.ID, Code: form.Code, Alt: form.Alt, Method: form.Method}.request(v)
	if err != nil {
		s.refuse(c, err)
		return
	}
	o, err := s.Desk.Scan(c.Request.Context(), request)
	if err != nil {
		s.refuse(c, err)
		return
	}
	s.Devices.Scanned(v.device.ID)
	a := kioskAnswer{Verdict: o.Verdict, Tone: templates.VerdictTone(o.Verdict), Name: shortName(strings.TrimSpace(o.TicketName)), Gates: s.gatesFor(o)}
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
