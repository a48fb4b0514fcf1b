package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// teaches says in SQL that the holder of an enrollment e belongs to a session x of its class: a
// participant always, an instructor unless somebody else teaches it.
const teaches = `COALESCE((SELECT th.teaches FROM teachings th WHERE th.session_id = x.id AND th.enrollment_id = e.id), NOT e.substitute)`

// Teachings are the exceptions to who teaches sessions, by session and enrollment.
type Teachings map[uuid.UUID]map[uuid.UUID]bool

// Meets says that somebody of a session's class belongs to the session, as teaches does in SQL.
func (x Teachings) Meets(e models.Enrollment, session uuid.UUID) bool {
	teaches, exception := x[session][e.ID]
	return teaches || !exception && !e.Substitute
}

// Teachings reads the exceptions of sessions.
func (q Queries) Teachings(sessions ...uuid.UUID) (Teachings, error) {
	rows, err := in[models.Teaching](q.db, "session_id", sessions)
	out := Teachings{}
	for _, r := range rows {
		if out[r.SessionID] == nil {
			out[r.SessionID] = map[uuid.UUID]bool{}
		}
		out[r.SessionID][r.EnrollmentID] = r.Teaches
	}
	return out, err
}

// SetTeachings replaces the exceptions to who teaches a session.
func (t *Tx) SetTeachings(session uuid.UUID, rows []models.Teaching) error {
	if err := t.db.Where("session_id = ?", session).Delete(&models.Teaching{}).Error; err != nil || len(rows) == 0 {
		return translate(err)
	}
	return translate(t.db.Create(&rows).Error)
}
