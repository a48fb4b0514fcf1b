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

// attempts counts wrong PINs: a PIN has only a million values, so the number of tries is
// limited.
type attempts struct {
	mu    sync.Mutex
	wrong map[uuid.UUID]attempt
}

type attempt struct {
	count int
	until int64 // monotonic ms
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
	now := d.clock().Mono
	tried := d.pins.wrong[id]
	if tried.until > now {
		return Officer{}, &LockedError{time.Duration(tried.until-now) * time.Millisecond}
	}
	match, err := argon2id.ComparePasswordAndHash(pin, o.PINHash)
	if err != nil {
		return Officer{}, fmt.Errorf("check PIN of %s: %w", id, err)
	}
	if match {
		delete(d.pins.wrong, id)
		return officerOf(o), nil
	}
	tried.count++
	if tried.count >= freeTries {
		lock := min(firstLock<<min(tried.count-freeTries, 10), longestLock)
		tried.until = now + lock.Milliseconds()
	}
	if d.pins.wrong == nil {
		d.pins.wrong = map[uuid.UUID]attempt{}
	}
	d.pins.wrong[id] = tried
	return Officer{}, ErrWrongPIN
}
