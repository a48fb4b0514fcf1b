package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// over moves the first class's sessions into the past.
func (o *fixture) over(t testing.TB) {
	t.Helper()
	for _, s := range o.sessions[:3] {
		s.StartsAt, s.EndsAt = s.StartsAt.Add(-72*time.Hour), s.EndsAt.Add(-72*time.Hour)
		if err := o.db.Save(&s).Error; err != nil {
			t.Fatal(err)
		}
	}
}

// closing opens the review and gives what the form has seen.
func (b *browser) closing(href string) string {
	b.t.Helper()
	page := b.get(href + "?lang=en")
	found := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page.body)
	if page.status != http.StatusOK || found == nil {
		b.t.Fatalf("no form to close with: %d\n%s", page.status, page.body)
	}
	return found[1]
}

// checks sends a file to a proof page.
func (b *browser) checks(href string, file []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "x.pdf")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || w.Close() != nil {
		b.t.Fatal(err)
	}
	req := b.request(http.MethodPost, href+"?lang=en", &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func TestAClassThatGoesOnHasDraftsAndIsNotClosed(t *testing.T) {
	o := newOffice(t)
	pmo, own := o.as(t, models.RoleAdmin), o.as(t, models.RoleCoordinator)
	class := "/classes/" + o.classes[0].ID.String()
	if page := pmo.get(class + "/close?lang=en"); !strings.Contains(page.body, "session 2 isn") || strings.Contains(page.body, `name="seen"`) {
		t.Errorf("a class whose sessions go on can be closed: %d", page.status)
	}
	if got := own.get("/sessions/" + o.sessions[0].ID.String() + "/sheet"); got.status != http.StatusOK || !strings.HasPrefix(got.body, "%PDF-") ||
		!strings.Contains(got.header.Get("Content-Disposition"), "draf") {
		t.Errorf("a draft of a session's sheet: %d %q", got.status, got.header.Get("Content-Disposition"))
	}
	for _, kind := range []string{"attendance_sheet", "session_report"} {
		if got := own.get(class + "/drafts/" + kind); got.status != http.StatusOK || !strings.HasPrefix(got.body, "%PDF-") {
			t.Errorf("a draft of %s: %d", kind, got.status)
		}
	}
}

func TestAClassIsClosedAfterAReviewAndItsPapersCanBeChecked(t *testing.T) {
	o := newOffice(t)
	pmo, own, guest := o.as(t, models.RoleAdmin), o.as(t, models.RoleCoordinator), o.as(t, "")
	class := "/classes/" + o.classes[0].ID.String()
	o.over(t)
	hook := models.Webhook{ID: uuid.New(), Name: "bayar", URL: "https://bayar.contoh.id", Topics: string(models.TopicClass), Secret: []byte{1}, Active: true}
	if err := o.db.Create(&hook).Error; err != nil {
		t.Fatal(err)
	}
	seen := pmo.closing(class + "/close")
	for name, form := range map[string][]string{"no reason": {"seen", seen}, "something else was seen": {"seen", "tasks=99", "reason", "x"}} {
		if got := pmo.post(class+"/close", form...); got.status != http.StatusUnprocessableEntity {
			t.Errorf("closed with %s: %d", name, got.status)
		}
	}
	if got := pmo.follow(pmo.post(class+"/close", "seen", seen, "reason", "laptop rusak")); got.status != http.StatusOK || !strings.Contains(got.body, "Session report") {
		t.Fatalf("after closing: %d\n%s", got.status, got.body)
	}
	if got := pmo.post(class+"/close", "seen", "", "reason", "x"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("closed twice: %d", got.status)
	}
	var told int64
	if err := o.db.Model(&models.Delivery{}).Where("webhook_id = ?", hook.ID).Count(&told).Error; err != nil || told != 1 {
		t.Errorf("other systems were told %d times (%v), want once", told, err)
	}
	issued, err := o.st.Read(t.Context()).IssuedOf(o.classes[0].ID)
	if err != nil || len(issued) != 5 {
		t.Fatalf("issued %d papers (%v), want report, class sheet and three session sheets", len(issued), err)
	}
	sheet := issued[2]
	file := own.get(class + "/documents/" + sheet.ID.String())
	if file.status != http.StatusOK || !strings.Contains(file.header.Get("Content-Disposition"), "-v1.pdf") {
		t.Fatalf("a coordinator's own paper: %d", file.status)
	}
	if again := own.get("/sessions/" + sheet.EntityID.String() + "/sheet"); again.body != file.body {
		t.Error("the session's page gives another sheet than was issued")
	}
	proof := "/proof/" + sheet.ID.String()
	page := guest.get(proof + "?lang=en")
	if page.status != http.StatusOK || !strings.Contains(page.body, sheet.SHA256.String()) || !strings.Contains(page.body, "is in the log as") {
		t.Errorf("a guest's proof: %d\n%s", page.status, page.body)
	}
	for _, name := range []string{"Siti Aminah", "REG-0", "Orang pmo_admin"} {
		if strings.Contains(page.body, name) {
			t.Errorf("the public proof names %q", name)
		}
	}
	changed := []byte(file.body)
	changed[len(changed)/2] ^= 1
	for name, x := range map[string]struct {
		file []byte
		want string
	}{"the paper": {[]byte(file.body), "exactly that document"}, "one bit changed": {changed, "not the document that was issued"}, "nothing": {nil, "not the document"}} {
		if got := guest.checks(proof, x.file); got.status != http.StatusOK || !strings.Contains(after(got.body, `id="answer"`), x.want) {
			t.Errorf("%s: %d, want %q", name, got.status, x.want)
		}
	}
	o.correctedAfterwards(t, pmo, guest, class, proof, []byte(file.body))
}

// after is what follows a mark, up to the page's templates.
func after(body, mark string) string {
	_, rest, _ := strings.Cut(body, mark)
	rest, _, _ = strings.Cut(rest, "<template")
	return rest
}

func (o *fixture) correctedAfterwards(t *testing.T, pmo, guest *browser, class, proof string, file []byte) {
	place := o.enrollments[3]
	issued, err := o.st.Read(t.Context()).IssuedOf(o.classes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	href := "/sessions/" + issued[2].EntityID.String() + "/people/" + place.ID.String()
	if got := pmo.correctBy(href, "surat.pdf", []byte("%PDF-1.7\nsurat sakit")); got.status != http.StatusSeeOther {
		t.Fatalf("a correction after closing: %d", got.status)
	}
	if page := guest.get(proof + "?lang=en"); !strings.Contains(page.body, "changed after the newest version") {
		t.Error("the proof does not say that the paper is outdated")
	}
	if page := pmo.get(class + "/documents?lang=en"); !strings.Contains(page.body, "3 documents are outdated") {
		t.Errorf("the list does not say what is outdated:\n%s", page.body)
	}
	if got := pmo.follow(pmo.post(class + "/documents")); got.status != http.StatusOK {
		t.Fatalf("issue anew: %d", got.status)
	}
	if page := guest.get(proof + "?lang=en"); !strings.Contains(page.body, "replaced by version 2") {
		t.Error("the proof of the first version does not name the second")
	}
	issued, err = o.st.Read(t.Context()).IssuedOf(o.classes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range issued {
		if d.Entity == "session" && d.Version == 2 {
			if got := guest.checks("/proof/"+d.ID.String(), file); !strings.Contains(after(got.body, `id="answer"`), "version 1 of the same") {
				t.Error("the first version is not recognised on the second one's proof")
			}
		}
	}
}

func TestAClosedClassStaysWhatItIs(t *testing.T) {
	o := newOffice(t)
	o.over(t)
	pmo := o.as(t, models.RoleAdmin)
	class := "/classes/" + o.classes[0].ID.String()
	if got := pmo.post(class+"/close", "seen", pmo.closing(class+"/close"), "reason", "cukup"); got.status != http.StatusSeeOther {
		t.Fatalf("close: %d\n%s", got.status, got.body)
	}
	place, session := o.enrollments[1].ID.String(), "/sessions/"+o.sessions[0].ID.String()
	for name, got := range map[string]answer{
		"enrol":            pmo.post(class+"/enroll", "number", "REG-00020"),
		"cancel a place":   pmo.post("/enrollments/"+place+"/cancel", "cancel_reason", "pindah"),
		"move a session":   pmo.post(session+"/edit", "day", "2026-06-01", "start", "08:00", "end", "10:00", "reason", "x"),
		"cancel a session": pmo.post(session+"/cancel", "reason", "x"),
		"add a session":    pmo.post(class+"/sessions", "from", "2026-06-29", "day", "1", "start", "08:00", "end", "10:00", "count", "1"),
		"mark tasks":       pmo.follow(pmo.post("/enrollments/"+place+"/tasks", "done", "1")),
	} {
		if !strings.Contains(got.body, "is closed") {
			t.Errorf("%s at a closed class: %d, and no sentence says why not", name, got.status)
		}
	}
	for name, got := range map[string]int{
		"a draft of a closed class": pmo.get(class + "/drafts/session_report").status,
		"a paper of another class":  pmo.get("/classes/" + o.classes[1].ID.String() + "/documents/" + o.document.ID.String()).status,
		"the proof of an upload":    pmo.get("/proof/" + o.document.ID.String()).status,
	} {
		if got != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", name, got)
		}
	}
}

func TestAListOnPaperSaysWhenItIsTooLong(t *testing.T) {
	o := newOffice(t)
	pmo := o.as(t, models.RoleAdmin)
	got := pmo.get("/attendance/pdf")
	if got.status != http.StatusOK || !strings.HasPrefix(got.body, "%PDF-") || got.header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("the list as PDF: %d %q", got.status, got.header.Get("Content-Type"))
	}
}
