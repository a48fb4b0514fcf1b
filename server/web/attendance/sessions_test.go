package attendance_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAnExportRunsNothingInASpreadsheet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := o.DB.Model(&models.Participant{}).Where("id = ?", o.Participants[0].ID).Update("name", `=HYPERLINK("http://jahat.example","klik")`).Error; err != nil {
		t.Fatal(err)
	}
	got := o.As(t, models.RoleReviewer).Get("/sessions/" + o.Sessions[1].ID.String() + "/attendance.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 14 { // a head, an instructor, twelve participants
		t.Errorf("%d rows, want 14", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a cell begins a formula: %q", cell)
			}
		}
	}
	if !strings.Contains(got.Body, "+07:00") {
		t.Error("times are not in the site's zone")
	}
	if d := got.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("shown instead of downloaded: %q", d)
	}
}

func TestTheLivePartOfASessionComesAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleReviewer)
	path := "/sessions/" + o.Sessions[1].ID.String()
	if page := b.Get(path); !strings.Contains(page.Body, "hx-get=\""+path) || !strings.Contains(page.Body, "08.20 WIB") {
		t.Errorf("an open session renews itself and shows local times: %d", page.Status)
	}
	req := b.Request(http.MethodGet, path, nil)
	req.Header.Set("HX-Request", "true")
	if part := b.Do(req); strings.Contains(part.Body, "<html") || !strings.Contains(part.Body, `id="live"`) {
		t.Errorf("the part is a whole page, or none: %d", part.Status)
	}
	if page := b.Get("/sessions/" + o.Sessions[2].ID.String()); strings.Contains(page.Body, "hx-get") {
		t.Error("tomorrow's session asks the server every few seconds")
	}
}

func TestACorrectionShowsBothValuesAndItsAuthor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	href := "/sessions/" + o.Sessions[1].ID.String() + "/people/" + o.Enrollments[6].ID.String() // absent by the scans
	if got := b.Post(href, "status", "sick"); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `value="sick" checked`) ||
		!strings.Contains(got.Body, `id="reason-problem"`) {
		t.Errorf("without a reason: %d, want the choice kept and a sentence at the reason", got.Status)
	}
	if got := b.Post(href, "status", "pending", "reason", "surat"); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "surat") {
		t.Errorf("to a status that no correction may set: %d", got.Status)
	}
	page := b.Follow(b.Post(href, "status", "sick", "reason", "Surat dokter 12"))
	for _, want := range []string{"Sakit", "Surat dokter 12", "Orang pmo_admin"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if session := b.Get("/sessions/" + o.Sessions[1].ID.String()); !strings.Contains(session.Body, "dikoreksi") {
		t.Error("the session's list doesn't say that it was corrected")
	}
	foreign := "/sessions/" + o.Sessions[1].ID.String() + "/people/" + o.ForeignPerson.ID.String()
	if got := b.Post(foreign, "status", "sick", "reason", "x"); got.Status != http.StatusNotFound {
		t.Errorf("somebody of another class: %d, want 404", got.Status)
	}
}
