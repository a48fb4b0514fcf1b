package seating

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Undo gives back the places that were taken away, and takes away those that were given.
// Where somebody came to a session by it, or the seat is another's by now, it stays.
func (Places) Undo(tx *store.Tx, _ office.Actor, b models.BulkChange, items []models.BulkItem, reason string) error {
	r, err := bulkSeats(tx, b, items)
	if err != nil {
		return err
	}
	if r.came, err = tx.CameTo(b.ID, slices.Collect(maps.Keys(r.places))...); err != nil {
		return err
	}
	for i := len(items) - 1; i >= 0; i-- {
		it := &items[i]
		if it.State != models.BulkItemDone && it.State != models.BulkItemWaiting {
			continue
		}
		if err := r.unstep(b, it); err != nil {
			return err
		}
	}
	return r.Save(reason)
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
			return bulk.Settle(it, models.BulkItemStuck, office.Refuse("bulk.came"))
		}
		var err error
		if back, err = r.Leave(r.places[*it.MadeID]); err != nil {
			return bulk.Settle(it, models.BulkItemStuck, err)
		}
	}
	if it.LeaveID != nil {
		left := r.places[*it.LeaveID]
		if _, err := r.take(left.ClassID, *left.ParticipantID); err != nil {
			back()
			return bulk.Settle(it, models.BulkItemStuck, err)
		}
	}
	it.State = models.BulkItemUndone
	if b.Kind == models.BulkFill || b.Kind == models.BulkReplace {
		return r.tx.ResumeWaiting(*b.ClassID, *it.ParticipantID)
	}
	return nil
}

// EndWaiting takes somebody off a class's waiting list.
func (p *Service) EndWaiting(ctx context.Context, by office.Actor, class, participant uuid.UUID) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Participant(participant)
		if err != nil {
			return err
		}
		if err := tx.EndWaiting(class, participant); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "waiting.end", Entity: "class", ID: class.String(), Detail: person.Number})
	})
}
