package people_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

func (o *fixture) badges(n int) string { return "/classes/" + o.Classes[n].ID.String() + "/badges" }

// codes counts the QR codes that a preview shows.
func codes(page string) int { return strings.Count(page, `shape-rendering="crispEdges"`) }

func TestBadgesCarryATicketsCodeOnlyWhereItMayBePrinted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, coordinator := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator)
	one := o.badges(0) + "?who=" + o.OwnPlace.ID.String()
	if page := pmo.Get(o.badges(0)).Body; codes(page) == 0 || !strings.Contains(page, "13 tanda pengenal") {
		t.Errorf("the office gets no badges with codes: %s", page)
	}
	if page := coordinator.Get(o.badges(0)).Body; codes(page) != 0 || !strings.Contains(page, "hanya dicetak oleh kantor program") || !strings.Contains(page, "13 tanda pengenal") {
		t.Error("a coordinator's badges have codes, or the page doesn't say why not")
	}
	if page := pmo.Get(one + "&code=0").Body; codes(page) != 0 {
		t.Error("who wants no code gets one")
	}
	with, without := pmo.Get(o.badges(0)+".pdf").Body, coordinator.Get(o.badges(0)+".pdf?code=1").Body
	if len(with) < len(without)+10_000 {
		t.Errorf("the coordinator's file has %d bytes, the office's %d: codes take more", len(without), len(with))
	}
	if err := o.DB.Exec("UPDATE tickets SET live = TRUE WHERE enrollment_id = ?", o.OwnPlace.ID).Error; err != nil {
		t.Fatal(err)
	}
	if page := pmo.Get(one).Body; codes(page) != 0 || !strings.Contains(page, "1 di antaranya tanpa kode") {
		t.Error("a ticket with changing codes is on a badge, or the page doesn't say that it isn't")
	}
	if err := o.DB.Exec(`UPDATE pilots SET policy = '{"live_only":true}' WHERE id = ?`, o.Pilot.ID).Error; err != nil {
		t.Fatal(err)
	}
	if page := pmo.Get(o.badges(0)).Body; codes(page) != 0 || !strings.Contains(page, "memakai kode yang berganti") {
		t.Error("badges have codes where no printed ticket is accepted")
	}
}

func TestBadgesNameWhomOneAskedForAndNobodysNumbers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleCoordinator)
	if err := o.DB.Exec("UPDATE enrollments SET status = 'cancelled' WHERE id = ?", o.PlaceOf(1).ID).Error; err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		query         string
		people, pages int
	}{{"?who=participant", 11, 2}, {"?who=instructor", 1, 1}, {"?layout=a4_8", 12, 2}, {"?layout=a4_8&who=" + o.PlaceOf(3).ID.String(), 1, 1}} {
		got := b.Get(o.badges(0) + ".pdf" + x.query)
		text, pages := textOfPDF(t, got.Body)
		if n := len(regexp.MustCompile(`BDG-BARISTA-1`).FindAllString(strings.ReplaceAll(text, "P-BDG-BARISTA-1", ""), -1)); got.Status != http.StatusOK || pages != x.pages || n != x.people {
			t.Errorf("%s: %d, %d badges on %d pages: %s", x.query, got.Status, n, pages, text)
		}
		for _, secret := range append(o.Personal, "1995-06-15", "15Juni1995", o.Participants[1].Number) {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s", x.query, secret)
			}
		}
	}
	for _, query := range []string{"?who=" + o.ForeignPerson.ID.String(), "?part=1", "?part=-1", "?part=x", "?who=nobody"} {
		if got := b.Get(o.badges(0) + ".pdf" + query); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", query, got.Status)
		}
	}
	page := o.As(t, models.RoleAdmin).Get("/history?entity=class").Body
	if !strings.Contains(page, "Mencetak tanda pengenal") || !strings.Contains(page, "BDG-BARISTA-1 · 11") {
		t.Error("the history does not say who had badges")
	}
}

func TestThePageSaysWhichNamesAreWrittenOtherwise(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i, name := range []string{"Nguyễn Thị Hương", "王小明"} {
		if err := o.DB.Exec("UPDATE participants SET name = ? WHERE id = ?", name, o.Participants[i].ID).Error; err != nil {
			t.Fatal(err)
		}
	}
	page := o.As(t, models.RoleCoordinator).Get(o.badges(0)).Body
	for _, want := range []string{"Nguyễn Thị Hương → Nguyên Thi Huong", "王小明 → garis kosong"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
