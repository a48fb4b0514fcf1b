package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestLinksGoToTheMessengerAndTheHistorySaysWhoTookThem(t *testing.T) {
	o := newOffice(t)
	pmo, link := o.as(t, models.RoleAdmin), o.linkOf(t, 0)
	for path, want := range map[string]int{"/classes/" + o.classes[0].ID.String(): 12, "/pilots/" + o.pilot.ID.String(): 36} {
		got := pmo.get(path + "/links/csv")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\uFEFF"))).ReadAll()
		if err != nil || got.status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, got.status, err)
		}
		if len(rows) != want+1 {
			t.Errorf("%s: %d people, want %d", path, len(rows)-1, want)
		}
		for _, row := range rows[1:] {
			if row[0] != "REG-00001" {
				continue
			}
			phone, share := "+"+row[4], row[7]
			if phone != o.personal[1] || row[5] != o.url+link {
				t.Errorf("%s: phone %q, link %q", path, phone, row[5])
			}
			u, err := url.Parse(share)
			if err != nil || u.Host != "wa.me" || u.Path != "/"+strings.TrimPrefix(o.personal[1], "+") || u.Query().Get("text") != row[6] || !strings.Contains(row[6], o.url+link) {
				t.Errorf("%s: shared by %q, %v", path, share, err)
			}
		}
	}
	if got := pmo.get("/classes/" + o.classes[0].ID.String() + "/links/xlsx"); !strings.HasPrefix(got.body, "PK") {
		t.Errorf("as a workbook: %d", got.status)
	}
	if got := pmo.get("/classes/" + o.classes[0].ID.String() + "/links/exe"); got.status != http.StatusNotFound {
		t.Errorf("as what there is not: %d", got.status)
	}
	if body := pmo.get("/history").body; strings.Count(body, "Mengunduh daftar tautan tiket") != 3 {
		t.Error("the history does not say who took the links")
	}
	// Each of the three held the numbers of the first class, two as its own and one as the pilot's.
	if body := o.guest(t).get(link + "/data").body; strings.Count(body, "Mengunduh daftar tautan tiket") != 3 {
		t.Error("the participant is not told who saw their number")
	}
	place := o.placeOf(0)
	body := pmo.get("/enrollments/" + place.ID.String()).body
	if !strings.Contains(body, "https://wa.me/?text=") || !strings.Contains(body, url.QueryEscape(link)) {
		t.Error("one person's link can't be shared from their place")
	}
}
