package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// FeedLink is the unguessable part of a feed's address: 32 hex digits.
func (q Queries) FeedLink(s models.Feed) string {
	return hex.EncodeToString(q.vault.Link("feed/"+string(s.Kind)+"/"+s.SubjectID.String(), s.Version))
}

// Feed finds the address of somebody's or something's schedule.
func (q Queries) Feed(kind models.FeedKind, subject uuid.UUID) (models.Feed, error) {
	return one[models.Feed](q.db, "kind = ? AND subject_id = ?", kind, subject)
}

// FeedByLink finds what an address that is not revoked shows.
func (q Queries) FeedByLink(link string) (models.Feed, error) {
	return one[models.Feed](q.db, "link_hash = ? AND revoked_at = 0", LinkHash(link))
}

// SaveFeed adds an address or changes it.
func (t *Tx) SaveFeed(s models.Feed) error {
	s.LinkHash, s.UpdatedAt = LinkHash(t.FeedLink(s)), t.now
	return upsert(t.db, []models.Feed{s}, "version", "link_hash", "author", "last_read", "revoked_at", "updated_at")
}

// ReadFeed notes that an address was read now; to the hour, so that programs
// which ask often cost few writes.
func (t *Tx) ReadFeed(id uuid.UUID) error {
	return translate(t.db.Model(&models.Feed{}).Where("id = ? AND last_read < ?", id, t.now.Add(-time.Hour)).
		UpdateColumn("last_read", t.now).Error)
}

// SubjectEntry is something that has a schedule, with the address of it if there is one.
type SubjectEntry struct {
	SubjectID    uuid.UUID
	Code, Name   string
	ProviderID   uuid.UUID // its class, instructor or provider; nil: a site
	ProviderName string
	Version      int // 0: there was never an address
	LastRead     models.Millis
	RevokedAt    models.Millis
}

// Open says that there is an address that can be read.
func (e SubjectEntry) Open() bool { return e.Version > 0 && e.RevokedAt == 0 }

// SubjectFilter narrows a list of subjects. Provider is a limit: nil means that
// everything may be seen. A site belongs to no
// institution: with a limit no site is listed.
type SubjectFilter struct {
	Provider *uuid.UUID
	Words    string    // in its code or name
	Class    uuid.UUID // only this class and its instructors
	Subject  uuid.UUID
}

// ErrKind says that there is no such kind of feed.
var ErrKind = errors.New("no such kind of feed")

// subjects are the rows of a kind: x, with its institution p.
func (q Queries) subjects(kind models.FeedKind) (*gorm.DB, error) {
	const withProvider = "x.id, x.code, x.name, p.id AS provider_id, p.name AS provider_name"
	switch kind {
	case models.FeedProvider:
		return q.db.Table("providers x").Joins("LEFT JOIN providers p ON p.id = x.id").Select(withProvider), nil
	case models.FeedSite:
		return q.db.Table("sites x").Joins("LEFT JOIN providers p ON 1 = 0").Select(withProvider), nil
	case models.FeedInstructor:
		return q.db.Table("instructors x").Joins("JOIN providers p ON p.id = x.provider_id").Select(withProvider), nil
	case models.FeedClass:
		return q.db.Table("classes x").Joins("JOIN providers p ON p.id = x.provider_id").Joins("JOIN courses co ON co.id = x.course_id").
			Select("x.id, x.code, co.title AS name, p.id AS provider_id, p.name AS provider_name"), nil
	}
	return nil, fmt.Errorf("%w: %q", ErrKind, kind)
}

