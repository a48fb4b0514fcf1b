package store

import (
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// CalendarFilter chooses the sessions of a calendar. Limit is the only institution that
// the reader may see, nil for all; the other fields narrow the list if they are set.
type CalendarFilter struct {
	Limit                      *uuid.UUID
	Site, Provider, Instructor uuid.UUID
	Pilot                      uuid.UUID
	Class, Room                string           // the class's code
	From, To                   models.LocalDate // by the calendar of each site; both included. Empty: any
}

// CalendarEntry is a session as a calendar shows it.
type CalendarEntry struct {
	models.Session
	ClassCode, CourseTitle, SiteCode string
	Zone                             models.Zone
	OnDay                            int // how many its day has, as the calendar is filtered
}

// Day is the session's date at its site.
func (e CalendarEntry) Day() models.LocalDate { return e.Zone.Date(e.StartsAt) }

// StartClock is when the session starts, as a clock at its site shows it: "15:04".
func (e CalendarEntry) StartClock() string { return e.Zone.Clock(e.StartsAt) }

// EndClock is when it ends, as StartClock.
func (e CalendarEntry) EndClock() string { return e.Zone.Clock(e.EndsAt) }

// CalendarSessions lists the sessions of a span of days by start, at most perDay of a
// day; each knows how many its day has. O(sessions of the span), read in one pass along
// the index of ends_at, and no more than perDay rows a day leave the database.
func (q Queries) CalendarSessions(f CalendarFilter, perDay int) ([]CalendarEntry, error) {
	numbered := q.onCalendar(f).Select(`x.id, COUNT(*) OVER (PARTITION BY ` + localDay() + `) AS on_day,
		ROW_NUMBER() OVER (PARTITION BY ` + localDay() + ` ORDER BY x.starts_at, c.code, x.seq) AS nth, ` + localDay() + ` AS local_day`)
	var rows []CalendarEntry
	err := q.db.Table("(?) n", numbered).Joins("JOIN sessions x ON x.id = n.id").Joins("JOIN classes c ON c.id = x.class_id").
		Joins("JOIN courses co ON co.id = c.course_id").Joins("JOIN sites s ON s.id = x.site_id").
		Where("n.nth <= ?", perDay).
		Select("x.*, n.on_day, c.code AS class_code, co.title AS course_title, s.code AS site_code, s.zone").
		Order("n.local_day, x.starts_at, c.code, x.seq").Find(&rows).Error
	return rows, translate(err)
}

// onCalendar are the sessions x of classes c at sites s that a filter lets through.
func (q Queries) onCalendar(f CalendarFilter) *gorm.DB {
	db := q.db.Table("sessions x").Joins("JOIN classes c ON c.id = x.class_id").Joins("JOIN sites s ON s.id = x.site_id")
	for _, wish := range []struct {
		id    uuid.UUID
		where string
	}{
		{f.Site, "x.site_id = ?"}, {f.Provider, "c.provider_id = ?"}, {f.Pilot, "c.pilot_id = ?"},
		{f.Instructor, "EXISTS (SELECT 1 FROM enrollments e WHERE e.class_id = c.id AND e.instructor_id = ? AND e.status = 'active' AND " + teaches + ")"},
	} {
		if wish.id != uuid.Nil {
			db = db.Where(wish.where, wish.id)
		}
	}
	if f.Limit != nil {
		db = db.Where("c.provider_id = ?", *f.Limit)
	}
	if f.Class != "" {
		db = db.Where("c.code = ?", f.Class)
	}
	if f.Room != "" {
		db = db.Where("x.room = ?", f.Room)
	}
	if f.From == "" || f.To == "" {
		return db
	}
	first, last := f.From.Start(models.ZoneWIT), f.To.AddDays(1).Start(models.ZoneWIB)
	return db.Where("x.ends_at >= ? AND x.ends_at < ? AND x.starts_at >= ? AND x.starts_at < ?", first, last+day, first, last).
		Where(localDay()+" BETWEEN ? AND ?", dayNumber(f.From), dayNumber(f.To))
}

// PlannedEntry is a session that is to be held, with all that a schedule's file says of it.
type PlannedEntry struct {
	models.Session
	ClassCode, CourseCode, CourseTitle string
	Hours, Capacity                    int
	Mode                               models.Mode
	ProviderCode, ProviderName         string
	SiteCode                           string
	Zone                               models.Zone
	Instructors                        []models.Instructor `gorm:"-"` // of the class, by code
}

// EachPlanned gives one after the other the sessions that are to be held, by class and
// number, however many they are.
func (q Queries) EachPlanned(f CalendarFilter, take func(PlannedEntry) error) error {
	teach, err := q.teachersOn(f)
	if err != nil {
		return err
	}
	db := q.onCalendar(f).Joins("JOIN courses co ON co.id = c.course_id").Joins("JOIN providers p ON p.id = c.provider_id").
		Where("x.status = ?", models.SessionPlanned).
		Select(`x.*, c.code AS class_code, c.capacity, co.code AS course_code, co.title AS course_title, co.hours, co.mode,
			p.code AS provider_code, p.name AS provider_name, s.code AS site_code, s.zone`).Order("c.code, x.seq, x.id")
	return each(db, func(e PlannedEntry) error {
		e.Instructors = teach[e.ClassID]
		return take(e)
	})
}

// teachersOn are the instructors, by class, of the sessions that a filter lets through.
func (q Queries) teachersOn(f CalendarFilter) (map[uuid.UUID][]models.Instructor, error) {
	var rows []struct {
		models.Instructor
		ClassID uuid.UUID
	}
	err := q.db.Table("enrollments e").Joins("JOIN instructors i ON i.id = e.instructor_id").Where("e.status = ? AND NOT e.substitute", models.EnrollmentActive).
		Where("e.class_id IN (?)", q.onCalendar(f).Select("x.class_id")).Select("i.*, e.class_id").Order("e.class_id, i.code").Find(&rows).Error
	of := map[uuid.UUID][]models.Instructor{}
	for _, row := range rows {
		of[row.ClassID] = append(of[row.ClassID], row.Instructor)
	}
	return of, translate(err)
}

// localDay is the number of a session's day on the calendar of its site, in SQL.
func localDay() string {
	return "((x.starts_at + " + zoneOffset("s.zone") + ") / " + strconv.Itoa(int(day)) + ")"
}

// zoneOffset is what a column's zone is ahead of UTC, in milliseconds, in SQL.
func zoneOffset(column string) string {
	offset := "CASE " + column
	for _, z := range models.Zones() {
		offset += fmt.Sprintf(" WHEN '%s' THEN %d", z, -epoch.Start(z))
	}
	return offset + " END"
}

// epoch is day number 0.
const epoch = models.LocalDate("1970-01-01")

// dayNumber is the number that localDay gives a date.
func dayNumber(d models.LocalDate) models.Millis {
	return (d.Start(models.ZoneWIB) - epoch.Start(models.ZoneWIB)) / day
}

// PlannedOn counts the sessions that are to be held, by date, of one institution or of all.
// O(sessions of the span).
func (q Queries) PlannedOn(provider *uuid.UUID, from, to models.LocalDate) (map[models.LocalDate]int, error) {
	db := q.db.Table("sessions x").Joins("JOIN sites s ON s.id = x.site_id").Where("x.status = ?", models.SessionPlanned).
		Where("x.ends_at >= ? AND x.ends_at < ?", from.Start(models.ZoneWIT), to.AddDays(2).Start(models.ZoneWIB))
	if provider != nil {
		db = db.Where("x.class_id IN (SELECT id FROM classes WHERE provider_id = ?)", *provider)
	}
	var rows []struct {
		Day     models.Millis
		Planned int
	}
	err := db.Select(localDay() + " AS day, COUNT(*) AS planned").Group(localDay()).Find(&rows).Error
	counts := make(map[models.LocalDate]int, len(rows))
	for _, row := range rows {
		counts[epoch.AddDays(int(row.Day))] = row.Planned
	}
	return counts, translate(err)
}

// Rooms lists the rooms that sessions at a site are held in.
func (q Queries) Rooms(site uuid.UUID) ([]string, error) {
	var rooms []string
	err := q.db.Model(&models.Session{}).Where("site_id = ? AND room <> ''", site).Distinct().Order("room").Pluck("room", &rooms).Error
	return rooms, translate(err)
}

// InstructorsOf lists the instructors of an institution by name.
func (q Queries) InstructorsOf(provider uuid.UUID) ([]models.Instructor, error) {
	return all[models.Instructor](q.db.Where("provider_id = ?", provider).Order("name, code"))
}

// Instructor finds an instructor by id.
func (q Queries) Instructor(id uuid.UUID) (models.Instructor, error) {
	return one[models.Instructor](q.db, "id = ?", id)
}
