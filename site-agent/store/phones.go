package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// Phone is a phone that may have recorded events that the journal lacks.
type Phone struct {
	ID      uuid.UUID
	Device  uuid.UUID // zero: one that is not paired
	Officer uuid.UUID
	Clear   models.Millis // all that it had recorded then is in the journal, by the best that was known of the time
	Boot    uuid.UUID     // of the agent's machine, at that moment
	Mono    int64
	Waiting int  // scans that it has said to hold
	Erased  bool // it cannot work offline any more
}

// Awaited is the time up to which the phone has told everything, by the present knowledge
// of the time: a clock that was corrected later in the same boot is correct for then too.
func (p Phone) Awaited(now models.Millis, mono int64, boot uuid.UUID) journal.Awaited {
	a := journal.Awaited{Clear: p.Clear, Holds: p.Waiting > 0}
	if p.Boot == boot {
		a.Clear = now - models.Millis(mono-p.Mono)
	}
	return a
}

// KeepPhones replaces the stored phones; it is durable when this returns.
func (s *Store) KeepPhones(ctx context.Context, list []Phone) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, `DELETE FROM phones`); err != nil {
		return fmt.Errorf("keep phones: %w", err)
	}
	for _, p := range list {
		if _, err := tx.ExecContext(ctx, `INSERT INTO phones (id, device, officer, clear, boot, mono, waiting, erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			p.ID[:], p.Device[:], p.Officer[:], int64(p.Clear), p.Boot[:], p.Mono, p.Waiting, p.Erased); err != nil {
			return fmt.Errorf("keep a phone: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("keep phones: %w", err)
	}
	return nil
}

// Phones reads them.
func (s *Store) Phones(ctx context.Context) (out []Phone, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, device, officer, clear, boot, mono, waiting, erased FROM phones ORDER BY clear`)
	if err != nil {
		return nil, fmt.Errorf("read phones: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p Phone
		var id, device, officer, boot []byte
		if err := rows.Scan(&id, &device, &officer, &p.Clear, &boot, &p.Mono, &p.Waiting, &p.Erased); err != nil {
			return nil, fmt.Errorf("read a phone: %w", err)
		}
		copy(p.ID[:], id)
		copy(p.Device[:], device)
		copy(p.Officer[:], officer)
		copy(p.Boot[:], boot)
		out = append(out, p)
	}
	return out, rows.Err()
}
