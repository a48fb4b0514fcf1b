package account

import (
	"sync"
	"time"

	"buktihadir/models"
)

// These are the limits of wrong passwords, and how long a lockout lasts.
const (
	maxAttempts   = 5
	attemptWindow = 15 * time.Minute
	maxRemembered = 10_000
)

// attempts counts wrong tries per key, such as an account and an address: counting
// both at once keeps a stranger from locking somebody out of their own account.
type attempts struct {
	most   int           // wrong tries before the lockout
	window time.Duration // and for how long each of them counts

	mu     sync.Mutex
	failed map[string][]models.Millis
}

// lockedUntil says until when a key is shut out; 0 if it isn't.
func (a *attempts) lockedUntil(key string, now models.Millis) models.Millis {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.opens(key, now)
}

func (a *attempts) opens(key string, now models.Millis) models.Millis {
	times := a.recent(key, now)
	if len(times) < a.most {
		return 0
	}
	return times[len(times)-a.most].Add(a.window)
}

func (a *attempts) fail(key string, now models.Millis) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count(key, now)
}

func (a *attempts) count(key string, now models.Millis) {
	if a.failed == nil || len(a.failed) >= maxRemembered {
		a.forgetOld(now)
	}
	a.failed[key] = append(a.recent(key, now), now)
}

// take counts a try as wrong before its result is known, so that many tries at once count
// like many in a row. If a key is locked out it counts nothing, and returns the end of
// the lockout.
func (a *attempts) take(key string, now models.Millis) (until models.Millis) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if until = a.opens(key, now); until == 0 {
		a.count(key, now)
	}
	return until
}

// giveBack counts one try of a key less.
func (a *attempts) giveBack(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if times := a.failed[key]; len(times) > 1 {
		a.failed[key] = times[:len(times)-1]
	} else {
		delete(a.failed, key)
	}
}

func (a *attempts) succeed(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.failed, key)
}

func (a *attempts) recent(key string, now models.Millis) []models.Millis {
	times := a.failed[key]
	for len(times) > 0 && times[0].Add(a.window) <= now {
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
