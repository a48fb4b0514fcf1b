package page

import (
	"buktihadir/server/figures"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// ProgressBadge says it, with how often somebody may still stay away.
func ProgressBadge(p store.Progress) templates.Badge {
	s := figures.StandingOf(p)
	b := templates.Badge{Text: templates.Say("progress."+string(s), "Count", max(0, p.Missing))}
	switch s {
	case figures.StandingDone:
		b.Tone, b.Icon = templates.Good, "circle-check"
	case figures.StandingHours:
		b.Tone, b.Icon = templates.Warn, "clock"
	case figures.StandingTasks:
		b.Tone, b.Icon = templates.Note, "clipboard-check"
	case figures.StandingLost:
		b.Tone, b.Icon = templates.Bad, "circle-x"
	case figures.StandingLast:
		b.Tone, b.Icon = templates.Warn, "triangle-alert"
	case figures.StandingWay:
		b.Tone, b.Icon = templates.Neutral, "hourglass"
	}
	return b
}
