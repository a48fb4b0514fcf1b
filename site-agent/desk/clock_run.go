//go:build !linux

package desk

import (
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// clockOfThisRun counts each start of the program as a boot of its own, for a system that
// doesn't name its boots. It is safe, as no offset is carried over, but what staff have
// confirmed is forgotten with each start.
func clockOfThisRun() Clock {
	boot, start := uuid.New(), time.Now()
	return func() Reading {
		now := time.Now()
		return Reading{Wall: models.MillisOf(now), Mono: now.Sub(start).Milliseconds(), Boot: boot}
	}
}
