package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// linkOf makes a seeded participant's page reachable, as an import would have.
func (o *fixture) linkOf(t testing.TB, i int) string {
	t.Helper()
	person := o.participants[i]
	link := o.st.Read(t.Context()).LinkOf(person)
	if err := o.db.Model(&models.Participant{}).Where("id = ?", person.ID).Updates(map[string]any{"link_hash": store.LinkHash(link), "created_at": o.now - 1}).Error; err != nil {
		t.Fatal(err)
	}
	return "/t/" + link
}

// placeOf is a participant's place in the first class, whose instructor comes before them.
func (o *fixture) placeOf(i int) models.Enrollment { return o.enrollments[i+1] }

func (o *fixture) ticketOf(i int) models.Ref {
	place := o.placeOf(i)
	return models.Ref(place.ID[:8])
}

// planner changes the office's plan as the programme office does.
func (o *fixture) seating() (*seating.Service, office.Actor) {
	return seating.New(o.st), office.Actor{Name: "Ibu PMO"}
}

func TestAPhoneLearnsOfEveryChangeToItsPageAndOfNothingElse(t *testing.T) {
	o := newOffice(t)
	link, phone := o.linkOf(t, 0), o.guest(t)
	seats, pmo := o.seating()
	place := o.placeOf(0)
	mark := func() string {
		head := phone.do(phone.request(http.MethodHead, link, nil))
		page := phone.get(link)
		if head.status != http.StatusOK || head.body != "" || head.header.Get("ETag") == "" {
			t.Fatalf("asked whether it changed, the page answers %d %q", head.status, head.header.Get("ETag"))
		}
		if want := `data-mark="` + strings.Trim(head.header.Get("ETag"), `"`) + `"`; !strings.Contains(page.body, want) {
			t.Fatalf("the page does not know itself as %s", want)
		}
		return head.header.Get("ETag")
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
			return o.db.Model(&models.Attendance{}).Where("enrollment_id = ?", place.ID).Updates(models.Attendance{Status: models.StatusAbsent, Derived: models.StatusAbsent}).Error
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
		if body := phone.get(link).body; !step.shows(body) {
			t.Errorf("%s: the page does not say so: %s", step.name, body)
		}
	}
}

func TestAParticipantSeesWhatIsStillMissing(t *testing.T) {
	o := newOffice(t)
	came, missed, phone := o.linkOf(t, 1), o.linkOf(t, 4), o.guest(t) // the third of three sessions comes tomorrow
	for _, c := range []struct{ link, lang, want string }{
		{came, "id", "Anda tercatat hadir di 2 dari 3 sesi. Anda perlu hadir di setiap sesi yang tersisa (1 sesi)."},
		{came, "en", "You are recorded as present at 2 of 3 sessions. You need to come to the one session that is left."},
		{missed, "id", "Anda tercatat hadir di 0 dari 3 sesi. Anda terlalu sering tidak hadir, jadi kelas ini tidak bisa diselesaikan."},
		{missed, "en", "You are recorded as present at 0 of 3 sessions. You have missed too many sessions, so you"},
	} {
		if got := phone.get(c.link + "?lang=" + c.lang).body; !strings.Contains(got, c.want) {
			t.Errorf("%s: the page does not say %q: %s", c.lang, c.want, got)
		}
	}
}

func TestAPhoneMayKeepThePageBesideItsPrograms(t *testing.T) {
	o := newOffice(t)
	link, phone := o.linkOf(t, 0), o.guest(t)
	if !strings.Contains(phone.get(link).body, `rel="manifest" href="`+link+`/app.webmanifest"`) {
		t.Error("the page names no manifest")
	}
	got := phone.get(link + "/app.webmanifest")
	var manifest struct {
		StartURL string `json:"start_url"`
		Scope    string
		Icons    []struct{ Src string }
	}
	if err := json.Unmarshal([]byte(got.body), &manifest); err != nil || got.header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%s: %v: %s", got.header.Get("Content-Type"), err, got.body)
	}
	if manifest.StartURL != link || manifest.Scope != "/t/" || len(manifest.Icons) == 0 || phone.get(manifest.Icons[0].Src).status != http.StatusOK {
		t.Errorf("it starts at %q within %q, with %d icons", manifest.StartURL, manifest.Scope, len(manifest.Icons))
	}
	for _, path := range []string{"", "/app.webmanifest"} {
		if got := phone.get("/t/0123456789abcdef0123456789abcdef" + path); got.status != http.StatusNotFound || !strings.Contains(got.body, "Tautan ini tidak berlaku lagi") {
			t.Errorf("a link that leads nowhere%s: %d", path, got.status)
		}
	}
}
