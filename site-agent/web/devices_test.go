package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
)

func (s *site) locksAll(own *http.Cookie) { s.form("/lock-all", url.Values{"sure": {"1"}}, own) }

func (s *site) form(to string, fields url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := request(http.MethodPost, to, fields.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r, cookies...)
}

// code makes a pairing code as a supervisor does, and gives it with its page.
func (s *site) code(t testing.TB, preset url.Values) (code, page string) {
	t.Helper()
	w := s.form("/devices/codes", preset, s.supervisorsOwn(t))
	page = w.Header().Get("Location")
	id, err := uuid.Parse(path.Base(page))
	if w.Code != http.StatusSeeOther || err != nil {
		t.Fatalf("a code for %v: %d %s", preset, w.Code, w.Body)
	}
	o, _, _ := s.devices.Offered(id)
	return o.Code, page
}

// supervisorsOwn is the cookie of a supervisor who never typed a PIN.
func (s *site) supervisorsOwn(t testing.TB) *http.Cookie {
	t.Helper()
	o, _ := s.desk.Officer(s.supervisor)
	key := s.server.Sessions.Begin(o, uuid.Nil, "127.0.0.1")
	return &http.Cookie{Name: "__Host-desk", Value: key}
}

// pair makes a device of this desk and gives its cookie.
func (s *site) pair(t testing.TB, preset url.Values) *http.Cookie {
	t.Helper()
	code, _ := s.code(t, preset)
	w := s.form("/pair", url.Values{"code": {code}})
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-device" && c.MaxAge > 0 {
			if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
				t.Errorf("cookie %v is not HttpOnly, Secure and SameSite=Strict", c)
			}
			return c
		}
	}
	t.Fatalf("pair: %d %s", w.Code, w.Body)
	return nil
}

// signedInOn gives the cookie of a sign-in on a device.
func (s *site) signedInOn(t testing.TB, device *http.Cookie, officer uuid.UUID, pin string) *http.Cookie {
	t.Helper()
	w := s.do(signInRequest(officer, pin), device)
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-desk" && c.Value != "" {
			return c
		}
	}
	t.Fatalf("sign in on a device: %d %s", w.Code, w.Body)
	return nil
}

func named(name, gate string) url.Values { return url.Values{"name": {name}, "gate": {gate}} }

func (s *site) pairedOnly(t testing.TB) {
	t.Helper()
	if err := s.devices.SetPolicy(context.Background(), store.DevicePolicy{PairedOnly: true}, s.supervisor); err != nil {
		t.Fatal(err)
	}
}

func TestAPairedPhoneScansUnderItsOwnNameWhateverItsPageSays(t *testing.T) {
	s := newSite(t, nil)
	phone := s.pair(t, named(" Meja  2 ", "Gerbang Timur"))
	officer := s.signedInOn(t, phone, s.officer, officerPIN)
	body := fmt.Sprintf(`{"id":%q,"code":%q,"desk":"Meja Palsu"}`, uuid.New(), s.token(t, s.people[0]))
	if w := s.do(request(http.MethodPost, "/api/scan", body), phone, officer); !strings.Contains(w.Body.String(), "accepted_in") {
		t.Fatalf("scan: %d %s", w.Code, w.Body)
	}
	if got := s.desk.Recent(1)[0].Desk; got != "Meja 2 · Gerbang Timur" {
		t.Errorf("the scan is recorded at %q", got)
	}
	if page := s.do(request(http.MethodGet, "/", ""), phone, officer).Body.String(); strings.Contains(page, `name="desk"`) ||
		!strings.Contains(page, "Meja 2 · Gerbang Timur") {
		t.Error("the scanner's page lets a paired phone choose another name")
	}
	list := s.do(request(http.MethodGet, "/station", ""), s.supervisorsOwn(t)).Body.String()
	for _, want := range []string{"Meja 2", "Gerbang Timur", "Sari Wulandari", "1 pindaian"} {
		if !strings.Contains(list, want) {
			t.Errorf("the station's page lacks %q", want)
		}
	}
}

