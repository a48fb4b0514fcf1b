// Package bulk changes many things at once, in steps that a person can look at. A change
// is drafted, with the expected result of each item. People can be left out. It is done
// in one transaction, by the rules of that moment. It can be undone, for a reason, as far
// as possible.
//
// A [Work] knows what to do with an item: package seating gives and takes places, package
// review corrects attendance. Nothing is ever deleted.
package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Most is how many items one bulk change has at most: it is one transaction, and
// sites' uploads wait for it.
const Most = 5000

// Work is one kind of bulk change. It sets the states of the items. If it cannot change
// an item it notes the reason there, see Settle, and goes on.
type Work interface {
	// Try computes the result of every item that was not left out, without storing
	// anything.
	Try(tx *store.Tx, b models.BulkChange, items []models.BulkItem) error
	// Do does it.
	Do(tx *store.Tx, by office.Actor, b models.BulkChange, items []models.BulkItem) error
	// Undo takes back what was done.
	Undo(tx *store.Tx, by office.Actor, b models.BulkChange, items []models.BulkItem, reason string) error
}

// Settle notes a refusal at an item. It returns an error that is not a refusal.
func Settle(it *models.BulkItem, state models.BulkItemState, err error) error {
	r, ok := office.RefusalOf(err)
	if !ok {
		return err
	}
	text, err := r.Problem().Text()
	if err != nil {
		return err
	}
	it.State, it.Problem = state, text
	return nil
}

// Draft stores a change with the items that find returns, and tries them; it changes
// nothing else. It sets the change's ID and state.
func Draft(ctx context.Context, st *store.Store, b models.BulkChange,
	find func(*store.Tx, models.BulkChange) ([]models.BulkItem, error)) (models.BulkChange, error) {
	id, err := store.NewID()
	if err != nil {
		return b, err
	}
	b.ID, b.State = id, models.BulkDraft
	return b, st.Write(ctx, func(tx *store.Tx) error {
		items, err := find(tx, b)
		switch {
		case err != nil:
			return err
		case len(items) == 0:
			return office.Refuse("bulk.nobody")
		case len(items) > Most:
			return office.Refuse("bulk.too_many", "Most", Most)
		}
		for i := range items {
			items[i].BulkID, items[i].Seq, items[i].MadeID = b.ID, i+1, nil
		}
		return errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items))
	})
}

// Changes carries drafted changes on.
type Changes struct {
	st    *store.Store
	works func(models.BulkChange) []Work // done and undone in this order
}

// New makes a service; works gives the work for a change.
func New(st *store.Store, works func(models.BulkChange) []Work) *Changes { return &Changes{st, works} }

// Skip leaves an item out of a change that is not done yet, or takes it in again.
func (c *Changes) Skip(ctx context.Context, id uuid.UUID, seq int) error {
	return c.redraft(ctx, id, func(_ *models.BulkChange, items []models.BulkItem) error {
		at := slices.IndexFunc(items, func(it models.BulkItem) bool { return it.Seq == seq })
		if at < 0 {
			return store.ErrNotFound
		}
		if items[at].State == models.BulkItemSkipped {
			items[at].State = models.BulkItemGood
		} else {
			items[at].State = models.BulkItemSkipped
		}
		return nil
	})
}

// Carry says whether a transfer that is not done yet takes attendance along.
func (c *Changes) Carry(ctx context.Context, id uuid.UUID, along bool) error {
	return c.redraft(ctx, id, func(b *models.BulkChange, _ []models.BulkItem) error {
		if b.Kind != models.BulkTransfer {
			return store.ErrNotFound
		}
		b.Carry = along
		return nil
	})
}

// redraft alters a draft and examines it again: one seat more or less changes the result
// of the others.
func (c *Changes) redraft(ctx context.Context, id uuid.UUID, alter func(*models.BulkChange, []models.BulkItem) error) error {
	return c.st.Write(ctx, func(tx *store.Tx) error {
		b, items, err := find(tx, id, models.BulkDraft, "bulk.is_done")
		if err != nil {
			return err
		}
		if err := alter(&b, items); err != nil {
			return err
		}
		for i := range items {
			items[i].Carried = 0
		}
		for _, w := range c.works(b) {
			if err := w.Try(tx, b, items); err != nil {
				return err
			}
		}
		for i := range items {
			items[i].MadeID = nil
		}
		return errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items))
	})
}

func find(tx *store.Tx, id uuid.UUID, state models.BulkState, otherwise string) (models.BulkChange, []models.BulkItem, error) {
	b, err := tx.LockBulk(id)
	if err != nil {
		return b, nil, err
	}
	if b.State != state {
		return b, nil, office.Refuse(otherwise)
	}
	items, err := tx.BulkItems(id)
	return b, items, err
}

// Apply does a drafted change, as far as the present rules allow.
func (c *Changes) Apply(ctx context.Context, by office.Actor, id uuid.UUID) error {
	return c.st.Write(ctx, func(tx *store.Tx) error {
		b, items, err := find(tx, id, models.BulkDraft, "bulk.is_done")
		if err != nil {
			return err
		}
		for _, w := range c.works(b) {
			if err := w.Do(tx, by, b, items); err != nil {
				return err
			}
		}
		b.State, b.DoneAt = models.BulkDone, tx.Now()
		if err := errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items)); err != nil {
			return err
		}
		done := count(items, models.BulkItemDone) + count(items, models.BulkItemWaiting)
		return record(tx, by, "bulk."+string(b.Kind), id, done, len(items), b.Reason)
	})
}

// Undo takes a change back, for a reason. Items that cannot be taken back stay, and say
// why.
func (c *Changes) Undo(ctx context.Context, by office.Actor, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return office.ReasonNeeded()
	}
	return c.st.Write(ctx, func(tx *store.Tx) error {
		b, items, err := find(tx, id, models.BulkDone, "bulk.not_done")
		if err != nil {
			return err
		}
		done := count(items, models.BulkItemDone) + count(items, models.BulkItemWaiting)
		for _, w := range c.works(b) {
			if err := w.Undo(tx, by, b, items, reason); err != nil {
				return err
			}
		}
		b.State, b.UndoneAt, b.UndoActor, b.UndoCause = models.BulkUndone, tx.Now(), by.Name, reason
		if err := errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items)); err != nil {
			return err
		}
		return record(tx, by, "bulk.undo", id, count(items, models.BulkItemUndone), done, reason)
	})
}

func count(items []models.BulkItem, state models.BulkItemState) (n int) {
	for _, it := range items {
		if it.State == state {
			n++
		}
	}
	return n
}

func record(tx *store.Tx, by office.Actor, action string, id uuid.UUID, done, of int, reason string) error {
	return by.Record(tx, office.Done{Action: action, Entity: "bulk", ID: id.String(), Detail: fmt.Sprintf("%d/%d", done, of), Reason: reason})
}
