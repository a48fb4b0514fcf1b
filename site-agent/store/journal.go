package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// Row is one event as the journal keeps it. Pos counts all rows, across epochs.
type Row struct {
	Pos   int64
	Hash  models.Hash
	Event journal.Event
}

// Batch is the one writing transaction that runs at a time.
type Batch struct {
	store  *Store
	tx     *sql.Tx
	insert *sql.Stmt
	ctx    context.Context //nolint:containedctx // a batch lives within one call
}

// Begin waits for the write lock.
func (s *Store) Begin(ctx context.Context) (*Batch, error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	return &Batch{store: s, tx: tx, insert: tx.StmtContext(ctx, s.insert), ctx: ctx}, nil
}

// Versions are what other processes may have changed.
type Versions struct {
	Pos    int64        // how far the journal goes: the last row's
	Roster int64        // which version of the roster is there
	Epoch  models.Epoch // of the journal; zero before the enrolment
}

// Versions reads them.
func (b *Batch) Versions() (Versions, error) {
	var v Versions
	var epoch []byte
	err := b.tx.StmtContext(b.ctx, b.store.versions).QueryRowContext(b.ctx).Scan(&v.Pos, &v.Roster, &epoch) //nolint:sqlclosecheck // closed with the transaction
	if err != nil {
		return v, fmt.Errorf("read versions: %w", err)
	}
	copy(v.Epoch[:], epoch)
	return v, nil
}

// Find gives the row that a client-made id was journaled as, if it was.
func (b *Batch) Find(scan uuid.UUID) (Row, bool, error) {
	r, err := scanRow(b.tx.StmtContext(b.ctx, b.store.find).QueryRowContext(b.ctx, scan[:])) //nolint:sqlclosecheck // closed with the transaction
	if errors.Is(err, sql.ErrNoRows) {
		return Row{}, false, nil
	}
	return r, err == nil, err
}

// Append adds an event's canonical bytes. scan is the id that the client made to
// recognise a retry, or zero.
func (b *Batch) Append(e journal.Event, canonical []byte, scan uuid.UUID) (pos int64, err error) {
	hash := journal.HashOf(canonical)
	var id []byte
	if scan != uuid.Nil {
		id = scan[:]
	}
	res, err := b.insert.ExecContext(b.ctx, e.Epoch[:], int64(e.Seq), hash[:], id, canonical) //nolint:gosec // seq counts from 1
	if err != nil {
		return 0, fmt.Errorf("append event %d: %w", e.Seq, err)
	}
	return res.LastInsertId()
}

