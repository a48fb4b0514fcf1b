package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/checkin"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// reply is what a page reads of an answer.
type reply struct {
	checkin.Answer
	Error string `json:"error"`
}

func (s *site) post(t testing.TB, cookie *http.Cookie, path string, form any) (int, reply) {
	t.Helper()
	body, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	w := s.do(request(http.MethodPost, path, string(body)), cookie)
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("%s: %d %q: %v", path, w.Code, w.Body, err)
	}
	return w.Code, r
}

func TestAScanIsAnsweredWithWhatStaffNeed(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	first := page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0]), Desk: "Meja 2", Direction: models.DirectionAuto}
	code, got := s.post(t, cookie, "/api/scan", first)
	if code != http.StatusOK || got.Verdict != "accepted_in" || got.Tone != templates.Good {
		t.Fatalf("first scan: %d %+v", code, got)
	}
	if got.Person == nil || got.Person.Name != "Dewi Lestari" || got.Person.Class != "LAS-01" || got.Session == nil || got.Session.Room != "Ruang A" {
		t.Errorf("first scan lacks who and where: %+v %+v", got.Person, got.Session)
	}
	if got.Occurred != "2026-06-22T08:00:00+07:00" || got.OccurredMS != s.server.Now() || got.Seq != 1 || got.Zone != models.ZoneWIB {
		t.Errorf("first scan: occurred %s, seq %d, zone %s", got.Occurred, got.Seq, got.Zone)
	}
	if _, again := s.post(t, cookie, "/api/scan", first); again.Verdict != "accepted_in" || again.Seq != 1 {
		t.Errorf("the same scan sent again: %s with seq %d, want accepted_in with seq 1", again.Verdict, again.Seq)
	}
	s.pass(5 * time.Minute)
	second := first
	second.ID = uuid.New()
	_, got = s.post(t, cookie, "/api/scan", second)
	if got.Verdict != "already_in" || got.Tone != templates.Warn || got.Earlier == nil || got.Earlier.Desk != "Meja 2" ||
		got.Earlier.At != s.server.Now().Add(-5*time.Minute) {
		t.Errorf("second scan: %+v, earlier %+v", got, got.Earlier)
	}
}

func TestAnInvalidCodeStopsNobodyAfterIt(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	good := s.token(t, s.people[1])
	for _, tc := range []struct{ name, code, verdict string }{
		{"nothing", "", "malformed"},
		{"random bytes", "\xff\x00\xfe", "malformed"},
		{"a very long text", strings.Repeat("A", 10_000), "malformed"},
		{"a web address", "https://example.org/x", "malformed"},
		{"another signature", good[:len(good)-1] + map[bool]string{true: "0", false: "8"}[good[len(good)-1] != '0'], "bad_signature|malformed"},
		{"a scanner's mark and small letters", "]Q1" + strings.ToLower(good), "accepted_in"},
	} {
		code, got := s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: tc.code})
		if code != http.StatusOK || !strings.Contains(tc.verdict, got.Verdict) {
			t.Errorf("%s: %d %q, want %s", tc.name, code, got.Verdict, tc.verdict)
		}
		if got.Tone == templates.Bad && got.Overridable {
			t.Errorf("%s: a supervisor may admit what is no ticket", tc.name)
		}
	}
}

func TestTheReadingOfAScannerThatIsATicketCounts(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	german := strings.NewReplacer("Y", "Z", "Z", "Y")
	french := strings.NewReplacer("A", "Q", "Q", "A", "W", "Z", "Z", "W", "M", ";")
	shifted := strings.NewReplacer("1", "!", "2", "@", "3", "#", "4", "$", "5", "%", "6", "^", "7", "&", "8", "*", "9", "(", "0", ")")
	for i, c := range []struct {
		name        string
		typed, keys func(token string) string
	}{
		{"a French computer", french.Replace, func(token string) string { return token }},
		{"a scanner set to a German keyboard", german.Replace, german.Replace},
		{"a scanner set to a French keyboard", func(token string) string { return shifted.Replace(french.Replace(token)) }, french.Replace},
		{"a scanner of no keys", func(token string) string { return `]Q2\000026"` + token + "\"\x1d" }, func(string) string { return "" }},
	} {
		token := s.token(t, s.people[i%len(s.people)])
		_, got := s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: c.typed(token), Alt: c.keys(token), Method: models.MethodKeyboard})
		if got.Verdict != "accepted_in" && got.Verdict != "already_in" {
			t.Errorf("%s: %s, want accepted_in", c.name, got.Verdict)
		}
	}
}

