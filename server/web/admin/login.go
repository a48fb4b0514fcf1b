package admin

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type loginView struct {
	Form *page.Form
	Next string
}

// Health answers a monitor: well, or that the database does not answer.
func (p *Pages) Health(c *gin.Context) {
	if _, err := p.Store.Read(c.Request.Context()).HasUsers(); err != nil {
		p.Log.Error("health", "error", err)
		c.String(http.StatusServiceUnavailable, "database\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}

// LoginPage shows the form to sign in.
func (p *Pages) LoginPage(c *gin.Context) {
	if page.VisitorOf(c).SignedIn {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	p.showLogin(c, &page.Form{}, c.Query("next"))
}

func (p *Pages) showLogin(c *gin.Context, f *page.Form, next string) {
	page.Show(p.Kit, c, "admin/login", p.Frame(c, templates.Say("login.title")), loginView{f, page.Local(next)})
}

// Login signs somebody in.
func (p *Pages) Login(c *gin.Context) {
	f := page.FormOf(c)
	u, err := p.Accounts.SignIn(c.Request.Context(), f.Value("email"), f.Value("password"), c.ClientIP())
	var locked account.LockedError
	switch {
	case errors.Is(err, account.ErrWrong):
		f.Refuse("password", "login.wrong")
	case errors.As(err, &locked):
		minutes := int(locked.Until.Sub(p.Now()).Minutes()) + 1
		f.Refuse("password", "login.locked", "Count", minutes)
		c.Header("Retry-After", locked.Until.Time().Format(http.TimeFormat))
	case err != nil:
		p.Fail(c, err)
		return
	}
	if !f.Ok() {
		p.Again(c, f, "", nil, func() { p.showLogin(c, f, f.Value("next")) })
		return
	}
	if err := p.signIn(c, u); err != nil {
		p.Fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, page.Local(f.Value("next")))
}

// signIn binds the browser to a user, under a new token: one that somebody may
// have planted before is worth nothing.
func (p *Pages) signIn(c *gin.Context, u models.User) error {
	ctx := c.Request.Context()
	if err := p.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	p.Sessions.Put(ctx, page.SessionUser, u.ID.String())
	p.Sessions.Put(ctx, page.SessionStamp, account.SessionStamp(u))
	return nil
}

// Logout ends the sign-in.
func (p *Pages) Logout(c *gin.Context) {
	if err := p.Sessions.Destroy(c.Request.Context()); err != nil {
		p.Fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/login")
}

type setupView struct {
	Form  *page.Form
	First bool // the address is still to be named
	Email string
	Min   int
}

// SetupPage shows the form behind a set-up link.
func (p *Pages) SetupPage(c *gin.Context) {
	u, _, err := p.Accounts.Pending(c.Request.Context(), c.Param("token"))
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.showSetup(c, page.Filled("name", u.Name))
}

func (p *Pages) showSetup(c *gin.Context, f *page.Form) {
	u, first, err := p.Accounts.Pending(c.Request.Context(), c.Param("token"))
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := setupView{Form: f, First: first, Email: u.Email, Min: account.MinPassword}
	page.Show(p.Kit, c, "admin/setup", p.Frame(c, templates.Say("setup.title")), view)
}

// Setup takes name and password of somebody who came by a set-up link.
func (p *Pages) Setup(c *gin.Context) {
	f := page.FormOf(c)
	u, err := p.Accounts.Complete(c.Request.Context(), c.Param("token"),
		account.Setup{Email: f.Value("email"), Name: f.Value("name"), Password: f.Value("password")})
	if err != nil {
		p.Again(c, f, "", err, func() { p.showSetup(c, f) })
		return
	}
	if err := p.signIn(c, u); err != nil {
		p.Fail(c, err)
		return
	}
	p.Done(c, "/", "setup.done", "Name", u.Name)
}

type accountView struct {
	Form *page.Form
	User models.User
	Min  int
}

// AccountPage shows people their own account.
func (p *Pages) AccountPage(c *gin.Context) { p.showAccount(c, &page.Form{}) }

func (p *Pages) showAccount(c *gin.Context, f *page.Form) {
	view := accountView{f, page.VisitorOf(c).User, account.MinPassword}
	page.Show(p.Kit, c, "admin/account", p.Frame(c, templates.Say("account.title")), view)
}

// ChangePassword takes the new password of whoever asks.
func (p *Pages) ChangePassword(c *gin.Context) {
	f := page.FormOf(c)
	u, err := p.Accounts.ChangePassword(c.Request.Context(), page.VisitorOf(c).User.ID, f.Value("old"), f.Value("password"))
	var locked account.LockedError
	if errors.As(err, &locked) {
		f.Refuse("old", "login.locked", "Count", int(locked.Until.Sub(p.Now()).Minutes())+1)
		err = nil
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "", err, func() { p.showAccount(c, f) })
		return
	}
	if err := p.signIn(c, u); err != nil {
		p.Fail(c, err)
		return
	}
	p.Done(c, "/account", "account.password_done")
}
