package plan

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// The hours of a day in which the programme holds classes, and how long a class meets on one
// day at most.
const (
	DayBegins  = 8 * time.Hour
	DayEnds    = 21 * time.Hour
	LongestDay = 8 * time.Hour
)

// MostNamed is how many people a warning names; it counts all.
const MostNamed = 20

// Change is a session as it is to be, and as it was; a new one was nothing.
type Change struct{ Was, Now models.Session }

// moves says whether the change is of nothing but when and where.
func (c Change) moves() bool {
	return c.Was.Status == models.SessionPlanned && c.Now.Status == models.SessionPlanned
}

// Warn finds what to warn of about changes of the plan that are allowed. All doors to the plan
// ask it. around are the planned sessions near the changed ones, and those as they are to be.
// What is known includes all of them.
func (k Knowledge) Warn(q store.Queries, now models.Millis, changes []Change, around []models.Session) ([]Warning, error) {
	off := func(c Change) bool { // and stays so: nothing is planned
		return c.Was.Status == models.SessionCancelled && c.Now.Status == models.SessionCancelled
	}
	if changes = slices.DeleteFunc(slices.Clone(changes), off); len(changes) == 0 {
		return nil, nil
	}
	w := warner{Knowledge: k, q: q, now: now, of: map[uuid.UUID]*classPlan{}}
	if err := w.load(changes); err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.Now.Status == models.SessionCancelled {
			continue
		}
		if err := w.session(c); err != nil {
			return nil, err
		}
	}
	w.travel(changes, around)
	if err := w.owed(changes); err != nil {
		return nil, err
	}
	at := map[uuid.UUID]int{}
	for i, c := range changes {
		at[c.Now.ID] = i
	}
	slices.SortStableFunc(w.out, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(at[a.Session.ID], at[b.Session.ID]), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What))
	})
	return w.out, nil
}

// classPlan is all sessions of a class, before the changes and after them.
type classPlan struct {
	before, after map[uuid.UUID]models.Session
	tickets       map[models.LocalDate]int // that are valid, by their last day
}

type warner struct {
	Knowledge
	q     store.Queries
	now   models.Millis
	off   Holidays
	marks map[uuid.UUID]store.Watermark
	of    map[uuid.UUID]*classPlan
	out   []Warning
}

// load reads what the changes' warnings are found by.
func (w *warner) load(changes []Change) (err error) {
	var ids []uuid.UUID
	first, last := changes[0].Now.StartsAt, changes[0].Now.StartsAt
	for _, c := range changes {
		first, last = min(first, c.Now.StartsAt), max(last, c.Now.StartsAt)
		if w.of[c.Now.ClassID] == nil {
			tickets, err := w.q.TicketEnds(c.Now.ClassID)
			if err != nil {
				return err
			}
			w.of[c.Now.ClassID] = &classPlan{map[uuid.UUID]models.Session{}, map[uuid.UUID]models.Session{}, tickets}
			ids = append(ids, c.Now.ClassID)
		}
	}
	stored, err := w.q.SessionsOf(ids...)
	if err != nil {
		return err
	}
	for _, s := range stored {
		w.of[s.ClassID].before[s.ID], w.of[s.ClassID].after[s.ID] = s, s
	}
	for _, c := range changes { // which may be stored already, or not yet
		class := w.of[c.Now.ClassID]
		class.after[c.Now.ID] = c.Now
		if delete(class.before, c.Now.ID); c.Was.ID != uuid.Nil {
			class.before[c.Was.ID] = c.Was
		}
	}
	if w.off, err = HolidaysBetween(w.q, models.ZoneWIB.Date(first), models.ZoneWIT.Date(last)); err != nil {
		return err
	}
	w.marks, err = w.q.Watermarks()
	return err
}

// session warns of what one session is by itself.
func (w *warner) session(c Change) error {
	s, class, site := c.Now, w.Classes[c.Now.ClassID], w.Sites[c.Now.SiteID]
	day := site.Zone.Date(s.StartsAt)
	midnight := day.Start(site.Zone)
	say := func(x Warning) {
		x.Session, x.Day = s, day
		w.out = append(w.out, x)
	}
	if h, ok := w.off[day]; ok {
		say(Warning{Kind: WarnHoliday, What: h.Name})
	}
	if w.marks[site.ID].Agents == 0 {
		say(Warning{Kind: WarnNoAgent, What: site.Code, ID: site.ID})
	}
	if n := EndedBefore(w.of[class.ID].tickets, site.Zone.Date(s.EndsAt)); n > 0 {
		say(Warning{Kind: WarnTickets, What: class.Code, Count: n, ID: class.ID})
	}
	if s.StartsAt < midnight.Add(DayBegins) || s.EndsAt > midnight.Add(DayEnds) {
		say(Warning{Kind: WarnOutside, What: class.Code})
	}
	if class.Capacity > site.Capacity {
		say(Warning{Kind: WarnCapacity, What: class.Code, Count: class.Capacity, Of: site.Capacity})
	}
	if n := w.of[class.ID].minutesOn(day, site.Zone); n > int(LongestDay.Minutes()) {
		say(Warning{Kind: WarnLongDay, What: class.Code, Count: n})
	}
	if s.EndsAt > w.now || c.Was.Status == models.SessionPlanned && c.Was.EndsAt <= w.now {
		return nil
	}
	absent, err := w.absent(s)
	if len(absent) > 0 {
		say(Warning{Kind: WarnPast, What: class.Code, Count: len(absent), People: absent[:min(len(absent), MostNamed)], ID: class.ID})
	}
	return err
}