func TestASpotCheckHoldsGreenBackUntilTheDigitsMatch(t *testing.T) {
	s := newSite(t, func(c *exchange.Class) { c.Policy.SpotCheck = 1000 })
	cookie := s.signedIn(t, s.officer, officerPIN)
	form := page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0])}
	for _, step := range []struct {
		digits, verdict string
		spot            models.SpotOutcome
	}{
		{"", "spot_check", models.SpotAsked}, {"9999", "spot_check", models.SpotFailed}, {s.people[0].nik4, "accepted_in", models.SpotPassed},
	} {
		form.ID, form.Digits = uuid.New(), step.digits
		if _, got := s.post(t, cookie, "/api/scan", form); got.Verdict != step.verdict || got.Spot != step.spot {
			t.Errorf("digits %q: %s %s, want %s %s", step.digits, got.Verdict, got.Spot, step.verdict, step.spot)
		}
	}
}

func TestAnOverrideNeedsASupervisorsPINAndAReason(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	s.pass(-2 * time.Hour) // too early
	form := checkin.OverrideForm{ScanForm: page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0])}, Supervisor: s.supervisor, PIN: supervisorPIN,
		Reason: "hujan"}
	if _, got := s.post(t, cookie, "/api/scan", form.ScanForm); got.Verdict != "too_early" || !got.Overridable || got.Opens == 0 {
		t.Fatalf("got %+v, want an overridable too_early with its window", got)
	}
	for _, tc := range []struct {
		name   string
		change func(*checkin.OverrideForm)
		status int
		word   string
	}{
		{"an officer's own PIN", func(f *checkin.OverrideForm) { f.Supervisor, f.PIN = s.officer, officerPIN }, 403, "supervisor"},
		{"a wrong PIN", func(f *checkin.OverrideForm) { f.PIN = "1" }, 403, "pin"},
		{"no reason", func(f *checkin.OverrideForm) { f.Reason = " " }, 400, "reason"},
		{"no ticket", func(f *checkin.OverrideForm) { f.Code = "x" }, 409, "refused"},
		{"all that is needed", func(*checkin.OverrideForm) {}, 200, ""},
	} {
		try := form
		try.ID = uuid.New()
		tc.change(&try)
		code, got := s.post(t, cookie, "/api/override", try)
		if code != tc.status || got.Error != tc.word {
			t.Errorf("%s: %d %q, want %d %q", tc.name, code, got.Error, tc.status, tc.word)
		}
		if code == 200 && got.Verdict != "accepted_in" {
			t.Errorf("%s: %s, want accepted_in", tc.name, got.Verdict)
		}
	}
}

func TestWhoHasNoTicketIsCheckedInByHandAndAMistakeUndone(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	page := s.do(request(http.MethodGet, "/search?q=1236", ""), cookie).Body.String()
	if !strings.Contains(page, "Ni Luh Ayu") || strings.Contains(page, "Dewi") {
		t.Error("the last four digits of the NIK do not find Ni Luh Ayu alone")
	}
	if code, got := s.post(t, cookie, "/api/check-in", checkin.ManualForm{ID: uuid.New(), Enrollment: s.people[2].id}); code != 400 || got.Error != "reason" {
		t.Errorf("without a reason: %d %q", code, got.Error)
	}
	_, in := s.post(t, cookie, "/api/check-in", checkin.ManualForm{ID: uuid.New(), Enrollment: s.people[2].id, Reason: "phone_dead", Desk: "Meja 1"})
	if in.Verdict != "accepted_in" {
		t.Fatalf("check-in by hand: %+v", in)
	}
	missing := s.do(request(http.MethodGet, "/sessions/"+s.session.String(), ""), cookie).Body.String()
	if !strings.Contains(missing, "Dewi Lestari") || strings.Contains(missing, `data-opens="by-hand" data-enrollment="`+s.people[2].id.String()) {
		t.Error("the list of who is missing is wrong after the check-in")
	}
	_, out := s.post(t, cookie, "/api/void", checkin.VoidForm{ID: uuid.New(), Seq: in.Seq, Reason: "wrong_person"})
	if out.Verdict != "voided" || out.Tone != templates.Neutral {
		t.Errorf("void: %+v", out)
	}
	if n := s.desk.Sessions()[0]; n.Came != 0 {
		t.Errorf("%d have come after the void, want 0", n.Came)
	}
	if code, got := s.post(t, cookie, "/api/void", checkin.VoidForm{ID: uuid.New(), Seq: in.Seq, Reason: "mistaken"}); code != 409 {
		t.Errorf("the same void again: %d %+v, want 409", code, got)
	}
}

