package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// SessionEntry is a session as a list shows it.
type SessionEntry struct {
	models.Session
	ClassCode, CourseTitle string
	ProviderID             uuid.UUID
	ProviderName           string
	SiteCode, SiteName     string
	Zone                   models.Zone
	Enrolled, Attended     int            // participants
	ClassPolicy            *models.Policy `gorm:"serializer:json"`
	PilotPolicy            models.Policy  `gorm:"serializer:json"`
	PilotPhase             models.Phase
}

// Policy is what the session's attendance is judged by.
func (s SessionEntry) Policy() models.Policy {
	if s.ClassPolicy != nil {
		return *s.ClassPolicy
	}
	return s.PilotPolicy
}

// SessionFilter narrows a list of sessions. Provider is a limit: nil means that
// everything may be seen. Day gives the one date, by the calendar of each zone,
// on which they start; nil is any.
type SessionFilter struct {
	Provider    *uuid.UUID
	Class, Site uuid.UUID
	Day         func(models.Zone) models.LocalDate
	EndsAfter   models.Millis // only those that are not over then; 0: all
	WaitingAt   models.Millis // only those that are over then and whose site has not told everything; 0: all
}

const day = models.Millis(24 * 3600 * 1000)

// Today is the date that each zone's calendar shows at an instant.
func Today(now models.Millis) func(models.Zone) models.LocalDate {
	return func(z models.Zone) models.LocalDate { return z.Date(now) }
}

const sessionColumns = `x.*, c.code AS class_code, c.provider_id, co.title AS course_title, p.name AS provider_name,
	s.code AS site_code, s.name AS site_name, s.zone, c.policy AS class_policy, pi.policy AS pilot_policy, pi.phase AS pilot_phase,
	(SELECT COUNT(*) FROM enrollments e WHERE e.class_id = c.id AND e.status = 'active' AND e.role = 'participant') AS enrolled,
	(SELECT COUNT(*) FROM attendances a JOIN enrollments e ON e.id = a.enrollment_id
	  WHERE a.session_id = x.id AND a.status IN ` + attended + ` AND e.status = 'active' AND e.role = 'participant') AS attended`

func (q Queries) sessionEntries() *gorm.DB {
	return q.db.Table("sessions x").Joins("JOIN classes c ON c.id = x.class_id").Joins("JOIN courses co ON co.id = c.course_id").
		Joins("JOIN providers p ON p.id = c.provider_id").Joins("JOIN sites s ON s.id = x.site_id").Joins("JOIN pilots pi ON pi.id = c.pilot_id")
}

// ListSessions lists sessions by start.
func (q Queries) ListSessions(f SessionFilter, s Slice) (Listed[SessionEntry], error) {
	db := q.sessionEntries()
	if f.Provider != nil {
		db = db.Where("c.provider_id = ?", *f.Provider)
	}
	if f.Class != uuid.Nil {
		db = db.Where("x.class_id = ?", f.Class)
	}
	if f.Site != uuid.Nil {
		db = db.Where("x.site_id = ?", f.Site)
	}
	if f.EndsAfter != 0 {
		db = db.Where("x.ends_at > ?", f.EndsAfter)
	}
	if f.WaitingAt != 0 {
		db = db.Joins("LEFT JOIN ("+watermarks+") w ON w.site_id = x.site_id").Where(waits, f.WaitingAt)
	}
	if f.Day != nil {
		db = onDay(db, f.Day)
	}
	return listed[SessionEntry](db, sessionColumns, "x.starts_at, c.code, x.seq", s)
}

// onDay narrows sessions x at sites s to those that start on one date, by the calendar
// of each zone.
func onDay(db *gorm.DB, on func(models.Zone) models.LocalDate) *gorm.DB {
	var from, to []any
	for _, z := range models.Zones() {
		from, to = append(from, on(z).Start(z)), append(to, on(z).AddDays(1).Start(z))
	}
	// Zones differ by two hours, and no session is longer than a day: these bounds have an index.
	first, last := on(models.ZoneWIT).Start(models.ZoneWIT), on(models.ZoneWIB).AddDays(2).Start(models.ZoneWIB)
	db = db.Where("x.ends_at >= ? AND x.ends_at < ?", first-day, last+day)
	const perZone = "CASE s.zone WHEN 'WIB' THEN CAST(? AS BIGINT) WHEN 'WITA' THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END"
	return db.Where("x.starts_at >= "+perZone, from...).Where("x.starts_at < "+perZone, to...)
}

// SitesTeaching are the sites with a session on one date, by the calendar of each zone.
func (q Queries) SitesTeaching(on func(models.Zone) models.LocalDate) (map[uuid.UUID]bool, error) {
	var ids []uuid.UUID
	err := onDay(q.db.Table("sessions x").Joins("JOIN sites s ON s.id = x.site_id"), on).
		Where("x.status = ?", models.SessionPlanned).Distinct().Pluck("x.site_id", &ids).Error
	teaching := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		teaching[id] = true
	}
	return teaching, translate(err)
}

// SessionEntry finds one session with all that a page names beside it.
func (q Queries) SessionEntry(id uuid.UUID) (SessionEntry, error) {
	var row SessionEntry
	return row, translate(q.sessionEntries().Where("x.id = ?", id).Select(sessionColumns).Take(&row).Error)
}

// Watermark is the time up to which all active agents of a site have reported. If all are
// revoked, it is the time of the last of them. What is missing before it did not happen.
// It is 0 if a site has no agent or one of them never reported.
type Watermark struct {
	SiteID        uuid.UUID
	ReportedUntil models.Millis
	Agents        int // that are active
}

const (
	watermarks = `SELECT site_id, COUNT(CASE WHEN status = 'active' THEN 1 END) AS agents,
		COALESCE(MIN(CASE WHEN status = 'active' THEN reported_until END), MAX(reported_until)) AS reported_until
		FROM agents GROUP BY site_id`

	// waits says that a session x is over at an instant and waits for its site, whose
	// watermark is w. No session is longer than a day: the start's bound has an index,
	// that of a site's sessions. Adding 0 keeps PostgreSQL from reading all sites' by end.
	waits = `x.status = 'planned' AND x.ends_at + 0 <= ? AND x.ends_at + 0 >= COALESCE(w.reported_until, 0)
		AND x.starts_at > COALESCE(w.reported_until, 0) - 86400000`
)

// Watermarks gives the watermark of every site that has, or had, an agent.
func (q Queries) Watermarks() (map[uuid.UUID]Watermark, error) {
	var rows []Watermark
	err := q.db.Raw(watermarks).Scan(&rows).Error
	bySite := make(map[uuid.UUID]Watermark, len(rows))
	for _, row := range rows {
		bySite[row.SiteID] = row
	}
	return bySite, translate(err)
}

// WaitingSessions counts the sessions that are over and wait for their site. It looks
// only at the time that each site has not reported, not at all sessions ever.
func (q Queries) WaitingSessions(provider *uuid.UUID, now models.Millis) (n int64, err error) {
	some, args := "SELECT COUNT(*) FROM sessions x WHERE x.site_id = s.id AND "+waits, []any{now}
	if provider != nil {
		some, args = some+" AND EXISTS (SELECT 1 FROM classes c WHERE c.id = x.class_id AND c.provider_id = ?)", append(args, *provider)
	}
	err = q.db.Raw("SELECT COALESCE(SUM(("+some+")), 0) FROM sites s LEFT JOIN ("+watermarks+") w ON w.site_id = s.id", args...).Scan(&n).Error
	return n, translate(err)
}
