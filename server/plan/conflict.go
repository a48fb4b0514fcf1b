package plan

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// ConflictKind says what is used twice at a time.
type ConflictKind string

// The kinds of conflicts.
const (
	ConflictRoom        ConflictKind = "room"        // one room, two sessions
	ConflictCapacity    ConflictKind = "capacity"    // more people at a site than it holds
	ConflictInstructor  ConflictKind = "instructor"  // in two places
	ConflictParticipant ConflictKind = "participant" // in two sessions
)

// Conflict is two sessions that can't both be.
type Conflict struct {
	Kind           ConflictKind
	Session, Other models.Session
	What           string // the room, the site or the person
}

// Column is the column of a schedule file that a conflict shows in.
func (c Conflict) Column() string {
	switch c.Kind {
	case ConflictRoom:
		return "room"
	case ConflictCapacity:
		return "site_code"
	case ConflictInstructor:
		return "instructor_code"
	case ConflictParticipant:
		return "class_code"
	}
	return ""
}

// Conflicts finds every pair of planned sessions in a span of time that use the
// same room, instructor or participant at once, or too much of a site.
func Conflicts(q store.Queries, from, to models.Millis) ([]Conflict, error) {
	sessions, err := q.SessionsBetween(from, to)
	if err != nil {
		return nil, err
	}
	return ConflictsAmong(q, sessions)
}

// ConflictsAmong finds the pairs of some planned sessions that can't both be.
func ConflictsAmong(q store.Queries, sessions []models.Session) ([]Conflict, error) {
	known, err := KnownFor(q, sessions)
	if err != nil {
		return nil, err
	}
	return known.Conflicts(sessions), nil
}

// Conflicts finds those pairs; it puts the sessions in order of their start.
func (k Knowledge) Conflicts(sessions []models.Session) (out []Conflict) {
	slices.SortFunc(sessions, func(a, b models.Session) int { return cmp.Compare(a.StartsAt, b.StartsAt) })
	for i, a := range sessions {
		beside := []models.Session{a} // at the same site, since a began
		for _, b := range sessions[i+1:] {
			if b.StartsAt >= a.EndsAt {
				break
			}
			if a.SiteID == b.SiteID {
				beside = append(beside, b)
				if a.Room != "" && a.Room == b.Room {
					out = append(out, Conflict{ConflictRoom, a, b, a.Room})
				} else if site := k.Sites[a.SiteID]; k.seats(beside, b.StartsAt) > site.Capacity {
					out = append(out, Conflict{ConflictCapacity, a, b, site.Code})
				}
			}
			if a.ClassID == b.ClassID {
				continue
			}
			for person, mine := range k.People[a.ClassID] {
				if e, both := k.People[b.ClassID][person]; both && k.Meets(mine, a) && k.Meets(e, b) {
					kind := ConflictParticipant
					if e.Role == models.PersonInstructor {
						kind = ConflictInstructor
					}
					out = append(out, Conflict{kind, a, b, k.Names[e.ID]})
				}
			}
		}
	}
	return out
}

// Knowledge is what conflicts among sessions are found by.
type Knowledge struct {
	Classes map[uuid.UUID]models.Class
	Sites   map[uuid.UUID]models.Site
	People  map[uuid.UUID]map[uuid.UUID]models.Enrollment // by class and person
	Names   map[uuid.UUID]string
	Taught  store.Teachings
}

// Meets says that somebody of a session's class belongs to the session: an instructor does not
// if somebody else teaches it.
func (k Knowledge) Meets(e models.Enrollment, s models.Session) bool {
	return k.Taught.Meets(e, s.ID)
}

// seats counts what the sessions that still run at a moment take together.
func (k Knowledge) seats(sessions []models.Session, at models.Millis) (n int) {
	for _, s := range sessions {
		if s.EndsAt > at {
			n += k.Classes[s.ClassID].Capacity
		}
	}
	return n
}

// KnownFor reads what conflicts among sessions are found by.
func KnownFor(q store.Queries, sessions []models.Session) (Knowledge, error) {
	k := Knowledge{Classes: map[uuid.UUID]models.Class{}, Sites: map[uuid.UUID]models.Site{}, People: map[uuid.UUID]map[uuid.UUID]models.Enrollment{}}
	var ids, of []uuid.UUID
	for _, s := range sessions {
		of = append(of, s.ID)
		if _, ok := k.Sites[s.SiteID]; !ok {
			site, err := q.Site(s.SiteID)
			if err != nil {
				return k, err
			}
			k.Sites[site.ID] = site
		}
		if _, ok := k.Classes[s.ClassID]; ok {
			continue
		}
		c, err := q.Class(s.ClassID)
		if err != nil {
			return k, err
		}
		k.Classes[c.ID], k.People[c.ID] = c, map[uuid.UUID]models.Enrollment{}
		ids = append(ids, c.ID)
	}
	rows, err := q.EnrollmentsOf(ids...)
	if err != nil {
		return k, err
	}
	for _, e := range rows {
		if e.Status != models.EnrollmentActive {
			continue
		}
		id := e.ParticipantID
		if id == nil {
			id = e.InstructorID
		}
		k.People[e.ClassID][*id] = e
	}
	if k.Taught, err = q.Teachings(of...); err != nil {
		return k, err
	}
	k.Names, err = q.Names(rows)
	return k, err
}
