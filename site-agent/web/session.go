package web

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
)

const (
	// idleLock is after how long without a scan or a click a desk locks itself.
	idleLock = 30 * time.Minute
	// longest is how long one sign-in lasts in any case: a working day.
	longest = 14 * time.Hour
	// maxSessions bounds memory; the one unused for longest makes room.
	maxSessions = 500
)

// sessions are the devices that are signed in. They are used from memory, so that a
// scan waits for no disk, and outlive a restart, see session_kept.go. Time is that of
// clocks which nobody sets, since a desk's wall clock jumps when it meets the server.
type sessions struct {
	now   func() time.Time   // counts what the agent runs
	clock func() desk.Moment // counts what the machine sleeps too
	mu    sync.RWMutex
	all   map[signKey]*session
	left  chan struct{} // closed when somebody is signed out, and made anew
	gap   *gap          // nil: how long the agent was off before it was started is known

	saving sync.Mutex
	kept   int // how many the disk has
}

// signKey is the SHA-256 of what a device shows: neither memory nor disk has more.
type signKey [sha256.Size]byte

func keyOf(shown string) signKey { return sha256.Sum256([]byte(shown)) }

type session struct {
	officer uuid.UUID
	pin     [8]byte   // see desk.Officer
	device  uuid.UUID // zero: one that is not paired
	address string
	kiosk   bool         // nobody's: people show it their tickets themselves
	epoch   models.Epoch // a copy of an older disk revives nobody once the server has seen it
	began   int64        // ms since the machine's boot, negative before it
	early   bool         // before this start of the agent
	seen    time.Time
}

// device is one signed-in device as a page lists it.
type device struct {
	key     signKey
	officer uuid.UUID
	paired  uuid.UUID // zero: it is not
	address string
	unused  time.Duration
}

func newSessions(now func() time.Time, clock func() desk.Moment) *sessions {
	return &sessions{now: now, clock: clock, all: map[signKey]*session{}, left: make(chan struct{})}
}

// begin signs a device in and gives what it has to show: 130 random bits.
func (s *sessions) begin(officer desk.Officer, device uuid.UUID, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, m := s.now(), s.clock()
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
	s.all[keyOf(key)] = &session{officer: officer.ID, pin: officer.PIN, device: device, address: address, epoch: m.Epoch, began: m.Mono, seen: now}
	return key
}

// purge needs the lock.
func (s *sessions) purge(now time.Time, m desk.Moment) {
	maps.DeleteFunc(s.all, func(_ signKey, x *session) bool { return !x.alive(now, m) })
}

func (x *session) age(m desk.Moment) time.Duration {
	return time.Duration(m.Mono-x.began) * time.Millisecond
}

func (x *session) alive(now time.Time, m desk.Moment) bool {
	return (x.kiosk || now.Sub(x.seen) < idleLock) && x.age(m) < longest && x.epoch == m.Epoch
}

// find gives the sign-in that a key belongs to.
func (s *sessions) find(key signKey) (session, bool) {
	m := s.clock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	x, ok := s.all[key]
	if !ok || !x.alive(s.now(), m) {
		return session{}, false
	}
	return *x, true
}

// departures is closed when somebody is signed out from now on.
func (s *sessions) departures() <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.left
}

// touch puts off the lock.
func (s *sessions) touch(key signKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.seen = s.now()
	}
}

// stand makes a sign-in a kiosk: it can do nothing else until somebody signs in anew.
func (s *sessions) stand(key signKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.kiosk = true
	}
}

func (s *sessions) end(key signKey) {
	s.endWhere(func(k signKey, _ *session) bool { return k == key })
}

// drop ends a sign-in that another one takes the place of: its page goes on to the next.
func (s *sessions) drop(key signKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, key)
}

func (s *sessions) endAll() { s.endWhere(func(signKey, *session) bool { return true }) }

// endWhere signs out whoever it is true of, and tells the open pages at once.
func (s *sessions) endWhere(over func(key signKey, x *session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.all, over)
	close(s.left)
	s.left = make(chan struct{})
}

// toKeep says whether the disk has to be told of anything.
func (s *sessions) toKeep() bool {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.all) > 0 || s.kept > 0
}

// devices lists who is signed in, the latest used first.
func (s *sessions) devices() []device {
	m := s.clock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.now()
	var out []device
	for key, x := range s.all {
		if x.alive(now, m) {
			out = append(out, device{key, x.officer, x.device, x.address, now.Sub(x.seen)})
		}
	}
	slices.SortFunc(out, func(a, b device) int {
		return cmp.Or(cmp.Compare(a.unused, b.unused), bytes.Compare(a.key[:], b.key[:]))
	})
	return out
}

// cookieName differs by scheme: browsers share cookies between ports, and the
// prefix makes them refuse a cookie that didn't come over HTTPS
// (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis §4.1.3).
func cookieName(r *http.Request) string { return prefixed(r, "desk") }

func prefixed(r *http.Request, name string) string {
	if r.TLS != nil {
		return "__Host-" + name
	}
	return name
}

func keyCookie(r *http.Request, key string) *http.Cookie { return secretCookie(r, "desk", key, 0) }

// secretCookie keeps a key for so long, as long as the browser is open if that is zero;
// without a key it is deleted.
func secretCookie(r *http.Request, name, key string, last time.Duration) *http.Cookie {
	c := &http.Cookie{Name: prefixed(r, name), Value: key, MaxAge: int(last.Seconds()), Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode} //nolint:gosec // plain http only ever reaches this machine itself
	if key == "" {
		c.MaxAge = -1
	}
	return c
}

const (
	triesFree   = 10
	triesWindow = 5 * time.Minute
	maxTries    = 10_000
)

// tries counts wrong PINs by address, beside the desk's own count by officer:
// one hostile phone is stopped before it has locked out all staff.
type tries struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]tried
}

type tried struct {
	wrong int
	since time.Time
}

func newTries(now func() time.Time) *tries { return &tries{now: now, by: map[string]tried{}} }

func (t *tries) over(address string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.by[address]
	return x.wrong >= triesFree && t.now().Sub(x.since) < triesWindow
}

func (t *tries) wrong(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if len(t.by) >= maxTries {
		maps.DeleteFunc(t.by, func(_ string, x tried) bool { return now.Sub(x.since) >= triesWindow })
	}
	x := t.by[address]
	if now.Sub(x.since) >= triesWindow {
		x = tried{since: now}
	}
	x.wrong++
	t.by[address] = x
}

func (t *tries) right(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.by, address)
}
