package roster

import (
	"slices"

	"buktihadir/models"
)

// Day is the sessions of one local date and the people who are expected at them.
type Day struct {
	First         models.Millis // start of its first session; zero: no session is left
	Sessions      int
	People        int
	Ticketed      int    // people with an issued ticket
	Closed        bool   // the pilot of one of its classes is not open
	WithoutSecret string // a class of that day whose rotating codes can't be checked here, or ""
}

// Next is the first day with sessions that have not begun yet.
func (r *Roster) Next(now models.Millis) Day {
	var day Day
	zone := r.Site.Zone
	var classes []*class
	for _, c := range r.classes {
		for _, s := range c.sessions {
			if s.Cancelled || s.Elsewhere || s.Start < now || day.First != 0 && zone.Date(s.Start) > zone.Date(day.First) {
				continue
			}
			if day.First == 0 || zone.Date(s.Start) < zone.Date(day.First) {
				day, classes = Day{First: s.Start}, nil
			}
			day.First = min(day.First, s.Start)
			day.Sessions++
			if !slices.Contains(classes, c) {
				classes = append(classes, c)
			}
		}
	}
	for _, c := range classes {
		day.Closed = day.Closed || !c.Phase.Open()
		if len(c.Secret) == 0 {
			day.WithoutSecret = c.body.Code
		}
		for _, p := range c.people {
			day.People++
			if !p.ticket.IsZero() {
				day.Ticketed++
			}
		}
	}
	return day
}

// Awaited is the start of the first session that was not over at a contact with the
// office, as models.Rhythm.Silent asks for it.
func (r *Roster) Awaited(contact models.Millis) (first models.Millis) {
	for _, c := range r.classes {
		for _, s := range c.sessions {
			if !s.Cancelled && s.End > contact && (first == 0 || s.Start < first) {
				first = s.Start
			}
		}
	}
	return first
}

// WithoutSecret is a class whose rotating codes cannot be checked here, or "".
func (r *Roster) WithoutSecret() string {
	for _, c := range r.classes {
		if len(c.Secret) == 0 {
			return c.body.Code
		}
	}
	return ""
}
