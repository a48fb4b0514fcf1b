package ticket_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
)

func (o *fixture) ticketOf(i int) models.Ref {
	place := o.PlaceOf(i)
	return models.Ref(place.ID[:8])
}

// planner changes the office's plan as the programme office does.
func (o *fixture) seating() (*seating.Service, office.Actor) {
	return seating.New(o.Store), office.Actor{Name: "Ibu PMO"}
}

func TestAPhoneLearnsOfEveryChangeToItsPageAndOfNothingElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone := o.LinkOf(t, 0), o.Guest(t)
	seats, pmo := o.seating()
	place := o.PlaceOf(0)
	mark := func() string {
		head := phone.Do(phone.Request(http.MethodHead, link, nil))
		page := phone.Get(link)
		if head.Status != http.StatusOK || head.Body != "" || head.Header.Get("ETag") == "" {
			t.Fatalf("asked whether it changed, the page answers %d %q", head.Status, head.Header.Get("ETag"))
		}
		if want := `data-mark="` + strings.Trim(head.Header.Get("ETag"), `"`) + `"`; !strings.Contains(page.Body, want) {
			t.Fatalf("the page does not know itself as %s", want)
		}
		return head.Header.Get("ETag")
	}
	shows := func(text string) func(string) bool {
		return func(body string) bool { return strings.Contains(body, text) }
	}
	last := mark()
	for _, step := range []struct {
		name    string
		do      func() error
		changes bool
		shows   func(string) bool
	}{
		{"nothing happened", func() error { return nil }, false, shows("Buat layar terang")},
		{"somebody else's ticket was revoked", func() error {
			return seats.RevokeTicket(t.Context(), pmo, o.ticketOf(1), "hilang")
		}, false, shows("Buat layar terang")},
		{"the ticket was revoked", func() error { return seats.RevokeTicket(t.Context(), pmo, o.ticketOf(0), "hilang") }, true, shows("Tiket yang lama sudah dicabut")},
		{"a new ticket was issued", func() error { _, err := seats.IssueTickets(t.Context(), pmo, place.ClassID); return err }, true, shows("Buat layar terang")},
		{"the attendance was found out", func() error {
			return o.DB.Model(&models.Attendance{}).Where("enrollment_id = ?", place.ID).Updates(models.Attendance{Status: models.StatusAbsent, Derived: models.StatusAbsent}).Error
		}, true, shows("terlalu sering tidak hadir")},
		{"the place was taken away", func() error { return seats.Cancel(t.Context(), pmo, place.ID, "pindah") }, true, shows("tidak lagi terdaftar")},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		now := mark()
		if (now != last) != step.changes {
			t.Errorf("%s: the mark changes: %t, want %t", step.name, now != last, step.changes)
		}
		last = now
		if body := phone.Get(link).Body; !step.shows(body) {
			t.Errorf("%s: the page does not say so: %s", step.name, body)
		}
	}
}

func TestAParticipantSeesWhatIsStillMissing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	came, missed, phone := o.LinkOf(t, 1), o.LinkOf(t, 4), o.Guest(t) // the third of three sessions comes tomorrow
	for _, c := range []struct{ link, lang, want string }{
		{came, "id", "Anda tercatat hadir di 2 dari 3 sesi. Anda perlu hadir di setiap sesi yang tersisa (1 sesi)."},
		{came, "en", "You are recorded as present at 2 of 3 sessions. You need to come to the one session that is left."},
		{missed, "id", "Anda tercatat hadir di 0 dari 3 sesi. Anda terlalu sering tidak hadir, jadi kelas ini tidak bisa diselesaikan."},
		{missed, "en", "You are recorded as present at 0 of 3 sessions. You have missed too many sessions, so you"},
	} {
		if got := phone.Get(c.link + "?lang=" + c.lang).Body; !strings.Contains(got, c.want) {
			t.Errorf("%s: the page does not say %q: %s", c.lang, c.want, got)
		}
	}
}

func TestAPhoneMayKeepThePageBesideItsPrograms(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone := o.LinkOf(t, 0), o.Guest(t)
	if !strings.Contains(phone.Get(link).Body, `rel="manifest" href="`+link+`/app.webmanifest"`) {
		t.Error("the page names no manifest")
	}
	got := phone.Get(link + "/app.webmanifest")
	var manifest struct {
		StartURL string `json:"start_url"`
		Scope    string
		Icons    []struct{ Src string }
	}
	if err := json.Unmarshal([]byte(got.Body), &manifest); err != nil || got.Header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%s: %v: %s", got.Header.Get("Content-Type"), err, got.Body)
	}
	if manifest.StartURL != link || manifest.Scope != "/t/" || len(manifest.Icons) == 0 || phone.Get(manifest.Icons[0].Src).Status != http.StatusOK {
		t.Errorf("it starts at %q within %q, with %d icons", manifest.StartURL, manifest.Scope, len(manifest.Icons))
	}
	for _, path := range []string{"", "/app.webmanifest"} {
		if got := phone.Get("/t/0123456789abcdef0123456789abcdef" + path); got.Status != http.StatusNotFound || !strings.Contains(got.Body, "<h1>Tautan ini tidak berlaku lagi</h1>") {
			t.Errorf("a link that leads nowhere%s: %d", path, got.Status)
		}
	}
}

// While a session goes on, the page says what is counted, and judges nobody.
func TestAPageDoesNotJudgeWhatIsGoingOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone := o.LinkOf(t, 1), o.Guest(t)
	running, place := o.Sessions[1], o.PlaceOf(1)
	record := func(status models.AttendanceStatus, minutes int) {
		t.Helper()
		row := map[string]any{"status": status, "derived": status, "minutes": minutes, "final": false}
		if err := o.DB.Model(&models.Attendance{}).Where("enrollment_id = ? AND session_id = ?", place.ID, running.ID).Updates(row).Error; err != nil {
			t.Fatal(err)
		}
	}
	const open = "Sejauh ini 1 dari 3 sesi dihitung hadir."
	for _, c := range []struct {
		name      string
		status    models.AttendanceStatus
		minutes   int
		want, not string
	}{
		{"inside", models.StatusInside, 0, open, "Anda tercatat hadir"},
		{"outside for a moment", models.StatusLeftEarly, 2, open, "Pulang lebih awal"},
		{"late, and outside", models.StatusLate, 2, open, "Anda tercatat hadir"},
		{"seen to leave alone", models.StatusUnverified, 0, open, "Belum diverifikasi"},
		{"long enough", models.StatusPresent, 230, "1 di antaranya masih sementara", open},
	} {
		record(c.status, c.minutes)
		body := phone.Get(link).Body
		if !strings.Contains(body, c.want) || strings.Contains(body, c.not) || strings.Contains(body, "terlalu sering tidak hadir") {
			t.Errorf("%s: the page doesn't say %q, or says %q: %s", c.name, c.want, c.not, body)
		}
	}
}
