package web

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type usersView struct {
	Users []store.UserRow
	Self  uuid.UUID
}

func (p *Pages) usersPage(c *gin.Context) {
	users, err := p.Store.Read(c.Request.Context()).Users()
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "users", p.frame(c, templates.Say("users.title")), usersView{users, visitorOf(c).user.ID})
}

type newUserView struct {
	Form             *Form
	Roles, Providers []templates.Option
}

func (p *Pages) newUserPage(c *gin.Context) { p.showNewUser(c, &Form{}) }

func (p *Pages) showNewUser(c *gin.Context, f *Form) {
	providers, err := p.providerOptions(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := newUserView{Form: f, Providers: providers}
	for _, r := range models.Roles() {
		view.Roles = append(view.Roles, templates.Option{Value: string(r), Text: templates.Say("role." + string(r))})
	}
	frame := p.frame(c, templates.Say("users.new"))
	frame.Crumbs = crumbs("/users", "users.title")
	show(p, c, "user-new", frame, view)
}

func (p *Pages) addUser(c *gin.Context) {
	f := formOf(c)
	provider, _ := uuid.Parse(f.Value("provider")) // none: the zero id
	u, token, err := p.Accounts.Invite(c.Request.Context(), account.Invitation{
		Email: f.Value("email"), Name: f.Value("name"), Role: models.Role(f.Value("role")), Provider: provider,
	}, visitorOf(c).actor())
	if err != nil {
		p.again(c, f, "", err, func() { p.showNewUser(c, f) })
		return
	}
	p.tellOnce(c, "/users/"+u.ID.String()+"/link", p.PublicURL.JoinPath("setup", token).String())
}

func (p *Pages) renewUser(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	u, token, err := p.Accounts.Renew(c.Request.Context(), id, visitorOf(c).actor())
	if err != nil {
		p.fail(c, err)
		return
	}
	p.tellOnce(c, "/users/"+u.ID.String()+"/link", p.PublicURL.JoinPath("setup", token).String())
}

// linkView shows a set-up link, once.
type linkView struct {
	User models.User
	Link string
}

func (p *Pages) userLinkPage(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	u, err := p.Store.Read(c.Request.Context()).User(id)
	if err != nil {
		p.fail(c, err)
		return
	}
	frame := p.frame(c, templates.Say("users.link_title"))
	frame.Crumbs = crumbs("/users", "users.title")
	show(p, c, "user-link", frame, linkView{u, p.toldOnce(c)})
}

func (p *Pages) activateUser(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	active := formOf(c).checked("active")
	if err := p.Accounts.SetActive(c.Request.Context(), id, active, visitorOf(c).actor()); err != nil {
		p.refused(c, "/users", err)
		return
	}
	key := "users.deactivated"
	if active {
		key = "users.activated"
	}
	p.done(c, "/users", key)
}

// idParam reads the id in an address. What is no id is no page.
func idParam(c *gin.Context) (uuid.UUID, error) { return paramID(c, "id") }

func paramID(c *gin.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil {
		return id, store.ErrNotFound
	}
	return id, nil
}

// crumbs are the steps above a page, given as pairs of address and text.
func crumbs(pairs ...string) []templates.Crumb {
	var list []templates.Crumb
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, templates.Crumb{Href: pairs[i], Text: templates.Say(pairs[i+1])})
	}
	return list
}