func TestACodeLetsInOneDeviceForFiveMinutes(t *testing.T) {
	s := newSite(t, nil)
	now := time.Now()
	book, err := pairing.Open(context.Background(), s.store, s.server.Now, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	s.devices, s.server.Devices = book, book
	code, page := s.code(t, named("Meja 2", ""))
	if html := s.do(request(http.MethodGet, page, ""), s.supervisorsOwn(t)).Body.String(); !strings.Contains(html, code[:5]+"-"+code[5:]) {
		t.Error("the page of a code does not spell it")
	}
	if html := s.do(request(http.MethodGet, "/pair?code="+code, "")).Body.String(); !strings.Contains(html, "Meja 2") {
		t.Error("who scans a code is not told what the device becomes")
	}
	for _, step := range []struct {
		name, code string
		pass       time.Duration
		want       int
	}{
		{"another code", "AAAAAAAAAA", 0, 403},
		{"no code", "", 0, 403},
		{"the code as a person types it", strings.ToLower(code[:5]) + "-" + code[5:], 0, 303},
		{"the same code again", code, 0, 403},
	} {
		if w := s.form("/pair", url.Values{"code": {step.code}}); w.Code != step.want {
			t.Errorf("%s: %d, want %d", step.name, w.Code, step.want)
		}
	}
	if html := s.do(request(http.MethodGet, page, ""), s.supervisorsOwn(t)).Body.String(); strings.Contains(html, code) ||
		!strings.Contains(html, "sudah terpasang") {
		t.Error("the page of a used code does not say so")
	}
	late, _ := s.code(t, named("Meja 3", ""))
	now = now.Add(5 * time.Minute)
	if w := s.form("/pair", url.Values{"code": {late}}); w.Code != http.StatusForbidden {
		t.Errorf("after five minutes: %d, want 403", w.Code)
	}
}

func TestGuessingACodeEndsQuickly(t *testing.T) {
	s := newSite(t, nil)
	code, _ := s.code(t, named("Meja 2", ""))
	for i := range page.FreeAttempts {
		way := func() *httptest.ResponseRecorder { return s.form("/pair", url.Values{"code": {"AAAAAAAAAA"}}) }
		if i%2 == 0 {
			way = func() *httptest.ResponseRecorder { return s.do(request(http.MethodGet, "/pair?code=AAAAAAAAAA", "")) }
		}
		if w := way(); w.Code != http.StatusForbidden {
			t.Errorf("guess %d: %d, want 403", i+1, w.Code)
		}
	}
	if w := s.form("/pair", url.Values{"code": {code}}); w.Code != http.StatusTooManyRequests {
		t.Errorf("the right code after ten guesses: %d, want 429", w.Code)
	}
	s.signedIn(t, s.officer, officerPIN) // whose PIN has its own count
}

func TestOnlyPairedDevicesMaySignInWhereThePolicySaysSo(t *testing.T) {
	s := newSite(t, nil)
	before := s.signedIn(t, s.officer, officerPIN)
	phone := s.pair(t, named("Meja 2", ""))
	s.pairedOnly(t)
	if w := s.do(request(http.MethodGet, "/", ""), before); w.Code != http.StatusSeeOther {
		t.Errorf("a phone that was signed in already: %d, want 303", w.Code)
	}
	if w := s.do(signInRequest(s.officer, officerPIN)); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "belum dipasangkan") {
		t.Errorf("the right PIN on a phone that is not paired: %d, want 403 and what to do", w.Code)
	}
	own := s.signedInOn(t, phone, s.officer, officerPIN)
	if w := s.do(request(http.MethodGet, "/", ""), phone, own); w.Code != http.StatusOK {
		t.Errorf("a paired phone: %d, want 200", w.Code)
	}
	if w := s.do(request(http.MethodGet, "/", ""), own); w.Code != http.StatusSeeOther {
		t.Errorf("the sign-in of a paired phone on another one: %d, want 303", w.Code)
	}
	here := signInRequest(s.officer, officerPIN)
	here.RemoteAddr, here.Host = "127.0.0.1:50000", "localhost:8080"
	if w := s.do(here); w.Code != http.StatusSeeOther {
		t.Errorf("at the computer itself: %d, want 303", w.Code)
	}
}

