package review_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/review"
	"buktihadir/server/store"
)

// opened opens two cases: bytes that no journal takes, and an event of somebody of another class.
func (o *fixture) opened() []uuid.UUID {
	o.t.Helper()
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error { return tx.KeepRejected(o.agent.ID, "fork", []byte("x")) }))
	e := o.events[len(o.events)-1]
	e.Seq, e.Prev, e.Enrollment = o.head.Seq+1, o.head.Hash, o.place("B", 4).Enrollment.ID
	canonical, err := e.Bytes()
	o.ok(err)
	o.head, err = o.head.Follow(e, canonical)
	o.ok(err)
	o.events = append(o.events, e)
	o.tell(o.now)
	list, err := o.q().ListCases(store.CaseFilter{State: models.CaseOpen}, store.Slice{Limit: 9})
	o.ok(err)
	var ids []uuid.UUID
	for _, k := range list.Rows {
		ids = append(ids, k.ID)
	}
	return ids
}

func TestCasesOfSeveralKindsAreDecidedOneKindAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
		ids := o.opened()
		if len(ids) != 2 {
			t.Fatalf("%d cases are open, want 2", len(ids))
		}
		d := review.Decision{State: models.CaseDismissed, Reason: "dicek"}
		if done, err := review.Decide(t.Context(), o.st, o.by, ids, d); done != 0 || !errors.Is(err, review.ErrManyKinds) {
			t.Errorf("both at once: %d are decided, %v", done, err)
		}
		for _, id := range ids {
			if k, err := o.q().CaseByID(id); err != nil || k.State != models.CaseOpen {
				t.Errorf("%s is %s, %v", k.Kind, k.State, err)
			}
		}
		for _, id := range ids {
			if done, err := review.Decide(t.Context(), o.st, o.by, []uuid.UUID{id}, d); done != 1 || err != nil {
				t.Errorf("one: %d are decided, %v", done, err)
			}
		}
	})
}

func TestWhatTheOfficeLostThePlanOfIsCountedForManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
		s := o.session("A", 4)
		o.now = s.EndsAt.Add(time.Hour)
		from := len(o.events)
		for person := range 3 {
			o.came("A", 4, person, 0, 240)
		}
		lost := uuid.New() // the plan that the desk knew has gone with a disk, and was made again by hand
		o.head = journal.Head{Agent: o.head.Agent, Epoch: o.head.Epoch}
		for i, e := range o.events {
			if i >= from {
				e.Session = lost
			}
			e.Seq, e.Prev = o.head.Seq+1, o.head.Hash
			canonical, err := e.Bytes()
			o.ok(err)
			o.head, err = o.head.Follow(e, canonical)
			o.ok(err)
			o.events[i] = e
		}
		o.tell(o.now)
		list, err := o.q().ListCases(store.CaseFilter{Kind: models.CaseUnknownSession, State: models.CaseOpen}, store.Slice{Limit: 9})
		o.ok(err)
		var ids []uuid.UUID
		for _, k := range list.Rows {
			ids = append(ids, k.ID)
		}
		done, err := review.Decide(t.Context(), o.st, o.by, ids, review.Decision{State: models.CaseConfirmed, Reason: "dicek"})
		if done != 3 || err != nil {
			t.Fatalf("%d of 3 are decided, %v", done, err)
		}
		for person := range 3 {
			if got := o.at(o.visit("A", 4, person)); got.Status != models.StatusPresent || got.Accepted != 2 {
				t.Errorf("P-%d: %+v", person, got)
			}
		}
	})
}
