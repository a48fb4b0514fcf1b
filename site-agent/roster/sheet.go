package roster

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/receipt"
)

// Line is one person at a session, as an attendance sheet lists them.
type Line struct {
	Person
	In, Out models.Millis // when they first came, and when they left if they are out; zero: not that is known

	InReceipt, OutReceipt receipt.Code
}

// Lines lists a session's class: instructors first, then by name.
func (r *Roster) Lines(session uuid.UUID) []Line {
	c := r.classOfSession(session)
	if c == nil {
		return nil
	}
	out := make([]Line, 0, len(c.people))
	for _, p := range c.people {
		line := Line{Person: *p.view()}
		for _, x := range r.marksOf(p.id, p.ticket) {
			switch {
			case x.Session != session:
			case x.Direction == models.DirectionOut:
				line.Out = x.At
			default: // who has come again has not left
				line.In, line.Out = cmp.Or(line.In, x.At), 0
			}
		}
		line.InReceipt = c.receipt(p.id, models.DirectionIn, line.In)
		line.OutReceipt = c.receipt(p.id, models.DirectionOut, line.Out)
		out = append(out, line)
	}
	slices.SortStableFunc(out, func(a, b Line) int { return cmp.Compare(a.Role, b.Role) })
	return out
}

// CountOf counts one session; ok is false where the roster has no such.
func (r *Roster) CountOf(session uuid.UUID) (n Count, ok bool) {
	c := r.classOfSession(session)
	if c == nil {
		return Count{}, false
	}
	return r.count(c, c.session(session)), true
}

// aWeek is how many days before and after its own a desk shows.
const aWeek = 7 * 24 * time.Hour

// Around counts the sessions of the week before and after a moment's day, by start:
// those that a sheet can still be keyed in of, and those that one can be printed for.
func (r *Roster) Around(now models.Millis) []Count {
	return r.counts(func(c *class, s *attendance.Session) bool {
		day := c.Zone.Date(s.Start)
		return !s.On(c.Zone.Date(now), c.Zone) && day >= c.Zone.Date(now.Add(-aWeek)) && day <= c.Zone.Date(now.Add(aWeek))
	})
}
