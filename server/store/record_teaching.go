package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// teaches says in SQL that the holder of an enrollment e belongs to a session x of its class: a
// participant always, an instructor unless somebody else teaches it.
const teaches = `COALESCE((SELECT th.teaches FROM teachings th WHERE th.session_id = x.id AND th.enrollment_id = e.id), NOT e.substitute)`

// Teachings reads the exceptions to who teaches sessions, by session and enrollment.
func (q Queries) Teachings(sessions ...uuid.UUID) (map[uuid.UUID]map[uuid.UUID]bool, error) {
	rows, err := in[models.Teaching](q.db, "session_id", sessions)
	out := map[uuid.UUID]map[uuid.UUID]bool{}
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
