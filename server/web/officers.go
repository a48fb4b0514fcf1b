package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/templates"
)

func (p *Pages) addOfficer(c *gin.Context) {
	site, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	officer, pin, err := p.Plan.AddOfficer(c.Request.Context(), visitorOf(c).actor(), site, f.trimmed("name"), "", f.checked("supervisor"))
	if err != nil {
		p.again(c, f, "name", err, func() { p.showSite(c, f, &Form{}) })
		return
	}
	p.tellOnce(c, "/officers/"+officer.ID.String()+"/pin", pin)
}

// officerOf finds the officer that the address names.
func (p *Pages) officerOf(c *gin.Context) (models.Officer, error) {
	id, err := idParam(c)
	if err != nil {
		return models.Officer{}, err
	}
	return p.Store.Read(c.Request.Context()).Officer(id)
}

// pinView shows a new officer's PIN, once.
type pinView struct {
	Officer models.Officer
	PIN     string
}

func (p *Pages) officerPINPage(c *gin.Context) {
	officer, err := p.officerOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("officer.pin_title"))
	f.Crumbs = crumbs("/sites", "sites.title")
	show(p, c, "officer-pin", f, pinView{officer, p.toldOnce(c)})
}

func (p *Pages) newPIN(c *gin.Context) {
	officer, err := p.officerOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	pin, err := p.Plan.NewPIN(c.Request.Context(), visitorOf(c).actor(), officer.ID)
	if err != nil {
		p.refused(c, "/sites/"+officer.SiteID.String(), err)
		return
	}
	p.tellOnce(c, "/officers/"+officer.ID.String()+"/pin", pin)
}

func (p *Pages) removeOfficer(c *gin.Context) {
	officer, err := p.officerOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	href := "/sites/" + officer.SiteID.String()
	if err := p.Plan.RemoveOfficer(c.Request.Context(), visitorOf(c).actor(), officer.ID); err != nil {
		p.refused(c, href, err)
		return
	}
	p.done(c, href, "officer.removed", "Name", officer.Name)
}
