package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// SignIns is who was signed in at a moment, with what the agent knew about that moment,
// so that its age can be computed after a restart.
type SignIns struct {
	Boot  uuid.UUID
	Mono  int64 // ms since boot
	Wall  models.Millis
	At    models.Millis // the best that was known of the time
	Known bool          // from the server in that boot, or from staff
	List  []SignIn
}

// SignIn is one device on which an officer was signed in.
type SignIn struct {
	Key         []byte // SHA-256 of what the device shows
	Epoch       models.Epoch
	Officer     uuid.UUID
	PIN         [8]byte // names the PIN that it was begun with
	Device      uuid.UUID
	Address     string
	Kiosk       bool
	Age, Unused time.Duration
}

const signInScope = "sign-ins"

// KeepSignIns replaces the stored state; it is durable when this returns.
func (s *Store) KeepSignIns(ctx context.Context, in SignIns) error {
	text, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("write down who is signed in: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, `INSERT INTO sign_ins (id, sealed) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed`,
		s.sealed(text, signInScope)); err != nil {
		return fmt.Errorf("keep who is signed in: %w", err)
	}
	return nil
}

// SignIns reads the state that was stored last; it is empty before the first.
func (s *Store) SignIns(ctx context.Context) (in SignIns, err error) {
	var sealed []byte
	err = s.read.QueryRowContext(ctx, `SELECT sealed FROM sign_ins`).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return in, nil
	}
	if err != nil {
		return in, fmt.Errorf("read who is signed in: %w", err)
	}
	text, err := s.open(sealed, signInScope)
	if err == nil {
		err = json.Unmarshal(text, &in)
	}
	return in, err
}
