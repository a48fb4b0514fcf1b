package schedule

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// UndoBulk takes back what a bulk change did, for a reason. Where somebody came to
// a session by it, or the seat is another's by now, it stays, and its item says so.
func (p *Planner) UndoBulk(ctx context.Context, by Actor, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return refuse("plan.reason_needed").at("reason")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		b, items, err := bulkIn(tx, id, models.BulkDone, "bulk.not_done")
		if err != nil {
			return err
		}
		r, err := bulkSeats(tx, b, items)
		if err != nil {
			return err
		}
		if r.came, err = tx.CameTo(slices.Collect(maps.Keys(r.places))...); err != nil {
			return err
		}
		done, undone := 0, 0
		for i := len(items) - 1; i >= 0; i-- {
			it := &items[i]
			if it.State != models.BulkItemDone && it.State != models.BulkItemWaiting {
				continue
			}
			done++
			if err := r.unstep(b, it); err != nil {
				return err
			}
			if it.State == models.BulkItemUndone {
				undone++
			}
		}
		if err := r.settle(reason); err != nil {
			return err
		}
		b.State, b.UndoneAt, b.UndoActor, b.UndoCause = models.BulkUndone, tx.Now(), by.Name, reason
		if err := errors.Join(tx.SaveBulk(b), tx.SaveBulkItems(items)); err != nil {
			return err
		}
		return by.record(tx, "bulk.undo", "bulk", id.String(), fmt.Sprintf("%d/%d", undone, done), reason)
	})
}

// unstep takes one person's part back.
func (r *bulkRun) unstep(b models.BulkChange, it *models.BulkItem) error {
	if it.State == models.BulkItemWaiting {
		it.State, it.Problem = models.BulkItemUndone, ""
		return r.tx.EndWaiting(*b.ClassID, *it.ParticipantID)
	}
	back := func() {}
	if it.MadeID != nil {
		if r.came[*it.MadeID] {
			return settleItem(it, models.BulkItemStuck, refuse("bulk.came"))
		}
		var err error
		if back, err = r.leave(r.places[*it.MadeID]); err != nil {
			return settleItem(it, models.BulkItemStuck, err)
		}
	}
	if it.LeaveID != nil {
		left := r.places[*it.LeaveID]
		if _, err := r.take(left.ClassID, *left.ParticipantID); err != nil {
			back()
			return settleItem(it, models.BulkItemStuck, err)
		}
	}
	it.State = models.BulkItemUndone
	if b.Kind == models.BulkFill || b.Kind == models.BulkReplace {
		return r.tx.ResumeWaiting(*b.ClassID, *it.ParticipantID)
	}
	return nil
}

// EndWaiting takes somebody off a class's waiting list.
func (p *Planner) EndWaiting(ctx context.Context, by Actor, class, participant uuid.UUID) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Participant(participant)
		if err != nil {
			return err
		}
		if err := tx.EndWaiting(class, participant); err != nil {
			return err
		}
		return by.record(tx, "waiting.end", "class", class.String(), person.Number, "")
	})
}
