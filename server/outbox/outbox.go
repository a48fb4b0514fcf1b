// Package outbox says when a waiting message is tried again and when it is given up. It
// serves webhooks and mail. It is pure; the stored part is a models.Sending, and the
// store says how one is claimed.
package outbox

import (
	"time"

	"buktihadir/models"
)

const (
	firstPause = 5 * time.Second
	mostPause  = 4 * time.Hour
)

// Outcome is what came of one attempt.
type Outcome struct {
	Taken   bool
	Refused bool          // for good: trying again is of no use
	Wait    time.Duration // that the other side asked for
	Problem string        // why it was not taken
}

// Judge says what becomes of a message after an attempt: it is sent, tried again after a
// pause that grows fourfold, or dead, which means refused for good or tried for longer
// than giveUp since the first attempt. spread, from 0 to 1, keeps the messages of an
// outage from all being tried at the same time.
func Judge(s models.Sending, o Outcome, giveUp time.Duration, now models.Millis, spread float64) models.Sending {
	if s.Attempts == 0 {
		s.Since = now
	}
	s.Attempts++
	s.Problem, s.NextAt = o.Problem, 0
	if o.Taken {
		s.State = models.DeliveryDone
		return s
	}
	pause := mostPause
	if s.Attempts < 8 { // else it is the most by far, and might overflow
		pause = min(pause, firstPause<<(2*(s.Attempts-1)))
	}
	pause = max(pause+time.Duration(spread*float64(pause)/4), min(o.Wait, mostPause))
	if s.NextAt = now.Add(pause); o.Refused || s.NextAt.Sub(s.Since) > giveUp {
		s.State, s.NextAt = models.DeliveryDead, 0
	}
	return s
}
