package store

import (
	"strings"

	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// AnyAilment asks for agents with whatever is wrong with them.
const AnyAilment models.Ailment = "any"

// Ailing lists what is wrong with an agent.
func (a AgentEntry) Ailing(now models.Millis) []models.Ailment {
	return a.Agent.Ailing(now, a.Revision, exchange.Version)
}

// ailing narrows agents "a", beside their sites' feeds "f", to those with an ailment:
// models.Agent.Ailing in the words of SQL.
func ailing(db *gorm.DB, wanted models.Ailment, now models.Millis) *gorm.DB {
	signs := map[models.Ailment]struct {
		sign string
		args []any
	}{
		models.AilmentSilent:  {"a.last_contact < ?", []any{now.Add(-models.SilentAfter)}},
		models.AilmentDisk:    {"a.disk_total > 0 AND a.disk_free < ?", []any{models.LittleDisk}},
		models.AilmentClock:   {"ABS(a.clock_offset) > ?", []any{models.ClockOff.Milliseconds()}},
		models.AilmentUnsent:  {"a.unsent > 0", nil},
		models.AilmentRoster:  {"COALESCE(f.revision, 0) > a.roster_rev AND a.roster_at < ?", []any{now.Add(-models.OldRosterAfter)}},
		models.AilmentVersion: {"a.version <> ?", []any{exchange.Version}},
	}
	var either []string
	var args []any
	for _, x := range models.Ailments() {
		if x == wanted || wanted == AnyAilment {
			either, args = append(either, "("+signs[x].sign+")"), append(args, signs[x].args...)
		}
	}
	return db.Where("a.status = ?", models.AgentActive).Where(strings.Join(either, " OR "), args...)
}
