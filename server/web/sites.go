package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type sitesView struct {
	Form      *Form
	Sites     []siteLine
	Provinces []templates.Option
	Pages     templates.Pagination
}

// siteLine is a site with the names of where it lies.
type siteLine struct {
	store.SiteEntry
	RegencyName, ProvinceName string
}

func lineOf(s store.SiteEntry) siteLine {
	line := siteLine{SiteEntry: s}
	if r, ok := region.RegencyByCode(s.Regency); ok {
		line.RegencyName = r.Name
		if province, ok := region.ProvinceByCode(r.Province); ok {
			line.ProvinceName = province.Name
		}
	}
	return line
}

func (p *Pages) sitesPage(c *gin.Context) {
	slice := sliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListSites(store.SiteFilter{Province: c.Query("province"), Words: c.Query("q")}, p.Now(), slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := sitesView{Form: &Form{values: c.Request.URL.Query()}, Provinces: provinceOptions(), Pages: pages(c, slice, len(list.Rows), list.Total)}
	for _, s := range list.Rows {
		view.Sites = append(view.Sites, lineOf(s))
	}
	show(p, c, "sites", p.frame(c, templates.Say("sites.title")), view)
}

type siteView struct {
	Site               siteLine
	Agents             []agentLine
	Officers           []models.Officer
	Classes            []store.ClassEntry
	Sessions           []sessionLine // the next ones
	MayPlan, MayManage bool          // officers; agents
	OfficerForm        *Form
	AgentForm          *Form
}

func (p *Pages) sitePage(c *gin.Context) { p.showSite(c, &Form{}, &Form{}) }

const beside = 20 // rows of a short list beside something; the whole list has its own page

func (p *Pages) showSite(c *gin.Context, officer, agent *Form) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	q, v := p.Store.Read(c.Request.Context()), visitorOf(c)
	site, err := q.SiteEntry(id, p.Now())
	if err != nil {
		p.fail(c, err)
		return
	}
	view := siteView{Site: lineOf(site), OfficerForm: officer, AgentForm: agent, MayPlan: v.may(account.ManagePlan), MayManage: v.may(account.ManageAgents)}
	agents, err := q.ListAgents(store.AgentFilter{Site: id}, store.Slice{Limit: perPage})
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Agents = p.agentLines(agents.Rows)
	if view.Officers, err = q.Officers(id); err != nil {
		p.fail(c, err)
		return
	}
	classes, err := q.ListClasses(store.ClassFilter{Site: id}, store.Slice{Limit: beside})
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Classes = classes.Rows
	if view.Sessions, _, err = p.sessionLines(c, store.SessionFilter{Site: id, EndsAfter: p.Now()}, store.Slice{Limit: beside}); err != nil {
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("site.title", "Name", site.Name))
	f.Zone, f.Crumbs = site.Zone, crumbs("/sites", "sites.title")
	show(p, c, "site", f, view)
}
