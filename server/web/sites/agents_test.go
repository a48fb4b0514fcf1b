package sites_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

func TestASiteThatSendsFilesIsNotMissedWhileItTeaches(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.set(t, &o.Agent, map[string]any{"last_contact": o.Now.Add(-50 * time.Hour)})
	admin, site := o.As(t, models.RoleAdmin), "/sites/"+o.Agent.SiteID.String()
	listed := func(trouble string) bool {
		return strings.Contains(admin.Get("/agents?trouble="+trouble).Body, `href="`+site+`"`)
	}
	if !listed("at_work") || !listed("silent") {
		t.Fatal("a site on a network is not missed")
	}
	if got := admin.Post(site+"/rhythm", "rhythm", "sometimes"); got.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(got.Body, `id="rhythm-problem"`) {
		t.Errorf("a rhythm that is none: %d, want a sentence at the field", got.Status)
	}
	page := admin.Follow(admin.Post(site+"/rhythm", "rhythm", "weekly"))
	if !strings.Contains(page.Body, "Berkas presensi setiap minggu</dd>") || !strings.Contains(page.Body, `value="weekly" selected`) {
		t.Errorf("%d: the page does not show the rhythm", page.Status)
	}
	if listed("at_work") || listed("silent") {
		t.Error("a site that sends files every week is missed after two days")
	}
}

// What is amiss with an agent is counted, and its list names that agent alone.
func TestWhatIsAmissWithAgentsIsListed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	own, other := o.Agent, models.Agent{}
	if err := o.DB.Where("id <> ?", own.ID).Take(&other).Error; err != nil {
		t.Fatal(err)
	}
	o.set(t, &own, map[string]any{"unsent": 0, "last_contact": o.Now, "version": "0.9"})
	o.set(t, &other, map[string]any{"unsent": 0, "last_contact": o.Now, "version": exchange.Version, "roster_rev": 3})
	if err := o.DB.Model(&own).Update("roster_rev", 99).Error; err != nil {
		t.Fatal(err)
	}
	reviewer := o.As(t, models.RoleReviewer)
	names := func(only string) string {
		page := reviewer.Get("/agents?lang=en&trouble=" + only)
		if page.Status != http.StatusOK {
			t.Fatalf("%s: %d", only, page.Status)
		}
		return page.Body[strings.Index(page.Body, "<tbody>")+1:]
	}
	ownSite, otherSite := "/sites/"+own.SiteID.String(), "/sites/"+other.SiteID.String()
	for _, c := range []struct {
		only   string
		change map[string]any
	}{
		{"at_work", map[string]any{"last_contact": o.Now.Add(-2 * time.Hour)}}, {"silent", map[string]any{"last_contact": o.Now.Add(-25 * time.Hour)}},
		{"unsent", map[string]any{"unsent": 3}}, {"clock", map[string]any{"clock_offset": -int64(6 * time.Minute / time.Millisecond)}}, {"version", nil},
	} {
		o.set(t, &own, c.change)
		if list := names(c.only); !strings.Contains(list, ownSite) || strings.Contains(list, otherSite) {
			t.Errorf("%s: the list shows others, or not the one", c.only)
		}
		o.set(t, &own, map[string]any{"last_contact": o.Now, "unsent": 0, "clock_offset": 0})
		if c.change != nil && strings.Contains(names(c.only), ownSite) {
			t.Errorf("%s: it stays in the list", c.only)
		}
	}
}

func (o *fixture) set(t *testing.T, a *models.Agent, values map[string]any) {
	t.Helper()
	if values == nil {
		return
	}
	if err := o.DB.Model(a).Updates(values).Error; err != nil {
		t.Fatal(err)
	}
}

func TestAnAgentsCodeIsShownOnceWithItsCommand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	made := b.Post("/sites/"+o.Sites[0].ID.String()+"/agents", "agent", "Laptop belakang")
	page := b.Follow(made)
	if !strings.Contains(page.Body, "site-agent enroll --server "+o.URL+" --code ") || !strings.Contains(page.Body, "<svg") {
		t.Errorf("no command, or no QR code: %d", page.Status)
	}
	if again := b.Follow(made); strings.Contains(again.Body, "--code") {
		t.Error("the code is shown a second time")
	}
}

func TestARevokedAgentIsSaidToBe(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	page := b.Follow(b.Post("/agents/"+o.Agent.ID.String()+"/revoke", "sure", "1"))
	if !strings.Contains(page.Body, "Dinonaktifkan") || strings.Contains(page.Body, "/agents/"+o.Agent.ID.String()+"/revoke") {
		t.Errorf("%d: a revoked agent must be said to be, and can't be revoked again", page.Status)
	}
}