func TestARevokedDeviceIsSignedOutAtOnceAndForGood(t *testing.T) {
	s := newSite(t, nil)
	s.pairedOnly(t)
	phone := s.pairAtMachine(t, named("Meja 2", ""))
	officer := s.signedInOn(t, phone, s.officer, officerPIN)
	d := s.devices.Devices()[0]
	left := s.server.Sessions.Departures()
	if err := s.devices.Revoke(context.Background(), d.ID, " ", uuid.Nil); err == nil {
		t.Error("a device is revoked without a reason")
	}
	r := request(http.MethodPost, "/devices/"+d.ID.String()+"/revoke", url.Values{"reason": {"HP hilang"}}.Encode())
	if w := s.do(atTheMachine(r)); w.Code != http.StatusSeeOther {
		t.Fatalf("revoke: %d %s", w.Code, w.Body)
	}
	select {
	case <-left:
	default:
		t.Error("the open pages of the device are not told")
	}
	if w := s.do(request(http.MethodPost, "/api/scan", "{}"), phone, officer); w.Code != http.StatusUnauthorized {
		t.Errorf("a scan of the revoked phone: %d, want 401", w.Code)
	}
	if w := s.do(signInRequest(s.officer, officerPIN), phone); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Meja 2 sudah dinonaktifkan") {
		t.Errorf("signing in on it again: %d, want 403 and why", w.Code)
	}
	again, err := pairing.Open(context.Background(), s.store, s.server.Now, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if k, ok := again.Known(phone.Value); !ok || k.Active() {
		t.Error("a restart makes a revoked device welcome again")
	}
	changes, err := again.Changes(context.Background(), d.ID)
	if err != nil || len(changes) != 2 || changes[0].What != "revoked" || changes[0].Says != "HP hilang" || changes[1].What != "paired" {
		t.Errorf("its history is %+v, %v", changes, err)
	}
}

