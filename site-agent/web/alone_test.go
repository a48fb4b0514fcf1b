package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models/journal"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/web/page"
)

func (s *site) posts(t *testing.T, path string, body any, cookies ...*http.Cookie) (int, []byte) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	w := s.do(request(http.MethodPost, path, string(text)), cookies...)
	return w.Code, w.Body.Bytes()
}

type contactAnswer struct {
	Stamp   offline.Stamp
	Version string
	Kit     *offline.Kit
}

func (s *site) contacts(t *testing.T, have string, cookie *http.Cookie) contactAnswer {
	t.Helper()
	code, body := s.posts(t, contactPath, map[string]any{"phone": uuid.UUID{3}, "have": have}, cookie)
	if code != http.StatusOK {
		t.Fatalf("contact: %d %s", code, body)
	}
	var a contactAnswer
	decode(t, body, &a)
	return a
}

func decode[T any](t *testing.T, body []byte, into *T) {
	t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
}

func TestAPhoneGetsItsKitOnceAndAStampEachTime(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	first := s.contacts(t, "", cookie)
	if first.Kit == nil || len(first.Kit.Items) == 0 || first.Stamp.Officer != s.officer {
		t.Fatalf("the first contact gave %+v", first)
	}
	s.pass(time.Minute)
	if again := s.contacts(t, first.Version, cookie); again.Kit != nil || again.Stamp.At <= first.Stamp.At {
		t.Errorf("nothing has changed, and the kit came again: %v; stamped %d after %d", again.Kit != nil, again.Stamp.At, first.Stamp.At)
	}
	if code, _ := s.posts(t, page.APIRoot+"scan", map[string]any{"id": uuid.New(), "code": "x"}, cookie); code != http.StatusOK {
		t.Fatal(code)
	}
	if news := s.contacts(t, first.Version, cookie); news.Kit == nil {
		t.Error("somebody was scanned, and the kit is the old one")
	}
	s.locksAll(s.signedIn(t, s.supervisor, supervisorPIN))
	if code, _ := s.posts(t, contactPath, map[string]any{"phone": uuid.UUID{3}}, cookie); code != http.StatusUnauthorized {
		t.Errorf("after everybody was locked out: %d, want 401, at which the phone erases its kit", code)
	}
}

// A phone of another version, or one that was tampered with, does not block its queue: an
// unreadable item is journaled as such, and so are the items after it.
func TestNoHandOverIsStranded(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	first := s.contacts(t, "", cookie)
	here := offline.Reading{Wall: first.Stamp.At, Mono: 1, Page: uuid.UUID{1}}
	phone, err := offline.Open(*first.Kit, here, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, good, err := phone.Judge(offline.Ask{ID: uuid.New(), Code: s.token(t, s.people[0])}, here)
	if err != nil {
		t.Fatal(err)
	}
	wild := good
	wild.Ask.Desk, wild.Ask.ID = strings.Repeat("x", 500), uuid.New()
	items := []map[string]any{
		{"id": uuid.New(), "held": "something else"}, {"id": uuid.New(), "held": map[string]any{"at": "tomorrow"}},
		{"held": 7}, {"id": wild.Ask.ID, "held": wild}, {"id": good.Ask.ID, "held": good},
	}
	for range 2 {
		status, body := s.posts(t, "/api/hand-over", map[string]any{"sent": here, "held": items}, cookie)
		var a struct{ Kept []uuid.UUID }
		if err := json.Unmarshal(body, &a); err != nil || status != http.StatusOK || len(a.Kept) != len(items) {
			t.Fatalf("%d %s, %v", status, body, err)
		}
	}
	rows, err := s.store.Rows(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, r := range rows {
		if r.Event.Verdict.Accepted() {
			accepted++
		} else if r.Event.Doubt&journal.DoubtProof == 0 || len(r.Event.Raw) == 0 {
			t.Errorf("what could not be read is %+v", r.Event)
		}
	}
	if len(rows) != len(items) || accepted != 1 {
		t.Errorf("%d events, %d accepted; want %d and one", len(rows), accepted, len(items))
	}
}

func TestTheScannerIsAnAppWithNobodysNameInIt(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	if code, _ := s.posts(t, page.APIRoot+"check-in", map[string]any{"id": uuid.New(), "enrollment": s.people[0].id, "reason": "HP mati"},
		cookie); code != http.StatusOK {
		t.Fatal(code)
	}
	page := s.do(request(http.MethodGet, "/alone", ""), cookie).Body.Bytes()
	for _, name := range []string{s.people[0].name, "Sari", "Bambang"} {
		if bytes.Contains(page, []byte(name)) {
			t.Errorf("the page that a phone keeps has %q in it", name)
		}
	}
	var list struct{ Files []string }
	if err := json.Unmarshal(s.do(request(http.MethodGet, "/alone.json", ""), cookie).Body.Bytes(), &list); err != nil || len(list.Files) < 20 {
		t.Fatalf("%d files, %v", len(list.Files), err)
	}
	for _, file := range list.Files {
		if w := s.do(request(http.MethodGet, file, ""), cookie); w.Code != http.StatusOK {
			t.Errorf("%s: %d", file, w.Code)
		}
	}
	for _, lang := range []string{"id", "en"} {
		w := s.do(request(http.MethodGet, "/manifest.webmanifest?lang="+lang, ""))
		var m struct {
			Start   string `json:"start_url"`
			Display string
			Lang    string
			Icons   []struct{ Src string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil || m.Start != "/" || m.Display != "standalone" || m.Lang != lang || len(m.Icons) == 0 {
			t.Errorf("manifest: %+v, %v", m, err)
		}
	}
}

// gateAlone does the same with an offline phone at a gate: it says the same, and the desk
// agrees at the hand-over.
func (s *site) gateAlone(t *testing.T, name, verdict, gate string, cookies ...*http.Cookie) {
	t.Helper()
	x := s.phone(t, 0, pocket{id: uuid.New(), page: uuid.New(), cookies: cookies})
	here := offline.Reading{Wall: x.contact.Stamp.At, Mono: 1, Page: x.page}
	phone, err := offline.Open(*x.contact.Kit, here, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := offline.Ask{ID: uuid.New(), Code: s.token(t, s.people[1]), Class: uuid.New(), Desk: "Meja 9"}
	a, held, err := phone.Judge(ask, here)
	if err != nil || a.Verdict != verdict || a.Gates != gate {
		t.Errorf("alone %s: %+v, %v", name, a, err)
	}
	if sight := phone.Look("", here); sight.Desk != x.contact.Kit.Place.Desk || !strings.HasPrefix(sight.Desk, "Meja ") {
		t.Errorf("alone %s the page says %q", name, sight.Desk)
	}
	status, body := s.posts(t, "/api/hand-over", map[string]any{"phone": x.id, "sent": here, "held": []map[string]any{{"id": ask.ID, "held": held}}}, cookies...)
	rows, err := s.store.Rows(t.Context(), 0, 100)
	if err != nil || status != http.StatusOK {
		t.Fatalf("hand-over: %d %s, %v", status, body, err)
	}
	if e := rows[len(rows)-1].Event; string(e.Verdict) != verdict || e.Other != "" || e.Doubt != 0 || e.Desk != x.contact.Kit.Place.Desk {
		t.Errorf("what was handed over from %s is %+v", name, e)
	}
}
