// Package bulk changes many things at once, in steps that a person can look at: a
// change is drafted, with what would become of each of its items; somebody is left
// out of it; it is done in one transaction, by the rules of that moment; and it is
// undone, for a reason, as far as that is possible.
//
// What is done to an item is a [Work]'s business: package schedule gives and takes
// places, package review corrects attendance. Nothing is ever deleted.
package bulk

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

// Most is how many items one bulk change has at most: it is one transaction, and
// sites' uploads wait for it.
const Most = 5000

// By is who does or undoes a change.
type By struct {
	ID   *uuid.UUID // nil: the command line
	Name string
}

// Work is one kind of thing that a bulk change does to its items. It sets their states;
// what it can't do to an item it notes there, see Settle, and goes on.
type Work interface {
	// Try says what would become of every item that was not left out, and stores nothing.
	Try(tx *store.Tx, b models.BulkChange, items []models.BulkItem) error
	// Do does it.
	Do(tx *store.Tx, by By, b models.BulkChange, items []models.BulkItem) error
	// Undo takes back what was done.
	Undo(tx *store.Tx, by By, b models.BulkChange, items []models.BulkItem, reason string) error
}

// Refusal is a rule that says no. Key names its text, Field the input that it is about.
type Refusal struct {
	Key, Field string
	Args       []any
}

// Refuse says no.
func Refuse(key string, args ...any) *Refusal { return &Refusal{Key: key, Args: args} }

func (r *Refusal) Error() string { return fmt.Sprint(append([]any{r.Key}, r.Args...)...) }

// Message gives the text's key and arguments.
func (r *Refusal) Message() (key string, args []any) { return r.Key, r.Args }

// Input names the input.
func (r *Refusal) Input() string { return r.Field }

func noReason() *Refusal { return &Refusal{Key: "plan.reason_needed", Field: "reason"} }

// Problem is a refusal as it is kept at an item.
type Problem struct {
	Key  string   `json:"key"`
	Args []string `json:"args"`
}

// Settle notes a refusal at an item; what is none is given back.
func Settle(it *models.BulkItem, state models.BulkItemState, err error) error {
	r, ok := errors.AsType[interface {
		error
		Message() (string, []any)
	}](err)
	if !ok {
		return err
	}
	key, args := r.Message()
	p := Problem{Key: key}
	for _, a := range args {
		p.Args = append(p.Args, fmt.Sprint(a))
	}
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("describe a refusal: %w", err)
	}
	it.State, it.Problem = state, string(text)
	return nil
}

// Draft keeps a change, with the items that find finds and tries, and changes nothing
// else. Its ID and state are set here.
func Draft(ctx context.Context, st *store.Store, b models.BulkChange, find func(*store.Tx, models.BulkChange) ([]models.BulkItem, error)) (models.BulkChange, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return b, fmt.Errorf("make an id: %w", err)
	}
	b.ID, b.State = id, models.BulkDraft
	return b, st.Write(ctx, func(tx *store.Tx) error {
		items, err := find(tx, b)
		switch {
		case err != nil:
			return err
		case len(items) == 0:
			return Refuse("bulk.nobody")
		case len(items) > Most:
			return Refuse("bulk.too_many", "Most", Most)
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

// New makes the one who carries changes on; works says who does what a change is about.
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

// redraft alters a draft and tries it anew: a seat more or less changes what the others find.
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
		return b, nil, Refuse(otherwise)
	}
	items, err := tx.BulkItems(id)
	return b, items, err
}

// Apply does what was drafted, as far as the rules of by now allow.
func (c *Changes) Apply(ctx context.Context, by By, id uuid.UUID) error {
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
		return by.record(tx, "bulk."+string(b.Kind), id, done, len(items), b.Reason)
	})
}

// Undo takes back what a change did, for a reason. What can't be taken back stays, and
// its item says why.
func (c *Changes) Undo(ctx context.Context, by By, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return noReason()
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
		return by.record(tx, "bulk.undo", id, count(items, models.BulkItemUndone), done, reason)
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

func (by By) record(tx *store.Tx, action string, id uuid.UUID, done, of int, reason string) error {
	return tx.Record(models.HistoryEntry{ActorID: by.ID, Actor: by.Name, Action: action, Entity: "bulk", EntityID: id.String(),
		Detail: fmt.Sprintf("%d/%d", done, of), Reason: reason})
}
