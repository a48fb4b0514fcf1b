package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
)

// meets has the server tell the desk the time in this boot.
func (s *site) meets(t testing.TB) {
	t.Helper()
	now := s.clock()
	contact := store.Contact{Boot: now.Boot, Mono: now.Mono, Wall: now.Wall, Server: models.Millis(s.now.Load())}
	if err := s.store.NoteContact(t.Context(), contact); err != nil {
		t.Fatal(err)
	}
	s.knows(t)
}

// confirms has staff say what time it is.
func (s *site) confirms(t testing.TB) {
	t.Helper()
	if err := s.desk.ConfirmTime(t.Context(), models.Millis(s.now.Load()), s.officer); err != nil {
		t.Fatal(err)
	}
	s.knows(t)
}

func (s *site) knows(t testing.TB) {
	t.Helper()
	if err := s.desk.NoteClock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !s.desk.Moment().Known {
		t.Fatal("the desk does not know the time")
	}
	s.server.Sessions.Settle()
}

// runs lets the agent run for so long.
func (s *site) runs(d time.Duration) {
	s.pass(d)
	s.server.Sessions.Settle()
	s.server.SaveSignIns(context.Background())
}

// powerFails cuts the power for so long; the machine's clock is then off.
func (s *site) powerFails(t testing.TB, d, clockOff time.Duration) {
	t.Helper()
	s.pass(d)
	s.machine.Store(&clocks{boot: uuid.New(), since: s.now.Load() - 20_000, off: clockOff})
	s.opens(t)
	s.runningClock()
	s.server.Sessions.Settle()
}

// runningClock lets a test say how long the agent has run.
func (s *site) runningClock() {
	s.server.Sessions.Now = func() time.Time { return time.UnixMilli(s.now.Load()) }
}

func (s *site) isIn(cookies ...*http.Cookie) bool {
	return s.do(request(http.MethodGet, "/station", ""), cookies...).Code == http.StatusOK
}

func TestStaffStaySignedInWhenThePowerFails(t *testing.T) {
	const hour, ages = time.Hour, 24 * 365 * time.Hour
	for _, c := range []struct {
		name              string
		off, back         time.Duration // how wrong the clock is before, and after
		cut               time.Duration
		known, knownLater bool // the server is met before, and some time after
		want, wantLater   bool
	}{
		{"for a minute", 0, 0, time.Minute, true, false, true, true},
		{"for three hours", 0, 0, 3 * hour, false, false, true, true},
		{"for three hours, with a clock that is always wrong", 5 * hour, 5 * hour, 3 * hour, true, true, true, true},
		{"until the working day is over", 0, 0, 13 * hour, false, false, false, false},
		{"the machine wakes up in 1970", 0, -56 * ages, 3 * hour, true, true, true, true},
		{"it wakes up in 1970 on the next day", 0, -56 * ages, 13 * hour, true, true, true, false},
		{"it wakes up when it went to sleep, on the next day", 0, -13 * hour, 13 * hour, true, true, true, false},
		{"it lived in 1970 before", -56 * ages, 0, 3 * hour, true, false, true, true},
		{"nobody ever knew the time", -56 * ages, -56*ages - 3*hour, 3 * hour, false, true, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, nil)
			s.machine.Store(&clocks{boot: uuid.Max, since: 1e12, off: c.off})
			s.runningClock()
			if c.known {
				s.meets(t)
			}
			cookie := s.signedIn(t, s.officer, officerPIN)
			for range 8 {
				s.runs(15 * time.Minute)
				s.isIn(cookie)
			}
			s.powerFails(t, c.cut, c.back)
			if got := s.isIn(cookie); got != c.want {
				t.Errorf("back: signed in %v, want %v", got, c.want)
			}
			s.runs(10 * time.Minute)
			if c.knownLater {
				s.confirms(t)
			}
			if got := s.isIn(cookie); got != c.wantLater {
				t.Errorf("later: signed in %v, want %v", got, c.wantLater)
			}
			s.runs(page.Longest - 2*hour)
			s.powerFails(t, time.Minute, c.back)
			if s.isIn(cookie) {
				t.Error("unused for a day, and still signed in")
			}
		})
	}
}

