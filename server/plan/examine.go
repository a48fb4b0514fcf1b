package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
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

	WarnOutside  WarningKind = "outside"  // begins or ends at an hour at which no classes are held
	WarnLongDay  WarningKind = "long_day" // the class meets for more hours of a day than LongestDay
	WarnHours    WarningKind = "hours"    // the class gives fewer hours than its course has
	WarnPast     WarningKind = "past"     // it is over already, and makes people absent
	WarnCapacity WarningKind = "capacity" // the class has more seats than its site
	WarnCrowded  WarningKind = "crowded"  // the classes of that time together have
)

// Warning is one of them.
type Warning struct {
	Kind      WarningKind
	Session   models.Session // that it is about; of a whole class, the last that changes
	Day       models.LocalDate
	What      string    // the holiday, the instructor, the site or the class
	ID        uuid.UUID // of the site or the class
	Count, Of int       // of tickets or people; of minutes, of LongDay and Hours
	People    []string  // the first of those whom it makes absent
	Other     *models.Session
}

// Message gives the text's key and arguments.
func (w Warning) Message() (key string, args []any) {
	args = []any{"What", w.What, "Count", w.Count, "Of", w.Of}
	if w.Kind == WarnLongDay || w.Kind == WarnHours {
		args = []any{"What", w.What, "Planned", models.Minutes(w.Count), "Of", models.Minutes(w.Of)}
	}
	return "session.warn_" + string(w.Kind), args
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
		fmt.Fprintf(sum, "%s %s %q %d %d %q", w.Kind, w.Day, w.What, w.Count, w.Of, w.People)
		if w.Other != nil {
			fmt.Fprintf(sum, " %s %d", w.Other.ID, w.Other.StartsAt)
		}
		fmt.Fprintln(sum)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// LeastTravel is what an instructor needs between two sites.
const LeastTravel = time.Hour

// examine finds what changed sessions of one class, as they are to be, collide with and what
// to warn of: an Outcome each, in their order. A session before its pilot's first day is
// refused.
func examine(tx *store.Tx, class models.Class, changes ...Change) ([]Outcome, error) {
	pilot, err := tx.Pilot(class.PilotID)
	if err != nil {
		return nil, err
	}
	people, err := tx.EnrollmentsOf(class.ID)
	if err != nil {
		return nil, err
	}
	akin, err := tx.ClassesOfPeople(people)
	if err != nil {
		return nil, err
	}
	near, beside := map[uuid.UUID]models.Session{}, make([][]models.Session, len(changes))
	for i, c := range changes {
		s := c.Now
		if near[s.ID] = s; s.Status == models.SessionCancelled {
			continue
		}
		site, err := tx.Site(s.SiteID)
		if err != nil {
			return nil, err
		}
		if pilot.FirstDay != "" && site.Zone.Date(s.StartsAt) < pilot.FirstDay {
			return nil, office.RefuseField("day", "session.before_first_day", "Day", string(pilot.FirstDay))
		}
		around, err := tx.SessionsBetween(s.StartsAt.Add(-LeastTravel), s.EndsAt.Add(LeastTravel))
		if err != nil {
			return nil, err
		}
		// Only sessions that share its site or a person can collide with it.
		beside[i] = append(slices.DeleteFunc(around, func(o models.Session) bool {
			return o.ID == s.ID || o.SiteID != s.SiteID && !akin[o.ClassID]
		}), s)
		for _, o := range beside[i] {
			near[o.ID] = o
		}
	}
	known, err := KnownFor(tx.Queries, slices.Collect(maps.Values(near)))
	if err != nil {
		return nil, err
	}
	out, at := make([]Outcome, len(changes)), map[uuid.UUID]int{}
	for i, c := range changes {
		at[c.Now.ID], out[i].Conflicts = i, known.conflictsOf(c.Now, beside[i])
	}
	maps.DeleteFunc(near, func(_ uuid.UUID, s models.Session) bool { return s.Status == models.SessionCancelled })
	warnings, err := known.Warn(tx.Queries, tx.Now(), changes, slices.Collect(maps.Values(near)))
	for _, w := range warnings {
		out[at[w.Session.ID]].Warnings = append(out[at[w.Session.ID]].Warnings, w)
	}
	return out, err
}

// conflictsOf finds what a session collides with among those beside it, itself included.
func (k Knowledge) conflictsOf(s models.Session, beside []models.Session) (out []Conflict) {
	for _, c := range k.Conflicts(beside) {
		switch {
		case c.Other.ID == s.ID:
			c.Session, c.Other = c.Other, c.Session
			out = append(out, c)
		case c.Session.ID == s.ID, c.Kind == ConflictCapacity && overlap(c.Other, s):
			out = append(out, c)
		}
	}
	return out
}

func overlap(a, b models.Session) bool { return a.StartsAt < b.EndsAt && b.StartsAt < a.EndsAt }

// EndedBefore counts the tickets that are over before a day.
func EndedBefore(tickets map[models.LocalDate]int, day models.LocalDate) (n int) {
	for last, count := range tickets {
		if last < day {
			n += count
		}
	}
	return n
}
