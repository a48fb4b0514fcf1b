package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	Hash  models.Hash // of event Until; zero if there is none
}

// Ended lists the epochs of this journal that came to an end, the oldest first.
func (s *Store) Ended(ctx context.Context) (list []Ended, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT e.epoch, e.until, e.ended_at, coalesce(j.hash, zeroblob(32)) FROM epochs e
		LEFT JOIN journal j ON j.epoch = e.epoch AND j.seq = e.until ORDER BY e.rowid`)
	if err != nil {
		return nil, fmt.Errorf("read epochs: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e Ended
		if err := rows.Scan(&e.Epoch, &e.Until, &e.At, &e.Hash); err != nil {
			return nil, fmt.Errorf("read epochs: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// OpenEpoch continues in a new epoch, because the server holds another history of forked, the
// present epoch or one that has ended, after the event common. It appends the events that
// this disk has recorded after it again with the same content, so nothing is lost. The old
// rows stay. It returns the identity with the new epoch.
func (s *Store) OpenEpoch(ctx context.Context, forked models.Epoch, common uint64, fresh models.Epoch, at models.Millis) (Identity, error) {
	id, err1 := s.Identity(ctx)
	acked, err2 := s.Acked(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return id, err
	}
	b, err := s.Begin(ctx)
	if err != nil {
		return id, err
	}
	defer b.Rollback()
	until := map[models.Epoch]uint64{id.Epoch: acked.Seq}
	until[forked] = common
	tail, err := b.tail(forked, common, id.Epoch, until[id.Epoch])
	if err != nil {
		return id, err
	}
	for epoch, seq := range until {
		if _, err := b.tx.ExecContext(ctx, `INSERT INTO epochs VALUES (?, ?, ?) ON CONFLICT (epoch) DO UPDATE SET until = excluded.until`,
			epoch[:], int64(seq), int64(at)); err != nil { //nolint:gosec // counts from 1
			return id, fmt.Errorf("end epoch: %w", err)
		}
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

// tail is what counts in the forked epoch after common, and in the present one after told,
// with what undoes or continues an event of that elsewhere: there it names a place in which
// the server has another event.
func (b *Batch) tail(forked models.Epoch, common uint64, present models.Epoch, told uint64) ([]Row, error) {
	list, err := rows(b.ctx, b.tx, `SELECT pos, epoch, seq, hash, bytes FROM journal
		WHERE epoch = ?1 AND seq > ?2 AND seq <= coalesce((SELECT until FROM epochs WHERE epoch = ?1), seq)
		OR epoch = ?3 AND seq > ?4 OR epoch <> ?1 AND instr(bytes, ?1) > 0 ORDER BY pos`,
		forked[:], int64(common), present[:], int64(told)) //nolint:gosec // counts from 1
	return slices.DeleteFunc(list, func(r Row) bool {
		e := r.Event
		return e.Epoch != forked && (e.Epoch != present || e.Seq <= told) && e.Target <= common
	}), err
}

// renew appends events of epochs that ended to the one that begins.
func (b *Batch) renew(head journal.Head, tail []Row) error {
	type place struct {
		epoch models.Epoch
		seq   uint64
	}
	places := map[place]uint64{} // to the seq of now
	for _, r := range tail {
		e := r.Event
		places[place{e.Epoch, e.Seq}] = head.Seq + 1
		if e.Target != 0 {
			if e.TargetEpoch.IsZero() {
				e.TargetEpoch = e.Epoch
			}
			if now, ok := places[place{e.TargetEpoch, e.Target}]; ok {
				e.TargetEpoch, e.Target = models.Epoch{}, now
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
