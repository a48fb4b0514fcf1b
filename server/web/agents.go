package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// After how long without a word an agent is called silent: a day in a list, an
// hour while its site teaches. And from which error on its clock is called wrong.
const (
	silentAfter  = 24 * time.Hour
	silentAtWork = time.Hour
	clockWrong   = 5 * time.Minute
)

// agentLine is an agent with the badge of its health.
type agentLine struct {
	store.AgentEntry
	Health templates.Badge
	Behind int64 // changes of the roster that it does not have
	Clock  int64 // minutes that its clock is ahead; 0 where that is near enough
}

func (p *Pages) agentLines(rows []store.AgentEntry) []agentLine {
	lines := make([]agentLine, len(rows))
	for i, a := range rows {
		lines[i] = agentLine{AgentEntry: a, Health: healthOf(a, p.Now()), Behind: max(0, a.Revision-a.RosterRev)}
		if wrongClock(a) {
			lines[i].Clock = int64(time.Duration(a.ClockOffset) * time.Millisecond / time.Minute)
		}
	}
	return lines
}

func wrongClock(a store.AgentEntry) bool {
	return (time.Duration(a.ClockOffset) * time.Millisecond).Abs() >= clockWrong
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
	case wrongClock(a):
		return templates.Badge{Tone: templates.Warn, Icon: "clock", Text: templates.Say("agents.clock_badge")}
	}
	return templates.Badge{Tone: templates.Good, Icon: "circle-check", Text: templates.Say("agents.healthy")}
}

// trouble is what may be amiss with an agent.
type trouble string

const (
	troubleAtWork  trouble = "at_work" // silent while its site teaches today
	troubleSilent  trouble = "silent"
	troubleUnsent  trouble = "unsent"
	troubleClock   trouble = "clock"
	troubleVersion trouble = "version" // older than the newest in use
	troubleRoster  trouble = "roster"  // lacks changes
)

func troubles() []trouble {
	return []trouble{troubleAtWork, troubleSilent, troubleUnsent, troubleClock, troubleVersion, troubleRoster}
}

// agentTroubles says what is amiss with active agents; teaching are the sites with a
// session today.
func agentTroubles(rows []store.AgentEntry, teaching map[uuid.UUID]bool, now models.Millis) map[trouble][]store.AgentEntry {
	newest := ""
	for _, a := range rows {
		if newerVersion(a.Version, newest) {
			newest = a.Version
		}
	}
	found := map[trouble][]store.AgentEntry{}
	for _, a := range rows {
		quiet := now.Sub(a.LastContact)
		for what, so := range map[trouble]bool{
			troubleAtWork: quiet > silentAtWork && teaching[a.SiteID], troubleSilent: quiet > silentAfter, troubleUnsent: a.Unsent > 0,
			troubleClock: wrongClock(a), troubleVersion: newerVersion(newest, a.Version), troubleRoster: a.Revision > a.RosterRev,
		} {
			if so {
				found[what] = append(found[what], a)
			}
		}
	}
	return found
}

// newerVersion compares versions part by part: as numbers where both are.
func newerVersion(a, b string) bool {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		n, err1 := strconv.Atoi(x)
		m, err2 := strconv.Atoi(y)
		if err1 != nil || err2 != nil {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(n, m)
	}) > 0
}

// allTroubles looks at every active agent; teaching are the sites with a session today.
func (p *Pages) allTroubles(c *gin.Context, teaching map[uuid.UUID]bool) (map[trouble][]store.AgentEntry, error) {
	list, err := p.Store.Read(c.Request.Context()).ListAgents(store.AgentFilter{Active: true}, store.Slice{Limit: wholeCountry})
	return agentTroubles(list.Rows, teaching, p.Now()), err
}

type agentsView struct {
	Form      *Form
	Troubles  []pageTab
	Agents    []agentLine
	Sites     []templates.Option
	MayManage bool
	Pages     templates.Pagination
}

func (p *Pages) agentsPage(c *gin.Context) {
	slice, only := sliceOf(c), trouble(c.Query("only"))
	teaching, err := p.Store.Read(c.Request.Context()).SitesTeaching(store.Today(p.Now()))
	if err != nil {
		p.fail(c, err)
		return
	}
	found, err := p.allTroubles(c, teaching)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := agentsView{Form: &Form{values: c.Request.URL.Query()}, MayManage: visitorOf(c).may(account.ManageAgents)}
	view.Troubles = []pageTab{{templates.Say("agents.all"), "/agents", !slices.Contains(troubles(), only)}}
	for _, t := range troubles() {
		if len(found[t]) == 0 && t != only {
			continue
		}
		view.Troubles = append(view.Troubles, pageTab{templates.Say("agents.only_"+string(t), "Count", len(found[t])), "/agents?only=" + string(t), t == only})
	}
	rows, total := found[only], int64(len(found[only]))
	if slices.Contains(troubles(), only) {
		from := min(slice.Offset, len(rows))
		rows = rows[from:min(from+slice.Limit, len(rows))]
	} else {
		list, err := p.Store.Read(c.Request.Context()).ListAgents(store.AgentFilter{Site: queryID(c, "site")}, slice)
		if err != nil {
			p.fail(c, err)
			return
		}
		rows, total = list.Rows, list.Total
	}
	if view.Sites, err = p.siteOptions(c); err != nil {
		p.fail(c, err)
		return
	}
	view.Agents, view.Pages = p.agentLines(rows), pages(c, slice, len(rows), total)
	show(p, c, "agents", p.frame(c, templates.Say("agents.title")), view)
}
