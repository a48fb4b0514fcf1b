package review

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Carrying is the work of letting what a transferred person attended in the old class
// count in the new one: at its sessions that are over, by their numbers, where both
// classes are of one course. It follows the work of giving places.
type Carrying struct{}

// Try counts for each how many sessions it would be.
func (Carrying) Try(tx *store.Tx, b models.BulkChange, items []models.BulkItem) error {
	_, err := carried(tx, b, items, models.BulkItemGood)
	return err
}

// Do records them as corrections whose reasons name where they come from.
func (Carrying) Do(tx *store.Tx, by office.Actor, b models.BulkChange, items []models.BulkItem) error {
	rows, err := carried(tx, b, items, models.BulkItemDone)
	if err != nil {
		return err
	}
	return correctAs(tx, by, b, rows)
}

// Undo withdraws them from the people who moved back.
func (Carrying) Undo(tx *store.Tx, by office.Actor, b models.BulkChange, items []models.BulkItem, reason string) error {
	mine, err := standing(tx, b)
	if err != nil {
		return err
	}
	back := map[uuid.UUID]bool{}
	for _, it := range items {
		if it.State == models.BulkItemUndone && it.MadeID != nil {
			back[*it.MadeID] = true
		}
	}
	var rows []models.Correction
	for _, c := range mine {
		if back[c.EnrollmentID] {
			rows = append(rows, withdrawal(c, reason))
		}
	}
	return correctAs(tx, by, b, rows)
}

// number is one session of a class, by what two classes of a course have in common.
type number struct {
	class uuid.UUID
	seq   int
}

// carriage is what is looked at to carry attendance along.
type carriage struct {
	scene
	to      models.Class
	classes map[uuid.UUID]models.Class
	held    map[number]models.Session // that are over
}

// carried says what the items in a state take along, and notes at each how much.
func carried(tx *store.Tx, b models.BulkChange, items []models.BulkItem, state models.BulkItemState) ([]models.Correction, error) {
	var moving []*models.BulkItem
	for i := range items {
		if items[i].State == state && items[i].LeaveID != nil && items[i].MadeID != nil {
			moving = append(moving, &items[i])
		}
	}
	if len(moving) == 0 {
		return nil, nil
	}
	c, err := carriageOf(tx, b, moving)
	if err != nil {
		return nil, err
	}
	var rows []models.Correction
	for _, it := range moving {
		some := c.of(*it, b.Reason)
		it.Carried = len(some)
		rows = append(rows, some...)
	}
	return rows, nil
}

func carriageOf(tx *store.Tx, b models.BulkChange, moving []*models.BulkItem) (carriage, error) {
	c := carriage{classes: map[uuid.UUID]models.Class{}, held: map[number]models.Session{}}
	c.places = map[uuid.UUID]models.Enrollment{}
	var left []uuid.UUID
	for _, it := range moving {
		left = append(left, *it.LeaveID)
	}
	places, err := tx.EnrollmentsWith(left...)
	if err != nil {
		return c, err
	}
	ids, known := []uuid.UUID{*b.ClassID}, map[uuid.UUID]bool{*b.ClassID: true}
	for _, e := range places {
		c.places[e.ID] = e
		if !known[e.ClassID] {
			known[e.ClassID], ids = true, append(ids, e.ClassID)
		}
	}
	classes, err1 := tx.ClassesWith(ids...)
	sessions, err2 := tx.SessionsOf(ids...)
	var err3 error
	c.policies, err3 = policiesOf(tx, ids)
	if err := errors.Join(err1, err2, err3); err != nil {
		return c, err
	}
	for _, class := range classes {
		c.classes[class.ID] = class
	}
	c.to = c.classes[*b.ClassID]
	for _, s := range sessions {
		if s.Status == models.SessionPlanned && s.EndsAt <= tx.Now() {
			c.held[number{s.ClassID, s.Seq}] = s
		}
	}
	var visits []store.Visit
	for _, it := range moving {
		for _, pair := range c.pairs(*it) {
			visits = append(visits, pair.from, pair.to)
		}
	}
	c.now, err = tx.AttendancesAt(visits)
	return c, err
}

// carry is from where to where one attendance would go.
type carry struct {
	from, to store.Visit
	session  models.Session // from which
}

func (c carriage) pairs(it models.BulkItem) (list []carry) {
	from := c.classes[c.places[*it.LeaveID].ClassID]
	if from.CourseID != c.to.CourseID {
		return nil
	}
	for at, s := range c.held {
		if next, ok := c.held[number{c.to.ID, at.seq}]; ok && at.class == from.ID {
			list = append(list, carry{store.Visit{Session: s.ID, Enrollment: *it.LeaveID}, store.Visit{Session: next.ID, Enrollment: *it.MadeID}, s})
		}
	}
	return list
}

// of are the corrections that one person's transfer makes. Where the record says
// anything of them in the new class already, that stands.
func (c carriage) of(it models.BulkItem, reason string) (rows []models.Correction) {
	for _, pair := range c.pairs(it) {
		there := c.attendance(pair.to)
		if there.Corrected || there.Status != models.StatusAbsent && there.Status != models.StatusPending && there.Status != models.StatusNotEnrolled {
			continue
		}
		class := c.classes[pair.session.ClassID]
		status, ok := attendance.Carried(c.policies[class.ID], ruleOf(pair.session), attendance.Of(c.attendance(pair.from)))
		if ok {
			rows = append(rows, models.Correction{
				SessionID: pair.to.Session, EnrollmentID: pair.to.Enrollment, Status: status, Reason: carryReason(class, pair.session, reason)})
		}
	}
	return rows
}

// carryReason is in the office's language, whoever reads it: it stands on the record.
func carryReason(from models.Class, s models.Session, reason string) string {
	return fmt.Sprintf("Dibawa dari kelas %s sesi %d: %s", from.Code, s.Seq, reason)
}
