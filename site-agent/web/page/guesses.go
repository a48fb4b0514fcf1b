package page

import (
	"time"

	"buktihadir/models"
	"buktihadir/models/attempts"
)

// How many wrong guesses an address may make, and for how long each counts.
const (
	FreeAttempts  = 10
	AttemptWindow = 5 * time.Minute
)

// Guesses counts wrong PINs and pairing codes by address, beside the desk's own count
// by officer: one hostile phone is stopped before it has locked out all staff.
type Guesses struct {
	Now   func() time.Time
	limit *attempts.Limiter
}

// NewGuesses makes an empty count.
func NewGuesses(now func() time.Time) *Guesses {
	return &Guesses{Now: now, limit: attempts.New(attempts.Rule{Free: FreeAttempts, Window: AttemptWindow})}
}

// Over reports whether an address has been wrong too often.
func (g *Guesses) Over(address string) bool {
	return g.limit.LockedUntil(address, models.MillisOf(g.Now())) != 0
}

// Wrong counts a wrong guess.
func (g *Guesses) Wrong(address string) { g.limit.Fail(address, models.MillisOf(g.Now())) }

// Right forgets the wrong guesses of an address.
func (g *Guesses) Right(address string) { g.limit.Succeed(address) }
