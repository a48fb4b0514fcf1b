package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models/exchange"
	"buktihadir/site-agent/web/kiosk"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

func TestAKioskGetsNothingButTheKioskUntilAPIN(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.supervisor, supervisorPIN)
	s.form("/kiosk/enter", nil, cookie)
	for _, r := range s.server.routes() {
		if r.Flags&page.ForKiosk != 0 {
			continue
		}
		w := s.do(request(r.Method, strings.ReplaceAll(r.Path, ":id", s.session.String()), ""), cookie)
		if to := w.Header().Get("Location"); w.Code != http.StatusForbidden && (w.Code != http.StatusSeeOther || to != "/kiosk") {
			t.Errorf("%s %s: %d %s, want the kiosk", r.Method, r.Path, w.Code, to)
		}
	}
	if w := s.do(request(http.MethodGet, "/nowhere", ""), cookie); strings.Contains(w.Body.String(), "Bambang") {
		t.Error("an error's page names the officer, with all that staff may do")
	}
	page := s.do(request(http.MethodGet, "/kiosk", ""), cookie)
	if page.Code != http.StatusOK || strings.Contains(page.Body.String(), "desk-tabs") {
		t.Errorf("the kiosk's page: %d", page.Code)
	}
	wrong := s.form("/kiosk/leave", url.Values{"officer": {s.supervisor.String()}, "pin": {"0000"}}, cookie)
	if html := s.do(request(http.MethodGet, wrong.Header().Get("Location"), ""), cookie).Body.String(); !strings.Contains(html, "PIN salah") {
		t.Errorf("leaving with a wrong PIN leads to %s", wrong.Header().Get("Location"))
	}
	if w := s.do(request(http.MethodGet, "/", ""), cookie); w.Header().Get("Location") != "/kiosk" {
		t.Error("a wrong PIN ends the kiosk")
	}
	w := s.form("/kiosk/leave", url.Values{"officer": {s.officer.String()}, "pin": {officerPIN}}, cookie)
	fresh := w.Result().Cookies()[0]
	if page := s.do(request(http.MethodGet, "/", ""), fresh); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Sari Wulandari") {
		t.Errorf("after another officer's PIN: %d, want that officer's scanner", page.Code)
	}
	if w := s.do(request(http.MethodGet, "/kiosk", ""), cookie); w.Code != http.StatusSeeOther {
		t.Errorf("the kiosk's key after it was left: %d, want 303", w.Code)
	}
}

func TestAKioskSaysLittleAndSendsTheRestToTheStaff(t *testing.T) {
	s := newSite(t, func(c *exchange.Class) { c.Policy.SpotCheck = 1000 })
	plain := newSite(t, nil)
	for _, c := range []struct {
		name    string
		site    *site
		code    func(*site) string
		verdict string
		tone    templates.Tone
		person  string
		staff   bool
	}{
		{"a valid ticket", plain, func(x *site) string { return x.token(t, x.people[3]) }, "accepted_in", templates.Good, "Yohanes W.", false},
		{"the same again", plain, func(x *site) string { return x.token(t, x.people[3]) }, "already_in", templates.Warn, "Yohanes W.", false},
		{"a poster", plain, func(*site) string { return "HTTPS://EXAMPLE.ID" }, "malformed", templates.Bad, "", true},
		{"a spot check", s, func(x *site) string { return x.token(t, x.people[0]) }, "spot_check", templates.Warn, "Dewi L.", true},
	} {
		device := c.site.pair(t, url.Values{"name": {uuid.NewString()[:8]}, "use": {"kiosk"}})
		cookie := c.site.signedInOn(t, device, c.site.officer, officerPIN)
		body, err := json.Marshal(page.ScanForm{ID: uuid.New(), Code: c.code(c.site), Desk: "Palsu", Digits: c.site.people[0].nik4})
		if err != nil {
			t.Fatal(err)
		}
		w := c.site.do(request(http.MethodPost, "/api/kiosk", string(body)), device, cookie)
		var got kiosk.Display
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: %d %s", c.name, w.Code, w.Body)
		}
		if string(got.Verdict) != c.verdict || got.Tone != c.tone || got.Name != c.person || got.Staff != c.staff {
			t.Errorf("%s: %+v", c.name, got)
		}
		if at := c.site.desk.Recent(1)[0].Desk; !strings.HasSuffix(at, " (kios)") || strings.Contains(at, "Palsu") {
			t.Errorf("%s: recorded at %q", c.name, at)
		}
	}
}

func TestADeviceThatBecomesAKioskIsOneFromTheNextPIN(t *testing.T) {
	s := newSite(t, nil)
	device := s.pair(t, named("Meja 2", ""))
	before := s.signedInOn(t, device, s.officer, officerPIN)
	s.form("/devices/"+s.devices.Devices()[0].ID.String(), url.Values{"name": {"Meja 2"}, "use": {"kiosk"}}, s.supervisorsOwn(t))
	if w := s.do(request(http.MethodGet, "/", ""), device, before); w.Header().Get("Location") != "/sign-in" {
		t.Errorf("its sign-in of before: %d %s, want to sign in anew", w.Code, w.Header().Get("Location"))
	}
	after := s.signedInOn(t, device, s.officer, officerPIN)
	if w := s.do(request(http.MethodGet, "/", ""), device, after); w.Header().Get("Location") != "/kiosk" {
		t.Errorf("after the next PIN: %d %s, want the kiosk", w.Code, w.Header().Get("Location"))
	}
}

func TestAKioskThatNobodyUsesForAnHourIsStillOne(t *testing.T) {
	s := newSite(t, nil)
	now := time.Now()
	s.server.Sessions.Now = func() time.Time { return now }
	cookie := s.signedIn(t, s.officer, officerPIN)
	s.form("/kiosk/enter", nil, cookie)
	now = now.Add(2 * page.IdleLock)
	if w := s.do(request(http.MethodGet, "/kiosk", ""), cookie); w.Code != http.StatusOK {
		t.Errorf("after %v: %d, want 200", 2*page.IdleLock, w.Code)
	}
}
