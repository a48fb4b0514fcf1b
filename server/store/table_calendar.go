package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// keepVersions keeps what sessions were before rows replace them.
func (t *Tx) keepVersions(rows []models.Session) error {
	ids := make([]uuid.UUID, len(rows))
	for i, s := range rows {
		ids[i] = s.ID
	}
	stored, err := in[models.Session](t.db, "id", ids)
	if err != nil {
		return err
	}
	before := make(map[uuid.UUID]models.Session, len(stored))
	for _, s := range stored {
		before[s.ID] = s
	}
	counts, err := t.SessionVersionCounts(ids...)
	if err != nil {
		return err
	}
	var versions []models.SessionVersion
	for _, s := range rows {
		if was, known := before[s.ID]; known && !sameMeeting(was, s) {
			versions = append(versions, models.SessionVersion{SessionID: s.ID, Version: counts[s.ID], SiteID: was.SiteID, Room: was.Room, StartsAt: was.StartsAt,
				EndsAt: was.EndsAt, Status: was.Status, ReplacedAt: t.now})
		}
	}
	if len(versions) == 0 {
		return nil
	}
	return translate(t.db.CreateInBatches(versions, chunk).Error)
}

// sameMeeting says that two rows of a session tell people the same.
func sameMeeting(a, b models.Session) bool {
	return a.SiteID == b.SiteID && a.Room == b.Room && a.StartsAt == b.StartsAt && a.EndsAt == b.EndsAt && a.Status == b.Status
}

// SessionVersions lists what a session was, the newest first.
func (q Queries) SessionVersions(session uuid.UUID) ([]models.SessionVersion, error) {
	return all[models.SessionVersion](q.db.Where("session_id = ?", session).Order("version DESC"))
}

// SessionVersionCounts says how often sessions have changed.
func (q Queries) SessionVersionCounts(sessions ...uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := in[models.SessionVersion](q.db.Select("session_id"), "session_id", sessions)
	counts := map[uuid.UUID]int{}
	for _, v := range rows {
		counts[v.SessionID]++
	}
	return counts, err
}

// SessionHasEvents says whether a desk has recorded anything at a session, or
// somebody's attendance there was decided.
func (q Queries) SessionHasEvents(session uuid.UUID) (bool, error) {
	for _, model := range []any{&models.ScanEvent{}, &models.Correction{}} {
		var n int64
		if err := q.db.Model(model).Where("session_id = ?", session).Limit(1).Count(&n).Error; err != nil || n > 0 {
			return n > 0, translate(err)
		}
	}
	return false, nil
}

// HolidayRules lists what the office has said of days off, between two dates.
func (q Queries) HolidayRules(from, to models.LocalDate) ([]models.Holiday, error) {
	return all[models.Holiday](q.db.Where("day >= ? AND day <= ?", from, to).Order("day"))
}

// SaveHoliday keeps what the office says of a day.
func (t *Tx) SaveHoliday(h models.Holiday) error {
	h.UpdatedAt = t.now
	return translate(t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&h).Error)
}

// ClassesOfPeople says in which classes the people behind enrollments have a place.
func (q Queries) ClassesOfPeople(rows []models.Enrollment) (map[uuid.UUID]bool, error) {
	var participants, instructors []uuid.UUID
	for _, e := range rows {
		if e.ParticipantID != nil {
			participants = append(participants, *e.ParticipantID)
		}
		if e.InstructorID != nil {
			instructors = append(instructors, *e.InstructorID)
		}
	}
	classes := map[uuid.UUID]bool{}
	for column, ids := range map[string][]uuid.UUID{"participant_id": participants, "instructor_id": instructors} {
		found, err := in[models.Enrollment](q.db.Where("status = ?", models.EnrollmentActive), column, ids)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			classes[e.ClassID] = true
		}
	}
	return classes, nil
}
