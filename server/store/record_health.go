package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// AnyAilment asks for agents with whatever is wrong with them.
const AnyAilment models.Ailment = "any"

// Ailing lists what is wrong with an agent.
func (a AgentEntry) Ailing(now models.Millis) []models.Ailment {
	return a.Agent.Ailing(now, models.Expected{Rhythm: a.Rhythm, Awaited: a.Awaited, Roster: a.Revision, Version: exchange.Version})
}

// unreported finds the sessions "x" that were not over at the last contact of an agent "a":
// models.Rhythm.Silent is about the first of them.
const unreported = `FROM sessions x WHERE x.site_id = a.site_id AND x.status = 'planned' AND x.ends_at > a.last_contact`

// silent says in SQL what models.Rhythm.Silent says of an agent "a" at a site "s".
func silent(now models.Millis) (string, []any) {
	grace := "CASE s.rhythm"
	for _, r := range carriedRhythms() {
		grace += fmt.Sprintf(" WHEN '%s' THEN %d", r, r.Grace().Milliseconds())
	}
	grace += fmt.Sprintf(" ELSE %d END", models.RhythmNetwork.Grace().Milliseconds())
	return "a.last_contact < ? AND EXISTS (SELECT 1 " + unreported + " AND x.starts_at + " + grace + " < ?)", []any{now.Add(-models.ShortSilence), now}
}

// carriedRhythms lists the rhythms of sites that bring files.
func carriedRhythms() []models.Rhythm {
	return slices.DeleteFunc(models.Rhythms(), func(r models.Rhythm) bool { return !r.Carried() })
}

// ailing narrows agents "a", beside their sites "s" and their feeds "f", to those with an ailment:
// models.Agent.Ailing in the words of SQL.
func ailing(db *gorm.DB, wanted models.Ailment, now models.Millis) *gorm.DB {
	silence, silenceArgs := silent(now)
	signs := map[models.Ailment]struct {
		sign string
		args []any
	}{
		models.AilmentSilent: {silence, silenceArgs},
		models.AilmentDisk:   {"a.disk_total > 0 AND a.disk_free < ?", []any{models.LittleDisk}},
		models.AilmentClock:  {"ABS(a.clock_offset) > ?", []any{models.ClockOff.Milliseconds()}},
		models.AilmentUnsent: {"a.unsent > 0", nil},
		models.AilmentRoster: {"s.rhythm NOT IN ? AND COALESCE(f.revision, 0) > a.roster_rev AND a.roster_at < ?",
			[]any{carriedRhythms(), now.Add(-models.OldRosterAfter)}},
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
