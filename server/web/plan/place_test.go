package plan_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestASessionGoesToAnotherSiteByItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	was := o.Sessions[5] // tomorrow's, of the second class
	to, old := o.Sites[1], o.Sites[0]
	if to.ID == was.SiteID {
		to, old = old, to
	}
	at := "/sessions/" + was.ID.String() + "/edit"
	form := []string{"day", string(to.Zone.Date(was.StartsAt)), "start", "13:00", "end", "15:00", "site", to.ID.String(), "room", "Aula"}
	if got := agreeing(b, at, form...); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.Status)
	}
	if got := agreeing(b, at, "day", string(to.Zone.Date(was.StartsAt)), "start", "13:00", "end", "15:00", "site", "mana saja", "reason", "banjir"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("to nowhere: %d", got.Status)
	}
	if got := agreeing(b, at, append(form, "reason", "banjir")...); got.Status != http.StatusSeeOther {
		t.Fatalf("with a reason: %d", got.Status)
	}
	s, err := o.Store.Read(t.Context()).Session(was.ID)
	if err != nil || s.SiteID != to.ID || s.Room != "Aula" {
		t.Errorf("%+v, %v", s, err)
	}
	page := b.Get(at)
	for _, want := range []string{`<option value="` + to.ID.String() + `" selected>`, old.Name} { // where it was
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if other := b.Get("/sessions/" + was.ID.String()); !strings.Contains(other.Body, to.Name) {
		t.Error("the session's page doesn't say where it is")
	}
}

func TestAClassMovesByItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	class, err := o.Store.Read(t.Context()).Class(o.Sessions[5].ClassID)
	if err != nil {
		t.Fatal(err)
	}
	to := o.Sites[1]
	if to.ID == class.SiteID {
		to = o.Sites[0]
	}
	if err := o.DB.Model(&models.Site{}).Where("id = ?", to.ID).Update("capacity", 100).Error; err != nil { // beside the class that is there
		t.Fatal(err)
	}
	at := "/classes/" + class.ID.String() + "/move"
	if page := b.Get(at + "?site=" + to.ID.String()); page.Status != http.StatusOK || !strings.Contains(page.Body, `value="`+to.ID.String()+`" selected`) ||
		strings.Contains(page.Body, `value="`+class.SiteID.String()+`"`) {
		t.Errorf("the form: %d, or it offers the site where the class is", page.Status)
	}
	form := []string{"site", to.ID.String(), "room", "R9", "reason", "gedung dijual"}
	shown := b.Post(at, append(form, "do", "show")...)
	if shown.Status != http.StatusOK || !strings.Contains(shown.Body, `value="move"`) {
		t.Fatalf("what would move: %d", shown.Status)
	}
	got := b.Post(at, append(form, "do", "move")...)
	if to := sure.FindStringSubmatch(got.Body); got.Status == http.StatusUnprocessableEntity && to != nil {
		got = b.Post(at, append(form, "do", "move", "sure", to[1])...)
	}
	now, err := o.Store.Read(t.Context()).Class(class.ID)
	if got.Status != http.StatusSeeOther || err != nil || now.SiteID != to.ID {
		t.Errorf("moved: %d, %s, %v", got.Status, now.SiteID, err)
	}
	for _, x := range []struct{ name, site, reason string }{{"where it is", to.ID.String(), "x"}, {"nowhere", "", "x"}} {
		if got := b.Post(at, "site", x.site, "reason", x.reason, "do", "show"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", x.name, got.Status)
		}
	}
}

func TestASubstituteIsChosenOnTheSessionsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	s := o.Sessions[2]
	class, err := o.Store.Read(t.Context()).Class(s.ClassID)
	if err != nil {
		t.Fatal(err)
	}
	other := models.Instructor{ID: [16]byte{9}, Code: "P-GANTI", Name: "Pelatih Pengganti", ProviderID: class.ProviderID}
	if err := o.DB.Create(&other).Error; err != nil {
		t.Fatal(err)
	}
	at := "/sessions/" + s.ID.String()
	if page := b.Get(at + "/edit"); !strings.Contains(page.Body, ">Pelatih Pengganti</option>") {
		t.Error("the page doesn't offer them")
	}
	if got := agreeing(b, at+"/teachers", "also", other.ID.String(), "reason", " "); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.Status)
	}
	if got := agreeing(b, at+"/teachers", "also", "siapa", "reason", "sakit"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("somebody who is none: %d", got.Status)
	}
	if got := agreeing(b, at+"/teachers", "also", other.ID.String(), "reason", "sakit"); got.Status != http.StatusSeeOther {
		t.Fatalf("with a reason: %d", got.Status)
	}
	if page := b.Get(at); !strings.Contains(page.Body, "Pelatih Pengganti") || strings.Contains(page.Body, "Pelatih BDG-01") {
		t.Error("the session's page lists others")
	}
}
