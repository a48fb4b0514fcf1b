package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// Ended is an epoch that another has taken the place of, since this disk was
// restored or copied: the server holds another past after Until.
type Ended struct {
	Epoch models.Epoch
	Until uint64 // the last seq that both have; later events were recorded again in the next epoch
	At    models.Millis
}

// Ended lists the epochs of this journal that came to an end, the oldest first.
func (s *Store) Ended(ctx context.Context) (list []Ended, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT epoch, until, ended_at FROM epochs ORDER BY rowid`)
	if err != nil {
		return nil, fmt.Errorf("read epochs: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e Ended
		if err := rows.Scan(&e.Epoch, &e.Until, &e.At); err != nil {
			return nil, fmt.Errorf("read epochs: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// OpenEpoch continues in a new epoch, because the server holds another history of the
// present one after the event common. It appends the events that this disk has recorded
// after it again with the same content, so nothing is lost. The old rows stay. It returns
// the identity with the new epoch.
func (s *Store) OpenEpoch(ctx context.Context, common uint64, fresh models.Epoch, at models.Millis) (Identity, error) {
	id, err := s.Identity(ctx)
	if err != nil {
		return id, err
	}
	b, err := s.Begin(ctx)
	if err != nil {
		return id, err
	}
	defer b.Rollback()
	tail, err := rows(ctx, b.tx, `SELECT pos, epoch, seq, hash, bytes FROM journal WHERE epoch = ? AND seq > ? ORDER BY seq`,
		id.Epoch[:], int64(common)) //nolint:gosec // counts from 1
	if err != nil {
		return id, err
	}
	if _, err := b.tx.ExecContext(ctx, `INSERT INTO epochs VALUES (?, ?, ?)`, id.Epoch[:], int64(common), int64(at)); err != nil { //nolint:gosec // counts from 1
		return id, fmt.Errorf("end epoch: %w", err)
	}
	if _, err := b.tx.ExecContext(ctx, `UPDATE identity SET epoch = ?`, fresh[:]); err != nil {
		return id, fmt.Errorf("open epoch: %w", err)
	}
	if err := b.renew(journal.Head{Agent: id.Agent, Epoch: fresh}, tail); err != nil {
		return id, err
	}
	id.Epoch = fresh
	return id, b.Commit()
}

// renew appends events of an epoch that ended to the one that begins.
func (b *Batch) renew(head journal.Head, tail []Row) error {
	places := map[uint64]uint64{} // seq of before to seq of now
	for _, r := range tail {
		e, old := r.Event, r.Event.Epoch
		places[e.Seq] = head.Seq + 1
		if e.Target != 0 && e.TargetEpoch.IsZero() {
			if now, ok := places[e.Target]; ok {
				e.Target = now
			} else {
				e.TargetEpoch = old
			}
		}
		e.Epoch, e.Seq, e.Prev = head.Epoch, head.Seq+1, head.Hash
		canonical, err := e.Bytes()
		if err != nil {
			return err
		}
		if head, err = head.Follow(e, canonical); err != nil {
			return err
		}
		if _, err := b.Append(e, canonical, uuid.Nil); err != nil {
			return err
		}
	}
	return nil
}
