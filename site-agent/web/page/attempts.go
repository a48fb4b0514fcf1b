package page

import (
	"maps"
	"sync"
	"time"
)

// An address may type FreeAttempts wrong PINs in an AttemptWindow.
const (
	FreeAttempts  = 10
	AttemptWindow = 5 * time.Minute
	maxTries      = 10_000
)

// Attempts counts wrong PINs by address, beside the desk's own count by officer:
// one hostile phone is stopped before it has locked out all staff.
type Attempts struct {
	Now func() time.Time
	mu  sync.Mutex
	by  map[string]tried
}

type tried struct {
	wrong int
	since time.Time
}

// NewAttempts makes an empty count.
func NewAttempts(now func() time.Time) *Attempts { return &Attempts{Now: now, by: map[string]tried{}} }

// Over says whether an address has been wrong too often.
func (t *Attempts) Over(address string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.by[address]
	return x.wrong >= FreeAttempts && t.Now().Sub(x.since) < AttemptWindow
}

// Wrong counts a wrong attempt.
func (t *Attempts) Wrong(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	if len(t.by) >= maxTries {
		maps.DeleteFunc(t.by, func(_ string, x tried) bool { return now.Sub(x.since) >= AttemptWindow })
	}
	x := t.by[address]
	if now.Sub(x.since) >= AttemptWindow {
		x = tried{since: now}
	}
	x.wrong++
	t.by[address] = x
}

// Right forgets the wrong attempts of an address.
func (t *Attempts) Right(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.by, address)
}
