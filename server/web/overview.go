package web

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// overviewView is the office's first page: what happens today.
type overviewView struct {
	Sessions           []sessionLine // the first of today
	Total              int
	Open, Waiting      int
	Expected, Attended int // participants of sessions that have begun
	Silent             []agentLine
	Empty              bool // nothing is planned at all yet
	MayPlan            bool
}

// Share is how many of those expected so far were there.
func (v overviewView) Share() float64 { return share(v.Attended, v.Expected) }

// wholeCountry is more than all sessions of a day.
const wholeCountry = 1 << 20

func (p *Pages) overviewPage(c *gin.Context) {
	v, now := visitorOf(c), p.Now()
	today, _, err := p.sessionLines(c, store.SessionFilter{Provider: v.scope.Provider(), Day: store.Today(now)}, store.Slice{Limit: wholeCountry})
	if err != nil {
		p.fail(c, err)
		return
	}
	view := overviewView{Sessions: today[:min(len(today), beside)], Total: len(today), MayPlan: v.may(account.ManagePlan)}
	teaching := map[uuid.UUID]bool{}
	for _, s := range today {
		teaching[s.SiteID] = true
		switch s.State.Text.Key {
		case "state." + string(stateOpen):
			view.Open++
		case "state." + string(stateWaiting):
			view.Waiting++
		}
		if s.StartsAt <= now {
			view.Expected += s.Enrolled
			view.Attended += s.Attended
		}
	}
	if v.may(account.SeeSites) {
		if view.Silent, err = p.silentAgents(c, teaching); err != nil {
			p.fail(c, err)
			return
		}
	}
	if len(today) == 0 {
		classes, err := p.Store.Read(c.Request.Context()).ListClasses(store.ClassFilter{Provider: v.scope.Provider()}, store.Slice{Limit: 1})
		if err != nil {
			p.fail(c, err)
			return
		}
		view.Empty = classes.Total == 0
	}
	show(p, c, "overview", p.frame(c, templates.Say("overview.title")), view)
}

// silentAgents are those that were not heard from, at sites that teach today.
func (p *Pages) silentAgents(c *gin.Context, teaching map[uuid.UUID]bool) ([]agentLine, error) {
	list, err := p.Store.Read(c.Request.Context()).ListAgents(store.AgentFilter{SilentSince: p.Now().Add(-silentAtWork)}, store.Slice{Limit: wholeCountry})
	if err != nil {
		return nil, err
	}
	var silent []store.AgentEntry
	for _, a := range list.Rows {
		if teaching[a.SiteID] && len(silent) < beside {
			silent = append(silent, a)
		}
	}
	return p.agentLines(silent), nil
}