// Commit makes the batch durable: it returns after the fsync.
func (b *Batch) Commit() error {
	if err := b.tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Rollback undoes the batch; after Commit it has no effect.
func (b *Batch) Rollback() { _ = b.tx.Rollback() } // there is nothing left to do about an error

type scanner interface{ Scan(dst ...any) error }

func scanRow(s scanner) (Row, error) {
	var r Row
	var epoch models.Epoch
	var seq int64
	var raw []byte
	if err := s.Scan(&r.Pos, &epoch, &seq, &r.Hash, &raw); err != nil {
		return Row{}, err
	}
	var err error
	if r.Event, err = journal.Decode(raw); err != nil {
		return Row{}, fmt.Errorf("journal row %d: %w", r.Pos, err)
	}
	if journal.HashOf(raw) != r.Hash || r.Event.Epoch != epoch || int64(r.Event.Seq) != seq { //nolint:gosec // seq counts from 1
		return Row{}, fmt.Errorf("journal row %d: %w", r.Pos, ErrTampered)
	}
	return r, nil
}

// ErrTampered says that the journal on disk is not the one that was written.
var ErrTampered = errors.New("the journal was changed on disk")

// Rows gives the journal's rows after a position, all epochs, at most limit.
func (s *Store) Rows(ctx context.Context, after int64, limit int) ([]Row, error) {
	return rows(ctx, s.read, `SELECT pos, epoch, seq, hash, bytes FROM journal WHERE pos > ? ORDER BY pos LIMIT ?`, after, limit)
}

// Rows gives the rows after a position, as the batch sees them.
func (b *Batch) Rows(after int64) ([]Row, error) {
	return rows(b.ctx, b.tx, `SELECT pos, epoch, seq, hash, bytes FROM journal WHERE pos > ? ORDER BY pos`, after)
}

// Events gives the events of one epoch after a seq, at most limit.
func (s *Store) Events(ctx context.Context, epoch models.Epoch, after uint64, limit int) ([]journal.Event, error) {
	found, err := rows(ctx, s.read, `SELECT pos, epoch, seq, hash, bytes FROM journal WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?`,
		epoch[:], int64(after), limit) //nolint:gosec // seq counts from 1
	events := make([]journal.Event, len(found))
	for i, r := range found {
		events[i] = r.Event
	}
	return events, err
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func rows(ctx context.Context, q querier, query string, args ...any) (out []Row, err error) {
	found, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		r, err := scanRow(found)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, found.Err()
}

// Head says how far the journal of the agent's present epoch goes.
func (s *Store) Head(ctx context.Context) (journal.Head, error) {
	id, err := s.Identity(ctx)
	if err != nil {
		return journal.Head{}, err
	}
	h := journal.Head{Agent: id.Agent, Epoch: id.Epoch}
	var seq int64
	err = s.read.QueryRowContext(ctx, `SELECT seq, hash FROM journal WHERE epoch = ? ORDER BY seq DESC LIMIT 1`, id.Epoch[:]).Scan(&seq, &h.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return h, fmt.Errorf("read journal: %w", err)
	}
	h.Seq = uint64(seq) //nolint:gosec // seq counts from 1
	return h, nil
}

// Verify walks the whole journal and checks every hash and every link. It gives
// the heads of all epochs.
func (s *Store) Verify(ctx context.Context) (map[models.Epoch]journal.Head, error) {
	heads := map[models.Epoch]journal.Head{}
	for after := int64(0); ; {
		page, err := s.Rows(ctx, after, 1000)
		if err != nil || len(page) == 0 {
			return heads, err
		}
		for _, r := range page {
			h, ok := heads[r.Event.Epoch]
			if !ok {
				h = journal.Head{Agent: r.Event.Agent, Epoch: r.Event.Epoch}
			}
			canonical, err := r.Event.Bytes()
			if err != nil {
				return heads, err
			}
			if heads[r.Event.Epoch], err = h.Follow(r.Event, canonical); err != nil {
				return heads, fmt.Errorf("%w: %w", ErrTampered, err)
			}
			after = r.Pos
		}
	}
}

// Acked is the head of the newest receipt: what the server said it holds.
func (s *Store) Acked(ctx context.Context) (journal.Head, error) {
	id, err := s.Identity(ctx)
	if err != nil {
		return journal.Head{}, err
	}
	h := journal.Head{Agent: id.Agent, Epoch: id.Epoch}
	var seq int64
	err = s.read.QueryRowContext(ctx, `SELECT seq, hash FROM receipts WHERE epoch = ?`, id.Epoch[:]).Scan(&seq, &h.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return h, fmt.Errorf("read receipt: %w", err)
	}
	h.Seq = uint64(seq) //nolint:gosec // seq counts from 1
	return h, nil
}

// SaveReceipt keeps the server's word; an older one never replaces a newer.
func (s *Store) SaveReceipt(ctx context.Context, note []byte, r journal.Receipt) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO receipts (epoch, seq, hash, note, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (epoch) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, note = excluded.note, at = excluded.at
		WHERE excluded.seq >= receipts.seq`, r.Epoch[:], int64(r.Seq), r.Hash[:], note, int64(r.At)) //nolint:gosec // seq counts from 1
	if err != nil {
		return fmt.Errorf("save receipt: %w", err)
	}
	return nil
}
