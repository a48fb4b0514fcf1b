package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// BulkMost is how many people one bulk change is about at most: it is one
// transaction, and sites' uploads wait for it.
const BulkMost = 5000

// BulkRequest asks for a bulk change.
type BulkRequest struct {
	Kind    models.BulkKind
	Class   uuid.UUID   // enroll, transfer: where to; fill, replace: which
	Places  []uuid.UUID // cancel, transfer: the enrollments
	People  []uuid.UUID // enroll: the participants
	Waiting bool        // enroll: who finds no seat waits for one
	Reason  string      // asked for wherever a place is taken away
}

// DraftBulk keeps a bulk change, with what it would do to each, and changes
// nothing else.
func (p *Planner) DraftBulk(ctx context.Context, by Actor, r BulkRequest) (models.BulkChange, error) {
	b := models.BulkChange{Kind: r.Kind, State: models.BulkDraft, Waiting: r.Waiting, Reason: strings.TrimSpace(r.Reason), ActorID: by.ID, Actor: by.Name}
	if r.Class != uuid.Nil {
		b.ClassID = &r.Class
	}
	if b.Reason == "" && (r.Kind == models.BulkCancel || r.Kind == models.BulkTransfer || r.Kind == models.BulkReplace) {
		return b, refuse("plan.reason_needed").at("reason")
	}
	var err error
	if b.ID, err = newID(); err != nil {
		return b, err
	}
	return b, p.st.Write(ctx, func(tx *store.Tx) error {
		items, err := itemsOf(tx, by, r)
		if err != nil {
			return err
		}
		if len(items) > BulkMost {
			return refuse("bulk.too_many", "Most", BulkMost)
		}
		run, err := tryBulk(tx, b, items)
		if err != nil {
			return err
		}
		if b.Kind == models.BulkFill { // those for whom there is no seat just go on waiting
			items = slices.DeleteFunc(items, func(it models.BulkItem) bool { return run.full[*it.ParticipantID] })
		}
		if len(items) == 0 {
			return refuse("bulk.nobody")
		}
		for i := range items {
			items[i].BulkID, items[i].Seq, items[i].MadeID = b.ID, i+1, nil
		}
		return errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items))
	})
}

// itemsOf finds whom a request is about.
func itemsOf(tx *store.Tx, by Actor, r BulkRequest) ([]models.BulkItem, error) {
	if r.Kind != models.BulkCancel {
		c, err := tx.Class(r.Class)
		if err != nil {
			return nil, err
		}
		if !by.plans(c) {
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
	}
	return items, nil
}

func leaving(tx *store.Tx, by Actor, r BulkRequest) ([]models.BulkItem, error) {
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
			plans[e.ClassID] = by.plans(c)
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
	run.seating, err = seat(tx, unique(classes), unique(people))
	return run, err
}

// bulkRun is a bulk change on its way.
type bulkRun struct {
	*seating
	places map[uuid.UUID]models.Enrollment
	came   map[uuid.UUID]bool // the places that were used already
	full   map[uuid.UUID]bool // participants for whom no seat is left
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
			return settleItem(it, models.BulkItemRefused, refuse("plan.already_enrolled"))
		}
		if back, err = r.leave(from); err != nil {
			return settleItem(it, models.BulkItemRefused, err)
		}
	}
	if it.ParticipantID == nil {
		return nil
	}
	e, err := r.take(*b.ClassID, *it.ParticipantID)
	if err == nil {
		it.MadeID = &e.ID
		if past := r.warning(*b.ClassID); past != nil {
			return settleItem(it, it.State, past)
		}
		return nil
	}
	back()
	state := models.BulkItemRefused
	if refused, ok := errors.AsType[*Refusal](err); ok && refused.full() {
		r.full[*it.ParticipantID] = true
		if b.Waiting {
			state = models.BulkItemWaits
		}
	}
	return settleItem(it, state, err)
}

// settleItem notes a refusal at an item; what is none is given back.
func settleItem(it *models.BulkItem, state models.BulkItemState, err error) error {
	r, ok := errors.AsType[*Refusal](err)
	if !ok {
		return err
	}
	text, err := json.Marshal(problemOf(r))
	if err != nil {
		return fmt.Errorf("describe a refusal: %w", err)
	}
	it.State, it.Problem = state, string(text)
	return nil
}

// SkipBulkItem leaves somebody out of a bulk change that is not done yet, or takes
// them in again.
func (p *Planner) SkipBulkItem(ctx context.Context, id uuid.UUID, seq int) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		b, items, err := bulkIn(tx, id, models.BulkDraft, "bulk.is_done")
		if err != nil {
			return err
		}
		at := slices.IndexFunc(items, func(it models.BulkItem) bool { return it.Seq == seq })
		if at < 0 {
			return store.ErrNotFound
		}
		if items[at].State == models.BulkItemSkipped {
			items[at].State = models.BulkItemGood
		} else {
			items[at].State = models.BulkItemSkipped
		}
		if _, err := tryBulk(tx, b, items); err != nil { // a seat more or less changes what the others find
			return err
		}
		for i := range items {
			items[i].MadeID = nil
		}
		return tx.SaveBulkItems(items)
	})
}

func bulkIn(tx *store.Tx, id uuid.UUID, state models.BulkState, otherwise string) (models.BulkChange, []models.BulkItem, error) {
	b, err := tx.LockBulk(id)
	if err != nil {
		return b, nil, err
	}
	if b.State != state {
		return b, nil, refuse(otherwise)
	}
	items, err := tx.BulkItems(id)
	return b, items, err
}

// ApplyBulk does what was drafted, as far as the rules of by now allow.
func (p *Planner) ApplyBulk(ctx context.Context, by Actor, id uuid.UUID) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		b, items, err := bulkIn(tx, id, models.BulkDraft, "bulk.is_done")
		if err != nil {
			return err
		}
		r, err := tryBulk(tx, b, items)
		if err != nil {
			return err
		}
		done := 0
		var queue []uuid.UUID
		for i, it := range items {
			if it.State == models.BulkItemGood {
				items[i].State = models.BulkItemDone
				done++
			}
			if it.State == models.BulkItemWaits {
				items[i].State, queue = models.BulkItemWaiting, append(queue, *it.ParticipantID)
				done++
			}
		}
		if err := r.settle(b.Reason); err != nil {
			return err
		}
		if len(queue) > 0 {
			if err := tx.AddWaiting(*b.ClassID, queue...); err != nil {
				return err
			}
		}
		b.State, b.DoneAt = models.BulkDone, tx.Now()
		if err := errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items)); err != nil {
			return err
		}
		return by.record(tx, "bulk."+string(b.Kind), "bulk", id.String(), fmt.Sprintf("%d/%d", done, len(items)), b.Reason)
	})
}
