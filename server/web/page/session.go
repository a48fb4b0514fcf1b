package page

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// SessionLine is a session in a list, with the badge of where it stands.
type SessionLine struct {
	store.SessionEntry
	At    State
	State templates.Badge
}

// Begun says whether people could come already.
func (l SessionLine) Begun() bool { return l.At != StateCancelled && l.At != StatePlanned }

// Share is how many of the enrolled were there.
func (l SessionLine) Share() float64 { return Share(l.Attended, l.Enrolled) }

// Share is a part of a whole, from 0 to 1.
func Share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// SessionLines lists sessions, each with its state.
func (p *Kit) SessionLines(c *gin.Context, f store.SessionFilter, s store.Slice) ([]SessionLine, int64, error) {
	q := p.Store.Read(c.Request.Context())
	list, err := q.ListSessions(f, s)
	if err != nil {
		return nil, 0, err
	}
	marks, err := q.Watermarks()
	if err != nil {
		return nil, 0, err
	}
	lines := make([]SessionLine, len(list.Rows))
	for i, row := range list.Rows {
		lines[i] = SessionLineOf(row, StateOf(row, marks[row.SiteID], p.Now()))
	}
	return lines, list.Total, nil
}

// WholeCountry is more than all sessions of a day.
const WholeCountry = 1 << 20

// State is where a session stands in the course of its day.
type State string

// The states of a session, in the order in which it has them.
const (
	StatePlanned     State = "planned"
	StateOpen        State = "open"
	StateWaiting     State = "waiting"     // over, but its site has not reported past its end
	StateProvisional State = "provisional" // reported past its end, and something may change still
	StateComplete    State = "complete"    // all of it is final, but what waits for a decision
	StateCancelled   State = "cancelled"
)

// StateOf says where a session stands at a moment, and whether its site has reported all.
func StateOf(s store.SessionEntry, mark store.Watermark, now models.Millis) State {
	policy := s.Policy()
	const minute = 60_000
	switch {
	case s.Status == models.SessionCancelled:
		return StateCancelled
	case now < s.StartsAt-models.Millis(policy.CheckInBefore)*minute:
		return StatePlanned
	case now < s.EndsAt:
		return StateOpen
	}
	switch attendance.StageAt(attendance.Session{Start: s.StartsAt, End: s.EndsAt}, policy, mark.ReportedUntil) {
	case attendance.Ongoing:
		return StateWaiting
	case attendance.Over:
		return StateProvisional
	case attendance.Final:
	}
	return StateComplete
}

// StateBadge shows the state of a session.
func StateBadge(s State) templates.Badge {
	b := templates.Badge{Text: templates.Say("state." + string(s))}
	switch s {
	case StatePlanned:
		b.Tone, b.Icon = templates.Neutral, "calendar-days"
	case StateOpen:
		b.Tone, b.Icon = templates.Note, "scan-line"
	case StateWaiting:
		b.Tone, b.Icon = templates.Warn, "hourglass"
	case StateProvisional:
		b.Tone, b.Icon = templates.Note, "hourglass"
	case StateComplete:
		b.Tone, b.Icon = templates.Good, "circle-check"
	case StateCancelled:
		b.Tone, b.Icon = templates.Neutral, "ban"
	}
	return b
}

// SessionLineOf is a session in a state.
func SessionLineOf(s store.SessionEntry, at State) SessionLine {
	return SessionLine{s, at, StateBadge(at)}
}
