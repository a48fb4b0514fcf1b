package attendance_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

// over moves the first class's sessions into the past.
func (o *fixture) over(t testing.TB) {
	t.Helper()
	for _, s := range o.Sessions[:3] {
		s.StartsAt, s.EndsAt = s.StartsAt.Add(-72*time.Hour), s.EndsAt.Add(-72*time.Hour)
		if err := o.DB.Save(&s).Error; err != nil {
			t.Fatal(err)
		}
	}
}

// closing opens the review and gives what the form has seen.
func closing(b *webtest.Browser, href string) string {
	b.T.Helper()
	page := b.Get(href + "?lang=en")
	found := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page.Body)
	if page.Status != http.StatusOK || found == nil {
		b.T.Fatalf("no form to close with: %d\n%s", page.Status, page.Body)
	}
	return found[1]
}

func TestAClassThatGoesOnHasDraftsAndIsNotClosed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, own := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator)
	class := "/classes/" + o.Classes[0].ID.String()
	if page := pmo.Get(class + "/close?lang=en"); !strings.Contains(page.Body, "session 2 isn") || strings.Contains(page.Body, `name="seen"`) {
		t.Errorf("a class whose sessions go on can be closed: %d", page.Status)
	}
	if got := own.Get("/sessions/" + o.Sessions[0].ID.String() + "/sheet"); got.Status != http.StatusOK || !strings.HasPrefix(got.Body, "%PDF-") ||
		!strings.Contains(got.Header.Get("Content-Disposition"), "draf") {
		t.Errorf("a draft of a session's sheet: %d %q", got.Status, got.Header.Get("Content-Disposition"))
	}
	for _, kind := range []string{"attendance_sheet", "session_report"} {
		if got := own.Get(class + "/drafts/" + kind); got.Status != http.StatusOK || !strings.HasPrefix(got.Body, "%PDF-") {
			t.Errorf("a draft of %s: %d", kind, got.Status)
		}
	}
}

func TestAClassIsClosedAfterAReviewAndItsPapersCanBeChecked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, own, guest := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator), o.As(t, "")
	class := "/classes/" + o.Classes[0].ID.String()
	o.over(t)
	hook := models.Webhook{ID: uuid.New(), Name: "bayar", URL: "https://bayar.contoh.id", Topics: string(models.TopicClass), Secret: []byte{1}, Active: true}
	if err := o.DB.Create(&hook).Error; err != nil {
		t.Fatal(err)
	}
	seen := closing(pmo, class+"/close")
	for name, form := range map[string][]string{"no reason": {"seen", seen}, "something else was seen": {"seen", "tasks=99", "reason", "x"}} {
		if got := pmo.Post(class+"/close", form...); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("closed with %s: %d", name, got.Status)
		}
	}
	if got := pmo.Follow(pmo.Post(class+"/close", "seen", seen, "reason", "laptop rusak")); got.Status != http.StatusOK || !strings.Contains(got.Body, "Session report") {
		t.Fatalf("after closing: %d\n%s", got.Status, got.Body)
	}
	if got := pmo.Post(class+"/close", "seen", "", "reason", "x"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("closed twice: %d", got.Status)
	}
	var told int64
	if err := o.DB.Model(&models.Delivery{}).Where("webhook_id = ?", hook.ID).Count(&told).Error; err != nil || told != 1 {
		t.Errorf("other systems were told %d times (%v), want once", told, err)
	}
	issued, err := o.Store.Read(t.Context()).IssuedOf(o.Classes[0].ID)
	if err != nil || len(issued) != 5 {
		t.Fatalf("issued %d papers (%v), want report, class sheet and three session sheets", len(issued), err)
	}
	sheet := issued[2]
	file := own.Get(class + "/documents/" + sheet.ID.String())
	if file.Status != http.StatusOK || !strings.Contains(file.Header.Get("Content-Disposition"), "-v1.pdf") {
		t.Fatalf("a coordinator's own paper: %d", file.Status)
	}
	if again := own.Get("/sessions/" + sheet.EntityID.String() + "/sheet"); again.Body != file.Body {
		t.Error("the session's page gives another sheet than was issued")
	}
	proof := "/proof/" + sheet.ID.String()
	page := guest.Get(proof + "?lang=en")
	if page.Status != http.StatusOK || !strings.Contains(page.Body, sheet.SHA256.String()) || !strings.Contains(page.Body, "is in the log as") {
		t.Errorf("a guest's proof: %d\n%s", page.Status, page.Body)
	}
	for _, name := range []string{"Siti Aminah", "REG-0", "Orang pmo_admin"} {
		if strings.Contains(page.Body, name) {
			t.Errorf("the public proof names %q", name)
		}
	}
	changed := []byte(file.Body)
	changed[len(changed)/2] ^= 1
	for name, x := range map[string]struct {
		file []byte
		want string
	}{"the paper": {[]byte(file.Body), "exactly that document"}, "one bit changed": {changed, "not the document that was issued"}, "nothing": {nil, "not the document"}} {
		if got := guest.Upload(proof+"?lang=en", "file", "x.pdf", x.file); got.Status != http.StatusOK || !strings.Contains(after(got.Body, `id="answer"`), x.want) {
			t.Errorf("%s: %d, want %q", name, got.Status, x.want)
		}
	}
	o.correctedAfterwards(t, pmo, guest, class, proof, []byte(file.Body))
}

