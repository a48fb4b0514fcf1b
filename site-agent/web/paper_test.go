package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/web/checkin"
	"buktihadir/site-agent/web/page"
)

func (s *site) row(m member) string {
	return ticket.Row{Session: s.session, Enrollment: m.id}.Text()
}

func TestARowIsKeyedInByItsCodeOrByWhoseItIs(t *testing.T) {
	s := newSite(t, nil)
	start := s.server.Now()
	s.pass(26 * time.Hour)
	cookie := s.signedIn(t, s.officer, officerPIN)
	form := func(change func(*checkin.KeyInForm)) checkin.KeyInForm {
		f := checkin.KeyInForm{ID: uuid.New(), Session: s.session, Direction: models.DirectionIn, Written: start, Desk: "kertas"}
		change(&f)
		return f
	}
	late := func(f *checkin.KeyInForm) {
		f.Enrollment, f.Written = s.people[2].id, start.Add(2*time.Hour)
		f.Supervisor, f.PIN, f.Reason = s.supervisor, supervisorPIN, "ada di kertas"
	}
	for _, c := range []struct {
		name    string
		form    checkin.KeyInForm
		code    int
		verdict string
		error   string
	}{
		{"a row's code", form(func(f *checkin.KeyInForm) { f.Code = s.row(s.people[0]) }), 200, "accepted_in", ""},
		{"as a keyboard of another layout types it", form(func(f *checkin.KeyInForm) {
			f.Code, f.Alt = "bhr!?", strings.ToLower(s.row(s.people[1]))
		}), 200, "accepted_in", ""},
		{"the same once more", form(func(f *checkin.KeyInForm) { f.Enrollment = s.people[0].id }), 200, "already_in", ""},
		{"two hours late", form(func(f *checkin.KeyInForm) { late(f); f.Supervisor = uuid.Nil }), 200, "closed", ""},
		{"with a wrong PIN", form(func(f *checkin.KeyInForm) { late(f); f.PIN = "000000" }), 403, "", "pin"},
		{"with an officer's PIN", form(func(f *checkin.KeyInForm) { late(f); f.Supervisor, f.PIN = s.officer, officerPIN }), 403, "", "supervisor"},
		{"without a reason", form(func(f *checkin.KeyInForm) { late(f); f.Reason = " " }), 400, "", "reason"},
		{"by a supervisor", form(late), 200, "accepted_in", ""},
		{"a ticket", form(func(f *checkin.KeyInForm) { f.Code = s.token(t, s.people[3]) }), 400, "", "no_row"},
		{"a row of a session that is not here", form(func(f *checkin.KeyInForm) {
			f.Code = ticket.Row{Session: uuid.New(), Enrollment: s.people[3].id}.Text()
		}), 409, "", "other_sheet"},
		{"nobody's", form(func(f *checkin.KeyInForm) { f.Enrollment = uuid.New() }), 409, "", "refused"},
		{"still to come", form(func(f *checkin.KeyInForm) { f.Enrollment, f.Written = s.people[3].id, start.Add(48*time.Hour) }), 400, "", "not_then"},
		{"neither in nor out", form(func(f *checkin.KeyInForm) { f.Enrollment, f.Direction = s.people[3].id, models.DirectionAuto }), 400, "", "bad_request"},
		{"without a time", form(func(f *checkin.KeyInForm) { f.Enrollment, f.Written = s.people[3].id, 0 }), 400, "", "bad_request"},
	} {
		code, got := s.post(t, cookie, "/api/key-in", c.form)
		if code != c.code || got.Verdict != c.verdict || got.Error != c.error {
			t.Errorf("%s: %d %q %q, want %d %q %q", c.name, code, got.Verdict, got.Error, c.code, c.verdict, c.error)
		}
	}
}

func TestARowOfAnotherSessionSaysWhere(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	_, got := s.post(t, cookie, "/api/key-in", checkin.KeyInForm{ID: uuid.New(), Session: uuid.New(), Code: s.row(s.people[0]), Direction: models.DirectionIn,
		Written: s.server.Now()})
	if got.Error != "other_sheet" || got.Session == nil || got.Session.Class != "LAS-01" || got.Session.Seq != 1 {
		t.Errorf("%q, %+v", got.Error, got.Session)
	}
}

func TestARowThatIsShownAsATicketAdmitsNobodyAndSaysWhatItIs(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	code, got := s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: s.row(s.people[0])})
	if code != 200 || got.Verdict != "malformed" || got.Sheet == nil || *got.Sheet != s.session {
		t.Errorf("%d %s, sheet %v", code, got.Verdict, got.Sheet)
	}
	if n := len(s.desk.Present(s.session)); n != 0 {
		t.Errorf("%d present", n)
	}
	elsewhere := ticket.Row{Session: uuid.New(), Enrollment: s.people[0].id}.Text()
	if _, got := s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: elsewhere}); got.Verdict != "malformed" || got.Sheet != nil {
		t.Errorf("of another place: %s, sheet %v", got.Verdict, got.Sheet)
	}
}

func TestAPrintedSheetHasEverybodyWithTheirRowAndStaysSmall(t *testing.T) {
	s := newSite(t, nil)
	w := s.do(request(http.MethodGet, "/sessions/"+s.session.String()+"/sheet", ""), s.signedIn(t, s.officer, officerPIN))
	html := w.Body.String()
	for _, m := range s.people {
		if !strings.Contains(html, ">"+m.name+"<") {
			t.Errorf("the sheet lacks %s", m.name)
		}
	}
	codes := regexp.MustCompile(`<svg [^>]*viewBox="0 0 37 37".*?</svg>`).FindAllString(html, -1)
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	for _, code := range codes {
		_, _ = zip.Write([]byte(code)) // to memory
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if each := packed.Len() / max(1, len(codes)); len(codes) != len(s.people) || each > 400 {
		t.Errorf("%d codes of %d bytes each once compressed, for %d people", len(codes), each, len(s.people))
	}
}

func TestEarlierSessionsAreFoundForAWeek(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		after time.Duration
		found bool
	}{{0, false}, {24 * time.Hour, true}, {6 * 24 * time.Hour, true}, {2 * 24 * time.Hour, false}} {
		s.pass(c.after)
		w := s.do(request(http.MethodGet, "/sessions/days", ""), s.signedIn(t, s.officer, officerPIN))
		if got := strings.Contains(w.Body.String(), `href="/sessions/`+s.session.String()); w.Code != 200 || got != c.found {
			t.Errorf("after another %v: %d, found %v, want %v", c.after, w.Code, got, c.found)
		}
	}
}
