package web

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/web/page"
)

// told is the time up to which the agent says that it has everything, by what its disk
// knows.
func (s *site) told(t *testing.T) models.Millis {
	t.Helper()
	s.server.SaveAll(t.Context())
	list, err := s.store.Phones(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := s.clock()
	var awaited []journal.Awaited
	for _, p := range list {
		awaited = append(awaited, p.Awaited(s.desk.Now(), now.Mono, now.Boot))
	}
	return journal.Told(s.desk.Now(), awaited)
}

// waits says whether the agent holds back since so long ago, give or take what a contact
// may have been under way.
func (s *site) waits(t *testing.T, since time.Duration) {
	t.Helper()
	held := s.desk.Now().Sub(s.told(t))
	if held < since || held > since+page.OnTheWay {
		t.Errorf("the agent has everything as of %v ago, want %v", held, since)
	}
}

type pocket struct {
	id, page uuid.UUID
	cookies  []*http.Cookie
	contact  contactAnswer
}

// phone makes itself heard.
func (s *site) phone(t *testing.T, waiting int, x pocket) pocket {
	t.Helper()
	x.contact = contactAnswer{}
	status, body := s.posts(t, contactPath, map[string]any{"phone": x.id, "page": x.page, "waiting": waiting}, x.cookies...)
	if status != http.StatusOK {
		t.Fatalf("contact: %d %s", status, body)
	}
	decode(t, body, &x.contact)
	return x
}

func (s *site) leaves(t *testing.T, x pocket, waiting int, erased bool) {
	t.Helper()
	status, body := s.posts(t, "/api/farewell", map[string]any{"phone": x.id, "page": x.page, "waiting": waiting, "erased": erased})
	if status != http.StatusNoContent {
		t.Fatalf("farewell: %d %s", status, body)
	}
}

func TestNobodyIsAbsentWhoMayBeOnAPhoneThatIsNotBack(t *testing.T) {
	const quarter = 15 * time.Minute
	for _, c := range []struct {
		name string
		then func(*testing.T, *site, pocket) // after a quarter of an hour of silence
		want time.Duration                   // that the agent holds back another quarter of an hour later
	}{
		{"it stays silent", func(*testing.T, *site, pocket) {}, 2 * quarter},
		{"it is back and holds nothing", func(t *testing.T, s *site, x pocket) { s.phone(t, 0, x) }, quarter},
		{"it is back and holds something", func(t *testing.T, s *site, x pocket) { s.phone(t, 2, x) }, 2 * quarter},
		{"it was closed", func(t *testing.T, s *site, x pocket) { s.leaves(t, x, 0, false) }, 0},
		{"it was closed while it held something", func(t *testing.T, s *site, x pocket) { s.leaves(t, x, 1, false) }, 2 * quarter},
		{"one of its pages was closed", func(t *testing.T, s *site, x pocket) { x.page = uuid.New(); s.leaves(t, x, 0, false) }, 2 * quarter},
		{"it was closed, and opened again", func(t *testing.T, s *site, x pocket) { s.leaves(t, x, 0, false); s.phone(t, 0, x) }, quarter},
		{"it was signed out", func(t *testing.T, s *site, x pocket) { s.leaves(t, x, 0, true) }, 0},
		{"it was signed out with scans on it", func(t *testing.T, s *site, x pocket) { s.leaves(t, x, 4, true) }, 2 * quarter},
		{"somebody else says so", func(t *testing.T, s *site, x pocket) { x.id = uuid.New(); s.leaves(t, x, 0, true) }, 2 * quarter},
		{"after another sign-in it hands over", func(t *testing.T, s *site, x pocket) {
			s.leaves(t, x, 1, true)
			next := s.phone(t, 1, pocket{id: uuid.New(), page: uuid.New(), cookies: x.cookies})
			s.handsOver(t, x, next)
			s.phone(t, 0, next)
		}, quarter},
		{"its device is removed", func(t *testing.T, s *site, _ pocket) { s.revokes(t) }, 0},
		{"all are signed out", func(t *testing.T, s *site, _ pocket) {
			s.locksAll(s.supervisorsOwn(t))
		}, 0},
		{"the power fails", func(t *testing.T, s *site, _ pocket) { s.powerFails(t, 0, 0) }, 2 * quarter},
		{"its contact comes long after it has given up", func(t *testing.T, s *site, x pocket) {
			until := map[string]any{"boot": s.clock().Boot, "mono": s.clock().Mono - 1}
			s.posts(t, contactPath, map[string]any{"phone": x.id, "page": x.page, "waiting": 0, "until": until}, x.cookies...)
		}, 2 * quarter},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, nil)
			s.runningClock()
			device := s.pairAtMachine(t, named("Meja 2", ""))
			own := s.signedInOn(t, device, s.officer, officerPIN)
			x := s.phone(t, 0, pocket{id: uuid.New(), page: uuid.New(), cookies: []*http.Cookie{device, own}})
			s.waits(t, 0)
			s.pass(quarter)
			c.then(t, s, x)
			s.pass(quarter)
			s.waits(t, c.want)
		})
	}
}

// HandsOver gives the agent what a phone has recorded alone, after its next sign-in.
func (s *site) handsOver(t *testing.T, x, next pocket) {
	t.Helper()
	here := offline.Reading{Wall: x.contact.Stamp.At, Mono: 1, Page: x.page}
	alonePhone, err := offline.Open(*x.contact.Kit, here, nil)
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.New()
	_, held, err := alonePhone.Judge(offline.Ask{ID: id, Code: s.token(t, s.people[0])}, here)
	if err != nil {
		t.Fatal(err)
	}
	status, body := s.posts(t, "/api/hand-over", map[string]any{"phone": next.id, "sent": here, "held": []map[string]any{{"id": id, "held": held}}},
		next.cookies...)
	if status != http.StatusOK {
		t.Fatalf("hand-over: %d %s", status, body)
	}
}

// A phone that is lost keeps results open for a working day, one that is known to hold
// something for as long as that may count.
func TestNoPhoneIsWaitedForForEver(t *testing.T) {
	for _, c := range []struct {
		waiting int
		limit   time.Duration
	}{{0, offline.Longest}, {3, journal.MaxQueued * time.Millisecond}} {
		s := newSite(t, nil)
		s.runningClock()
		s.phone(t, 0, pocket{id: uuid.Max, page: uuid.Max, cookies: []*http.Cookie{s.signedIn(t, s.officer, officerPIN)}})
		s.phone(t, c.waiting, pocket{id: uuid.Max, page: uuid.Max, cookies: []*http.Cookie{s.signedIn(t, s.officer, officerPIN)}})
		s.pass(c.limit - time.Minute)
		s.waits(t, c.limit-time.Minute)
		if rows := s.server.Awaited(); len(rows) != 1 || rows[0].Name != "Sari Wulandari" || rows[0].Waiting != c.waiting {
			t.Errorf("the station's page tells of %+v", rows)
		}
		s.pass(time.Minute)
		s.waits(t, 0)
		if rows := s.server.Awaited(); len(rows) != 0 {
			t.Errorf("the station's page still tells of %+v", rows)
		}
	}
}
