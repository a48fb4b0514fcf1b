package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// Whoever is still signed in gets the reason with each scan, whoever isn't on the page to
// sign in, and both on the page that sets a computer up.
func TestADeactivatedComputerSaysSoWhereverSomebodyWouldScan(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	if err := errors.Join(s.store.Withdraw(t.Context()), s.desk.Refresh(t.Context())); err != nil {
		t.Fatal(err)
	}
	code, got := s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0]), Desk: "Meja 2"})
	if code != http.StatusOK || got.Verdict != string(models.VerdictWithdrawn) || got.Seq == 0 || got.Tone != templates.Bad {
		t.Errorf("a scan: %d %+v", code, got)
	}
	held := map[string]any{"held": []map[string]any{{"id": uuid.New(), "held": "what a phone holds"}}}
	if status, body := s.posts(t, "/api/hand-over", held, cookie); status != http.StatusOK || !strings.Contains(string(body), `"kept":["`) {
		t.Errorf("a phone can't hand over: %d %s", status, body)
	}
	if shown := s.do(request(http.MethodGet, "/sign-in", "")).Body.String(); !strings.Contains(shown, "Komputer ini dinonaktifkan") {
		t.Error("the page to sign in says nothing of it")
	}
	here := request(http.MethodGet, "/setup", "")
	here.RemoteAddr, here.Host = "127.0.0.1:50000", "localhost:8080"
	if shown := s.do(here).Body.String(); !strings.Contains(shown, "menonaktifkan komputer ini") || strings.Contains(shown, "berkas balasan dari kantor program") {
		t.Error("the page to set the computer up says nothing of it, or asks for what can't help")
	}
}
