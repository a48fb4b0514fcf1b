package store

import (
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// SaveBulk adds a bulk change or says how far it is.
func (t *Tx) SaveBulk(b models.BulkChange) error {
	return upsert(t.db, []models.BulkChange{b}, "state", "carry", "undo_actor", "undo_cause", "done_at", "undone_at")
}

// SaveBulkItems adds the parts of a bulk change, or says what became of them.
func (t *Tx) SaveBulkItems(rows []models.BulkItem) error {
	if len(rows) == 0 {
		return nil
	}
	return translate(t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "bulk_id"}, {Name: "seq"}},
		DoUpdates: clause.AssignmentColumns([]string{"made_id", "state", "problem", "was", "was_derived", "carried"})}).CreateInBatches(rows, chunk).Error)
}

// LockBulk finds a bulk change and locks it; another transaction that wants to change it
// waits.
func (t *Tx) LockBulk(id uuid.UUID) (models.BulkChange, error) {
	return one[models.BulkChange](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = ?", id)
}

// Bulk finds a bulk change.
func (q Queries) Bulk(id uuid.UUID) (models.BulkChange, error) {
	return one[models.BulkChange](q.db, "id = ?", id)
}

// BulkItems lists the parts of a bulk change in order.
func (q Queries) BulkItems(id uuid.UUID) ([]models.BulkItem, error) {
	return all[models.BulkItem](q.db.Where("bulk_id = ?", id).Order("seq"))
}

// BulkEntry is a bulk change as a list shows it.
type BulkEntry struct {
	models.BulkChange
	ClassCode   string
	Items, Done int
}

// ListBulk lists bulk changes, the newest first.
func (q Queries) ListBulk(s Slice) (Listed[BulkEntry], error) {
	db := q.db.Table("bulk_changes b").Joins("LEFT JOIN classes c ON c.id = b.class_id")
	return listed[BulkEntry](db, `b.*, c.code AS class_code, (SELECT COUNT(*) FROM bulk_items i WHERE i.bulk_id = b.id) AS items,
		(SELECT COUNT(*) FROM bulk_items i WHERE i.bulk_id = b.id AND i.state IN ('done', 'waiting', 'undone', 'stuck')) AS done`,
		"b.created_at DESC, b.id DESC", s)
}

// TransfersWithin says whether a transfer moves anybody between classes of one course.
func (q Queries) TransfersWithin(id uuid.UUID) (bool, error) {
	var n int64
	err := q.db.Table("bulk_items i").Joins("JOIN bulk_changes b ON b.id = i.bulk_id").Joins("JOIN classes t ON t.id = b.class_id").
		Joins("JOIN enrollments e ON e.id = i.leave_id").Joins("JOIN classes c ON c.id = e.class_id").
		Where("i.bulk_id = ? AND c.course_id = t.course_id", id).Limit(1).Count(&n).Error
	return n > 0, translate(err)
}

// BulkItemEntry is one part of a bulk change with the names of its people and classes.
type BulkItemEntry struct {
	models.BulkItem
	LeaveName, LeaveNumber, LeaveClass string
	TakeName, TakeNumber               string
	// These are of a correction: the person, and the session.
	Name, Number, ClassCode string
	SessionSeq              int
	StartsAt                models.Millis
	Zone                    models.Zone
}

// ListBulkItems lists the parts of a bulk change in order.
func (q Queries) ListBulkItems(id uuid.UUID, s Slice) (Listed[BulkItemEntry], error) {
	db := q.db.Table("bulk_items i").Joins("LEFT JOIN enrollments e ON e.id = i.leave_id").Joins("LEFT JOIN classes c ON c.id = e.class_id").
		Joins("LEFT JOIN participants lp ON lp.id = e.participant_id").Joins("LEFT JOIN participants tp ON tp.id = i.participant_id").
		Joins("LEFT JOIN enrollments w ON w.id = i.enrollment_id").Joins("LEFT JOIN participants wp ON wp.id = w.participant_id").
		Joins("LEFT JOIN instructors wi ON wi.id = w.instructor_id").Joins("LEFT JOIN sessions x ON x.id = i.session_id").
		Joins("LEFT JOIN classes xc ON xc.id = x.class_id").Joins("LEFT JOIN sites xs ON xs.id = x.site_id").
		Where("i.bulk_id = ?", id)
	return listed[BulkItemEntry](db, `i.*, lp.name AS leave_name, lp.number AS leave_number, c.code AS leave_class,
		tp.name AS take_name, tp.number AS take_number, COALESCE(wp.name, wi.name) AS name, COALESCE(wp.number, wi.code) AS number,
		xc.code AS class_code, x.seq AS session_seq, x.starts_at, xs.zone`, "i.seq", s)
}

// CountBulkItems counts the parts of a bulk change by state.
func (q Queries) CountBulkItems(id uuid.UUID) (map[models.BulkItemState]int, error) {
	return countBy[models.BulkItemState, int](q.db.Table("bulk_items").Where("bulk_id = ?", id), "state")
}

// BulkOfEnrollment lists the bulk changes that made or ended a place, or corrected its
// attendance, the newest first.
func (q Queries) BulkOfEnrollment(id uuid.UUID) ([]models.BulkChange, error) {
	const touches = "id IN (SELECT bulk_id FROM bulk_items WHERE leave_id = ? OR made_id = ? OR enrollment_id = ?)"
	return all[models.BulkChange](q.db.Where(touches, id, id, id).Where("done_at > 0").
		Order("done_at DESC, id DESC"))
}

// WaitingEntry is somebody who waits for a place in a class.
type WaitingEntry struct {
	models.WaitingPlace
	Name, Number string
}

// Waiting lists who waits for places in a class, in the order in which they are served.
func (q Queries) Waiting(class uuid.UUID) ([]WaitingEntry, error) {
	var rows []WaitingEntry
	return rows, translate(q.db.Table("waiting_places w").Joins("JOIN participants p ON p.id = w.participant_id").
		Where("w.class_id = ? AND w.ended_at = 0", class).Select("w.*, p.name, p.number").Order("w.since, w.seq, w.participant_id").Scan(&rows).Error)
}

// AddWaiting puts people at the end of a class's waiting list. People who are on it
// already keep their turn.
func (t *Tx) AddWaiting(class uuid.UUID, participants ...uuid.UUID) error {
	rows := make([]models.WaitingPlace, len(participants))
	for i, id := range participants {
		rows[i] = models.WaitingPlace{ClassID: class, ParticipantID: id, Since: t.now, Seq: i}
	}
	if len(rows) == 0 {
		return nil
	}
	return translate(t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "class_id"}, {Name: "participant_id"}},
		Where:     clause.Where{Exprs: []clause.Expression{clause.Gt{Column: clause.Column{Table: "waiting_places", Name: "ended_at"}, Value: 0}}},
		DoUpdates: clause.AssignmentColumns([]string{"since", "seq", "ended_at"})}).CreateInBatches(rows, chunk).Error)
}