// ListSubjects lists what has a schedule, by code.
func (q Queries) ListSubjects(kind models.FeedKind, f SubjectFilter, s Slice) (Listed[SubjectEntry], error) {
	rows, err := q.subjects(kind)
	if err != nil {
		return Listed[SubjectEntry]{}, err
	}
	switch {
	case f.Class == uuid.Nil:
	case kind == models.FeedInstructor:
		rows = rows.Where("x.id IN (SELECT e.instructor_id FROM enrollments e WHERE e.class_id = ? AND e.status = 'active')", f.Class)
	case kind == models.FeedClass:
		rows = rows.Where("x.id = ?", f.Class)
	}
	db := q.db.Table("(?) y", rows).Joins("LEFT JOIN feeds u ON u.kind = ? AND u.subject_id = y.id", kind)
	if f.Provider != nil {
		db = db.Where("y.provider_id = ?", *f.Provider)
	}
	if f.Subject != uuid.Nil {
		db = db.Where("y.id = ?", f.Subject)
	}
	if f.Words != "" {
		db = db.Where(`LOWER(y.code || ' ' || y.name) LIKE ? ESCAPE '\'`, containing(f.Words))
	}
	return listed[SubjectEntry](db, `y.id AS subject_id, y.code, y.name, y.provider_id, COALESCE(y.provider_name, '') AS provider_name,
		COALESCE(u.version, 0) AS version, COALESCE(u.last_read, 0) AS last_read, COALESCE(u.revoked_at, 0) AS revoked_at`, "y.code, y.id", s)
}

// ScheduleEntry is a session as a subscribed calendar shows it. It has no names of
// people.
type ScheduleEntry struct {
	models.Session
	ClassCode, CourseTitle, ProviderName string
	SiteName, SiteAddress                string
	Latitude, Longitude                  *float64
	Zone                                 models.Zone
	Versions                             int           // how often it was another one
	Changed                              models.Millis // when it, its class or its site changed last
}

// ScheduleOf lists the sessions of a subject that end after a moment, the cancelled ones
// too, by start.
func (q Queries) ScheduleOf(kind models.FeedKind, subject uuid.UUID, after models.Millis) ([]ScheduleEntry, error) {
	where := map[models.FeedKind]string{
		models.FeedSite: "x.site_id = ?", models.FeedClass: "c.id = ?", models.FeedProvider: "c.provider_id = ?",
		models.FeedInstructor: "EXISTS (SELECT 1 FROM enrollments e WHERE e.class_id = c.id AND e.instructor_id = ? AND e.status = 'active' AND " + teaches + ")",
	}[kind]
	if where == "" {
		return nil, fmt.Errorf("%w: %q", ErrKind, kind)
	}
	return q.scheduleWhere(after, where, subject)
}

// ScheduleOfParticipant lists the sessions of the classes that somebody has a place in.
func (q Queries) ScheduleOfParticipant(participant uuid.UUID, after models.Millis) ([]ScheduleEntry, error) {
	return q.scheduleWhere(after, "c.id IN (SELECT e.class_id FROM enrollments e WHERE e.participant_id = ? AND e.status = 'active')", participant)
}

func (q Queries) scheduleWhere(after models.Millis, where string, id uuid.UUID) ([]ScheduleEntry, error) {
	var rows []ScheduleEntry
	err := q.db.Table("sessions x").Joins("JOIN classes c ON c.id = x.class_id").Joins("JOIN courses co ON co.id = c.course_id").
		Joins("JOIN providers p ON p.id = c.provider_id").Joins("JOIN sites s ON s.id = x.site_id").
		Where(where, id).Where("x.ends_at > ?", after).
		Select(`x.*, c.code AS class_code, co.title AS course_title, p.name AS provider_name, s.name AS site_name, s.address AS site_address,
			s.latitude, s.longitude, s.zone, (SELECT COUNT(*) FROM session_versions v WHERE v.session_id = x.id) AS versions,
			CASE WHEN x.updated_at >= c.updated_at AND x.updated_at >= s.updated_at THEN x.updated_at
				WHEN c.updated_at >= s.updated_at THEN c.updated_at ELSE s.updated_at END AS changed`).
		Order("x.starts_at, c.code, x.seq").Find(&rows).Error
	return rows, translate(err)
}
