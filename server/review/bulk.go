package review

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/server/bulk"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Request asks to set the attendance of many to one status.
type Request struct {
	Visits   []store.Visit
	Status   models.AttendanceStatus
	Reason   string
	Evidence *Evidence // shown for all of them; nil: none
}

// DraftCorrections stores a bulk change with its expected result for each person. It does
// not correct anything yet.
func DraftCorrections(ctx context.Context, st *store.Store, by models.User, r Request) (models.BulkChange, error) {
	b := models.BulkChange{Kind: models.BulkCorrect, Status: r.Status, Reason: strings.TrimSpace(r.Reason), ActorID: &by.ID, Actor: by.Name}
	shown, err := checked(by, r.Status, b.Reason, r.Evidence)
	if err != nil {
		return b, err
	}
	if r.Evidence != nil {
		b.Evidence = hex.EncodeToString(shown.SHA256[:])
	}
	return bulk.Draft(ctx, st, b, func(tx *store.Tx, b models.BulkChange) ([]models.BulkItem, error) {
		var items []models.BulkItem
		seen := map[store.Visit]bool{}
		for _, v := range r.Visits {
			if !seen[v] {
				seen[v] = true
				items = append(items, models.BulkItem{SessionID: &v.Session, EnrollmentID: &v.Enrollment})
			}
		}
		if len(items) > bulk.Most { // too many are not even tried
			return items, nil
		}
		if r.Evidence != nil {
			shown.EntityID = b.ID
			if err := tx.KeepEvidence(shown); err != nil {
				return nil, err
			}
		}
		return keepKnown(tx, items, b)
	})
}

// keepKnown tries items, without those that the plan does not know.
func keepKnown(tx *store.Tx, items []models.BulkItem, b models.BulkChange) ([]models.BulkItem, error) {
	at, err := sceneOf(tx, items)
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(it models.BulkItem) bool {
		_, session := at.sessions[*it.SessionID]
		_, place := at.places[*it.EnrollmentID]
		return !session || !place
	})
	at.try(tx.Now(), b, items)
	return items, nil
}

// Corrections is the work of correcting attendance.
type Corrections struct{}

// Try computes the present statuses, and the people whom the change leaves out.
func (Corrections) Try(tx *store.Tx, b models.BulkChange, items []models.BulkItem) error {
	at, err := sceneOf(tx, items)
	if err == nil {
		at.try(tx.Now(), b, items)
	}
	return err
}

// Do corrects.
func (w Corrections) Do(tx *store.Tx, by office.Actor, b models.BulkChange, items []models.BulkItem) error {
	if err := w.Try(tx, b, items); err != nil {
		return err
	}
	var rows []models.Correction
	for i, it := range items {
		if it.State == models.BulkItemGood {
			items[i].State = models.BulkItemDone
			rows = append(rows, models.Correction{SessionID: *it.SessionID, EnrollmentID: *it.EnrollmentID, Status: b.Status, Reason: b.Reason, Evidence: b.Evidence})
		}
	}
	return correctAs(tx, by, b, rows)
}

// Undo withdraws the corrections. A later decision by a person stays.
func (Corrections) Undo(tx *store.Tx, by office.Actor, b models.BulkChange, items []models.BulkItem, reason string) error {
	mine, err := standing(tx, b)
	if err != nil {
		return err
	}
	var rows []models.Correction
	for i := range items {
		it := &items[i]
		if it.State != models.BulkItemDone {
			continue
		}
		c, ok := mine[store.Visit{Session: *it.SessionID, Enrollment: *it.EnrollmentID}]
		if !ok {
			if err := bulk.Settle(it, models.BulkItemStuck, office.Refuse("bulk.decided_since")); err != nil {
				return err
			}
			continue
		}
		it.State = models.BulkItemUndone
		rows = append(rows, withdrawal(c, reason))
	}
	return correctAs(tx, by, b, rows)
}

// standing are a bulk change's corrections that are in force still.
func standing(tx *store.Tx, b models.BulkChange) (map[store.Visit]models.Correction, error) {
	made, err := tx.CorrectionsOfBulk(b.ID)
	if err != nil {
		return nil, err
	}
	visits := make([]store.Visit, len(made))
	for i, c := range made {
		visits[i] = store.Visit{Session: c.SessionID, Enrollment: c.EnrollmentID}
	}
	said, err := tx.CorrectionsAt(visits)
	out := map[store.Visit]models.Correction{}
	for i, c := range made {
		if newest, ok := InForce(said[visits[i]]); ok && newest.ID == c.ID {
			out[visits[i]] = c
		}
	}
	return out, err
}

// InForce finds the decision that counts among all about one attendance.
func InForce(said []models.Correction) (models.Correction, bool) {
	rules := make([]attendance.Correction, len(said))
	for i, c := range said {
		rules[i] = attendance.Correction{Order: uint64(c.Order), Status: c.Status, Withdraws: uint64(c.Withdraws)} //nolint:gosec // count from 1
	}
	if newest, ok := attendance.InForce(rules); ok {
		at := slices.IndexFunc(rules, func(c attendance.Correction) bool { return c == newest })
		return said[at], true
	}
	return models.Correction{}, false
}