// after is what follows a mark, up to the page's templates.
func after(body, mark string) string {
	_, rest, _ := strings.Cut(body, mark)
	rest, _, _ = strings.Cut(rest, "<template")
	return rest
}

func (o *fixture) correctedAfterwards(t *testing.T, pmo, guest *webtest.Browser, class, proof string, file []byte) {
	place := o.Enrollments[3]
	issued, err := o.Store.Read(t.Context()).IssuedOf(o.Classes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	href := "/sessions/" + issued[2].EntityID.String() + "/people/" + place.ID.String()
	if got := pmo.Upload(href, "evidence", "surat.pdf", []byte("%PDF-1.7\nsurat sakit"), "status", "sick", "reason", "surat dokter"); got.Status != http.StatusSeeOther {
		t.Fatalf("a correction after closing: %d", got.Status)
	}
	if page := guest.Get(proof + "?lang=en"); !strings.Contains(page.Body, "changed after the newest version") {
		t.Error("the proof does not say that the paper is outdated")
	}
	if page := pmo.Get(class + "/documents?lang=en"); !strings.Contains(page.Body, "3 documents are outdated") {
		t.Errorf("the list does not say what is outdated:\n%s", page.Body)
	}
	if got := pmo.Follow(pmo.Post(class + "/documents")); got.Status != http.StatusOK {
		t.Fatalf("issue anew: %d", got.Status)
	}
	if page := guest.Get(proof + "?lang=en"); !strings.Contains(page.Body, "replaced by version 2") {
		t.Error("the proof of the first version does not name the second")
	}
	issued, err = o.Store.Read(t.Context()).IssuedOf(o.Classes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range issued {
		if d.Entity == "session" && d.Version == 2 {
			if got := guest.Upload("/proof/"+d.ID.String()+"?lang=en", "file", "x.pdf", file); !strings.Contains(after(got.Body, `id="answer"`), "version 1 of the same") {
				t.Error("the first version is not recognised on the second one's proof")
			}
		}
	}
}

func TestAClosedClassStaysWhatItIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.over(t)
	pmo := o.As(t, models.RoleAdmin)
	class := "/classes/" + o.Classes[0].ID.String()
	if got := pmo.Post(class+"/close", "seen", closing(pmo, class+"/close"), "reason", "cukup"); got.Status != http.StatusSeeOther {
		t.Fatalf("close: %d\n%s", got.Status, got.Body)
	}
	place, session := o.Enrollments[1].ID.String(), "/sessions/"+o.Sessions[0].ID.String()
	for name, got := range map[string]webtest.Answer{
		"enrol":            pmo.Post(class+"/enroll", "number", "REG-00020"),
		"cancel a place":   pmo.Post("/enrollments/"+place+"/cancel", "cancel_reason", "pindah"),
		"move a session":   pmo.Post(session+"/edit", "day", "2026-06-01", "start", "08:00", "end", "10:00", "reason", "x"),
		"cancel a session": pmo.Post(session+"/cancel", "reason", "x"),
		"add a session":    pmo.Post(class+"/sessions", "from", "2026-06-29", "day", "1", "start", "08:00", "end", "10:00", "count", "1"),
		"mark tasks":       pmo.Follow(pmo.Post("/enrollments/"+place+"/tasks", "done", "1")),
	} {
		if !strings.Contains(got.Body, "is closed") {
			t.Errorf("%s at a closed class: %d, and no sentence says why not", name, got.Status)
		}
	}
	for name, got := range map[string]int{
		"a draft of a closed class": pmo.Get(class + "/drafts/session_report").Status,
		"a paper of another class":  pmo.Get("/classes/" + o.Classes[1].ID.String() + "/documents/" + o.Document.ID.String()).Status,
		"the proof of an upload":    pmo.Get("/proof/" + o.Document.ID.String()).Status,
	} {
		if got != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", name, got)
		}
	}
}

func TestAListOnPaperSaysWhenItIsTooLong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo := o.As(t, models.RoleAdmin)
	got := pmo.Get("/attendance/pdf")
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Body, "%PDF-") || got.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("the list as PDF: %d %q", got.Status, got.Header.Get("Content-Type"))
	}
}