func atTheMachine(r *http.Request) *http.Request {
	r.RemoteAddr, r.Host = "127.0.0.1:50000", "localhost:8443"
	if r.Method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// pairAtMachine pairs a phone with a code that whoever sits at the computer has made.
func (s *site) pairAtMachine(t testing.TB, preset url.Values) *http.Cookie {
	t.Helper()
	w := s.do(atTheMachine(request(http.MethodPost, "/devices/codes", preset.Encode())))
	id, err := uuid.Parse(path.Base(w.Header().Get("Location")))
	if err != nil {
		t.Fatalf("a code at the machine: %d %s", w.Code, w.Body)
	}
	o, _, _ := s.devices.Offered(id)
	for _, c := range s.form("/pair", url.Values{"code": {o.Code}}).Result().Cookies() {
		if c.Name == "__Host-device" {
			return c
		}
	}
	t.Fatal("not paired")
	return nil
}

func TestADeviceOutlivesARestartAndIsRenamed(t *testing.T) {
	s := newSite(t, nil)
	phone := s.pair(t, named("Meja 2", ""))
	s.pair(t, named("Meja 3", ""))
	id := s.devices.Devices()[0].ID.String()
	for _, step := range []struct {
		name string
		form url.Values
		want int
	}{
		{"a name that another device has", named("meja 3", ""), 422},
		{"no name", named(" ", ""), 422},
		{"a very long name", named(strings.Repeat("x", 31), ""), 422},
		{"its own name, at a gate", named("Meja 2", "Gerbang Barat"), 303},
	} {
		w := s.form("/devices/"+id, step.form, s.supervisorsOwn(t))
		if w.Code != step.want || step.want == 422 && !strings.Contains(w.Body.String(), step.form.Get("name")) {
			t.Errorf("%s: %d, want %d and what was typed", step.name, w.Code, step.want)
		}
	}
	book, err := pairing.Open(context.Background(), s.store, s.server.Now, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := book.Known(phone.Value); !ok || d.Label() != "Meja 2 · Gerbang Barat" || d.Paired != models.Millis(s.now.Load()) {
		t.Errorf("after a restart the phone is %+v, %t", d, ok)
	}
	if _, ok := book.Known("AAAAAAAAAAAAAAAAAAAAAAAAAA"); ok {
		t.Error("a guessed key is a device")
	}
}

func TestABigScreenShowsCountsToAllAndNothingElse(t *testing.T) {
	s := newSite(t, nil)
	s.pairedOnly(t)
	if err := s.devices.SetPolicy(t.Context(), store.DevicePolicy{PairedOnly: true, ScreenNames: true}, s.supervisor); err != nil {
		t.Fatal(err)
	}
	screen := s.pairAtMachine(t, url.Values{"name": {"Layar"}, "use": {"screen"}})
	scan := roster.ScanRequest{ID: uuid.New(), Code: s.token(t, s.people[3]), Method: models.MethodCamera}
	if _, err := s.desk.Scan(t.Context(), scan); err != nil {
		t.Fatal(err)
	}
	html := s.do(request(http.MethodGet, "/screen", ""), screen).Body.String()
	for _, want := range []string{"LAS-01", "<strong>1</strong>", "dari 6", "Yohanes W.", "08.00 WIB"} {
		if !strings.Contains(html, want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	for _, secret := range []string{"Wanggai", s.people[3].nik4, "PK-2026", s.people[3].id.String()} {
		if strings.Contains(html, secret) {
			t.Errorf("the screen shows %q", secret)
		}
	}
	if err := s.devices.SetPolicy(t.Context(), store.DevicePolicy{PairedOnly: true}, s.supervisor); err != nil {
		t.Fatal(err)
	}
	if html := s.do(request(http.MethodGet, "/screen/live", ""), screen).Body.String(); strings.Contains(html, "Yohanes") || !strings.Contains(html, "dari 6") {
		t.Error("the screen names people where the policy says no")
	}
	for _, path := range []string{"/search?q=a", "/sessions", "/recent", "/station", "/"} {
		if w := s.do(request(http.MethodGet, path, ""), screen); w.Code != http.StatusSeeOther {
			t.Errorf("a screen gets %s: %d, want 303", path, w.Code)
		}
	}
	if w := s.do(request(http.MethodPost, "/api/scan", "{}"), screen); w.Code != http.StatusUnauthorized {
		t.Errorf("a screen scans: %d, want 401", w.Code)
	}
	if err := s.devices.Revoke(t.Context(), s.devices.Devices()[0].ID, "pindah", uuid.Nil); err != nil {
		t.Fatal(err)
	}
	if w := s.do(request(http.MethodGet, "/screen", ""), screen); w.Code != http.StatusSeeOther {
		t.Errorf("a screen that was removed: %d, want 303", w.Code)
	}
}

func TestEachDeviceKeepsItsColours(t *testing.T) {
	s := newSite(t, nil)
	kept := &http.Cookie{Name: "colours"}
	for _, c := range []struct{ chosen, want, never string }{
		{"dark", `dark.`, `prefers-color-scheme`},
		{"light", `app.`, `dark.`},
		{"", `media="(prefers-color-scheme: dark)"`, "none"},
		{"pink", `media="(prefers-color-scheme: dark)"`, "none"},
	} {
		w := s.form("/colours", url.Values{"colours": {c.chosen}, "next": {"/sign-in"}})
		for _, set := range w.Result().Cookies() {
			kept.Value = set.Value
		}
		head, _, _ := strings.Cut(s.do(request(http.MethodGet, w.Header().Get("Location"), ""), kept).Body.String(), "</head>")
		if !strings.Contains(head, c.want) || strings.Contains(head, c.never) {
			t.Errorf("colours %q: the page's head is %s", c.chosen, head)
		}
	}
}

func TestAGateLetsInItsClassesAndNamesTheGateOfTheOthers(t *testing.T) {
	s := newSite(t, nil)
	other := uuid.New()
	if err := s.devices.SetPolicy(t.Context(), store.DevicePolicy{}, uuid.Nil); err != nil {
		t.Fatal(err)
	}
	east := s.pair(t, url.Values{"name": {"Meja 1"}, "gate": {"Gerbang Timur"}, "classes": {s.class.String()}})
	west := s.pair(t, url.Values{"name": {"Meja 2"}, "gate": {"Gerbang Barat"}})
	for _, d := range s.devices.Devices() {
		if d.Name == "Meja 2" { // set to a class that this page does not offer
			d.Classes = []uuid.UUID{other}
			if err := s.devices.Set(t.Context(), d.ID, d.Preset, uuid.Nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name          string
		device        *http.Cookie
		verdict, gate string
	}{{"at another gate", west, "other_class", "Gerbang Timur"}, {"at its gate", east, "accepted_in", ""}} {
		officer := s.signedInOn(t, c.device, s.officer, officerPIN)
		body := fmt.Sprintf(`{"id":%q,"code":%q,"class":%q}`, uuid.New(), s.token(t, s.people[0]), uuid.New())
		var got reply
		w := s.do(request(http.MethodPost, "/api/scan", body), c.device, officer)
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Verdict != c.verdict || got.Gates != c.gate {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
		s.gateAlone(t, c.name, c.verdict, c.gate, c.device, officer)
	}
	if page := s.do(request(http.MethodGet, "/", ""), east, s.signedInOn(t, east, s.officer, officerPIN)).Body.String(); strings.Contains(page, `name="class"`) ||
		!strings.Contains(page, "LAS-01") {
		t.Error("the scanner's page of a gate lets staff choose another class")
	}
}
