package store

import (
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// Visit names one person's attendance at one session.
type Visit struct{ Session, Enrollment uuid.UUID }

// Correct records decisions of the programme office about attendance, and folds them
// in. Their IDs, Orders and times are set here. O(decisions + their sessions).
func (t *Tx) Correct(rows ...models.Correction) error {
	if err := t.lockSessions(rows); err != nil {
		return err
	}
	visits := make([]Visit, len(rows))
	for i, c := range rows {
		visits[i] = Visit{c.SessionID, c.EnrollmentID}
	}
	said, err := t.CorrectionsAt(visits)
	if err != nil {
		return err
	}
	last, touched := map[Visit]int64{}, map[pair]bool{}
	for v, list := range said {
		last[v] = list[len(list)-1].Order
	}
	for i := range rows {
		c, v := &rows[i], visits[i]
		if c.ID, err = NewID(); err != nil {
			return err
		}
		last[v]++
		c.Order, c.CreatedAt, touched[pair{v.Session, v.Enrollment}] = last[v], t.now, true
		t.logCorrection(*c)
	}
	if err := t.db.CreateInBatches(rows, chunk).Error; err != nil {
		return translate(err)
	}
	return t.foldPairs(touched)
}

// lockSessions locks the sites of sessions, always in the same order.
func (t *Tx) lockSessions(rows []models.Correction) error {
	asked := map[uuid.UUID]bool{}
	for _, c := range rows {
		asked[c.SessionID] = true
	}
	return t.lockSitesOf(nil, slices.Collect(maps.Keys(asked)))
}

// at reads the rows about some visits, in an order.
func at[T any](db *gorm.DB, visits []Visit, order string) ([]T, error) {
	var out []T
	for part := range slices.Chunk(visits, chunk) {
		var args []any
		for _, v := range part {
			args = append(args, v.Session, v.Enrollment)
		}
		list := strings.TrimSuffix(strings.Repeat("(?, ?),", len(part)), ",")
		if db.Name() != "postgres" { // SQLite finds pairs in a table only
			list = "VALUES " + list
		}
		rows, err := all[T](db.Session(&gorm.Session{}).Where("(session_id, enrollment_id) IN ("+list+")", args...).Order(order))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// CorrectionsAt reads the decisions about some attendances, the oldest first.
func (q Queries) CorrectionsAt(visits []Visit) (map[Visit][]models.Correction, error) {
	rows, err := at[models.Correction](q.db, visits, "position")
	out := map[Visit][]models.Correction{}
	for _, c := range rows {
		v := Visit{c.SessionID, c.EnrollmentID}
		out[v] = append(out[v], c)
	}
	return out, err
}

// AttendancesAt reads what is recorded of some attendances; of others there is nothing.
func (q Queries) AttendancesAt(visits []Visit) (map[Visit]models.Attendance, error) {
	rows, err := at[models.Attendance](q.db, visits, "session_id")
	out := map[Visit]models.Attendance{}
	for _, a := range rows {
		out[Visit{a.SessionID, a.EnrollmentID}] = a
	}
	return out, err
}

// CorrectionsOfBulk lists the decisions that a bulk change made, and no other took back.
func (q Queries) CorrectionsOfBulk(id uuid.UUID) ([]models.Correction, error) {
	return all[models.Correction](q.db.Where("bulk_id = ? AND withdraws = 0", id).Order("id"))
}

// SessionsWith lists sessions by their ids.
func (q Queries) SessionsWith(ids ...uuid.UUID) ([]models.Session, error) {
	return in[models.Session](q.db.Order("id"), "id", ids)
}

// ClassesWith lists classes by their ids.
func (q Queries) ClassesWith(ids ...uuid.UUID) ([]models.Class, error) {
	return in[models.Class](q.db.Order("id"), "id", ids)
}

// Visits names the attendances that a list shows, at most some.
func (q Queries) Visits(f VisitFilter, most int) ([]Visit, error) {
	var rows []Visit
	return rows, translate(q.visits(f).Select("a.session_id AS session, a.enrollment_id AS enrollment").Order(visitOrder).Limit(most).Scan(&rows).Error)
}
