package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"buktihadir/models"
)

// Witness is what this agent has seen of the server's log, as signed notes.
type Witness struct {
	Head     []byte        // the newest head; empty: none yet
	Rival    []byte        // a head that does not continue it; empty: the server has shown only one history
	Restores int           // how often the server has said that it was put back from a backup
	LostAt   models.Millis // the last of those that cut off heads seen here; zero: none
	LostBy   string        // the server's statement about it
}

// Witness reads it.
func (s *Store) Witness(ctx context.Context) (w Witness, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT head, rival, (SELECT COUNT(*) FROM restores) FROM witness`).
		Scan(&w.Head, &w.Rival, &w.Restores); err != nil {
		return w, fmt.Errorf("read what was witnessed: %w", err)
	}
	err = s.read.QueryRowContext(ctx,
		`SELECT at, reason FROM restores WHERE at IN (SELECT lost FROM witness_heads WHERE lost <> 0) ORDER BY rowid DESC LIMIT 1`).Scan(&w.LostAt, &w.LostBy)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return w, fmt.Errorf("read what was witnessed: %w", err)
	}
	return w, nil
}

// SawHead keeps a head that continues the one before.
func (s *Store) SawHead(ctx context.Context, size int64, head []byte) error {
	return s.saw(ctx, func(tx *sql.Tx) error {
		_, err1 := tx.ExecContext(ctx, `INSERT INTO witness_heads (size, head) VALUES (?, ?) ON CONFLICT DO NOTHING`, size, head)
		_, err2 := tx.ExecContext(ctx, `UPDATE witness SET head = ?`, head)
		return errors.Join(err1, err2)
	})
}

// SawRival keeps a head that does not continue the history. The first such head stays: it
// is evidence.
func (s *Store) SawRival(ctx context.Context, head []byte) error {
	return s.saw(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE witness SET rival = ? WHERE rival = x''`, head)
		return err
	})
}

// Restored is the server's word that it was put back from a backup.
type Restored struct {
	At     models.Millis
	Size   int64 // of the log as the backup had it
	Reason string
	Note   []byte
}

// SawRestore stores the server's statement of a restore. Heads beyond it stay as
// evidence, and so does the head that had raised an alarm; the newest of the others
// counts from now on. newest is the size of the head that counts now, or zero without
// one.
func (s *Store) SawRestore(ctx context.Context, r Restored, newest int64) error {
	return s.saw(ctx, func(tx *sql.Tx) error {
		_, err0 := tx.ExecContext(ctx, `INSERT INTO witness_heads (size, head) SELECT ?, head FROM witness WHERE head <> x'' ON CONFLICT DO NOTHING`, newest)
		_, err1 := tx.ExecContext(ctx, `INSERT INTO restores SELECT ?, ?, ?, rival FROM witness`, int64(r.At), r.Reason, r.Note)
		_, err2 := tx.ExecContext(ctx, `UPDATE witness_heads SET lost = ? WHERE size > ? AND lost = 0`, int64(r.At), r.Size)
		_, err3 := tx.ExecContext(ctx, `UPDATE witness SET rival = x'',
			head = COALESCE((SELECT head FROM witness_heads WHERE lost = 0 ORDER BY size DESC LIMIT 1), x'')`)
		return errors.Join(err0, err1, err2, err3)
	})
}

func (s *Store) saw(ctx context.Context, write func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := write(tx); err != nil {
		return fmt.Errorf("keep a head of the server's log: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("keep a head of the server's log: %w", err)
	}
	return nil
}
