package web_test

import (
	"bytes"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"

	"buktihadir/models"
)

func textOfPDF(t *testing.T, content string) (text string, pages int) {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader([]byte(content)), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.NumPage() {
		page, err := r.Page(i + 1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		text += page
	}
	return strings.Join(strings.Fields(text), ""), r.NumPage()
}

func TestAPilotsTicketsArePrintedInFilesThatMissNobody(t *testing.T) {
	o := newOffice(t)
	pmo := o.as(t, models.RoleAdmin)
	if err := o.db.Exec("UPDATE tickets SET live = TRUE WHERE enrollment_id = ?", o.placeOf(0).ID).Error; err != nil {
		t.Fatal(err)
	}
	if err := o.db.Exec("UPDATE tickets SET revoked_at = 1 WHERE enrollment_id = ?", o.placeOf(1).ID).Error; err != nil {
		t.Fatal(err)
	}
	list := "/pilots/" + o.pilot.ID.String() + "/tickets"
	page := pmo.get(list).body
	files := regexp.MustCompile(`href="(/pilots/[^"]*tickets\.pdf[^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(files) != 1 || !strings.Contains(page, "37 tiket dapat dicetak") || !strings.Contains(page, "Belum") {
		t.Fatalf("%d files are listed: %s", len(files), page)
	}
	got := pmo.get(html.UnescapeString(files[0][1]))
	text, pages := textOfPDF(t, got.body)
	if got.status != http.StatusOK || pages != 5 {
		t.Errorf("%d, on %d sheets, want 5", got.status, pages)
	}
	for i, p := range o.participants {
		if shown := strings.Contains(text, p.Number); shown == (i < 2) {
			t.Errorf("%s, whose ticket is live, revoked or good, is shown: %t", p.Number, shown)
		}
	}
	if page := pmo.get(list).body; !strings.Contains(page, "Orang pmo_admin") || strings.Contains(page, ">Belum<") {
		t.Error("the list does not say who had the file")
	}
	text, pages = textOfPDF(t, pmo.get("/classes/"+o.classes[0].ID.String()+"/tickets.pdf").body)
	if pages != 2 || strings.Contains(text, o.classes[1].Code) {
		t.Errorf("the tickets of one class are on %d sheets: %s", pages, text)
	}
	if got := pmo.get("/pilots/" + o.pilot.ID.String() + "/tickets.pdf?from=Z&to=Z"); got.status != http.StatusNotFound {
		t.Errorf("a file of nobody: %d", got.status)
	}
}
