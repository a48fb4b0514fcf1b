//go:build !linux

package desk

import (
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// SystemClock reads this machine's clocks. Where the system has no boot id, each
// start of the program counts as a boot of its own: safe, as no offset is
// carried over.
func SystemClock() (Clock, error) {
	boot, start := uuid.New(), time.Now()
	return func() Reading {
		now := time.Now()
		return Reading{Wall: models.MillisOf(now), Mono: now.Sub(start).Milliseconds(), Boot: boot}
	}, nil
}
