package web

import (
	"buktihadir/site-agent/web/page"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// withLabels sets a device to print labels, as its form does.
func (s *site) withLabels(t *testing.T, size string, signedIn *http.Cookie) *http.Cookie {
	t.Helper()
	r := request(http.MethodPost, "/labels", url.Values{"size": {size}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range s.do(r, signedIn).Result().Cookies() {
		if c.Name == page.LabelsCookie {
			return c
		}
	}
	t.Fatalf("no device is set to %q", size)
	return nil
}

func TestALabelIsOfferedWhereADeviceHasAPrinterForIt(t *testing.T) {
	s := newSite(t, nil)
	staff := s.signedIn(t, s.officer, officerPIN)
	dewi := s.people[0]
	if w := s.do(request(http.MethodPost, "/api/scan", `{"id":"`+uuid.NewString()+`","code":"`+s.token(t, dewi)+`"}`), staff); !strings.Contains(w.Body.String(), "accepted_in") {
		t.Fatalf("scan: %s", w.Body)
	}
	pages := []string{"/search?q=dewi", "/recent", "/sessions/" + s.session.String()}
	for size, want := range map[string]bool{"": false, "a4": false, "label": true, "wristband": true} {
		set := s.withLabels(t, size, staff)
		for _, path := range pages {
			if got := strings.Contains(s.do(request(http.MethodGet, path, ""), staff, set).Body.String(), "/label?person="+dewi.id.String()); got != want {
				t.Errorf("%s with labels %q: offered %t", path, size, got)
			}
		}
		if got := strings.Contains(s.do(request(http.MethodGet, "/", ""), staff, set).Body.String(), `data-do="label"`); got != want {
			t.Errorf("a verdict with labels %q: offered %t", size, got)
		}
		if got := s.do(request(http.MethodGet, "/alone", ""), staff, set).Body.String(); strings.Contains(got, `data-do="label"`) {
			t.Error("a phone on its own is offered labels, which it can't print")
		}
	}
}

func TestALabelSaysWhoComesToWhatAndNoDigitsOfTheIDCard(t *testing.T) {
	s := newSite(t, nil)
	staff, dewi := s.signedIn(t, s.officer, officerPIN), s.people[0]
	w := s.do(request(http.MethodGet, "/label?person="+dewi.id.String(), ""), staff)
	page := w.Body.String()
	for _, want := range []string{"Dewi Lestari", "LAS-01", "PK-2026-001", "Peserta", "Sesi 1, Senin, 22 Juni 2026"} {
		if !strings.Contains(page, want) {
			t.Errorf("the label lacks %q: %d", want, w.Code)
		}
	}
	if strings.Contains(page, dewi.nik4) {
		t.Error("the label shows digits of the ID card")
	}
	for _, who := range []string{uuid.NewString(), "", "x"} {
		if w := s.do(request(http.MethodGet, "/label?person="+who, ""), staff); w.Code != http.StatusNotFound {
			t.Errorf("a label of %q: %d, want 404", who, w.Code)
		}
	}
}