// Decisions before the power failure, or while it was off, still hold.
func TestNoRestartSignsAnybodyIn(t *testing.T) {
	for name, change := range map[string]func(*site, *http.Cookie, *http.Cookie){
		"signed out":        func(s *site, d, own *http.Cookie) { s.do(request(http.MethodPost, "/logout", ""), d, own) },
		"all are locked":    func(s *site, _, _ *http.Cookie) { s.locksAll(s.supervisorsOwn(t)) },
		"another officer":   func(s *site, d, own *http.Cookie) { s.do(signInRequest(s.supervisor, supervisorPIN), d, own) },
		"the device is out": func(s *site, _, _ *http.Cookie) { s.revokes(t) },
		"the PIN was changed": func(s *site, _, _ *http.Cookie) {
			s.updates(t, item(t, exchange.KindOfficer, s.officer[:], exchange.Officer{Name: "Sari Wulandari", PINHash: hash(t, "111111")}))
		},
		"the officer is gone": func(s *site, _, _ *http.Cookie) {
			s.updates(t, exchange.Item{Kind: exchange.KindOfficer, Key: s.officer[:]})
		},
		"the disk is an older one": func(s *site, _, _ *http.Cookie) {
			id, err := s.store.Identity(t.Context())
			if err == nil {
				_, err = s.store.OpenEpoch(t.Context(), id.Epoch, 0, models.Epoch{7}, 1)
			}
			if err != nil {
				t.Fatal(err)
			}
		},
		"nothing": func(s *site, _, own *http.Cookie) { s.neverWrites(t, own.Value) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			s.runningClock()
			phone := s.pairAtMachine(t, named("Meja 2", ""))
			own := s.signedInOn(t, phone, s.officer, officerPIN)
			s.powerFails(t, time.Minute, 0)
			if !s.isIn(phone, own) || s.isIn(own) {
				t.Fatal("who was signed in is so on this device, and on no other")
			}
			change(s, phone, own)
			s.powerFails(t, time.Minute, 0)
			if s.isIn(phone, own) != (name == "nothing") {
				t.Error("signed in again by the restart")
			}
		})
	}
}

// updates changes the roster.
func (s *site) updates(t *testing.T, items ...exchange.Item) {
	t.Helper()
	page := exchange.RosterPage{Scope: []byte("scope"), From: 1, To: 2, Latest: 2, Items: items}
	if err := s.store.ApplyPage(t.Context(), page, models.Millis(s.now.Load())); err != nil {
		t.Fatal(err)
	}
}

func (s *site) revokes(t *testing.T) {
	t.Helper()
	path := "/devices/" + s.devices.Devices()[0].ID.String() + "/revoke"
	if w := s.form(path, url.Values{"reason": {"HP hilang"}}, s.supervisorsOwn(t)); w.Code != http.StatusSeeOther {
		t.Fatalf("revoke: %d", w.Code)
	}
}

// neverWrites looks for what a phone shows in everything that whoever copies the disk gets.
func (s *site) neverWrites(t *testing.T, secret string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.data, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("%s has what a phone shows to be known", filepath.Base(f))
		}
	}
}

// However the agent is started, killed and used: the people who were signed in stay so
// for as long as without it, and not longer.
func TestRestartsChangeNothingOfHowLongASignInLasts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth, ran, boot := time.Duration(0), time.Duration(0), uuid.UUID{1}
		start := time.Unix(1e9, 0)
		bootAt := -5 * time.Minute
		clock := func() desk.Moment {
			at := models.MillisOf(start.Add(truth))
			return desk.Moment{Reading: desk.Reading{Wall: at, Mono: (truth - bootAt).Milliseconds(), Boot: boot}, At: at}
		}
		now := func() time.Time { return start.Add(ran) }
		s := page.NewSessions(now, clock)
		key := page.KeyOf(s.Begin(desk.Officer{}, uuid.Nil, ""))
		kept, seen, keptUnused := s.State(), ran, time.Duration(0)
		ended := false
		t.Repeat(map[string]func(*rapid.T){
			"is used": func(*rapid.T) {
				if s.Has(key) {
					s.Touch(key)
					seen = ran
				}
			},
			"time passes": func(t *rapid.T) {
				for range rapid.IntRange(1, 40).Draw(t, "minutes") {
					truth, ran = truth+page.KeepEvery, ran+page.KeepEvery
					s.Settle()
					kept, keptUnused = s.State(), ran-seen
				}
			},
			"the power fails": func(t *rapid.T) {
				truth += time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute
				if rapid.Bool().Draw(t, "machine too") {
					boot, bootAt = uuid.New(), truth
				}
				s = page.NewSessions(now, clock)
				s.Load(kept)
				kept, seen = s.State(), ran-keptUnused // a use that was not kept yet is forgotten
			},
			"": func(t *rapid.T) {
				in := s.Has(key)
				want := ran-seen < page.IdleLock && truth < page.Longest
				ended = ended || !want
				if in && ended || !in && want && !ended {
					t.Fatalf("signed in %v after %v, unused for %v", in, truth, ran-seen)
				}
			},
		})
	})
}
