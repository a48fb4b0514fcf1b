package roster

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/names"
	"buktihadir/models/ticket"
)

// Count is how a session stands.
type Count struct {
	Session
	Enrolled, Came, In, Missing int
}

// ClassView is a class of the site, for the desk's filter.
type ClassView struct {
	ID       uuid.UUID
	Code     string
	Course   string
	Provider string
}

// Classes lists the site's classes by code.
func (r *Roster) Classes() []ClassView {
	out := make([]ClassView, 0, len(r.classes))
	for _, c := range r.classes {
		out = append(out, ClassView{ID: c.ID, Code: c.body.Code, Course: c.body.Course, Provider: c.body.Provider})
	}
	slices.SortFunc(out, func(a, b ClassView) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Today counts the sessions of a moment's day, by start.
func (r *Roster) Today(now models.Millis) []Count {
	return r.counts(func(c *class, s *attendance.Session) bool { return s.On(c.Zone.Date(now), c.Zone) })
}

func (r *Roster) counts(wanted func(*class, *attendance.Session) bool) []Count {
	var out []Count
	for _, c := range r.classes {
		for i := range c.sessions {
			if s := &c.sessions[i]; !s.Cancelled && !s.Elsewhere && wanted(c, s) {
				out = append(out, r.count(c, s))
			}
		}
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.ClassCode, b.ClassCode))
	})
	return out
}

func (r *Roster) count(c *class, s *attendance.Session) Count {
	n := Count{Session: *c.view(s), Enrolled: len(c.people)}
	for _, p := range c.people {
		here := r.here(p, func(id uuid.UUID) bool { return id == s.ID })
		if here != "" {
			n.Came++
		}
		if here == models.DirectionIn {
			n.In++
		}
	}
	n.Missing = n.Enrolled - n.Came
	return n
}

// People lists a session's class by name: all people, those who came, or those who did
// not.
func (r *Roster) People(session uuid.UUID, wanted func(came bool) bool) []Person {
	var out []Person
	if c := r.classOfSession(session); c != nil {
		for _, p := range c.people {
			here := r.here(p, func(id uuid.UUID) bool { return id == session })
			if wanted(here != "") {
				x := *p.view()
				x.Here = here
				out = append(out, x)
			}
		}
	}
	return out
}

// Person is a person with an active place.
func (r *Roster) Person(enrollment uuid.UUID) (Person, bool) {
	p := r.people[enrollment]
	if p == nil || p.body.Cancelled {
		return Person{}, false
	}
	return *p.view(), true
}

const maxFound = 50

// Search finds people as names.Query says, the best matches first. The code of a ticket finds
// its owner. A zero class means any. It says who is here at the sessions of a moment's day.
func (r *Roster) Search(query string, class uuid.UUID, now models.Millis) []Person {
	found := r.search(query, class)
	out := make([]Person, 0, len(found))
	for _, p := range found {
		x := *p.view()
		x.Here = r.here(p, func(id uuid.UUID) bool {
			s := p.class.session(id)
			return s != nil && s.On(p.class.Zone.Date(now), p.class.Zone)
		})
		out = append(out, x)
	}
	return out
}

func (r *Roster) search(query string, class uuid.UUID) (people []*person) {
	type match struct {
		*person
		how names.Match
	}
	var found []match
	if t, err := ticket.Parse(query); err == nil {
		if p := r.people[r.owner[t.ID]]; p != nil && !p.body.Cancelled {
			people = append(people, p)
		}
		return people
	}
	asked := names.Ask(query)
	if asked.Empty() {
		return nil
	}
	for _, p := range r.people {
		if p.body.Cancelled || class != uuid.Nil && p.class.ID != class {
			continue
		}
		if how := asked.Matches(p.index, p.body.NIK4); how != names.None {
			found = append(found, match{p, how})
		}
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.how, b.how), cmp.Compare(a.body.Name, b.body.Name), cmp.Compare(a.body.Number, b.body.Number),
			cmp.Compare(a.class.body.Code, b.class.body.Code))
	})
	for _, m := range found[:min(len(found), maxFound)] {
		people = append(people, m.person)
	}
	return people
}
