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

// silentAtWork is after how long without a word an agent is called silent while its
// site teaches.
const silentAtWork = time.Hour

// troubleAtWork is the filter of those that are silent while their site teaches.
const troubleAtWork = "at_work"

// silentWhileTeaching finds those that were not heard from while their site teaches.
func (p *Pages) silentWhileTeaching(c *gin.Context) (store.AgentFilter, error) {
	sites, err := p.Store.Read(c.Request.Context()).SitesTeaching(store.Today(p.Now()))
	return store.AgentFilter{SilentSince: p.Now().Add(-silentAtWork), Sites: slices.AppendSeq(make([]uuid.UUID, 0, len(sites)), maps.Keys(sites))}, err
}

// agentLine is an agent with how it is.
type agentLine struct {
	store.AgentEntry
	Health []templates.Badge
	Clock  templates.Text // how far its clock is off; empty: it is right
	Behind int64          // changes of the roster that it does not have
}

func (p *Pages) agentLines(rows []store.AgentEntry) []agentLine {
	lines := make([]agentLine, len(rows))
	for i, a := range rows {
		lines[i] = agentLine{AgentEntry: a, Health: healthOf(a, p.Now()), Behind: max(0, a.Revision-a.RosterRev)}
		if off := time.Duration(a.ClockOffset) * time.Millisecond; off.Abs() > models.ClockOff {
			key := map[bool]string{true: "health.clock_fast", false: "health.clock_slow"}[off > 0]
			lines[i].Clock = templates.Say(key, "Count", int(off.Abs().Minutes()))
		}
	}
	return lines
}

// healthOf are an agent's ailments, or that it has none.
func healthOf(a store.AgentEntry, now models.Millis) []templates.Badge {
	switch {
	case a.Status == models.AgentRevoked:
		return []templates.Badge{{Tone: templates.Neutral, Icon: "ban", Text: templates.Say("agent.revoked")}}
	case a.LastContact == 0:
		return []templates.Badge{{Tone: templates.Note, Icon: "hourglass", Text: templates.Say("agents.new")}}
	}
	var badges []templates.Badge
	for _, x := range a.Ailing(now) {
		badges = append(badges, ailmentBadge(x))
	}
	if badges == nil {
		badges = []templates.Badge{{Tone: templates.Good, Icon: "circle-check", Text: templates.Say("agents.healthy")}}
	}
	return badges
}

func ailmentBadge(x models.Ailment) templates.Badge {
	b := templates.Badge{Tone: templates.Warn, Text: templates.Say("trouble." + string(x))}
	switch x {
	case models.AilmentSilent:
		b.Icon = "wifi-off"
	case models.AilmentDisk:
		b.Icon = "hard-drive"
	case models.AilmentClock:
		b.Icon = "clock"
	case models.AilmentUnsent:
		b.Icon = "cloud-upload"
	case models.AilmentRoster:
		b.Icon = "users"
	case models.AilmentVersion:
		b.Tone, b.Icon = templates.Note, "refresh-cw"
	}
	return b
}

// troubles are what the list can be narrowed to.
func troubles() []string {
	list := []string{troubleAtWork}
	for _, x := range models.Ailments() {
		list = append(list, string(x))
	}
	return list
}

// troubled is the filter of agents with a trouble; of none, of all agents.
func (p *Pages) troubled(c *gin.Context, trouble string) (store.AgentFilter, error) {
	switch {
	case trouble == troubleAtWork:
		return p.silentWhileTeaching(c)
	case trouble == string(store.AnyAilment), slices.Contains(troubles(), trouble):
		return store.AgentFilter{Ails: models.Ailment(trouble), Now: p.Now()}, nil
	}
	return store.AgentFilter{}, nil
}

// troubleTabs say how many agents have which trouble; of what none has it is silent.
func (p *Pages) troubleTabs(c *gin.Context, shown string) ([]pageTab, error) {
	tabs := []pageTab{{templates.Say("agents.all"), "/agents", !slices.Contains(troubles(), shown)}}
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
			tabs = append(tabs, pageTab{templates.Say("agents.only_"+x, "Count", found.Total), "/agents?trouble=" + x, x == shown})
		}
	}
	return tabs, nil
}

type agentsView struct {
	Form      *Form
	Agents    []agentLine
	Sites     []templates.Option
	Troubles  []pageTab
	MayManage bool
	Pages     templates.Pagination
}

func (p *Pages) agentsPage(c *gin.Context) {
	slice, trouble := sliceOf(c), c.Query("trouble")
	f, err := p.troubled(c, trouble)
	if err != nil {
		p.fail(c, err)
		return
	}
	f.Site = queryID(c, "site")
	list, err := p.Store.Read(c.Request.Context()).ListAgents(f, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := agentsView{Form: &Form{values: c.Request.URL.Query()}, Agents: p.agentLines(list.Rows), MayManage: visitorOf(c).may(account.ManageAgents),
		Pages: pages(c, slice, len(list.Rows), list.Total)}
	if view.Sites, err = p.siteOptions(c); err == nil {
		view.Troubles, err = p.troubleTabs(c, trouble)
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "agents", p.frame(c, templates.Say("agents.title")), view)
}
