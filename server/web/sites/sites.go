package sites

import (
	"cmp"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/account"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type sitesView struct {
	Form      *page.Form
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

// SitesPage lists the sites.
func (p *Pages) SitesPage(c *gin.Context) {
	slice := page.SliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListSites(store.SiteFilter{Province: c.Query("province"), Words: c.Query("q")}, p.Now(), slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := sitesView{Form: &page.Form{Values: c.Request.URL.Query()}, Provinces: page.ProvinceOptions(), Pages: page.Paging(c, slice, len(list.Rows), list.Total)}
	for _, s := range list.Rows {
		view.Sites = append(view.Sites, lineOf(s))
	}
	page.Show(p.Kit, c, "sites/sites", p.Frame(c, templates.Say("sites.title")), view)
}

type siteView struct {
	Site               siteLine
	Agents             []page.AgentLine
	Officers           []models.Officer
	Classes            []store.ClassEntry
	Sessions           []page.SessionLine // the next ones
	Crowded            []crowdedLine      // what it is too small for
	MayPlan, MayManage bool               // officers; agents
	OfficerForm        *page.Form
	AgentForm          *page.Form
	RhythmForm         *page.Form
	Rhythms            []templates.Option
}

// crowdedLine is a class that a site is too small for.
type crowdedLine struct {
	Text templates.Text
	Href string
	Day  models.LocalDate // the first
}

// SitePage shows a site with its officers and site computers.
func (p *Pages) SitePage(c *gin.Context) { p.showSite(c, siteForms{}) }

// siteForms are the forms of a site's page as they were filled in; nil: not at all.
type siteForms struct{ officer, agent, rhythm *page.Form }

func (p *Pages) showSite(c *gin.Context, forms siteForms) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q, v := p.Store.Read(c.Request.Context()), page.VisitorOf(c)
	site, err := q.SiteEntry(id, p.Now())
	if err != nil {
		p.Fail(c, err)
		return
	}
	blank := &page.Form{}
	view := siteView{Site: lineOf(site), OfficerForm: cmp.Or(forms.officer, blank), AgentForm: cmp.Or(forms.agent, blank),
		RhythmForm: cmp.Or(forms.rhythm, blank), Rhythms: rhythmOptions(), MayPlan: v.May(account.ManagePlan), MayManage: v.May(account.ManageAgents)}
	agents, err := q.ListAgents(store.AgentFilter{Site: id}, store.Slice{Limit: page.PerPage})
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Agents = p.AgentLines(agents.Rows)
	if view.Officers, err = q.Officers(id); err != nil {
		p.Fail(c, err)
		return
	}
	classes, err := q.ListClasses(store.ClassFilter{Site: id}, store.Slice{Limit: page.Beside})
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Classes = classes.Rows
	if view.Sessions, _, err = p.SessionLines(c, store.SessionFilter{Site: id, EndsAfter: p.Now()}, store.Slice{Limit: page.Beside}); err != nil {
		p.Fail(c, err)
		return
	}
	crowded, err := plan.Crowded(q, site.Site, p.Now())
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, w := range crowded[:min(len(crowded), page.Beside)] {
		key, args := w.Message()
		view.Crowded = append(view.Crowded, crowdedLine{templates.Say(key, args...), page.ClassHref(w.ID, ""), w.Day})
	}
	f := p.Frame(c, templates.Say("site.title", "Name", site.Name))
	f.Zone, f.Crumbs = site.Zone, page.Crumbs("/sites", "sites.title")
	page.Show(p.Kit, c, "sites/site", f, view)
}

func rhythmOptions() (list []templates.Option) {
	for _, r := range models.Rhythms() {
		list = append(list, templates.Option{Value: string(r), Text: templates.Say("rhythm." + string(r))})
	}
	return list
}

// SetRhythm changes how a site brings its journal home.
func (p *Pages) SetRhythm(c *gin.Context) {
	site, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	if err := p.Plan.SetRhythm(c.Request.Context(), page.VisitorOf(c).Actor(), site, models.Rhythm(f.Value("rhythm"))); err != nil {
		p.Again(c, f, "rhythm", err, func() { p.showSite(c, siteForms{rhythm: f}) })
		return
	}
	p.Done(c, "/sites/"+site.String(), "site.rhythm_set")
}
