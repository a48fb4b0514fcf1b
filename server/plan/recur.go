package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Recurrence is a row of sessions to be: "Monday, Wednesday 08.00 to 12.00, six
// times", or until a date.
type Recurrence struct {
	Weekdays   [7]bool // by time.Weekday
	From       models.LocalDate
	Until      models.LocalDate // "": by Count
	Count      int              // 0: by Until
	Start, End time.Duration    // since midnight at the site
	Room       string
	OnHolidays bool // take place on days off too
	// Instructors also teach the class from then on.
	Instructors []uuid.UUID
	Agreed      string // to which warnings, see [Row.Agreement]
}

// The most sessions that are added at once, and the longest time they may take.
const (
	mostMeetings = 200
	longestRow   = 2 * 366
)

// Meeting is one session of a row, with what it meets.
type Meeting struct {
	models.Session
	Day     models.LocalDate
	Skipped string // the holiday on which it does not take place
	Outcome
}

// Row is what a recurrence comes to, day by day.
type Row []Meeting

// Held are the sessions of the row that take place. It leaves out sessions on holidays.
func (r Row) Held() (held []models.Session) {
	for _, m := range r {
		if m.Skipped == "" {
			held = append(held, m.Session)
		}
	}
	return held
}

// Agreement is a code for the warnings of all its sessions; "" without warnings.
func (r Row) Agreement() string {
	var all []Warning
	for _, m := range r {
		all = append(all, m.Warnings...)
	}
	return agreement(all)
}

// days lists the dates of a row, those on holidays included.
func (r Recurrence) days(off Holidays) ([]models.LocalDate, error) {
	switch {
	case r.Weekdays == [7]bool{}:
		return nil, office.RefuseField("weekdays", "recur.no_weekday")
	case !r.From.Valid():
		return nil, office.RefuseField("from", "session.bad_day")
	case r.Count == 0 && !r.Until.Valid(), r.Count != 0 && r.Until != "":
		return nil, office.RefuseField("until", "recur.until_or_count")
	case r.Count < 0:
		return nil, office.RefuseField("count", "recur.bad_count")
	case r.Count > mostMeetings:
		return nil, office.RefuseField("count", "recur.too_many", "Max", mostMeetings)
	case r.Until != "" && (r.Until < r.From || r.Until > r.From.AddDays(longestRow)):
		return nil, office.RefuseField("until", "recur.bad_until")
	}
	last, held := r.From.AddDays(longestRow), 0
	if r.Until != "" {
		last = r.Until
	}
	var days []models.LocalDate
	for day := r.From; day <= last && (r.Count == 0 || held < r.Count); day = day.AddDays(1) {
		if !r.Weekdays[day.Weekday()] {
			continue
		}
		days = append(days, day)
		if _, free := off[day]; !free || r.OnHolidays {
			held++
		}
		if held > mostMeetings {
			return nil, office.RefuseField("until", "recur.too_many", "Max", mostMeetings)
		}
	}
	if held == 0 {
		return nil, office.RefuseField("from", "recur.none")
	}
	return days, nil
}

// AddSessions adds a row of sessions to a class. It adds none of them if one collides
// with another session or has a warning that nobody agreed to. The answer lists every
// session with its collisions and warnings.
func (p *Service) AddSessions(ctx context.Context, by office.Actor, class uuid.UUID, r Recurrence, mode Mode) (Row, error) {
	var out Row
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.LockClass(class)
		if err != nil {
			return err
		}
		if err := replans(by, c); err != nil {
			return err
		}
		site, err := tx.Site(c.SiteID)
		if err != nil {
			return err
		}
		off, err := HolidaysBetween(tx.Queries, r.From, r.From.AddDays(longestRow))
		if err != nil {
			return err
		}
		if out, err = meetings(tx, c, site, r, off); err != nil {
			return err
		}
		if err := r.staff(tx, c); err != nil {
			return err
		}
		if err := tx.Replan(out.Held()); err != nil {
			return err
		}
		if err := out.examine(tx, c, added); err != nil {
			return err
		}
		switch {
		case mode == Check:
			return ErrDry
		case out.collides():
			return ErrConflicts
		case out.Agreement() != "" && out.Agreement() != r.Agreed:
			return ErrWarned
		}
		return by.Record(tx, office.Done{Action: "session.add", Entity: "class", ID: c.ID.String(), Detail: out.describe(site.Zone)})
	})
	if errors.Is(err, ErrDry) {
		err = nil
	}
	return out, err
}

// staff has the instructors of the row teach the class. They are of its institution.
func (r Recurrence) staff(tx *store.Tx, c models.Class) error {
	teaches := map[uuid.UUID]bool{}
	for _, id := range r.Instructors {
		i, err := tx.Instructor(id)
		if err != nil {
			return err
		}
		if i.ProviderID != c.ProviderID {
			return store.ErrNotFound
		}
		teaches[id] = true
	}
	return Staff(tx, map[uuid.UUID]map[uuid.UUID]bool{c.ID: teaches})
}

// added and kept are changes to a session: from nothing, and to the same hours elsewhere.
func added(s models.Session) Change { return Change{Now: s} }
func kept(s models.Session) Change  { return Change{Was: s, Now: s} }

// examine finds what each session of a row, all of them stored, meets.
func (r Row) examine(tx *store.Tx, class models.Class, by func(models.Session) Change) error {
	var changes []Change
	for _, s := range r.Held() {
		changes = append(changes, by(s))
	}
	found, err := examine(tx, class, changes...)
	if err != nil {
		return err
	}
	for i := range r {
		if r[i].Skipped == "" {
			r[i].Outcome, found = found[0], found[1:]
		}
	}
	return nil
}

func (r Row) collides() bool {
	return slices.ContainsFunc(r, func(m Meeting) bool { return len(m.Conflicts) > 0 })
}

// meetings expands a row for a class. Numbers go on where the class's end.
func meetings(tx *store.Tx, c models.Class, site models.Site, r Recurrence, off Holidays) (Row, error) {
	hours := Move{Day: r.From, Start: r.Start, End: r.End, Room: r.Room}
	if err := hours.apply(&models.Session{}, site.Zone); err != nil {
		return nil, err
	}
	days, err := r.days(off)
	if err != nil {
		return nil, err
	}
	have, err := tx.SessionsOf(c.ID)
	if err != nil {
		return nil, err
	}
	seq := 0
	for _, s := range have {
		seq = max(seq, s.Seq)
	}
	var out Row
	for _, day := range days {
		m := Meeting{Day: day}
		if h, free := off[day]; free && !r.OnHolidays {
			m.Skipped = h.Name
			out = append(out, m)
			continue
		}
		seq++
		m.Session = models.Session{ClassID: c.ID, SiteID: site.ID, Seq: seq, Status: models.SessionPlanned}
		if m.ID, err = store.NewID(); err != nil {
			return nil, err
		}
		hours.Day = day
		if err := hours.apply(&m.Session, site.Zone); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (r Row) describe(zone models.Zone) string {
	var lines []string
	for _, s := range r.Held() {
		lines = append(lines, fmt.Sprintf("%d: %s", s.Seq, meeting(s, zone)))
	}
	return strings.Join(lines, "\n")
}