func withdrawal(c models.Correction, reason string) models.Correction {
	return models.Correction{SessionID: c.SessionID, EnrollmentID: c.EnrollmentID, Withdraws: c.Order, Reason: reason}
}

// errNobody says that a decision has no author: every one on the record has.
var errNobody = errors.New("a correction needs an author")

// correctAs records decisions as part of a bulk change.
func correctAs(tx *store.Tx, by office.Actor, b models.BulkChange, rows []models.Correction) error {
	if len(rows) == 0 {
		return nil
	}
	if by.ID == nil {
		return errNobody
	}
	for i := range rows {
		rows[i].AuthorID, rows[i].Author, rows[i].BulkID = *by.ID, by.Name, &b.ID
	}
	return tx.Correct(rows...)
}

// scene is what the rules about a bulk correction look at.
type scene struct {
	sessions map[uuid.UUID]models.Session
	places   map[uuid.UUID]models.Enrollment
	policies map[uuid.UUID]models.Policy // by class
	now      map[store.Visit]models.Attendance
}

func sceneOf(tx *store.Tx, items []models.BulkItem) (scene, error) {
	at := scene{sessions: map[uuid.UUID]models.Session{}, places: map[uuid.UUID]models.Enrollment{}}
	visits := make([]store.Visit, len(items))
	asked := map[uuid.UUID]bool{}
	var sessionIDs, placeIDs, classIDs []uuid.UUID
	once := func(ids *[]uuid.UUID, id uuid.UUID) {
		if !asked[id] {
			asked[id], *ids = true, append(*ids, id)
		}
	}
	for i, it := range items {
		visits[i] = store.Visit{Session: *it.SessionID, Enrollment: *it.EnrollmentID}
		once(&sessionIDs, *it.SessionID)
		once(&placeIDs, *it.EnrollmentID)
	}
	sessions, err1 := tx.SessionsWith(sessionIDs...)
	places, err2 := tx.EnrollmentsWith(placeIDs...)
	var err3 error
	at.now, err3 = tx.AttendancesAt(visits)
	if err := errors.Join(err1, err2, err3); err != nil {
		return at, err
	}
	for _, s := range sessions {
		at.sessions[s.ID] = s
		once(&classIDs, s.ClassID)
	}
	for _, e := range places {
		at.places[e.ID] = e
	}
	var err error
	at.policies, err = policiesOf(tx, classIDs)
	return at, err
}

// policiesOf is what classes are judged by.
func policiesOf(tx *store.Tx, ids []uuid.UUID) (map[uuid.UUID]models.Policy, error) {
	classes, err := tx.ClassesWith(ids...)
	out, pilots := map[uuid.UUID]models.Policy{}, map[uuid.UUID]models.Pilot{}
	for _, c := range classes {
		pilot, known := pilots[c.PilotID]
		if !known {
			if pilot, err = tx.Pilot(c.PilotID); err != nil {
				return nil, err
			}
			pilots[c.PilotID] = pilot
		}
		out[c.ID] = store.PolicyOf(c, pilot)
	}
	return out, err
}

// try says of each item what is there now, and whether it may be corrected.
func (at scene) try(now models.Millis, b models.BulkChange, items []models.BulkItem) {
	for i := range items {
		it := &items[i]
		a := at.attendance(store.Visit{Session: *it.SessionID, Enrollment: *it.EnrollmentID})
		it.Was, it.WasDerived = a.Status, a.Derived
		if it.State == models.BulkItemSkipped {
			continue
		}
		it.State, it.Problem = models.BulkItemGood, ""
		if why := at.against(now, b.Status, *it, a); why != nil {
			_ = bulk.Settle(it, models.BulkItemRefused, why) // it is a refusal
		}
	}
}

func (at scene) attendance(v store.Visit) models.Attendance {
	if a, ok := at.now[v]; ok {
		return a
	}
	return models.Attendance{Status: models.StatusPending, Derived: models.StatusPending}
}

// against says why somebody cannot be corrected. A correction to the present status would
// say nothing new, except that a stay counts that was too short.
func (at scene) against(now models.Millis, to models.AttendanceStatus, it models.BulkItem, a models.Attendance) *office.Refusal {
	s, e := at.sessions[*it.SessionID], at.places[*it.EnrollmentID]
	came := to == models.StatusPresent || to == models.StatusLate
	switch {
	case e.ClassID != s.ClassID || e.Status != models.EnrollmentActive:
		return office.Refuse("bulk.no_place")
	case unmet(s, to, now) != nil:
		return unmet(s, to, now)
	case a.Status == to && (!came || attendance.Attends(at.policies[s.ClassID], ruleOf(s), attendance.Of(a))):
		return office.Refuse("bulk.already")
	}
	return nil
}

func ruleOf(s models.Session) attendance.Session {
	return attendance.Session{ID: s.ID, Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Cancelled: s.Status == models.SessionCancelled}
}
