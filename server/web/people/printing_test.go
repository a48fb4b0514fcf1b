package people_test

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
	t.Parallel()
	o := newOffice(t)
	pmo := o.As(t, models.RoleAdmin)
	if err := o.DB.Exec("UPDATE tickets SET live = TRUE WHERE enrollment_id = ?", o.PlaceOf(0).ID).Error; err != nil {
		t.Fatal(err)
	}
	if err := o.DB.Exec("UPDATE tickets SET revoked_at = 1 WHERE enrollment_id = ?", o.PlaceOf(1).ID).Error; err != nil {
		t.Fatal(err)
	}
	list := "/pilots/" + o.Pilot.ID.String() + "/tickets"
	page := pmo.Get(list).Body
	files := regexp.MustCompile(`href="(/pilots/[^"]*tickets\.pdf[^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(files) != 1 || !strings.Contains(page, "37 tiket dapat dicetak") || !strings.Contains(page, "Belum") {
		t.Fatalf("%d files are listed: %s", len(files), page)
	}
	got := pmo.Get(html.UnescapeString(files[0][1]))
	text, pages := textOfPDF(t, got.Body)
	if got.Status != http.StatusOK || pages != 5 {
		t.Errorf("%d, on %d sheets, want 5", got.Status, pages)
	}
	for i, p := range o.Participants {
		if shown := strings.Contains(text, p.Number); shown == (i < 2) {
			t.Errorf("%s, whose ticket is live, revoked or good, is shown: %t", p.Number, shown)
		}
	}
	if page := pmo.Get(list).Body; !strings.Contains(page, "Orang pmo_admin") || strings.Contains(page, ">Belum<") {
		t.Error("the list does not say who had the file")
	}
	text, pages = textOfPDF(t, pmo.Get("/classes/"+o.Classes[0].ID.String()+"/tickets.pdf").Body)
	if pages != 2 || strings.Contains(text, o.Classes[1].Code) {
		t.Errorf("the tickets of one class are on %d sheets: %s", pages, text)
	}
	if got := pmo.Get("/pilots/" + o.Pilot.ID.String() + "/tickets.pdf?from=Z&to=Z"); got.Status != http.StatusNotFound {
		t.Errorf("a file of nobody: %d", got.Status)
	}
}
