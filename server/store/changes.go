package store

import (
	"encoding/binary"
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// changes is what a transaction changes of attendance and completion. It is numbered
// and told to webhooks at the transaction's end, see flushChanges.
type changes struct {
	attendance  map[uuid.UUID][]uuid.UUID // session to enrollments
	completions []uuid.UUID               // enrollments whose mark was set or taken away
	closed      []uuid.UUID               // classes
}

// noteChanged remembers whose attendance is another one than before.
func (t *Tx) noteChanged(session uuid.UUID, before, after []models.Attendance) {
	was := make(map[uuid.UUID]models.Attendance, len(before))
	for _, a := range before {
		was[a.EnrollmentID] = a
	}
	for _, a := range after {
		old, known := was[a.EnrollmentID]
		old.UpdatedAt, old.Accepted = a.UpdatedAt, a.Accepted // of no meaning to others
		if known && old == a {
			continue
		}
		if t.altered.attendance == nil {
			t.altered.attendance = map[uuid.UUID][]uuid.UUID{}
		}
		t.altered.attendance[session] = append(t.altered.attendance[session], a.EnrollmentID)
	}
}

// flushChanges gives what changed its revisions, finds what follows for completions,
// and stores the messages to webhooks. From its lock on, transactions wait for each
// other: the order of revisions is the order of commits.
func (t *Tx) flushChanges() error {
	if len(t.altered.attendance) > 0 {
		if err := t.revise(); err != nil {
			return err
		}
	}
	if err := t.settle(); err != nil {
		return err
	}
	return t.flushMessages()
}

func (t *Tx) revise() error {
	head, err := one[models.ChangeHead](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = 1")
	if err != nil {
		return err
	}
	var rows []models.AttendanceRevision
	listed := map[pair]bool{}
	for session, people := range t.altered.attendance {
		for _, person := range people {
			if !listed[pair{session, person}] {
				listed[pair{session, person}] = true
				head.Revision++
				rows = append(rows, models.AttendanceRevision{SessionID: session, EnrollmentID: person, Revision: head.Revision})
			}
		}
	}
	err = t.db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "session_id"}, {Name: "enrollment_id"}}, DoUpdates: clause.AssignmentColumns([]string{"revision"}),
	}).CreateInBatches(rows, chunk).Error
	if err != nil {
		return translate(err)
	}
	return translate(t.db.Save(&head).Error)
}

// AttendanceFact is one recorded attendance with what names it elsewhere. It names
// nobody: whoever may know people asks for them.
type AttendanceFact struct {
	SessionID     uuid.UUID
	EnrollmentID  uuid.UUID
	ClassID       uuid.UUID
	SiteID        uuid.UUID
	ProviderID    uuid.UUID
	ClassCode     string
	SessionSeq    int
	Role          models.PersonRole
	ParticipantID *uuid.UUID
	Number        string
	Status        models.AttendanceStatus
	Derived       models.AttendanceStatus
	FirstIn       models.Millis
	LastOut       models.Millis
	Minutes       int
	Flags         string
	Revision      int64
}

// ChangeFilter narrows the attendance that others may see. Provider is a limit: nil
// means that everything may be seen.
type ChangeFilter struct {
	Provider                         *uuid.UUID
	Class, Session, Site, Enrollment uuid.UUID
	Province                         string
	Status                           models.AttendanceStatus
}

func (q Queries) facts() *gorm.DB {
	return q.db.Table("attendance_revisions r").
		Joins("JOIN attendances a ON a.session_id = r.session_id AND a.enrollment_id = r.enrollment_id").
		Joins("JOIN sessions x ON x.id = a.session_id").Joins("JOIN classes c ON c.id = a.class_id").Joins("JOIN sites s ON s.id = x.site_id").
		Joins("JOIN enrollments e ON e.id = a.enrollment_id").Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN instructors i ON i.id = e.instructor_id").
		Select(`a.session_id, a.enrollment_id, a.class_id, x.site_id, c.provider_id, c.code AS class_code, x.seq AS session_seq,
			e.role, e.participant_id, COALESCE(pa.number, i.code) AS number, a.status, a.derived, a.first_in, a.last_out, a.minutes, a.flags, r.revision`).
		Order("r.revision")
}

// Changes lists recorded attendance in the order in which it changed last, from after
// a revision on, and says which revision to go on from: who does so, now or in a year,
// misses none.
func (q Queries) Changes(f ChangeFilter, after int64, limit int) (rows []AttendanceFact, next int64, err error) {
	head, err := one[models.ChangeHead](q.db, "id = 1") // before the rows: what they lack is newer
	if err != nil {
		return nil, 0, err
	}
	db := q.facts().Where("r.revision > ?", after).Limit(limit)
	if f.Provider != nil {
		db = db.Where("c.provider_id = ?", *f.Provider)
	}
	for column, id := range map[string]uuid.UUID{"a.class_id": f.Class, "a.session_id": f.Session, "x.site_id": f.Site, "a.enrollment_id": f.Enrollment} {
		if id != uuid.Nil {
			db = db.Where(column+" = ?", id)
		}
	}
	if f.Province != "" {
		db = db.Where("s.regency LIKE ?", f.Province+".%")
	}
	if f.Status != "" {
		db = db.Where("a.status = ?", f.Status)
	}
	if err := db.Scan(&rows).Error; err != nil {
		return nil, 0, translate(err)
	}
	if len(rows) == limit {
		return rows, rows[limit-1].Revision, nil
	}
	if next = max(head.Revision, after); len(rows) > 0 {
		next = max(next, rows[len(rows)-1].Revision)
	}
	return rows, next, nil
}

// ErrCursor says that a cursor is none of this database's, or older than the backup
// that it was put back from: start over.
var ErrCursor = errors.New("the cursor is not of this server's present record")

// ChangeCursor packs a revision for somebody to come back with. It is bound to the
// server's epoch: after a restore, the same revisions stand for other changes.
func (q Queries) ChangeCursor(revision int64) ([]byte, error) {
	epoch, err := one[models.Setting](q.db, "name = ?", settingEpoch)
	if err != nil {
		return nil, err
	}
	return binary.AppendUvarint(hashOf(string(epoch.Value))[:6], uint64(revision)), nil //nolint:gosec // counts from 0
}

// OpenChangeCursor unpacks what ChangeCursor made.
func (q Queries) OpenChangeCursor(cursor []byte) (int64, error) {
	if len(cursor) < 7 {
		return 0, ErrCursor
	}
	revision, n := binary.Uvarint(cursor[6:])
	ours, err := q.ChangeCursor(int64(revision)) //nolint:gosec // compared as bytes
	if err == nil && (n != len(cursor)-6 || string(ours) != string(cursor)) {
		err = ErrCursor
	}
	return int64(revision), err //nolint:gosec // compared as bytes
}