// EndWaiting takes people off a class's waiting list.
func (t *Tx) EndWaiting(class uuid.UUID, participants ...uuid.UUID) error {
	return t.setWaiting(class, t.now, "ended_at = 0", participants)
}

// ResumeWaiting puts people back on a waiting list, where they stood.
func (t *Tx) ResumeWaiting(class uuid.UUID, participants ...uuid.UUID) error {
	return t.setWaiting(class, 0, "ended_at > 0", participants)
}

func (t *Tx) setWaiting(class uuid.UUID, ended models.Millis, where string, participants []uuid.UUID) error {
	for part := range slices.Chunk(participants, chunk) {
		err := t.db.Model(&models.WaitingPlace{}).Where("class_id = ? AND participant_id IN ?", class, part).Where(where).Update("ended_at", ended).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

// EnrollmentsWith lists enrollments by their ids.
func (q Queries) EnrollmentsWith(ids ...uuid.UUID) ([]models.Enrollment, error) {
	return in[models.Enrollment](q.db.Order("id"), "id", ids)
}

// NeverCame lists the active places of participants who attended none of their class's
// past sessions and have no excuse, by name. The class must have a past session.
func (q Queries) NeverCame(class uuid.UUID) ([]models.Enrollment, error) {
	return all[models.Enrollment](q.db.Table("enrollments").Where(`class_id = ? AND role = ? AND status = ?
		AND EXISTS (SELECT 1 FROM attendances a WHERE a.enrollment_id = enrollments.id AND a.status = ?)
		AND NOT EXISTS (SELECT 1 FROM attendances a WHERE a.enrollment_id = enrollments.id AND a.status NOT IN `+unseen+`)`,
		class, models.PersonParticipant, models.EnrollmentActive, models.StatusAbsent).
		Order("(SELECT name FROM participants p WHERE p.id = enrollments.participant_id), id"))
}

// carried says of an attendance that the newest decision about it is a bulk change's own.
const carried = `EXISTS (SELECT 1 FROM corrections k WHERE k.session_id = a.session_id AND k.enrollment_id = a.enrollment_id AND k.bulk_id = ?
	AND k.position = (SELECT MAX(position) FROM corrections n WHERE n.session_id = a.session_id AND n.enrollment_id = a.enrollment_id))`

// CameTo says which of some places were used: the person was there, or is excused.
// Attendance that a bulk change carried there from another class does not count as use.
func (q Queries) CameTo(bulk uuid.UUID, enrollments ...uuid.UUID) (map[uuid.UUID]bool, error) {
	came := map[uuid.UUID]bool{}
	for part := range slices.Chunk(enrollments, chunk) {
		var ids []uuid.UUID
		err := q.db.Table("attendances a").Where("enrollment_id IN ? AND CASE WHEN "+carried+" THEN derived ELSE status END NOT IN "+unseen, part,
			bulk).Distinct().Pluck("enrollment_id", &ids).Error
		if err != nil {
			return nil, translate(err)
		}
		for _, id := range ids {
			came[id] = true
		}
	}
	return came, nil
}
