package web

import (
	"errors"
	"html/template"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
	"buktihadir/templates/qr"
)

// longestAgentName is how long an agent's name may be, in bytes.
const longestAgentName = 120

func (p *Pages) addAgent(c *gin.Context) {
	site, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	name := f.trimmed("agent")
	if len(name) > longestAgentName {
		f.refuse("agent", "account.name_wrong")
		p.again(c, f, "agent", nil, func() { p.showSite(c, &Form{}, f) })
		return
	}
	var code string
	err = p.Store.Write(c.Request.Context(), func(tx *store.Tx) error {
		row, err := tx.Site(site)
		if err != nil {
			return err
		}
		if name == "" {
			name = row.Code
		}
		if code, _, err = tx.NewAgentCode(site, name); err != nil {
			return err
		}
		return tx.Record(p.entry(c, "agent.add", "site", site, name))
	})
	if err != nil {
		p.fail(c, err)
		return
	}
	p.tellOnce(c, "/sites/"+site.String()+"/agent-code", code)
}

func (p *Pages) entry(c *gin.Context, action, entity string, id uuid.UUID, detail string) models.HistoryEntry {
	u := visitorOf(c).user
	return models.HistoryEntry{ActorID: &u.ID, Actor: u.Name, Action: action, Entity: entity, EntityID: id.String(), Detail: detail}
}

// codeView shows a one-time code with what to do with it, once.
type codeView struct {
	Site          models.Site
	Code, Command string
	QR            template.HTML // of the command
	Invite        string        // the same without a network
	InviteQR      template.HTML
}

func (p *Pages) agentCodePage(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := codeView{Code: p.toldOnce(c)}
	if view.Site, err = p.Store.Read(c.Request.Context()).Site(id); err != nil {
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("site.code_title"))
	f.Crumbs = append(crumbs("/sites", "sites.title"), templates.Crumb{Href: "/sites/" + id.String(), Name: view.Site.Name})
	if view.Code != "" {
		view.Command = "site-agent enroll --server " + p.PublicURL.String() + " --code " + view.Code
		code, err := qr.Encode(view.Command, qr.Screen)
		if err != nil {
			p.fail(c, err)
			return
		}
		view.QR = template.HTML(code.SVG(p.Set.Texts.Say(f.Lang, f.Title))) //nolint:gosec // drawn here; the title is escaped
		if view.Invite, view.InviteQR, err = p.inviteQR(c, view.Code, p.Set.Texts.T(f.Lang, "bundle.invite")); err != nil {
			p.fail(c, err)
			return
		}
	}
	show(p, c, "agent-code", f, view)
}

func (p *Pages) revokeAgent(c *gin.Context) {
	p.changeAgent(c, "agent.revoke", "agents.revoked_done", (*store.Tx).RevokeAgent)
}

func (p *Pages) rotateAgent(c *gin.Context) {
	p.changeAgent(c, "agent.rotate", "agents.rotated_done", (*store.Tx).RotateToken)
}

func (p *Pages) changeAgent(c *gin.Context, action, done string, change func(*store.Tx, uuid.UUID) error) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	var agent models.Agent
	err = p.Store.Write(c.Request.Context(), func(tx *store.Tx) error {
		found, err := tx.Agent(id)
		if err != nil {
			return err
		}
		agent = found
		return errors.Join(change(tx, id), tx.Record(p.entry(c, action, "site", agent.SiteID, agent.Name)))
	})
	if err != nil {
		p.fail(c, err)
		return
	}
	p.done(c, "/sites/"+agent.SiteID.String(), done, "Name", agent.Name)
}
