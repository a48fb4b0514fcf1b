package desk

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attempts"
	"buktihadir/site-agent/roster"
)

// Officer may work this desk.
type Officer struct {
	ID         uuid.UUID
	Name       string
	Supervisor bool
	PIN        [8]byte // changes with the PIN, and tells nothing of it
}

func officerOf(o roster.Officer) Officer {
	sum := sha256.Sum256([]byte(o.PINHash)) // which has a salt of its own
	return Officer{ID: o.ID, Name: o.Name, Supervisor: o.Supervisor, PIN: [8]byte(sum[:8])}
}

// ErrWrongPIN says that the PIN is not this officer's.
var ErrWrongPIN = errors.New("wrong PIN")

// ErrUnknownOfficer says that the roster has no such officer.
var ErrUnknownOfficer = errors.New("unknown officer")

// ErrLocked is wrapped by LockedError.
var ErrLocked = errors.New("too many wrong PINs")

// LockedError says that an officer's PIN was wrong too often, and for how long
// no other is tried.
type LockedError struct{ Wait time.Duration }

func (e *LockedError) Error() string { return fmt.Sprintf("%v: wait %v", ErrLocked, e.Wait) }

// Unwrap makes it ErrLocked.
func (e *LockedError) Unwrap() error { return ErrLocked }

const (
	freeTries   = 5
	firstLock   = 30 * time.Second
	longestLock = 15 * time.Minute
)

// pins checks PINs one after the other and counts the wrong ones by officer: a PIN has
// a million values, so nobody may try many, not even at the same moment.
type pins struct {
	mu    sync.Mutex
	wrong *attempts.Limiter
}

func newPINs() pins {
	return pins{wrong: attempts.New(attempts.Rule{Free: freeTries, Lock: firstLock, Longest: longestLock})}
}

// Officers lists who may work this desk, by name.
func (d *Desk) Officers() []Officer {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Officer
	for _, o := range d.mem.Officers() {
		out = append(out, officerOf(o))
	}
	slices.SortFunc(out, func(a, b Officer) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Officer gives an officer who may still work here.
func (d *Desk) Officer(id uuid.UUID) (Officer, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	o, ok := d.mem.Officers()[id]
	return officerOf(o), ok
}

// SignIn checks an officer's PIN. The error is ErrUnknownOfficer, ErrWrongPIN or
// a *LockedError.
func (d *Desk) SignIn(id uuid.UUID, pin string) (Officer, error) {
	d.mu.RLock()
	o, ok := d.mem.Officers()[id]
	d.mu.RUnlock()
	if !ok {
		return Officer{}, ErrUnknownOfficer
	}
	d.pins.mu.Lock() // held while the PIN is checked: guesses in parallel count too
	defer d.pins.mu.Unlock()
	now, key := models.Millis(d.clock().Mono), id.String()
	if until := d.pins.wrong.LockedUntil(key, now); until != 0 {
		return Officer{}, &LockedError{until.Sub(now)}
	}
	match, err := argon2id.ComparePasswordAndHash(pin, o.PINHash)
	if err != nil {
		return Officer{}, fmt.Errorf("check PIN of %s: %w", id, err)
	}
	if !match {
		d.pins.wrong.Fail(key, now)
		return Officer{}, ErrWrongPIN
	}
	d.pins.wrong.Succeed(key)
	return officerOf(o), nil
}
