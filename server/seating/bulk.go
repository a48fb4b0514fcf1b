package seating

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// BulkRequest asks for a bulk change.
type BulkRequest struct {
	Kind    models.BulkKind
	Class   uuid.UUID   // enroll, transfer: where to; fill, replace: which
	Places  []uuid.UUID // cancel, transfer: the enrollments
	People  []uuid.UUID // enroll: the participants
	Waiting bool        // enroll: people who do not get a seat go on the waiting list
	Reason  string      // asked for wherever a place is taken away
}

// DraftBulk stores a bulk change with its expected result for each person, and changes
// nothing else.
func (p *Service) DraftBulk(ctx context.Context, by office.Actor, r BulkRequest) (models.BulkChange, error) {
	b := models.BulkChange{Kind: r.Kind, Waiting: r.Waiting, Reason: strings.TrimSpace(r.Reason), ActorID: by.ID, Actor: by.Name}
	if r.Class != uuid.Nil {
		b.ClassID = &r.Class
	}
	if b.Reason == "" && (r.Kind == models.BulkCancel || r.Kind == models.BulkTransfer || r.Kind == models.BulkReplace) {
		return b, office.ReasonNeeded()
	}
	return bulk.Draft(ctx, p.st, b, func(tx *store.Tx, b models.BulkChange) ([]models.BulkItem, error) {
		items, err := itemsOf(tx, by, r)
		if err != nil || len(items) > bulk.Most { // too many are not even tried
			return items, err
		}
		run, err := tryBulk(tx, b, items)
		if err == nil && b.Kind == models.BulkFill { // people without a seat just stay on the waiting list
			items = slices.DeleteFunc(items, func(it models.BulkItem) bool { return run.full[*it.ParticipantID] })
		}
		return items, err
	})
}

// itemsOf finds whom a request is about.
func itemsOf(tx *store.Tx, by office.Actor, r BulkRequest) ([]models.BulkItem, error) {
	if r.Kind != models.BulkCancel {
		c, err := tx.Class(r.Class)
		if err != nil {
			return nil, err
		}
		if !by.Plans(c) {
			return nil, store.ErrNotFound
		}
	}
	var items []models.BulkItem
	switch r.Kind {
	case models.BulkEnroll:
		for _, id := range unique(r.People) {
			items = append(items, models.BulkItem{ParticipantID: &id})
		}
	case models.BulkCancel, models.BulkTransfer:
		return leaving(tx, by, r)
	case models.BulkFill, models.BulkReplace:
		waiting, err := tx.Waiting(r.Class)
		if err != nil {
			return nil, err
		}
		for _, w := range waiting {
			items = append(items, models.BulkItem{ParticipantID: &w.ParticipantID})
		}
		if r.Kind == models.BulkFill {
			break
		}
		empty, err := tx.NeverCame(r.Class)
		if err != nil {
			return nil, err
		}
		items = items[:min(len(items), len(empty))]
		for i := range items {
			items[i].LeaveID = &empty[i].ID
		}
	case models.BulkCorrect: // of no place
	}
	return items, nil
}

func leaving(tx *store.Tx, by office.Actor, r BulkRequest) ([]models.BulkItem, error) {
	rows, err := tx.EnrollmentsWith(unique(r.Places)...)
	if err != nil {
		return nil, err
	}
	var items []models.BulkItem
	plans := map[uuid.UUID]bool{} // by class
	for _, e := range rows {
		if _, known := plans[e.ClassID]; !known {
			c, err := tx.Class(e.ClassID)
			if err != nil {
				return nil, err
			}
			plans[e.ClassID] = by.Plans(c)
		}
		if e.ParticipantID == nil || !plans[e.ClassID] {
			continue
		}
		it := models.BulkItem{LeaveID: &e.ID}
		if r.Kind == models.BulkTransfer {
			it.ParticipantID = e.ParticipantID
		}
		items = append(items, it)
	}
	return items, nil
}

