package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// WarningKind is a kind of warning about a plan that is allowed.
type WarningKind string

// The kinds of warnings.
const (
	WarnHoliday WarningKind = "holiday"  // a day off
	WarnTravel  WarningKind = "travel"   // under an hour between two sites, for an instructor
	WarnNoAgent WarningKind = "no_agent" // the site has no agent to scan with
	WarnTickets WarningKind = "tickets"  // tickets that are over by then
)

// Warning is one of them. Other is the session that it is about too.
type Warning struct {
	Kind  WarningKind
	Day   models.LocalDate
	What  string // the holiday, the instructor, the site or the class
	Count int    // of tickets
	Other *models.Session
}

// ErrWarned says that a change was not made because nobody agreed to its warnings: its
// Outcome lists them.
var ErrWarned = errors.New("the plan has warnings that nobody agreed to")

// agreement is a code for some warnings; a person who agrees sends it back. Without
// warnings it is "".
func agreement(warnings []Warning) string {
	if len(warnings) == 0 {
		return ""
	}
	sum := sha256.New()
	for _, w := range warnings {
		fmt.Fprintf(sum, "%s %s %q %d", w.Kind, w.Day, w.What, w.Count)
		if w.Other != nil {
			fmt.Fprintf(sum, " %s %d", w.Other.ID, w.Other.StartsAt)
		}
		fmt.Fprintln(sum)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// LeastTravel is what an instructor needs between two sites.
const LeastTravel = time.Hour

// examiner examines sessions of one class at one site. It reads data that all sessions
// share only once.
type examiner struct {
	tx       *store.Tx
	site     models.Site
	firstDay models.LocalDate         // of the pilot; "" without one
	akin     map[uuid.UUID]bool       // classes that somebody of the class has a place in
	noAgent  bool                     // no active agent at the site
	class    string                   // its code
	tickets  map[models.LocalDate]int // that are valid, by their last day
	off      Holidays
}

func newExaminer(tx *store.Tx, class uuid.UUID, site models.Site, off Holidays) (examiner, error) {
	x := examiner{tx: tx, site: site, off: off}
	c, err := tx.Class(class)
	if err != nil {
		return x, err
	}
	pilot, err := tx.Pilot(c.PilotID)
	if err != nil {
		return x, err
	}
	x.firstDay, x.class = pilot.FirstDay, c.Code
	if x.tickets, err = tx.TicketEnds(class); err != nil {
		return x, err
	}
	people, err := tx.EnrollmentsOf(class)
	if err != nil {
		return x, err
	}
	if x.akin, err = tx.ClassesOfPeople(people); err != nil {
		return x, err
	}
	marks, err := tx.Watermarks()
	x.noAgent = marks[site.ID].Agents == 0
	return x, err
}

// examine finds all that a session, as it would be, collides with, and what to
// warn of. A session before its pilot's first day is refused.
func examine(tx *store.Tx, s models.Session, site models.Site) (Outcome, error) {
	if s.Status == models.SessionCancelled {
		return Outcome{}, nil
	}
	day := site.Zone.Date(s.StartsAt)
	off, err := HolidaysBetween(tx.Queries, day, day)
	if err != nil {
		return Outcome{}, err
	}
	x, err := newExaminer(tx, s.ClassID, site, off)
	if err != nil {
		return Outcome{}, err
	}
	return x.examine(s)
}

func (x examiner) examine(s models.Session) (Outcome, error) {
	var out Outcome
	day := x.site.Zone.Date(s.StartsAt)
	if x.firstDay != "" && day < x.firstDay {
		return out, office.RefuseField("day", "session.before_first_day", "Day", string(x.firstDay))
	}
	around, err := x.tx.SessionsBetween(s.StartsAt.Add(-LeastTravel), s.EndsAt.Add(LeastTravel))
	if err != nil {
		return out, err
	}
	// Only sessions that share its site or a person can collide with it.
	around = append(slices.DeleteFunc(around, func(o models.Session) bool {
		return o.ID == s.ID || o.SiteID != s.SiteID && !x.akin[o.ClassID]
	}), s)
	known, err := KnownFor(x.tx.Queries, around)
	if err != nil {
		return out, err
	}
	for _, c := range known.Conflicts(around) {
		switch {
		case c.Other.ID == s.ID:
			c.Session, c.Other = c.Other, c.Session
			out.Conflicts = append(out.Conflicts, c)
		case c.Session.ID == s.ID, c.Kind == ConflictCapacity && overlap(c.Other, s):
			out.Conflicts = append(out.Conflicts, c)
		}
	}
	out.Warnings = x.warn(s, day, around, known)
	return out, nil
}

func overlap(a, b models.Session) bool { return a.StartsAt < b.EndsAt && b.StartsAt < a.EndsAt }

func (x examiner) warn(s models.Session, day models.LocalDate, around []models.Session, known Knowledge) (out []Warning) {
	if h, ok := x.off[day]; ok {
		out = append(out, Warning{Kind: WarnHoliday, Day: day, What: h.Name})
	}
	if x.noAgent {
		out = append(out, Warning{Kind: WarnNoAgent, Day: day, What: x.site.Code})
	}
	if n := EndedBefore(x.tickets, x.site.Zone.Date(s.EndsAt)); n > 0 {
		out = append(out, Warning{Kind: WarnTickets, Day: day, What: x.class, Count: n})
	}
	for _, o := range around {
		if o.SiteID == s.SiteID || overlap(o, s) {
			continue
		}
		for _, name := range known.sharedInstructors(s, o) {
			out = append(out, Warning{Kind: WarnTravel, Day: day, What: name, Other: &o})
		}
	}
	return out
}

func (k Knowledge) sharedInstructors(a, b models.Session) (names []string) {
	for person, e := range k.People[a.ClassID] {
		if other, both := k.People[b.ClassID][person]; both && e.Role == models.PersonInstructor && k.Meets(e, a) && k.Meets(other, b) {
			names = append(names, k.Names[e.ID])
		}
	}
	slices.Sort(names)
	return names
}

// EndedBefore counts the tickets that are over before a day.
func EndedBefore(tickets map[models.LocalDate]int, day models.LocalDate) (n int) {
	for last, count := range tickets {
		if last < day {
			n += count
		}
	}
	return n
}
