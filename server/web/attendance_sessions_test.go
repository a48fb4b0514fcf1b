package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAnExportRunsNothingInASpreadsheet(t *testing.T) {
	o := newOffice(t)
	if err := o.db.Model(&models.Participant{}).Where("id = ?", o.participants[0].ID).Update("name", `=HYPERLINK("http://jahat.example","klik")`).Error; err != nil {
		t.Fatal(err)
	}
	got := o.as(t, models.RoleReviewer).get("/sessions/" + o.sessions[1].ID.String() + "/attendance.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\uFEFF"))).ReadAll()
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
	if !strings.Contains(got.body, "+07:00") {
		t.Error("times are not in the site's zone")
	}
	if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("shown instead of downloaded: %q", d)
	}
}

func TestTheLivePartOfASessionComesAlone(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleReviewer)
	path := "/sessions/" + o.sessions[1].ID.String()
	if page := b.get(path); !strings.Contains(page.body, "hx-get=\""+path) || !strings.Contains(page.body, "08.20 WIB") {
		t.Errorf("an open session renews itself and shows local times: %d", page.status)
	}
	req := b.request(http.MethodGet, path, nil)
	req.Header.Set("HX-Request", "true")
	if part := b.do(req); strings.Contains(part.body, "<html") || !strings.Contains(part.body, `id="live"`) {
		t.Errorf("the part is a whole page, or none: %d", part.status)
	}
	if page := b.get("/sessions/" + o.sessions[2].ID.String()); strings.Contains(page.body, "hx-get") {
		t.Error("tomorrow's session asks the server every few seconds")
	}
}

func TestACorrectionShowsBothValuesAndItsAuthor(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	href := "/sessions/" + o.sessions[1].ID.String() + "/people/" + o.enrollments[6].ID.String() // absent by the scans
	if got := b.post(href, "status", "sick"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="sick" checked`) ||
		!strings.Contains(got.body, `id="reason-problem"`) {
		t.Errorf("without a reason: %d, want the choice kept and a sentence at the reason", got.status)
	}
	if got := b.post(href, "status", "pending", "reason", "surat"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "surat") {
		t.Errorf("to a status that no correction may set: %d", got.status)
	}
	page := b.follow(b.post(href, "status", "sick", "reason", "Surat dokter 12"))
	for _, want := range []string{"Sakit", "Surat dokter 12", "Orang pmo_admin"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if session := b.get("/sessions/" + o.sessions[1].ID.String()); !strings.Contains(session.body, "dikoreksi") {
		t.Error("the session's list doesn't say that it was corrected")
	}
	foreign := "/sessions/" + o.sessions[1].ID.String() + "/people/" + o.foreignPerson.ID.String()
	if got := b.post(foreign, "status", "sick", "reason", "x"); got.status != http.StatusNotFound {
		t.Errorf("somebody of another class: %d, want 404", got.status)
	}
}