// minutesOn is how long the class meets on a day, by the clocks of a zone.
func (c *classPlan) minutesOn(day models.LocalDate, zone models.Zone) (n int) {
	for _, s := range c.after {
		if s.Status == models.SessionPlanned && zone.Date(s.StartsAt) == day {
			n += int(s.EndsAt.Sub(s.StartsAt).Minutes())
		}
	}
	return n
}

// absent names the participants whom a session that is over makes absent: nothing says that
// they came, or why not.
func (w *warner) absent(s models.Session) (names []string, err error) {
	rows, err := w.q.AttendanceOf(s)
	for _, r := range rows {
		open := r.Status == "" || r.Status == models.StatusPending || r.Status == models.StatusAbsent
		if r.Role == models.PersonParticipant && !r.Cancelled && open && r.EnrolledAt <= s.EndsAt {
			names = append(names, r.Name)
		}
	}
	return names, err
}

// travel warns of instructors with too little time between two sites.
func (w *warner) travel(changes []Change, around []models.Session) {
	changed := map[uuid.UUID]bool{}
	for _, c := range changes {
		changed[c.Now.ID] = true
	}
	taught := map[uuid.UUID][]models.Session{} // by instructor, in the order of their start
	names := map[uuid.UUID]string{}
	slices.SortFunc(around, func(a, b models.Session) int { return cmp.Compare(a.StartsAt, b.StartsAt) })
	for _, s := range around {
		for person, e := range w.People[s.ClassID] {
			if e.Role == models.PersonInstructor && w.Meets(e, s) {
				taught[person], names[person] = append(taught[person], s), w.Names[e.ID]
			}
		}
	}
	for person, list := range taught {
		for i, a := range list {
			for _, b := range list[i+1:] {
				if b.StartsAt >= a.EndsAt.Add(LeastTravel) {
					break
				}
				here, other := a, b
				if !changed[here.ID] {
					here, other = b, a
				}
				if a.SiteID != b.SiteID && changed[here.ID] && !overlap(a, b) {
					w.out = append(w.out, Warning{Kind: WarnTravel, Session: here, Day: w.Sites[here.SiteID].Zone.Date(here.StartsAt), What: names[person], Other: &other})
				}
			}
		}
	}
}

// owed warns of classes that give fewer hours than their course has, once for each: where the
// change takes some away, or adds too few.
func (w *warner) owed(changes []Change) error {
	pilots, last, adds := map[uuid.UUID]models.Pilot{}, map[uuid.UUID]models.Session{}, map[uuid.UUID]bool{}
	for _, c := range changes {
		last[c.Now.ClassID] = c.Now
		adds[c.Now.ClassID] = adds[c.Now.ClassID] || !c.moves() && c.Now.Status == models.SessionPlanned
	}
	for id, s := range last {
		class := w.Classes[id]
		pilot, ok := pilots[class.PilotID]
		if !ok {
			var err error
			if pilot, err = w.q.Pilot(class.PilotID); err != nil {
				return err
			}
			pilots[pilot.ID] = pilot
		}
		course, err := w.q.Course(class.CourseID)
		if err != nil {
			return err
		}
		before, after := store.HoursOf(course, w.of[id].before, w.now), store.HoursOf(course, w.of[id].after, w.now)
		if store.PolicyOf(class, pilot).HoursRule() == models.HoursIgnore || after.Owed() == 0 || after.Owed() <= before.Owed() && !adds[id] {
			continue
		}
		w.out = append(w.out, Warning{Kind: WarnHours, Session: s, What: class.Code, Count: after.Planned, Of: after.Course})
	}
	return nil
}

// Crowded finds what a site's capacity is too small for, of the sessions that are still to be
// held there: a class by itself, or several at a time. Each class is told of once.
func Crowded(q store.Queries, site models.Site, now models.Millis) ([]Warning, error) {
	sessions, err := q.SessionsAt(site.ID, now, models.Millis(1<<62))
	if err != nil {
		return nil, err
	}
	k, err := KnownFor(q, sessions)
	if err != nil {
		return nil, err
	}
	var out []Warning
	told := map[uuid.UUID]bool{}
	for i, s := range sessions {
		class := k.Classes[s.ClassID]
		say := func(kind WarningKind, count int) {
			if !told[class.ID] {
				out = append(out, Warning{Kind: kind, Session: s, Day: site.Zone.Date(s.StartsAt), What: class.Code, Count: count, Of: site.Capacity, ID: class.ID})
			}
			told[class.ID] = true
		}
		if class.Capacity > site.Capacity {
			say(WarnCapacity, class.Capacity)
		} else if n := k.seats(sessions[:i+1], s.StartsAt); n > site.Capacity {
			say(WarnCrowded, n)
		}
	}
	return out, nil
}
