package schedule

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// WarningKind says what people should know of a plan that may stand.
type WarningKind string

// The kinds of warnings.
const (
	WarnHoliday WarningKind = "holiday"  // a day off
	WarnTravel  WarningKind = "travel"   // under an hour between two sites, for an instructor
	WarnNoAgent WarningKind = "no_agent" // nobody could scan there
)

// Warning is one of them. Other is the session that it is about too.
type Warning struct {
	Kind  WarningKind
	Day   models.LocalDate
	What  string // the holiday, the instructor or the site
	Other *models.Session
}

// leastTravel is what an instructor needs between two sites.
const leastTravel = time.Hour

// examine finds all that a session, as it would be, collides with, and what to
// warn of. A session before its pilot's first day is refused.
func examine(tx *store.Tx, s models.Session, site models.Site) (Outcome, error) {
	var out Outcome
	if s.Status == models.SessionCancelled {
		return out, nil
	}
	day := site.Zone.Date(s.StartsAt)
	if err := inPilot(tx.Queries, s, day); err != nil {
		return out, err
	}
	around, err := tx.SessionsBetween(s.StartsAt.Add(-leastTravel), s.EndsAt.Add(leastTravel))
	if err != nil {
		return out, err
	}
	around = append(slices.DeleteFunc(around, func(x models.Session) bool { return x.ID == s.ID }), s)
	around, err = related(tx.Queries, around, s)
	if err != nil {
		return out, err
	}
	found, err := conflictsAmong(tx.Queries, around)
	if err != nil {
		return out, err
	}
	for _, c := range found {
		switch {
		case c.Other.ID == s.ID:
			c.Session, c.Other = c.Other, c.Session
			out.Conflicts = append(out.Conflicts, c)
		case c.Session.ID == s.ID, c.Kind == ConflictCapacity && overlap(c.Other, s):
			out.Conflicts = append(out.Conflicts, c)
		}
	}
	out.Warnings, err = warn(tx.Queries, s, site, day, around)
	return out, err
}

func inPilot(q store.Queries, s models.Session, day models.LocalDate) error {
	class, err := q.Class(s.ClassID)
	if err != nil {
		return err
	}
	pilot, err := q.Pilot(class.PilotID)
	if err == nil && pilot.FirstDay != "" && day < pilot.FirstDay {
		return refuse("session.before_first_day", "Day", string(pilot.FirstDay)).at("day")
	}
	return err
}

func overlap(a, b models.Session) bool { return a.StartsAt < b.EndsAt && b.StartsAt < a.EndsAt }

// related keeps those of the sessions that share a site or a person with one:
// nothing else can collide with it.
func related(q store.Queries, sessions []models.Session, with models.Session) ([]models.Session, error) {
	people, err := q.EnrollmentsOf(with.ClassID)
	if err != nil {
		return nil, err
	}
	classes, err := q.ClassesOfPeople(people)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(sessions, func(x models.Session) bool { return x.SiteID != with.SiteID && !classes[x.ClassID] }), nil
}

func warn(q store.Queries, s models.Session, site models.Site, day models.LocalDate, around []models.Session) ([]Warning, error) {
	var out []Warning
	off, err := HolidaysBetween(q, day, day)
	if err != nil {
		return nil, err
	}
	if h, ok := off[day]; ok {
		out = append(out, Warning{Kind: WarnHoliday, Day: day, What: h.Name})
	}
	marks, err := q.Watermarks()
	if err != nil {
		return nil, err
	}
	if marks[site.ID].Agents == 0 {
		out = append(out, Warning{Kind: WarnNoAgent, Day: day, What: site.Code})
	}
	known, err := knownFor(q, around)
	if err != nil {
		return nil, err
	}
	for _, x := range around {
		if x.SiteID == s.SiteID || x.ClassID == s.ClassID || overlap(x, s) {
			continue
		}
		for _, name := range known.sharedInstructors(s.ClassID, x.ClassID) {
			out = append(out, Warning{Kind: WarnTravel, Day: day, What: name, Other: &x})
		}
	}
	return out, nil
}

func (k knowledge) sharedInstructors(a, b uuid.UUID) (names []string) {
	for person, e := range k.people[a] {
		if _, both := k.people[b][person]; both && e.Role == models.PersonInstructor {
			names = append(names, k.names[e.ID])
		}
	}
	return names
}
