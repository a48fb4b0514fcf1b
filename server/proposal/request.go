package proposal

import (
	"context"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/proposal/autoplan"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// PlanRequest is the input of a proposal.
type PlanRequest struct {
	Wave        int // only its participants; 0: all
	Courses     []uuid.UUID
	Windows     []autoplan.Window
	Weekdays    [7]bool // by time.Weekday
	ClassSeats  int
	MostKm      int // the longest distance that people travel; 0: any distance
	EmptySeatKm int // the price of an empty seat
	UnplacedKm  int // the price of a person without a place
}

// The limits of a request.
const (
	largestKm   = 10_000
	largestSpan = 366 // days of a window
)

func (r PlanRequest) check(pilot models.Pilot, today models.LocalDate) error {
	switch {
	case len(r.Courses) == 0:
		return office.RefuseField("courses", "autoplan.no_course")
	case len(r.Windows) == 0:
		return office.RefuseField("windows", "autoplan.no_window")
	case r.ClassSeats < 1 || r.ClassSeats > 1000:
		return office.RefuseField("class_seats", "plan.bad_number")
	case r.MostKm < 0 || r.MostKm > largestKm:
		return office.RefuseField("most_km", "plan.bad_number")
	case r.EmptySeatKm < 0 || r.EmptySeatKm > largestKm:
		return office.RefuseField("empty_km", "plan.bad_number")
	case r.UnplacedKm < 1 || r.UnplacedKm > largestKm:
		return office.RefuseField("unplaced_km", "plan.bad_number")
	}
	for _, w := range r.Windows {
		switch {
		case !w.First.Valid() || !w.Last.Valid() || w.Last < w.First || w.First.AddDays(largestSpan) < w.Last:
			return office.RefuseField("windows", "autoplan.bad_window")
		case w.From < plan.DayBegins || w.To > plan.DayEnds || w.To <= w.From || w.To-w.From > plan.LongestDay:
			return office.RefuseField("windows", "autoplan.bad_hours")
		case w.First <= today:
			return office.RefuseField("windows", "autoplan.past_window")
		case w.First < pilot.FirstDay:
			return office.RefuseField("windows", "autoplan.before_first_day", "Day", string(pilot.FirstDay))
		}
	}
	return nil
}

// span is the time that covers all windows in every zone.
func (r PlanRequest) span() (from, to models.Millis) {
	for i, w := range r.Windows {
		begins, ends := w.First.Start(models.ZoneWIT), w.Last.Start(models.ZoneWIB).Add(24*time.Hour)
		if i == 0 {
			from = begins
		}
		from, to = min(from, begins), max(to, ends)
	}
	return from, to
}

// question is a request with the data that it needs from the database, and the ids that
// belong to the problem's indexes.
type question struct {
	autoplan.Problem
	courses []models.Course
	sites   []models.Site
	people  [][]uuid.UUID // by group
}

// ask reads the data for a request.
func ask(ctx context.Context, st *store.Store, pilot models.Pilot, r PlanRequest) (question, error) {
	q := question{Problem: autoplan.Problem{
		Windows: r.Windows, Weekdays: r.Weekdays, ClassSeats: r.ClassSeats, MostMetres: int64(r.MostKm) * 1000,
		Weights: autoplan.Weights{EmptySeat: int64(r.EmptySeatKm) * 1000, Unplaced: int64(r.UnplacedKm) * 1000},
	}}
	db := st.Read(ctx)
	for _, id := range r.Courses {
		course, err := db.Course(id)
		if err != nil {
			return q, err
		}
		q.courses = append(q.courses, course)
		q.Courses = append(q.Courses, autoplan.Course{Hours: course.Hours})
	}
	if err := q.holidays(db, r); err != nil {
		return q, err
	}
	if err := q.quota(db, pilot); err != nil {
		return q, err
	}
	if err := q.places(db, r); err != nil {
		return q, err
	}
	return q, q.groups(db, pilot, r)
}

// holidays are the days of the windows on which no class may meet.
func (q *question) holidays(db store.Queries, r PlanRequest) error {
	q.Holidays = map[models.LocalDate]bool{}
	for _, w := range r.Windows {
		off, err := plan.HolidaysBetween(db, w.First, w.Last)
		if err != nil {
			return err
		}
		for day := range off {
			q.Holidays[day] = true
		}
	}
	return nil
}

func (q *question) quota(db store.Queries, pilot models.Pilot) error {
	total, byProvince, err := db.CountEnrolled(pilot.ID)
	if err != nil {
		return err
	}
	provinces, err := db.PilotProvinces(pilot.ID)
	if err != nil {
		return err
	}
	left := func(quota, used int) int {
		if quota == 0 {
			return -1
		}
		return max(0, quota-used)
	}
	q.Quota.Pilot = left(pilot.Quota, total)
	for _, pp := range provinces {
		if q.Quota.Provinces == nil {
			q.Quota.Provinces = map[string]int{}
		}
		q.Quota.Provinces[pp.Province] = left(pp.Quota, byProvince[pp.Province])
	}
	return nil
}

// places are the sites, with the seats that classes take already.
func (q *question) places(db store.Queries, r PlanRequest) error {
	sites, err := db.Sites()
	if err != nil {
		return err
	}
	from, to := r.span()
	sessions, err := db.SessionsBetween(from, to)
	if err != nil {
		return err
	}
	classes, err := db.AllClasses()
	if err != nil {
		return err
	}
	seats := map[uuid.UUID]int{}
	for _, c := range classes {
		seats[c.ID] = c.Capacity
	}
	taken := map[uuid.UUID][]autoplan.Use{}
	for _, s := range sessions {
		taken[s.SiteID] = append(taken[s.SiteID], autoplan.Use{Span: autoplan.Span{From: s.StartsAt, To: s.EndsAt}, Seats: seats[s.ClassID]})
	}
	for _, s := range sites {
		site := autoplan.Site{Province: seating.ProvinceOf(s), Where: whereIs(s), Zone: s.Zone, Seats: s.Capacity, Taken: taken[s.ID]}
		q.sites, q.Sites = append(q.sites, s), append(q.Sites, site)
	}
	return nil
}

func whereIs(s models.Site) *region.Point {
	if s.Latitude != nil && s.Longitude != nil {
		return &region.Point{Latitude: *s.Latitude, Longitude: *s.Longitude}
	}
	return pointOf(s.Regency)
}

func pointOf(regency string) *region.Point {
	if p, ok := region.PointOf(regency); ok {
		return &p
	}
	return nil
}

// groups are the people without a place in the pilot: alike are those of one
// regency with the same classes of other pilots in that time.
func (q *question) groups(db store.Queries, pilot models.Pilot, r PlanRequest) error {
	idle, err := db.IdleParticipants(pilot.ID, r.Wave)
	if err != nil {
		return err
	}
	from, to := r.span()
	elsewhere, err := db.PlacesElsewhere(pilot.ID, from, to)
	if err != nil {
		return err
	}
	classesOf, known := map[uuid.UUID]string{}, map[uuid.UUID]bool{}
	var classes []uuid.UUID
	for _, e := range elsewhere { // by class, so that the same classes make the same key
		classesOf[*e.ParticipantID] += string(e.ClassID[:])
		if !known[e.ClassID] {
			known[e.ClassID] = true
			classes = append(classes, e.ClassID)
		}
	}
	sessions, err := db.SessionsOf(classes...)
	if err != nil {
		return err
	}
	busy := map[string][]autoplan.Span{}
	for _, s := range sessions {
		if s.Status == models.SessionPlanned {
			busy[string(s.ClassID[:])] = append(busy[string(s.ClassID[:])], autoplan.Span{From: s.StartsAt, To: s.EndsAt})
		}
	}
	at := map[string]int{}
	for _, person := range idle {
		key := person.Regency + classesOf[person.ID]
		g, ok := at[key]
		if !ok {
			g = len(q.Groups)
			at[key] = g
			group := autoplan.Group{Regency: person.Regency, Where: pointOf(person.Regency)}
			for rest := classesOf[person.ID]; rest != ""; rest = rest[16:] {
				group.Busy = append(group.Busy, busy[rest[:16]]...)
			}
			q.Groups, q.people = append(q.Groups, group), append(q.people, nil)
		}
		q.Groups[g].People++
		q.people[g] = append(q.people[g], person.ID)
	}
	return nil
}