func unique(ids []uuid.UUID) []uuid.UUID {
	seen := map[uuid.UUID]bool{}
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool {
		twice := seen[id]
		seen[id] = true
		return twice
	})
}

// bulkSeats counts the classes that a bulk change is about.
func bulkSeats(tx *store.Tx, b models.BulkChange, items []models.BulkItem) (*bulkRun, error) {
	run := &bulkRun{places: map[uuid.UUID]models.Enrollment{}, full: map[uuid.UUID]bool{}}
	var classes, people, leaves []uuid.UUID
	if b.ClassID != nil {
		classes = append(classes, *b.ClassID)
	}
	for _, it := range items {
		for _, id := range []*uuid.UUID{it.LeaveID, it.MadeID} {
			if id != nil {
				leaves = append(leaves, *id)
			}
		}
		if it.ParticipantID != nil {
			people = append(people, *it.ParticipantID)
		}
	}
	rows, err := tx.EnrollmentsWith(leaves...)
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		run.places[e.ID] = e
		classes, people = append(classes, e.ClassID), append(people, *e.ParticipantID)
	}
	run.Seats, err = LoadSeats(tx, unique(classes), unique(people))
	return run, err
}

// bulkRun is a bulk change on its way.
type bulkRun struct {
	*Seats
	places map[uuid.UUID]models.Enrollment
	came   map[uuid.UUID]bool // the places that were used already
	full   map[uuid.UUID]bool // participants who do not get a seat
}

// tryBulk does everybody's part but whose were left out, without storing anything.
func tryBulk(tx *store.Tx, b models.BulkChange, items []models.BulkItem) (*bulkRun, error) {
	r, err := bulkSeats(tx, b, items)
	if err != nil {
		return nil, err
	}
	for i := range items {
		if items[i].State == models.BulkItemSkipped {
			continue
		}
		if err := r.step(b, &items[i]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// step does one person's part, or notes why it can't be.
func (r *bulkRun) step(b models.BulkChange, it *models.BulkItem) error {
	it.State, it.Problem = models.BulkItemGood, ""
	back := func() {}
	if it.LeaveID != nil {
		from, err := r.places[*it.LeaveID], error(nil)
		if b.Kind == models.BulkTransfer && from.ClassID == *b.ClassID {
			return bulk.Settle(it, models.BulkItemRefused, office.Refuse("plan.already_enrolled"))
		}
		if back, err = r.Leave(from); err != nil {
			return bulk.Settle(it, models.BulkItemRefused, err)
		}
	}
	if it.ParticipantID == nil {
		return nil
	}
	e, err := r.take(*b.ClassID, *it.ParticipantID)
	if err == nil {
		it.MadeID = &e.ID
		if past := r.warning(*b.ClassID); past != nil {
			return bulk.Settle(it, it.State, past)
		}
		return nil
	}
	back()
	state := models.BulkItemRefused
	if office.IsFull(err) {
		r.full[*it.ParticipantID] = true
		if b.Waiting {
			state = models.BulkItemWaits
		}
	}
	return bulk.Settle(it, state, err)
}

// Places is the work of giving and taking places.
type Places struct{}

// Try computes the result for each person.
func (Places) Try(tx *store.Tx, b models.BulkChange, items []models.BulkItem) error {
	_, err := tryBulk(tx, b, items)
	return err
}

// Do gives and takes the places.
func (Places) Do(tx *store.Tx, _ office.Actor, b models.BulkChange, items []models.BulkItem) error {
	r, err := tryBulk(tx, b, items)
	if err != nil {
		return err
	}
	var queue []uuid.UUID
	for i, it := range items {
		switch it.State { //nolint:exhaustive // the others stay what they are
		case models.BulkItemGood:
			items[i].State = models.BulkItemDone
		case models.BulkItemWaits:
			items[i].State, queue = models.BulkItemWaiting, append(queue, *it.ParticipantID)
		}
	}
	if err := r.Save(b.Reason); err != nil {
		return err
	}
	if len(queue) == 0 {
		return nil
	}
	return tx.AddWaiting(*b.ClassID, queue...)
}
