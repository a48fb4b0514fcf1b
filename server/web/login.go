package web

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/templates"
)

type loginView struct {
	Form *Form
	Next string
}

func (p *Pages) health(c *gin.Context) {
	if _, err := p.Store.Read(c.Request.Context()).HasUsers(); err != nil {
		p.Log.Error("health", "error", err)
		c.String(http.StatusServiceUnavailable, "database\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}

func (p *Pages) loginPage(c *gin.Context) {
	if visitorOf(c).signedIn {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	p.showLogin(c, &Form{}, c.Query("next"))
}

func (p *Pages) showLogin(c *gin.Context, f *Form, next string) {
	show(p, c, "login", p.frame(c, templates.Say("login.title")), loginView{f, local(next)})
}

func (p *Pages) login(c *gin.Context) {
	f := formOf(c)
	u, err := p.Accounts.SignIn(c.Request.Context(), f.Value("email"), f.Value("password"), c.ClientIP())
	var locked account.LockedError
	switch {
	case errors.Is(err, account.ErrWrong):
		f.refuse("password", "login.wrong")
	case errors.As(err, &locked):
		minutes := int(locked.Until.Sub(p.Now()).Minutes()) + 1
		f.refuse("password", "login.locked", "Count", minutes)
		c.Header("Retry-After", locked.Until.Time().Format(http.TimeFormat))
	case err != nil:
		p.fail(c, err)
		return
	}
	if !f.ok() {
		p.again(c, f, "", nil, func() { p.showLogin(c, f, f.Value("next")) })
		return
	}
	if err := p.signIn(c, u); err != nil {
		p.fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, local(f.Value("next")))
}

// signIn binds the browser to a user, under a new token: one that somebody may
// have planted before is worth nothing.
func (p *Pages) signIn(c *gin.Context, u models.User) error {
	ctx := c.Request.Context()
	if err := p.sessions.RenewToken(ctx); err != nil {
		return err
	}
	p.sessions.Put(ctx, sessionUser, u.ID.String())
	p.sessions.Put(ctx, sessionStamp, account.SessionStamp(u))
	return nil
}

func (p *Pages) logout(c *gin.Context) {
	if err := p.sessions.Destroy(c.Request.Context()); err != nil {
		p.fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/login")
}

type setupView struct {
	Form  *Form
	First bool // the address is still to be named
	Email string
	Min   int
}

func (p *Pages) setupPage(c *gin.Context) {
	u, _, err := p.Accounts.Pending(c.Request.Context(), c.Param("token"))
	if err != nil {
		p.fail(c, err)
		return
	}
	p.showSetup(c, filled("name", u.Name))
}

func (p *Pages) showSetup(c *gin.Context, f *Form) {
	u, first, err := p.Accounts.Pending(c.Request.Context(), c.Param("token"))
	if err != nil {
		p.fail(c, err)
		return
	}
	view := setupView{Form: f, First: first, Email: u.Email, Min: account.MinPassword}
	show(p, c, "setup", p.frame(c, templates.Say("setup.title")), view)
}

func (p *Pages) setup(c *gin.Context) {
	f := formOf(c)
	u, err := p.Accounts.Complete(c.Request.Context(), c.Param("token"),
		account.Setup{Email: f.Value("email"), Name: f.Value("name"), Password: f.Value("password")})
	if err != nil {
		p.again(c, f, "", err, func() { p.showSetup(c, f) })
		return
	}
	if err := p.signIn(c, u); err != nil {
		p.fail(c, err)
		return
	}
	p.done(c, "/", "setup.done", "Name", u.Name)
}

type accountView struct {
	Form *Form
	User models.User
	Min  int
}

func (p *Pages) accountPage(c *gin.Context) { p.showAccount(c, &Form{}) }

func (p *Pages) showAccount(c *gin.Context, f *Form) {
	view := accountView{f, visitorOf(c).user, account.MinPassword}
	show(p, c, "account", p.frame(c, templates.Say("account.title")), view)
}

func (p *Pages) changePassword(c *gin.Context) {
	f := formOf(c)
	u, err := p.Accounts.ChangePassword(c.Request.Context(), visitorOf(c).user.ID, f.Value("old"), f.Value("password"))
	var locked account.LockedError
	if errors.As(err, &locked) {
		f.refuse("old", "login.locked", "Count", int(locked.Until.Sub(p.Now()).Minutes())+1)
		err = nil
	}
	if err != nil || !f.ok() {
		p.again(c, f, "", err, func() { p.showAccount(c, f) })
		return
	}
	if err := p.signIn(c, u); err != nil {
		p.fail(c, err)
		return
	}
	p.done(c, "/account", "account.password_done")
}
