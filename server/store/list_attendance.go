package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// AttendanceRow is one person of a class with their attendance at one of its sessions.
// Attendance is the zero value if nothing was recorded.
type AttendanceRow struct {
	models.Attendance
	Enrollment   uuid.UUID
	Role         models.PersonRole
	Name, Number string
	Cancelled    bool
	Known        bool // there is a recorded attendance
	Corrections  int
	EnrolledAt   models.Millis
}

// AttendanceOf lists everybody who has a place in the session's class and belongs to the
// session, or was seen there: instructors first, then by name.
func (q Queries) AttendanceOf(session models.Session) ([]AttendanceRow, error) {
	var rows []AttendanceRow
	err := q.db.Table("enrollments e").Joins("JOIN sessions x ON x.id = ?", session.ID).Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN instructors i ON i.id = e.instructor_id").
		Joins("LEFT JOIN attendances a ON a.enrollment_id = e.id AND a.session_id = ?", session.ID).
		Where("e.class_id = ? AND (e.status = ? AND "+teaches+" OR a.session_id IS NOT NULL)", session.ClassID, models.EnrollmentActive).
		Select(`a.*, e.id AS enrollment, e.role, COALESCE(pa.name, i.name) AS name, COALESCE(pa.number, i.code) AS number,
			e.status <> 'active' AS cancelled, a.session_id IS NOT NULL AS known, e.created_at AS enrolled_at,
			(SELECT COUNT(*) FROM corrections co WHERE co.session_id = a.session_id AND co.enrollment_id = e.id) AS corrections`).
		Order("e.role, COALESCE(pa.name, i.name), e.id").Scan(&rows).Error
	return rows, translate(err)
}

// AttendanceMatrix gives every recorded attendance of a class.
func (q Queries) AttendanceMatrix(class uuid.UUID) ([]models.Attendance, error) {
	return all[models.Attendance](q.db.Where("class_id = ?", class))
}

// CorrectionsOf lists the decisions about one attendance, the newest first.
func (q Queries) CorrectionsOf(session, enrollment uuid.UUID) ([]models.Correction, error) {
	return all[models.Correction](q.db.Where("session_id = ? AND enrollment_id = ?", session, enrollment).Order("position DESC"))
}

// EventEntry is an event as a page shows it, with the name of its agent.
type EventEntry struct {
	models.ScanEvent
	AgentName string
}

// EventsOf lists what happened at the desks to one person at one session, by time.
func (q Queries) EventsOf(session, enrollment uuid.UUID) ([]EventEntry, error) {
	var rows []EventEntry
	return rows, translate(q.db.Table("scan_events v").Joins("LEFT JOIN agents g ON g.id = v.agent_id").
		Where("v.session_id = ? AND v.enrollment_id = ?", session, enrollment).
		Select("v.*, COALESCE(g.name, '') AS agent_name").Order("v.corrected, v.seq").Scan(&rows).Error)
}

// EntryEntry is an entry at a session with whose it is.
type EntryEntry struct {
	models.ScanEvent
	AgentName, PersonName string
}

// EntriesOf lists the people who were let in to a session, by time, at most so many.
func (q Queries) EntriesOf(session uuid.UUID, most int) ([]EntryEntry, error) {
	var rows []EntryEntry
	return rows, translate(q.db.Table("scan_events v").Joins("LEFT JOIN agents g ON g.id = v.agent_id").
		Joins("JOIN enrollments e ON e.id = v.enrollment_id").Joins("JOIN participants p ON p.id = e.participant_id").
		Where("v.session_id = ? AND v.verdict IN ?", session, []models.Verdict{models.VerdictAcceptedIn, models.VerdictUnlisted}).
		Select("v.*, COALESCE(g.name, '') AS agent_name, p.name AS person_name").Order("v.corrected, v.seq").Limit(most).Scan(&rows).Error)
}
