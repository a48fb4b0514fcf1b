package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// changes is what a transaction changes of attendance and completion. It is numbered
// and told to webhooks at the transaction's end, see flushChanges.
type changes struct {
	shifts      []Shift
	attendance  map[uuid.UUID][]uuid.UUID // session to enrollments
	completions []uuid.UUID               // enrollments whose mark was set or taken away
	closed      []uuid.UUID               // classes
	replanned   map[uuid.UUID]bool        // classes with other sessions, hours or rules
}

// replans remembers that classes have other sessions, hours or rules than before.
func (t *Tx) replans(classes ...uuid.UUID) {
	if t.altered.replanned == nil {
		t.altered.replanned = map[uuid.UUID]bool{}
	}
	for _, class := range classes {
		t.altered.replanned[class] = true
	}
}

// Shift is a result that a transaction changes into another.
type Shift struct{ Was, Now models.Attendance }

// Shifts lists the results that the transaction has changed so far, by session and person.
func (t *Tx) Shifts() []Shift {
	out := slices.Clone(t.altered.shifts)
	slices.SortFunc(out, func(a, b Shift) int {
		return cmp.Or(bytes.Compare(a.Now.SessionID[:], b.Now.SessionID[:]), bytes.Compare(a.Now.EnrollmentID[:], b.Now.EnrollmentID[:]))
	})
	return out
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
		if known && (old.Status != a.Status || old.Minutes != a.Minutes) {
			t.altered.shifts = append(t.altered.shifts, Shift{Was: old, Now: a})
		}
		if t.altered.attendance == nil {
			t.altered.attendance = map[uuid.UUID][]uuid.UUID{}
		}
		t.altered.attendance[session] = append(t.altered.attendance[session], a.EnrollmentID)
	}
}

// Revise gives what has changed so far its revisions now, and announces it: what is issued
// next in the transaction is newer than that.
func (t *Tx) Revise() error {
	err := t.flushChanges()
	t.altered = changes{}
	return err
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

// AttendanceFact is one recorded attendance with what names it elsewhere. It has
// no names: a reader who may know people asks for them.
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
	Corrected     bool
	Final         bool
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

// facts reads what a query of revisions names. What is gone from the plan has no class.
func (q Queries) facts(revisions *gorm.DB) ([]AttendanceFact, error) {
	var rows []AttendanceFact
	return rows, translate(q.db.Table("(?) AS r", revisions.Select("r.session_id, r.enrollment_id, r.revision")).
		Joins("JOIN attendances a ON a.session_id = r.session_id AND a.enrollment_id = r.enrollment_id").
		Joins("LEFT JOIN sessions x ON x.id = a.session_id").Joins("LEFT JOIN classes c ON c.id = x.class_id").
		Joins("LEFT JOIN enrollments e ON e.id = a.enrollment_id").Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN instructors i ON i.id = e.instructor_id").
		Select(`a.session_id, a.enrollment_id, c.id AS class_id, x.site_id, c.provider_id, c.code AS class_code, x.seq AS session_seq,
			e.role, e.participant_id, COALESCE(pa.number, i.code) AS number, a.status, a.derived, a.corrected, a.final,
			a.first_in, a.last_out, a.minutes, a.flags, r.revision`).
		Order("r.revision").Scan(&rows).Error)
}

// planned leaves out what is gone from the plan.
func planned(rows []AttendanceFact) []AttendanceFact {
	return slices.DeleteFunc(rows, func(f AttendanceFact) bool { return f.ClassID == uuid.Nil || f.Role == "" })
}

// revisions selects the revisions that a filter lets through. All of it but a status and a person
// depends on the session alone. Where that names few sessions, they are read and sorted;
// else rows are read in order, by the index, and asked one by one.
func (q Queries) revisions(f ChangeFilter) *gorm.DB {
	db := q.db.Table("attendance_revisions r")
	sessions := q.db.Table("sessions x").Select("x.id").Joins("JOIN classes c ON c.id = x.class_id").Joins("JOIN sites s ON s.id = x.site_id")
	few := f.Class != uuid.Nil || f.Session != uuid.Nil || f.Site != uuid.Nil || f.Enrollment != uuid.Nil
	narrow := func(where string, arg any) { sessions = sessions.Where(where, arg) }
	if f.Provider != nil {
		narrow("c.provider_id = ?", *f.Provider)
	}
	if f.Class != uuid.Nil {
		narrow("x.class_id = ?", f.Class)
	}
	if f.Session != uuid.Nil {
		narrow("x.id = ?", f.Session)
	}
	if f.Site != uuid.Nil {
		narrow("x.site_id = ?", f.Site)
	}
	if f.Province != "" {
		narrow("s.regency LIKE ?", f.Province+".%")
	}
	if f.Enrollment != uuid.Nil {
		narrow("x.class_id IN (SELECT e.class_id FROM enrollments e WHERE e.id = ?)", f.Enrollment)
		db = db.Where("r.enrollment_id = ?", f.Enrollment)
	}
	switch {
	case few:
		db = db.Where("r.session_id IN (?)", sessions)
	case f.Provider != nil || f.Province != "":
		db = db.Where("EXISTS (?)", sessions.Where("x.id = r.session_id"))
	}
	if f.Status != "" {
		db = db.Joins("JOIN attendances a ON a.session_id = r.session_id AND a.enrollment_id = r.enrollment_id").Where("a.status = ?", f.Status)
	}
	return db
}

// Changes lists recorded attendance in the order in which it changed last, from after
// a revision on, and says which revision to go on from: who does so, now or in a year,
// misses none. More says that there is more to fetch at once.
func (q Queries) Changes(f ChangeFilter, after int64, limit int) (rows []AttendanceFact, next int64, more bool, err error) {
	head, err := one[models.ChangeHead](q.db, "id = 1") // before the rows: what they lack is newer
	if err != nil {
		return nil, 0, false, err
	}
	rows, err = q.facts(q.revisions(f).Where("r.revision > ?", after).Order("r.revision").Limit(limit))
	if err != nil {
		return nil, 0, false, err
	}
	next, more = max(head.Revision, after), len(rows) == limit
	if len(rows) > 0 && (more || rows[len(rows)-1].Revision > next) {
		next = rows[len(rows)-1].Revision
	}
	return planned(rows), next, more, nil
}

// ErrCursor says that a cursor does not come from this database, or is older than the backup
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
