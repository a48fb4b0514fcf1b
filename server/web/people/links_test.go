package people_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestLinksGoToTheMessengerAndTheHistorySaysWhoTookThem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, link := o.As(t, models.RoleAdmin), o.LinkOf(t, 0)
	for path, want := range map[string]int{"/classes/" + o.Classes[0].ID.String(): 12, "/pilots/" + o.Pilot.ID.String(): 36} {
		got := pmo.Get(path + "/links/csv")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body, "\uFEFF"))).ReadAll()
		if err != nil || got.Status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, got.Status, err)
		}
		if len(rows) != want+1 {
			t.Errorf("%s: %d people, want %d", path, len(rows)-1, want)
		}
		for _, row := range rows[1:] {
			if row[0] != "REG-00001" {
				continue
			}
			phone, share := "+"+row[4], row[7]
			if phone != o.Personal[1] || row[5] != o.URL+link {
				t.Errorf("%s: phone %q, link %q", path, phone, row[5])
			}
			u, err := url.Parse(share)
			if err != nil || u.Host != "wa.me" || u.Path != "/"+strings.TrimPrefix(o.Personal[1], "+") || u.Query().Get("text") != row[6] || !strings.Contains(row[6], o.URL+link) {
				t.Errorf("%s: shared by %q, %v", path, share, err)
			}
		}
	}
	if got := pmo.Get("/classes/" + o.Classes[0].ID.String() + "/links/xlsx"); !strings.HasPrefix(got.Body, "PK") {
		t.Errorf("as a workbook: %d", got.Status)
	}
	if got := pmo.Get("/classes/" + o.Classes[0].ID.String() + "/links/exe"); got.Status != http.StatusNotFound {
		t.Errorf("as what there is not: %d", got.Status)
	}
	if body := pmo.Get("/history").Body; strings.Count(body, "Mengunduh daftar tautan tiket") != 3 {
		t.Error("the history does not say who took the links")
	}
	// Each of the three held the numbers of the first class, two as its own and one as the pilot's.
	if body := o.Guest(t).Get(link + "/data").Body; strings.Count(body, "Mengunduh daftar tautan tiket") != 3 {
		t.Error("the participant is not told who saw their number")
	}
	place := o.PlaceOf(0)
	body := pmo.Get("/enrollments/" + place.ID.String()).Body
	if !strings.Contains(body, "https://wa.me/?text=") || !strings.Contains(body, url.QueryEscape(link)) {
		t.Error("one person's link can't be shared from their place")
	}
}
