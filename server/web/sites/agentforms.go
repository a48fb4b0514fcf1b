package sites

import (
	"context"
	"html/template"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/web/page"
	"buktihadir/templates"
	"buktihadir/templates/qr"
)

// AddAgent makes the code with which a site computer enrols.
func (p *Pages) AddAgent(c *gin.Context) {
	site, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	code, err := p.Agents.Add(c.Request.Context(), page.VisitorOf(c).Actor(), site, f.Value("agent"))
	if err != nil {
		p.Again(c, f, "agent", err, func() { p.showSite(c, siteForms{agent: f}) })
		return
	}
	p.TellOnce(c, "/sites/"+site.String()+"/agent-code", code.Text)
}

// codeView shows a one-time code with instructions, once.
type codeView struct {
	Site          models.Site
	Code, Command string
	QR            template.HTML // of the command
	Invite        string        // the same without a network
	InviteQR      template.HTML
}

// AgentCodePage shows the code with which a site computer enrols.
func (p *Pages) AgentCodePage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := codeView{Code: p.ToldOnce(c)}
	if view.Site, err = p.Store.Read(c.Request.Context()).Site(id); err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("site.code_title"))
	f.Crumbs = append(page.Crumbs("/sites", "sites.title"), templates.Crumb{Href: "/sites/" + id.String(), Name: view.Site.Name})
	if view.Code != "" {
		view.Command = "site-agent enroll --server " + p.PublicURL.String() + " --code " + view.Code
		code, err := qr.Encode(view.Command, qr.Screen)
		if err != nil {
			p.Fail(c, err)
			return
		}
		view.QR = template.HTML(code.SVG(p.Set.Texts.Say(f.Lang, f.Title))) //nolint:gosec // drawn here; the title is escaped
		if view.Invite, view.InviteQR, err = p.inviteQR(c, view.Code, p.Set.Texts.T(f.Lang, "bundle.invite")); err != nil {
			p.Fail(c, err)
			return
		}
	}
	page.Show(p.Kit, c, "sites/agent-code", f, view)
}

// RevokeAgent ends a site computer.
func (p *Pages) RevokeAgent(c *gin.Context) { p.changeAgent(c, "agents.revoked_done", p.Agents.Revoke) }

// RotateAgent gives a site computer another token, at its next contact.
func (p *Pages) RotateAgent(c *gin.Context) { p.changeAgent(c, "agents.rotated_done", p.Agents.Rotate) }

func (p *Pages) changeAgent(c *gin.Context, done string, change func(context.Context, office.Actor, uuid.UUID) (models.Agent, error)) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	agent, err := change(c.Request.Context(), page.VisitorOf(c).Actor(), id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Done(c, "/sites/"+agent.SiteID.String(), done, "Name", agent.Name)
}
