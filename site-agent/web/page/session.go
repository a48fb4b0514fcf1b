package page

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
)

const (
	// IdleLock is after how long without a scan or a click a desk locks itself.
	IdleLock = 30 * time.Minute
	// Longest is how long one sign-in lasts in any case: a working day.
	Longest = 14 * time.Hour
	// maxSessions bounds memory; the one unused for longest makes room.
	maxSessions = 500
)

// Sessions are the devices that are signed in. Requests use the memory, so that a scan
// does not wait for the disk; session_kept.go stores them, so that they survive a
// restart. Time is that of a clock that nobody can set, because a desk's wall clock jumps
// when it meets the server.
type Sessions struct {
	Now   func() time.Time   // counts what the agent runs
	clock func() desk.Moment // counts what the machine sleeps too
	mu    sync.RWMutex
	all   map[signKey]*session
	left  chan struct{} // closed when somebody is signed out, and made again
	gap   *gap          // nil: how long the agent was off before it was started is known

	saving sync.Mutex
	kept   int // how many the disk has
}

// signKey is the SHA-256 of the secret that a device shows: neither memory nor disk has
// the secret.
type signKey [sha256.Size]byte

// KeyOf hashes what a device shows.
func KeyOf(shown string) signKey { return sha256.Sum256([]byte(shown)) }

type session struct {
	officer uuid.UUID
	pin     [8]byte   // see desk.Officer
	device  uuid.UUID // zero: one that is not paired
	address string
	kiosk   bool         // without an officer: people show it their tickets themselves
	epoch   models.Epoch // a copy of an older disk does not restore a sign-in that the server has seen end
	began   int64        // ms since the machine's boot, negative before it
	early   bool         // before this start of the agent
	seen    time.Time
}

// device is one signed-in device as a page lists it.
type device struct {
	Key     signKey
	Officer uuid.UUID
	Paired  uuid.UUID // zero: it is not
	Address string
	Unused  time.Duration
}

// NewSessions makes an empty list; now counts the time that the agent runs, clock also
// the time that the machine sleeps.
func NewSessions(now func() time.Time, clock func() desk.Moment) *Sessions {
	return &Sessions{Now: now, clock: clock, all: map[signKey]*session{}, left: make(chan struct{})}
}

// Begin signs a device in and gives what it has to show: 130 random bits.
func (s *Sessions) Begin(officer desk.Officer, device uuid.UUID, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, m := s.Now(), s.clock()
	s.purge(now, m)
	if len(s.all) >= maxSessions {
		oldest, first := signKey{}, now
		for key, x := range s.all {
			if !x.seen.After(first) {
				oldest, first = key, x.seen
			}
		}
		delete(s.all, oldest)
	}
	key := rand.Text()
	s.all[KeyOf(key)] = &session{officer: officer.ID, pin: officer.PIN, device: device, address: address, epoch: m.Epoch, began: m.Mono, seen: now}
	return key
}

// purge needs the lock.
func (s *Sessions) purge(now time.Time, m desk.Moment) {
	maps.DeleteFunc(s.all, func(_ signKey, x *session) bool { return !x.alive(now, m) })
}

func (x *session) age(m desk.Moment) time.Duration {
	return time.Duration(m.Mono-x.began) * time.Millisecond
}

func (x *session) alive(now time.Time, m desk.Moment) bool {
	return (x.kiosk || now.Sub(x.seen) < IdleLock) && x.age(m) < Longest && x.epoch == m.Epoch
}

// Find gives the sign-in that a key belongs to.
func (s *Sessions) Find(key signKey) (session, bool) {
	m := s.clock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	x, ok := s.all[key]
	if !ok || !x.alive(s.Now(), m) {
		return session{}, false
	}
	return *x, true
}

// Departures is closed when somebody is signed out from now on.
func (s *Sessions) Departures() <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.left
}

// Touch puts off the lock.
func (s *Sessions) Touch(key signKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.seen = s.Now()
	}
}

// MakeKiosk turns a sign-in into a kiosk: it can do nothing else until an officer signs
// in again.
func (s *Sessions) MakeKiosk(key signKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.kiosk = true
	}
}

// End signs a device out.
func (s *Sessions) End(key signKey) {
	s.endWhere(func(k signKey, _ *session) bool { return k == key })
}

// drop ends a sign-in that another one takes the place of: its page goes on to the next.
func (s *Sessions) drop(key signKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, key)
}

// EndAll signs every device out.
func (s *Sessions) EndAll() { s.endWhere(func(signKey, *session) bool { return true }) }

// endWhere signs out whoever it is true of, and tells the open pages at once.
func (s *Sessions) endWhere(over func(key signKey, x *session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.all, over)
	close(s.left)
	s.left = make(chan struct{})
}

// toKeep says whether the disk has to be told of anything.
func (s *Sessions) toKeep() bool {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.all) > 0 || s.kept > 0
}

// List lists who is signed in, the latest used first.
func (s *Sessions) List() []device {
	m := s.clock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.Now()
	var out []device
	for key, x := range s.all {
		if x.alive(now, m) {
			out = append(out, device{key, x.officer, x.device, x.address, now.Sub(x.seen)})
		}
	}
	slices.SortFunc(out, func(a, b device) int {
		return cmp.Or(cmp.Compare(a.Unused, b.Unused), bytes.Compare(a.Key[:], b.Key[:]))
	})
	return out
}
