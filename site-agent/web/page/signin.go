package page

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
	Stranger templates.Text // why nobody can sign in on this device; empty: anybody may
}

// SignInPage shows the sign in page.
func (k *Kit) SignInPage(c *gin.Context, v Visitor) {
	if v.signedIn() {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	officers := k.Desk.Officers()
	if len(officers) == 0 && AtMachine(c.Request) {
		c.Redirect(http.StatusSeeOther, "/setup")
		return
	}
	k.showSignIn(c, http.StatusOK, signInBody{Next: c.Query("next")})
}

func (k *Kit) showSignIn(c *gin.Context, status int, body signInBody) {
	body.Stranger = k.stranger(c.Request)
	for _, o := range k.Desk.Officers() {
		body.Officers = append(body.Officers, templates.Option{Value: o.ID.String(), Name: o.Name})
	}
	body.Nobody = templates.Empty{Icon: "users", Title: templates.Say("desk.sign_in.nobody.title"), Text: templates.Say("desk.sign_in.nobody.text")}
	if k.Desk.Withdrawn() {
		body.Nobody.Title, body.Nobody.Text = templates.Say("desk.sign_in.withdrawn.title"), templates.Say("desk.sign_in.withdrawn.text")
	}
	Show(k, c, status, "sign-in", "desk.sign_in", Visitor{}, body)
}

// PostSignIn answers the sign in request.
func (k *Kit) PostSignIn(c *gin.Context, v Visitor) {
	if !k.welcome(c.Request, v.Device) {
		k.showSignIn(c, http.StatusForbidden, signInBody{})
		return
	}
	id, err := uuid.Parse(c.PostForm("officer"))
	if err != nil {
		k.ShowError(c, http.StatusBadRequest, "bad_request")
		return
	}
	o, err := k.CheckPIN(c.Request, id, c.PostForm("pin"))
	if err != nil {
		status, why := k.WhyNot(err)
		k.showSignIn(c, status, signInBody{Officer: id.String(), Next: c.PostForm("next"), Problem: why})
		return
	}
	key := k.EnterAs(c, v, o)
	if v.Device.Use == store.UseKiosk {
		k.Sessions.MakeKiosk(key)
	}
	k.SaveSignIns(c.Request.Context())
	c.Redirect(http.StatusSeeOther, ownPage(c.PostForm("next")))
}

// EnterAs begins an officer's sign-in in place of the one that was there; it is not kept yet.
func (k *Kit) EnterAs(c *gin.Context, v Visitor, o desk.Officer) SignKey {
	if old, err := c.Request.Cookie(CookieName(c.Request)); err == nil {
		k.Sessions.drop(KeyOf(old.Value))
	}
	key := k.Sessions.Begin(o, v.Device.ID, Address(c.Request))
	http.SetCookie(c.Writer, KeyCookie(c.Request, key))
	return KeyOf(key)
}

// WhyNot puts into words why a PIN opened nothing.
func (k *Kit) WhyNot(err error) (status int, why templates.Text) {
	switch {
	case errors.Is(err, desk.ErrLocked):
		return http.StatusTooManyRequests, templates.Say("desk.sign_in.locked")
	case !errors.Is(err, desk.ErrWrongPIN) && !errors.Is(err, desk.ErrUnknownOfficer):
		k.Log.Error("sign in", "error", err)
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

// CheckPIN asks the desk, unless the address has guessed too often.
func (k *Kit) CheckPIN(r *http.Request, id uuid.UUID, pin string) (desk.Officer, error) {
	from := Address(r)
	if k.PINGuesses.Over(from) {
		return desk.Officer{}, fmt.Errorf("from this address: %w", desk.ErrLocked)
	}
	o, err := k.Desk.SignIn(id, pin)
	switch {
	case err == nil:
		k.PINGuesses.Right(from)
	case errors.Is(err, desk.ErrWrongPIN), errors.Is(err, desk.ErrUnknownOfficer):
		k.PINGuesses.Wrong(from)
	}
	return o, err
}

// SignOut ends the sign-in of this device.
func (k *Kit) SignOut(c *gin.Context, v Visitor) {
	k.Sessions.End(v.Key)
	k.SaveSignIns(c.Request.Context())
	http.SetCookie(c.Writer, KeyCookie(c.Request, ""))
	c.Redirect(http.StatusSeeOther, "/sign-in")
}

// LockAll signs every device out, for a lost phone; the agent does not wait for phones
// any more. It cannot be undone, so it needs a ticked box.
func (k *Kit) LockAll(c *gin.Context, _ Visitor) {
	if c.PostForm("sure") != "1" {
		c.Redirect(http.StatusSeeOther, "/station")
		return
	}
	k.Sessions.EndAll()
	k.ShutOut(c.Request.Context(), pairing.Device{})
	http.SetCookie(c.Writer, KeyCookie(c.Request, ""))
	c.Redirect(http.StatusSeeOther, "/sign-in")
}
