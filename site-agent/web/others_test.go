package web

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// knowsOther gives the site another agent.
func (s *site) knowsOther(t *testing.T) uuid.UUID {
	t.Helper()
	other := uuid.New()
	s.updates(t, item(t, exchange.KindAgent, other[:], exchange.Agent{Name: "Pintu timur", Public: bytes.Repeat([]byte{1}, 32)}))
	if err := s.desk.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return other
}

func TestADeskShowsWhoCameInAtAnotherComputer(t *testing.T) {
	s := newSite(t, nil)
	other, who := s.knowsOther(t), s.people[0].id
	cookie := s.signedIn(t, s.officer, officerPIN)
	s.desk.Hear(desk.ByServer, []exchange.Tail{{Agent: other, Epoch: models.Epoch{1}, Seq: 1, Marks: []exchange.Mark{
		{Seq: 1, At: models.Millis(s.now.Load()), Session: s.session[:], Enrollment: who[:], Desk: "Meja 1"}}}})
	s.pass(5 * time.Minute)
	scan := page.ScanForm{ID: uuid.New(), Code: s.token(t, s.people[0]), Desk: "Meja 2", Direction: models.DirectionAuto}
	code, got := s.post(t, cookie, "/api/scan", scan)
	if code != http.StatusOK || got.Verdict != "already_in" || got.Tone != templates.Warn || !got.Overridable || got.Earlier == nil ||
		got.Earlier.Desk != "Meja 1 · Pintu timur" || !got.Earlier.Told {
		t.Errorf("%d %+v, earlier %+v", code, got, got.Earlier)
	}
}

func TestTheStationShowsTheOtherComputers(t *testing.T) {
	s := newSite(t, nil)
	shown := func() string {
		return s.do(request(http.MethodGet, "/station", ""), s.supervisorsOwn(t)).Body.String()
	}
	if text := shown(); !strings.Contains(text, "Tidak ada komputer presensi lain") {
		t.Error("a lone computer says nothing of others")
	}
	other := s.knowsOther(t)
	if text := shown(); !strings.Contains(text, "Pintu timur") || !strings.Contains(text, "Belum ada kabar") {
		t.Error("a silent one is not shown")
	}
	s.desk.Hear(desk.ByNetwork, nil, exchange.Heard{Agent: other, At: s.server.Now()})
	if text := shown(); !strings.Contains(text, "Tersambung") {
		t.Error("one that was heard just now is not shown as such")
	}
	page := exchange.RosterPage{Scope: []byte("scope"), From: 2, To: 3, Latest: 3, Items: []exchange.Item{{Kind: exchange.KindAgent, Key: other[:]}}}
	if err := s.store.ApplyPage(t.Context(), page, models.Millis(s.now.Load())); err != nil {
		t.Fatal(err)
	}
	if err := s.desk.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if text := shown(); strings.Contains(text, "Pintu timur") {
		t.Error("one that was revoked is shown")
	}
}

func TestStaffWriteDownWhereAnotherComputerAnswers(t *testing.T) {
	s := newSite(t, nil)
	boss := s.supervisorsOwn(t)
	for _, c := range []struct {
		address, kept string
	}{
		{"192.168.1.20", "192.168.1.20:8443"}, {" pintu-timur.local:9000 ", "pintu-timur.local:9000"}, {"fe80::1", "[fe80::1]:8443"}, {"[fe80::2]:1", "[fe80::2]:1"},
		{"", ""}, {"192.168.1.20:0", ""}, {"192.168.1.20:65536", ""}, {"https://pintu", ""}, {"a b", ""}, {"x:y:z", ""}, {strings.Repeat("a", 254), ""},
		{"a/../b", ""}, {"user@host", ""},
	} {
		w := s.form("/others", url.Values{"address": {c.address}}, boss)
		kept, err := s.store.OtherAddresses(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if c.kept == "" && (w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "bukan alamat")) ||
			c.kept != "" && (w.Code != http.StatusSeeOther || !slices.Contains(kept, c.kept)) {
			t.Errorf("%q: %d, %v are kept", c.address, w.Code, kept)
		}
	}
	for i := range store.MostAddresses {
		s.form("/others", url.Values{"address": {"10.0.0." + strconv.Itoa(i)}}, boss)
	}
	if w := s.form("/others", url.Values{"address": {"10.0.1.1"}}, boss); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Sudah ada 8") {
		t.Errorf("one too many: %d", w.Code)
	}
	if w := s.form("/others", url.Values{"address": {"192.168.1.20"}}, boss); w.Code != http.StatusSeeOther {
		t.Errorf("one that is known: %d", w.Code)
	}
	s.form("/others/remove", url.Values{"address": {"192.168.1.20:8443"}}, boss)
	if kept, _ := s.store.OtherAddresses(t.Context()); len(kept) != store.MostAddresses-1 || slices.Contains(kept, "192.168.1.20:8443") {
		t.Errorf("after one was removed: %v", kept)
	}
}
