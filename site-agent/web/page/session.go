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
	all   map[SignKey]*session
	left  chan struct{} // closed when somebody is signed out, and made anew
	gap   *gap          // nil: how long the agent was off before it was started is known

	saving sync.Mutex
	kept   int // how many the disk has
}

// SignKey is the SHA-256 of what a device shows: neither memory nor disk has more.
type SignKey [sha256.Size]byte

// KeyOf hashes what a device shows.
func KeyOf(shown string) SignKey { return sha256.Sum256([]byte(shown)) }

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

// SignedIn is one signed-in device as a page lists it.
type SignedIn struct {
	Key     SignKey
	Officer uuid.UUID
	Paired  uuid.UUID // zero: it is not
	Address string
	Unused  time.Duration
}

// NewSessions makes an empty list; now counts the time that the agent runs, clock also
// the time that the machine sleeps.
func NewSessions(now func() time.Time, clock func() desk.Moment) *Sessions {
	return &Sessions{Now: now, clock: clock, all: map[SignKey]*session{}, left: make(chan struct{})}
}

// Begin signs a device in and gives what it has to show: 130 random bits.
func (s *Sessions) Begin(officer desk.Officer, device uuid.UUID, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, m := s.Now(), s.clock()
	s.purge(now, m)
	if len(s.all) >= maxSessions {
		oldest, first := SignKey{}, now
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
	maps.DeleteFunc(s.all, func(_ SignKey, x *session) bool { return !x.alive(now, m) })
}

func (x *session) age(m desk.Moment) time.Duration {
	return time.Duration(m.Mono-x.began) * time.Millisecond
}

func (x *session) alive(now time.Time, m desk.Moment) bool {
	return (x.kiosk || now.Sub(x.seen) < IdleLock) && x.age(m) < Longest && x.epoch == m.Epoch
}

// Has reports whether the one of a key is signed in.
func (s *Sessions) Has(key SignKey) bool {
	_, ok := s.find(key)
	return ok
}

// find gives the sign-in that a key belongs to.
func (s *Sessions) find(key SignKey) (session, bool) {
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
func (s *Sessions) Touch(key SignKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.seen = s.Now()
	}
}

// MakeKiosk makes a sign-in a kiosk: it can do nothing else until somebody signs in anew.
func (s *Sessions) MakeKiosk(key SignKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.kiosk = true
	}
}

// End signs a device out.
func (s *Sessions) End(key SignKey) {
	s.endWhere(func(k SignKey, _ *session) bool { return k == key })
}

// drop ends a sign-in that another one takes the place of: its page goes on to the next.
func (s *Sessions) drop(key SignKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, key)
}

// EndAll signs every device out.
func (s *Sessions) EndAll() { s.endWhere(func(SignKey, *session) bool { return true }) }

// endWhere signs out whoever it is true of, and tells the open pages at once.
func (s *Sessions) endWhere(over func(key SignKey, x *session) bool) {
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
func (s *Sessions) List() []SignedIn {
	m := s.clock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.Now()
	var out []SignedIn
	for key, x := range s.all {
		if x.alive(now, m) {
			out = append(out, SignedIn{key, x.officer, x.device, x.address, now.Sub(x.seen)})
		}
	}
	slices.SortFunc(out, func(a, b SignedIn) int {
		return cmp.Or(cmp.Compare(a.Unused, b.Unused), bytes.Compare(a.Key[:], b.Key[:]))
	})
	return out
}
