package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

type signInBody struct {
	Officers []templates.Option
	Officer  string
	Next     string
	Problem  templates.Text
	Nobody   templates.Empty
	Stranger templates.Text // why nobody signs in on this device; empty: anybody may
}

func (s *Server) signInPage(c *gin.Context, v visitor) {
	if v.signedIn() {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	officers := s.Desk.Officers()
	if len(officers) == 0 && atMachine(c.Request) {
		c.Redirect(http.StatusSeeOther, "/setup")
		return
	}
	s.showSignIn(c, http.StatusOK, signInBody{Next: c.Query("next")})
}

func (s *Server) showSignIn(c *gin.Context, status int, body signInBody) {
	body.Stranger = s.stranger(c.Request)
	for _, o := range s.Desk.Officers() {
		body.Officers = append(body.Officers, templates.Option{Value: o.ID.String(), Name: o.Name})
	}
	body.Nobody = templates.Empty{Icon: "users", Title: templates.Say("desk.sign_in.nobody.title"), Text: templates.Say("desk.sign_in.nobody.text")}
	show(s, c, status, "sign-in", "desk.sign_in", visitor{}, body)
}

func (s *Server) signIn(c *gin.Context, v visitor) {
	if !s.welcome(c.Request, v.device) {
		s.showSignIn(c, http.StatusForbidden, signInBody{})
		return
	}
	id, err := uuid.Parse(c.PostForm("officer"))
	if err != nil {
		s.showError(c, http.StatusBadRequest, "bad_request")
		return
	}
	o, err := s.checkPIN(c.Request, id, c.PostForm("pin"))
	if err != nil {
		status, why := s.whyNot(err)
		s.showSignIn(c, status, signInBody{Officer: id.String(), Next: c.PostForm("next"), Problem: why})
		return
	}
	key := s.enterAs(c, v, o)
	if v.device.Use == store.UseKiosk {
		s.sessions.stand(key)
	}
	s.keep(c.Request.Context())
	c.Redirect(http.StatusSeeOther, ownPage(c.PostForm("next")))
}

// enterAs begins an officer's sign-in in place of the one that was there; it is not kept yet.
func (s *Server) enterAs(c *gin.Context, v visitor, o desk.Officer) signKey {
	if old, err := c.Request.Cookie(cookieName(c.Request)); err == nil {
		s.sessions.drop(keyOf(old.Value))
	}
	key := s.sessions.begin(o, v.device.ID, address(c.Request))
	http.SetCookie(c.Writer, keyCookie(c.Request, key))
	return keyOf(key)
}

// whyNot puts into words why a PIN opened nothing.
func (s *Server) whyNot(err error) (status int, why templates.Text) {
	switch {
	case errors.Is(err, desk.ErrLocked):
		return http.StatusTooManyRequests, templates.Say("desk.sign_in.locked")
	case !errors.Is(err, desk.ErrWrongPIN) && !errors.Is(err, desk.ErrUnknownOfficer):
		s.Log.Error("sign in", "error", err)
	}
	return http.StatusForbidden, templates.Say("desk.sign_in.wrong")
}

// ownPage is where to go after signing in: never to another site.
func ownPage(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}

// checkPIN asks the desk, unless the address has guessed too often.
func (s *Server) checkPIN(r *http.Request, id uuid.UUID, pin string) (desk.Officer, error) {
	from := address(r)
	if s.tries.over(from) {
		return desk.Officer{}, fmt.Errorf("from this address: %w", desk.ErrLocked)
	}
	o, err := s.Desk.SignIn(id, pin)
	switch {
	case err == nil:
		s.tries.right(from)
	case errors.Is(err, desk.ErrWrongPIN), errors.Is(err, desk.ErrUnknownOfficer):
		s.tries.wrong(from)
	}
	return o, err
}

func (s *Server) signOut(c *gin.Context, v visitor) {
	s.sessions.end(v.key)
	s.keep(c.Request.Context())
	http.SetCookie(c.Writer, keyCookie(c.Request, ""))
	c.Redirect(http.StatusSeeOther, "/sign-in")
}

// lockAll signs every device out, for when a phone is lost; none is waited for any more.
// It can't be taken back, so it wants a tick.
func (s *Server) lockAll(c *gin.Context, _ visitor) {
	if c.PostForm("sure") != "1" {
		c.Redirect(http.StatusSeeOther, "/station")
		return
	}
	s.sessions.endAll()
	s.shutOut(c.Request.Context(), pairing.Device{})
	http.SetCookie(c.Writer, keyCookie(c.Request, ""))
	c.Redirect(http.StatusSeeOther, "/sign-in")
}
