package page

import (
	"time"

	"buktihadir/models"
	"buktihadir/models/attempts"
	"buktihadir/site-agent/desk"
)

// How many wrong guesses an address may make, and for how long each counts.
const (
	FreeAttempts  = 10
	AttemptWindow = 5 * time.Minute
)

// Guesses counts wrong PINs and pairing codes by address, beside the desk's own count
// by officer: one hostile phone is stopped before it has locked out all staff.
type Guesses struct {
	clock func() desk.Moment
	limit *attempts.Limiter
}

// NewGuesses makes an empty count.
func NewGuesses(clock func() desk.Moment) *Guesses {
	return &Guesses{clock: clock, limit: attempts.New(attempts.Rule{Free: FreeAttempts, Window: AttemptWindow})}
}

// at counts from the machine's start: whoever sets its clock locks and opens nothing.
func (g *Guesses) at() models.Millis { return models.Millis(g.clock().Mono) }

// Over reports whether an address has been wrong too often.
func (g *Guesses) Over(address string) bool { return g.limit.LockedUntil(address, g.at()) != 0 }

// Wrong counts a wrong guess.
func (g *Guesses) Wrong(address string) { g.limit.Fail(address, g.at()) }

// Right forgets the wrong guesses of an address.
func (g *Guesses) Right(address string) { g.limit.Succeed(address) }
