package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
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
		came, in := r.presence(p, s.ID)
		if came {
			n.Came++
		}
		if in {
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
			if has, _ := r.presence(p, session); wanted(has) {
				out = append(out, *p.view())
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

// Search finds people by the beginnings of their names' words, by registration
// number, or by the last four digits of the ID card. A zero class means any.
func (r *Roster) Search(query string, class uuid.UUID) []Person {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	var found []*person
	for _, p := range r.people {
		if !p.body.Cancelled && (class == uuid.Nil || p.class.ID == class) && p.matches(words) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *person) int {
		return cmp.Or(cmp.Compare(a.search, b.search), cmp.Compare(a.class.body.Code, b.class.body.Code))
	})
	out := make([]Person, 0, min(len(found), maxFound))
	for _, p := range found[:min(len(found), maxFound)] {
		out = append(out, *p.view())
	}
	return out
}

func (p *person) matches(words []string) bool {
	for _, w := range words {
		at := strings.Index(p.search, w)
		if (at < 0 || at > 0 && !strings.Contains(p.search, " "+w)) && w != p.body.NIK4 && !strings.HasSuffix(strings.ToLower(p.body.Number), w) {
			return false
		}
	}
	return true
}
