package admin

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type usersView struct {
	Users []store.UserRow
	Self  uuid.UUID
}

// UsersPage lists who may sign in.
func (p *Pages) UsersPage(c *gin.Context) {
	users, err := p.Store.Read(c.Request.Context()).Users()
	if err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "admin/users", p.Frame(c, templates.Say("users.title")), usersView{users, page.VisitorOf(c).User.ID})
}

type newUserView struct {
	Form             *page.Form
	Roles, Providers []templates.Option
}

// NewUserPage shows the form to invite somebody.
func (p *Pages) NewUserPage(c *gin.Context) { p.showNewUser(c, &page.Form{}) }

func (p *Pages) showNewUser(c *gin.Context, f *page.Form) {
	providers, err := p.ProviderOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := newUserView{Form: f, Providers: providers}
	for _, r := range models.Roles() {
		view.Roles = append(view.Roles, templates.Option{Value: string(r), Text: templates.Say("role." + string(r))})
	}
	frame := p.Frame(c, templates.Say("users.new"))
	frame.Crumbs = page.Crumbs("/users", "users.title")
	page.Show(p.Kit, c, "admin/user-new", frame, view)
}

// AddUser invites somebody and shows their set-up link.
func (p *Pages) AddUser(c *gin.Context) {
	f := page.FormOf(c)
	provider, _ := uuid.Parse(f.Value("provider")) // if it fails: the zero id
	u, token, err := p.Accounts.Invite(c.Request.Context(), account.Invitation{
		Email: f.Value("email"), Name: f.Value("name"), Role: models.Role(f.Value("role")), Provider: provider,
	}, page.VisitorOf(c).Actor())
	if err != nil {
		p.Again(c, f, "", err, func() { p.showNewUser(c, f) })
		return
	}
	p.TellOnce(c, "/users/"+u.ID.String()+"/link", p.PublicURL.JoinPath("setup", token).String())
}

// RenewUser gives somebody a new set-up link; their password ends.
func (p *Pages) RenewUser(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	u, token, err := p.Accounts.Renew(c.Request.Context(), id, page.VisitorOf(c).Actor())
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.TellOnce(c, "/users/"+u.ID.String()+"/link", p.PublicURL.JoinPath("setup", token).String())
}

// linkView shows a set-up link, once.
type linkView struct {
	User models.User
	Link string
}

// UserLinkPage shows a set-up link, once.
func (p *Pages) UserLinkPage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	u, err := p.Store.Read(c.Request.Context()).User(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	frame := p.Frame(c, templates.Say("users.link_title"))
	frame.Crumbs = page.Crumbs("/users", "users.title")
	page.Show(p.Kit, c, "admin/user-link", frame, linkView{u, p.ToldOnce(c)})
}

// ActivateUser lets somebody in again, or shuts them out.
func (p *Pages) ActivateUser(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	active := page.FormOf(c).Checked("active")
	if err := p.Accounts.SetActive(c.Request.Context(), id, active, page.VisitorOf(c).Actor()); err != nil {
		p.Refused(c, "/users", err)
		return
	}
	key := "users.deactivated"
	if active {
		key = "users.activated"
	}
	p.Done(c, "/users", key)
}
