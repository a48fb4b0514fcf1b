package web

import (
	"cmp"
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// idleLock is after how long without a scan or a click a desk locks itself.
	idleLock = 30 * time.Minute
	// longest is how long one sign-in lasts in any case: a working day.
	longest = 14 * time.Hour
	// maxSessions bounds memory; the one unused for longest makes room.
	maxSessions = 500
)

// sessions are the devices that are signed in. They live in memory alone: a
// restart locks every desk, and a scan pays for no cookie decoding. Time is the
// monotonic clock's, since a desk's wall clock jumps when it meets the server.
type sessions struct {
	now  func() time.Time
	mu   sync.RWMutex
	all  map[string]*session
	left chan struct{} // closed when somebody is signed out, and made anew
}

type session struct {
	officer     uuid.UUID
	device      uuid.UUID // zero: one that is not paired
	address     string
	kiosk       bool // nobody's: people show it their tickets themselves
	began, seen time.Time
}

// device is one signed-in device as a page lists it.
type device struct {
	key     string
	officer uuid.UUID
	paired  uuid.UUID // zero: it is not
	address string
	unused  time.Duration
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: map[string]*session{}, left: make(chan struct{})}
}

// begin signs a device in and gives its key: 130 random bits.
func (s *sessions) begin(officer, device uuid.UUID, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	maps.DeleteFunc(s.all, func(_ string, x *session) bool { return !x.alive(now) })
	if len(s.all) >= maxSessions {
		oldest, first := "", now
		for key, x := range s.all {
			if !x.seen.After(first) {
				oldest, first = key, x.seen
			}
		}
		delete(s.all, oldest)
	}
	key := rand.Text()
	s.all[key] = &session{officer: officer, device: device, address: address, began: now, seen: now}
	return key
}

func (x *session) alive(now time.Time) bool {
	return (x.kiosk || now.Sub(x.seen) < idleLock) && now.Sub(x.began) < longest
}

// find gives the sign-in that a key belongs to.
func (s *sessions) find(key string) (session, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	x, ok := s.all[key]
	if !ok || !x.alive(s.now()) {
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
func (s *sessions) touch(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.seen = s.now()
	}
}

// stand makes a sign-in a kiosk: it can do nothing else until somebody signs in anew.
func (s *sessions) stand(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		x.kiosk = true
	}
}

func (s *sessions) end(key string) {
	s.endWhere(func(k string, _ *session) bool { return k == key })
}

// drop ends a sign-in that another one takes the place of: its page goes on to the next.
func (s *sessions) drop(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, key)
}

func (s *sessions) endAll() { s.endWhere(func(string, *session) bool { return true }) }

// endWhere signs out whoever it is true of, and tells the open pages at once.
func (s *sessions) endWhere(over func(key string, x *session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.all, over)
	close(s.left)
	s.left = make(chan struct{})
}

// devices lists who is signed in, the latest used first.
func (s *sessions) devices() []device {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.now()
	var out []device
	for key, x := range s.all {
		if x.alive(now) {
			out = append(out, device{key, x.officer, x.device, x.address, now.Sub(x.seen)})
		}
	}
	slices.SortFunc(out, func(a, b device) int { return cmp.Or(cmp.Compare(a.unused, b.unused), cmp.Compare(a.key, b.key)) })
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
