package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Confirmation is the time that staff said it is, at one moment of a boot.
type Confirmation struct {
	Boot uuid.UUID
	Mono int64 // ms since boot
	At   models.Millis
}

// Confirm keeps what staff said, within the batch that journals it. The last word counts.
func (b *Batch) Confirm(c Confirmation) error {
	_, err := b.tx.ExecContext(b.ctx, `INSERT INTO confirmations VALUES (?, ?, ?)
		ON CONFLICT (boot) DO UPDATE SET mono = excluded.mono, at = excluded.at`, c.Boot[:], c.Mono, int64(c.At))
	if err != nil {
		return fmt.Errorf("confirm the time: %w", err)
	}
	return nil
}

// Confirmed is what staff said in a boot, if they did.
func (s *Store) Confirmed(ctx context.Context, boot uuid.UUID) (Confirmation, bool, error) {
	c := Confirmation{Boot: boot}
	err := s.read.QueryRowContext(ctx, `SELECT mono, at FROM confirmations WHERE boot = ?`, boot[:]).Scan(&c.Mono, &c.At)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("read confirmation: %w", err)
	}
	return c, true, nil
}

// Plausible says whether a clock that was not met again since this meeting is still
// believed to be about right: a laptop keeps time when it is off.
func (c Contact) Plausible(wall models.Millis) bool {
	const plausible = 30 * 24 * 3600 * 1000
	return wall >= c.Server && wall < c.Server+plausible
}

// Time is this agent's best estimate of the present time, given its clocks' readings: the
// server's time if the agent met it in this boot, otherwise the time that staff confirmed
// in this boot, otherwise the machine's own clock. sure says that it is one of the first
// two, or that the machine's own clock is plausible.
func (s *Store) Time(ctx context.Context, wall models.Millis, mono int64, boot uuid.UUID) (at models.Millis, sure bool, err error) {
	met, ok, err := s.LastContact(ctx)
	if err != nil {
		return 0, false, err
	}
	if ok && met.Boot == boot {
		return met.Server + models.Millis(mono-met.Mono), true, nil
	}
	said, confirmed, err := s.Confirmed(ctx, boot)
	if err != nil || !confirmed {
		return wall, ok && met.Plausible(wall), err
	}
	return said.At + models.Millis(mono-said.Mono), true, nil
}
