package page

import (
	"maps"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// silentAtWork is after how long without a word an agent is called silent while its
// site teaches.
const silentAtWork = time.Hour

// TroubleAtWork is the filter of those that are silent while their site teaches.
const TroubleAtWork = "at_work"

// SilentWhileTeaching finds those that were not heard from while their site teaches. Sites
// that send files are not in touch then.
func (p *Kit) SilentWhileTeaching(c *gin.Context) (store.AgentFilter, error) {
	sites, err := p.Store.Read(c.Request.Context()).SitesTeaching(store.Today(p.Now()))
	return store.AgentFilter{Online: true, SilentSince: p.Now().Add(-silentAtWork),
		Sites: slices.AppendSeq(make([]uuid.UUID, 0, len(sites)), maps.Keys(sites))}, err
}

// AgentLine is an agent with how it is.
type AgentLine struct {
	store.AgentEntry
	Health []templates.Badge
	Clock  templates.Text // how far its clock is off; empty: it is right
	Behind int64          // changes of the roster that it lacks
}

// AgentLines makes lines of agents: how each is, and how far it is behind.
func (p *Kit) AgentLines(rows []store.AgentEntry) []AgentLine {
	lines := make([]AgentLine, len(rows))
	for i, a := range rows {
		lines[i] = AgentLine{AgentEntry: a, Health: healthOf(a, p.Now()), Behind: max(0, a.Revision-a.RosterRev)}
		if off := time.Duration(a.ClockOffset) * time.Millisecond; off.Abs() > models.ClockOff {
			key := map[bool]string{true: "health.clock_fast", false: "health.clock_slow"}[off > 0]
			lines[i].Clock = templates.Say(key, "Count", int(off.Abs().Minutes()))
		}
	}
	return lines
}

// healthOf lists an agent's faults, or says that it has none.
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
