package sites

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// AddOfficer adds an officer to a site.
func (p *Pages) AddOfficer(c *gin.Context) {
	site, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	officer, pin, err := p.Plan.AddOfficer(c.Request.Context(), page.VisitorOf(c).Actor(), site, f.Trimmed("name"), "", f.Checked("supervisor"))
	if err != nil {
		p.Again(c, f, "name", err, func() { p.showSite(c, siteForms{officer: f}) })
		return
	}
	p.TellOnce(c, "/officers/"+officer.ID.String()+"/pin", pin)
}

// officerOf finds the officer that the address names.
func (p *Pages) officerOf(c *gin.Context) (models.Officer, error) {
	id, err := page.IDParam(c)
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

// OfficerPINPage shows an officer's PIN, once.
func (p *Pages) OfficerPINPage(c *gin.Context) {
	officer, err := p.officerOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("officer.pin_title"))
	f.Crumbs = page.Crumbs("/sites", "sites.title")
	page.Show(p.Kit, c, "sites/officer-pin", f, pinView{officer, p.ToldOnce(c)})
}

// NewPIN gives an officer a new PIN.
func (p *Pages) NewPIN(c *gin.Context) {
	officer, err := p.officerOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	pin, err := p.Plan.NewPIN(c.Request.Context(), page.VisitorOf(c).Actor(), officer.ID)
	if err != nil {
		p.Refused(c, "/sites/"+officer.SiteID.String(), err)
		return
	}
	p.TellOnce(c, "/officers/"+officer.ID.String()+"/pin", pin)
}

// RemoveOfficer removes an officer from a site.
func (p *Pages) RemoveOfficer(c *gin.Context) {
	officer, err := p.officerOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	href := "/sites/" + officer.SiteID.String()
	if err := p.Plan.RemoveOfficer(c.Request.Context(), page.VisitorOf(c).Actor(), officer.ID); err != nil {
		p.Refused(c, href, err)
		return
	}
	p.Done(c, href, "officer.removed", "Name", officer.Name)
}
