package web

import (
	"maps"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// After how long without a word an agent is called silent: a day in a list, an
// hour while its site teaches.
const (
	silentAfter  = 24 * time.Hour
	silentAtWork = time.Hour
)

// silentToday is the filter of those that are silent while their site teaches.
const silentToday = "today"

// sitesOf are the sites at which sessions are held.
func sitesOf(sessions []sessionLine) []uuid.UUID {
	sites := map[uuid.UUID]bool{}
	for _, s := range sessions {
		if s.At != stateCancelled {
			sites[s.SiteID] = true
		}
	}
	return slices.AppendSeq(make([]uuid.UUID, 0, len(sites)), maps.Keys(sites))
}

// agentLine is an agent with the badge of its health.
type agentLine struct {
	store.AgentEntry
	Health templates.Badge
	Behind int64 // changes of the roster that it does not have
}

func (p *Pages) agentLines(rows []store.AgentEntry) []agentLine {
	lines := make([]agentLine, len(rows))
	for i, a := range rows {
		lines[i] = agentLine{a, healthOf(a, p.Now()), max(0, a.Revision-a.RosterRev)}
	}
	return lines
}

func healthOf(a store.AgentEntry, now models.Millis) templates.Badge {
	switch {
	case a.Status == models.AgentRevoked:
		return templates.Badge{Tone: templates.Neutral, Icon: "ban", Text: templates.Say("agent.revoked")}
	case a.LastContact == 0:
		return templates.Badge{Tone: templates.Note, Icon: "hourglass", Text: templates.Say("agents.new")}
	case now.Sub(a.LastContact) > silentAfter:
		return templates.Badge{Tone: templates.Warn, Icon: "wifi-off", Text: templates.Say("agents.silent")}
	case a.Unsent > 0:
		return templates.Badge{Tone: templates.Warn, Icon: "cloud-upload", Text: templates.Say("agents.unsent_badge")}
	}
	return templates.Badge{Tone: templates.Good, Icon: "circle-check", Text: templates.Say("agents.healthy")}
}

type agentsView struct {
	Form      *Form
	Agents    []agentLine
	Sites     []templates.Option
	Silence   []templates.Option
	MayManage bool
	Pages     templates.Pagination
}

func (p *Pages) agentsPage(c *gin.Context) {
	slice := sliceOf(c)
	f := store.AgentFilter{Site: queryID(c, "site")}
	if c.Query("silent") == "1" {
		f.SilentSince = p.Now().Add(-silentAfter)
	}
	if c.Query("silent") == silentToday {
		today, _, err := p.sessionLines(c, store.SessionFilter{Day: store.Today(p.Now())}, store.Slice{Limit: wholeCountry})
		if err != nil {
			p.fail(c, err)
			return
		}
		f.SilentSince, f.Sites = p.Now().Add(-silentAtWork), sitesOf(today)
	}
	list, err := p.Store.Read(c.Request.Context()).ListAgents(f, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	sites, err := p.siteOptions(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "agents", p.frame(c, templates.Say("agents.title")), agentsView{Form: &Form{values: c.Request.URL.Query()},
		Agents: p.agentLines(list.Rows), Sites: sites,
		Silence: []templates.Option{{Text: templates.Say("choice.all")}, {Value: "1", Text: templates.Say("agents.silent_day")}, {Value: silentToday, Text: templates.Say("agents.silent_today")}}, MayManage: visitorOf(c).may(account.ManageAgents), Pages: pages(c, slice, len(list.Rows), list.Total)})
}
