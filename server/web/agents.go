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

// ailmentOptions are the choices of the list's filter.
func ailmentOptions() []templates.Option {
	list := choices("trouble.", string(store.AnyAilment), troubleAtWork)
	for _, x := range models.Ailments() {
		list = append(list, templates.Option{Value: string(x), Text: templates.Say("trouble." + string(x))})
	}
	return list
}

type agentsView struct {
	Form      *Form
	Agents    []agentLine
	Sites     []templates.Option
	Troubles  []templates.Option
	MayManage bool
	Pages     templates.Pagination
}

func (p *Pages) agentsPage(c *gin.Context) {
	slice := sliceOf(c)
	f := store.AgentFilter{Site: queryID(c, "site"), Now: p.Now()}
	if x := models.Ailment(c.Query("trouble")); x == store.AnyAilment || slices.Contains(models.Ailments(), x) {
		f.Ails = x
	}
	if c.Query("trouble") == troubleAtWork {
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
		Agents: p.agentLines(list.Rows), Sites: sites, Troubles: ailmentOptions(), MayManage: visitorOf(c).may(account.ManageAgents), Pages: pages(c, slice, len(list.Rows), list.Total)})
}
