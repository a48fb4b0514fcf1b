package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/web/checkin"
	"buktihadir/site-agent/web/page"
)

func TestTheHistoryShowsWhenThingsHappened(t *testing.T) {
	s := newSite(t, nil)
	start := s.server.Now() // 08.00
	s.pass(3 * time.Hour)
	cookie := s.signedIn(t, s.officer, officerPIN)
	if code, got := s.post(t, cookie, "/api/key-in", checkin.KeyInForm{ID: uuid.New(), Session: s.session, Enrollment: s.people[0].id,
		Direction: models.DirectionIn, Written: start}); code != 200 || got.Verdict != "accepted_in" {
		t.Fatalf("%d %s", code, got.Verdict)
	}
	for _, path := range []string{"/recent", "/"} {
		html := s.do(request(http.MethodGet, path, ""), cookie).Body.String()
		if !strings.Contains(html, "08.00 WIB (masuk ke catatan pukul 11.00 WIB)") {
			t.Errorf("%s doesn't say when it happened and when it was keyed in", path)
		}
	}
}

func TestTheSearchShowsWhoIsInAndFindsByATicket(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	code := s.token(t, s.people[0])
	s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: code})
	for query, here := range map[string]bool{code: true, s.people[0].name: true, s.people[1].name: false} {
		html := s.do(request(http.MethodGet, "/search?q="+url.QueryEscape(query), ""), cookie).Body.String()
		if !strings.Contains(html, `data-opens="by-hand"`) || strings.Contains(html, ">Hadir<") != here {
			t.Errorf("%q: is in, want %v", query, here)
		}
	}
}
