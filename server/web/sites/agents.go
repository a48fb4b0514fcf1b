package sites

import (
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// troubles are what the list can be narrowed to.
func troubles() []string {
	list := []string{page.TroubleAtWork}
	for _, x := range models.Ailments() {
		list = append(list, string(x))
	}
	return list
}

// troubled is the filter of agents with a given trouble, or of all agents.
func (p *Pages) troubled(c *gin.Context, trouble string) (store.AgentFilter, error) {
	switch {
	case trouble == page.TroubleAtWork:
		return p.SilentWhileTeaching(c)
	case trouble == string(store.AnyAilment), slices.Contains(troubles(), trouble):
		return store.AgentFilter{Ails: models.Ailment(trouble), Now: p.Now()}, nil
	}
	return store.AgentFilter{}, nil
}

// troubleTabs say how many agents have which trouble. Troubles without agents are left
// out.
func (p *Pages) troubleTabs(c *gin.Context, shown string) ([]page.Tab, error) {
	tabs := []page.Tab{{Text: templates.Say("agents.all"), Href: "/agents", Now: !slices.Contains(troubles(), shown)}}
	for _, x := range troubles() {
		f, err := p.troubled(c, x)
		if err != nil {
			return nil, err
		}
		found, err := p.Store.Read(c.Request.Context()).ListAgents(f, store.Slice{Limit: 1})
		if err != nil {
			return nil, err
		}
		if found.Total > 0 || x == shown {
			tabs = append(tabs, page.Tab{Text: templates.Say("agents.only_"+x, "Count", found.Total), Href: "/agents?trouble=" + x, Now: x == shown})
		}
	}
	return tabs, nil
}

type agentsView struct {
	Form      *page.Form
	Agents    []page.AgentLine
	Sites     []templates.Option
	Troubles  []page.Tab
	MayManage bool
	Pages     templates.Pagination
}

// AgentsPage lists the site computers, or those with one trouble.
func (p *Pages) AgentsPage(c *gin.Context) {
	slice, trouble := page.SliceOf(c), c.Query("trouble")
	f, err := p.troubled(c, trouble)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f.Site = page.QueryID(c, "site")
	list, err := p.Store.Read(c.Request.Context()).ListAgents(f, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := agentsView{Form: &page.Form{Values: c.Request.URL.Query()}, Agents: p.AgentLines(list.Rows), MayManage: page.VisitorOf(c).May(account.ManageAgents),
		Pages: page.Paging(c, slice, len(list.Rows), list.Total)}
	if view.Sites, err = p.SiteOptions(c); err == nil {
		view.Troubles, err = p.troubleTabs(c, trouble)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "sites/agents", p.Frame(c, templates.Say("agents.title")), view)
}