func TestWhatIsNotRecordedIsNeverGreen(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	form := page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0])}
	body, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := s.do(request(http.MethodPost, "/api/scan", string(body)).WithContext(ctx), cookie)
	if w.Code == http.StatusOK && !strings.Contains(w.Body.String(), `"seq":1`) {
		t.Errorf("a scan that was cut off: %d %s", w.Code, w.Body)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	form.ID = uuid.New()
	if code, got := s.post(t, cookie, "/api/scan", form); code != http.StatusServiceUnavailable || got.Error != "not_recorded" || got.Verdict != "" {
		t.Errorf("with the store gone: %d %+v, want 503 not_recorded", code, got)
	}
}

func TestPagesSpeakBothLanguagesAndHideNothingUntranslated(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.supervisor, supervisorPIN)
	s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0])})
	s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: "x"})
	for _, path := range []string{"/", "/search?q=a", "/sessions", "/sessions/" + s.session.String(), "/recent", "/station?sync=failed", "/connect", "/live",
		"/nowhere"} {
		for lang, word := range map[string]string{"id": "Pindai", "en": "Scan"} {
			at := path + "?lang=" + lang
			if strings.Contains(path, "?") {
				at = path + "&lang=" + lang
			}
			page := s.do(request(http.MethodGet, at, ""), cookie).Body.String()
			if path != "/live" && !strings.Contains(page, word) {
				t.Errorf("%s in %s lacks %q", path, lang, word)
			}
			if strings.Contains(page, "⟦") || strings.Contains(page, "<no value>") {
				t.Errorf("%s in %s has a hole in its text", path, lang)
			}
		}
	}
}

func TestAnOpenPageHearsOfEveryScanUntilTheDeskIsLocked(t *testing.T) {
	s := newSite(t, nil)
	srv := httptest.NewServer(s.server.Handler())
	defer srv.Close()
	o, _ := s.desk.Officer(s.officer)
	cookie := &http.Cookie{Name: "desk", Value: s.server.Sessions.Begin(o, uuid.Nil, "127.0.0.1")}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(cookie)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	hear := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", want, lines.Err())
	}
	hear("event: live")
	hear("live-recent")
	scan := roster.ScanRequest{ID: uuid.New(), Code: s.token(t, s.people[3]), Method: models.MethodCamera}
	if _, err := s.desk.Scan(t.Context(), scan); err != nil {
		t.Fatal(err)
	}
	hear("Yohanes Wanggai")
	s.server.Sessions.EndAll()
	scan.ID = uuid.New()
	if _, err := s.desk.Scan(t.Context(), scan); err != nil {
		t.Fatal(err)
	}
	hear("event: locked")
}

func FuzzScanRequests(f *testing.F) {
	s := newSite(f, nil)
	cookie := s.signedIn(f, s.officer, officerPIN)
	f.Add([]byte(`{"id":"0192f0a0-0000-7000-8000-000000000001","code":"BH1","method":"camera"}`))
	f.Add([]byte(`{"id":1}`))
	f.Add([]byte(`{"id":"0192f0a0-0000-7000-8000-000000000002","code":"\ud800","desk":"\u0000","class":"x"}`))
	f.Add([]byte("[" + strings.Repeat("[", 1000)))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range []string{"/api/scan", "/api/check-in", "/api/override", "/api/void"} {
			w := s.do(request(http.MethodPost, path, string(bytes.ToValidUTF8(body, nil))), cookie)
			if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s %q: %d %s", path, body, w.Code, w.Body)
			}
		}
	})
}

func TestStaffAreWarnedEarlyOfAFullDisk(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	warning := `class="is-stale" role="alert"`
	for _, c := range []struct {
		name         string
		disk         models.Disk
		warned       string // on every page
		onTheStation string
	}{
		{"nobody has measured it", models.Disk{}, "", ""},
		{"there is room", models.Disk{Free: 4 << 30, Total: 16 << 30}, "", "4,3\u00a0GB tersisa"},
		{"there is little", models.Disk{Free: 20 << 20, Total: 16 << 30}, "sekitar 10.000 pindaian", "21\u00a0MB tersisa"},
	} {
		s.server.Disk = func() models.Disk { return c.disk }
		scan, station := s.do(request(http.MethodGet, "/?lang=id", ""), cookie).Body.String(),
			s.do(request(http.MethodGet, "/station?lang=id", ""), cookie).Body.String()
		if strings.Contains(scan, warning) != (c.warned != "") || !strings.Contains(scan, c.warned) {
			t.Errorf("%s: the scan page warns: %t, want %q", c.name, strings.Contains(scan, warning), c.warned)
		}
		if !strings.Contains(station, c.onTheStation) {
			t.Errorf("%s: the station's page lacks %q", c.name, c.onTheStation)
		}
	}
}
