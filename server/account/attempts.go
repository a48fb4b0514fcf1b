package account

import (
	"sync"
	"time"

	"buktihadir/models"
)

// How many wrong passwords are heard before the door closes, and for how long.
const (
	maxAttempts   = 5
	attemptWindow = 15 * time.Minute
	maxRemembered = 10_000
)

// attempts counts wrong passwords per account and address. Counting both at
// once keeps a stranger from locking somebody out of their own account.
type attempts struct {
	mu     sync.Mutex
	failed map[string][]models.Millis
}

// lockedUntil says until when a key is shut out; 0 if it isn't.
func (a *attempts) lockedUntil(key string, now models.Millis) models.Millis {
	a.mu.Lock()
	defer a.mu.Unlock()
	times := a.recent(key, now)
	if len(times) < maxAttempts {
		return 0
	}
	return times[0].Add(attemptWindow)
}

func (a *attempts) fail(key string, now models.Millis) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed == nil || len(a.failed) >= maxRemembered {
		a.forgetOld(now)
	}
	a.failed[key] = append(a.recent(key, now), now)
}

func (a *attempts) succeed(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.failed, key)
}

func (a *attempts) recent(key string, now models.Millis) []models.Millis {
	times := a.failed[key]
	for len(times) > 0 && times[0].Add(attemptWindow) <= now {
		times = times[1:]
	}
	return times
}

// forgetOld makes room; if everything is recent, all of it goes: memory is bounded.
func (a *attempts) forgetOld(now models.Millis) {
	kept := map[string][]models.Millis{}
	for key := range a.failed {
		if times := a.recent(key, now); len(times) > 0 {
			kept[key] = times
		}
	}
	if len(kept) >= maxRemembered {
		kept = map[string][]models.Millis{}
	}
	a.failed = kept
}
