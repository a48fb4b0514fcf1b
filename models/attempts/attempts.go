// Package attempts counts wrong tries at what can be guessed: passwords, PINs,
// one-time codes, lost links. It is pure but for its own memory: the caller passes
// the time, in milliseconds of a clock that only it has to understand.
//
// One [Limiter] serves one kind of secret. A key says whose tries are counted: an
// account, an address of the network, or both.
package attempts

import (
	"container/list"
	"sync"
	"time"

	"buktihadir/models"
)

// maxKeys is how many keys a limiter remembers. Beyond it the key that has been
// wrong least lately is forgotten first, so that no flood of keys frees another.
const maxKeys = 10_000

// Rule says how many wrong tries are heard, and what happens then.
type Rule struct {
	Free   int           // wrong tries that are heard before the key is closed
	Window time.Duration // how long each wrong try counts; 0: until a right one
	// Lock and Longest are for rules without a window: a closed key opens after
	// Lock, after the next wrong try in twice that time, and so on up to Longest.
	Lock, Longest time.Duration
}

// Limiter counts wrong tries by key. A rule without Window and Lock closes no key. It is// safe for concurrent use.
type Limiter struct {
	rule Rule
	mu   sync.Mutex
	keys map[string]*list.Element // of tries
	late list.List                // the keys, the one that was wrong last at the end
}

// tries are when a key was wrong, the last time last.
type tries struct {
	key   string
	wrong []models.Millis
}

// New makes a limiter with a rule.
func New(rule Rule) *Limiter { return &Limiter{rule: rule, keys: map[string]*list.Element{}} }

// LockedUntil is when a closed key opens again; 0 if it is open.
func (l *Limiter) LockedUntil(key string, now models.Millis) models.Millis {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lockedUntil(key, now)
}

// Fail counts a wrong try.
func (l *Limiter) Fail(key string, now models.Millis) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count(key, now)
}

// Take counts a try as wrong before it is known to be, so that many at the same
// moment are no more than many in a row. A closed key is not counted; Take then
// says until when it is closed, else 0.
func (l *Limiter) Take(key string, now models.Millis) (until models.Millis) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until = l.lockedUntil(key, now); until == 0 {
		l.count(key, now)
	}
	return until
}

// GiveBack uncounts one try that Take has counted.
func (l *Limiter) GiveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.of(key); t != nil && len(t.wrong) > 1 {
		t.wrong = t.wrong[:len(t.wrong)-1]
		return
	}
	l.forget(key)
}

// Succeed forgets the wrong tries of a key.
func (l *Limiter) Succeed(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(key)
}

func (l *Limiter) lockedUntil(key string, now models.Millis) models.Millis {
	wrong := l.counted(key, now)
	over := len(wrong) - l.rule.Free
	if over < 0 || len(wrong) == 0 {
		return 0
	}
	if l.rule.Window > 0 {
		return wrong[over].Add(l.rule.Window)
	}
	until := wrong[len(wrong)-1].Add(min(l.rule.Lock<<min(over, 10), l.rule.Longest))
	if until <= now {
		return 0
	}
	return until
}

// counted are the wrong tries of a key that still count.
func (l *Limiter) counted(key string, now models.Millis) []models.Millis {
	t := l.of(key)
	if t == nil {
		return nil
	}
	wrong := t.wrong
	for l.rule.Window > 0 && len(wrong) > 0 && wrong[0].Add(l.rule.Window) <= now {
		wrong = wrong[1:]
	}
	return wrong
}

func (l *Limiter) count(key string, now models.Millis) {
	wrong := append(l.counted(key, now), now)
	l.forget(key)
	if len(l.keys) >= maxKeys {
		l.forget(l.late.Front().Value.(*tries).key) //nolint:errcheck // the list holds nothing else
	}
	l.keys[key] = l.late.PushBack(&tries{key, wrong})
}

func (l *Limiter) of(key string) *tries {
	if e := l.keys[key]; e != nil {
		return e.Value.(*tries) //nolint:errcheck // the list holds nothing else
	}
	return nil
}

func (l *Limiter) forget(key string) {
	if e := l.keys[key]; e != nil {
		l.late.Remove(e)
		delete(l.keys, key)
	}
}
