package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// What is amiss with an agent is counted, and its list names that agent alone.
func TestWhatIsAmissWithAgentsIsListed(t *testing.T) {
	o := newOffice(t)
	own, other := o.agent, models.Agent{}
	if err := o.db.Where("id <> ?", own.ID).Take(&other).Error; err != nil {
		t.Fatal(err)
	}
	o.set(t, &own, map[string]any{"unsent": 0, "last_contact": o.now, "version": "0.9"})
	o.set(t, &other, map[string]any{"unsent": 0, "last_contact": o.now, "version": exchange.Version, "roster_rev": 3})
	if err := o.db.Model(&own).Update("roster_rev", 99).Error; err != nil {
		t.Fatal(err)
	}
	reviewer := o.as(t, models.RoleReviewer)
	names := func(only string) string {
		page := reviewer.get("/agents?lang=en&trouble=" + only)
		if page.status != http.StatusOK {
			t.Fatalf("%s: %d", only, page.status)
		}
		return page.body[strings.Index(page.body, "<tbody>")+1:]
	}
	ownSite, otherSite := "/sites/"+own.SiteID.String(), "/sites/"+other.SiteID.String()
	for _, c := range []struct {
		only   string
		change map[string]any
	}{
		{"at_work", map[string]any{"last_contact": o.now.Add(-2 * time.Hour)}}, {"silent", map[string]any{"last_contact": o.now.Add(-25 * time.Hour)}},
		{"unsent", map[string]any{"unsent": 3}}, {"clock", map[string]any{"clock_offset": -int64(6 * time.Minute / time.Millisecond)}}, {"version", nil},
	} {
		o.set(t, &own, c.change)
		if list := names(c.only); !strings.Contains(list, ownSite) || strings.Contains(list, otherSite) {
			t.Errorf("%s: the list shows others, or not the one", c.only)
		}
		o.set(t, &own, map[string]any{"last_contact": o.now, "unsent": 0, "clock_offset": 0})
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
	if err := o.db.Model(a).Updates(values).Error; err != nil {
		t.Fatal(err)
	}
}

func TestTheHistoryOfADay(t *testing.T) {
	o := newOffice(t)
	reviewer := o.as(t, models.RoleReviewer)
	today := string(models.ZoneWIB.Date(o.now))
	if page := reviewer.get("/history?lang=en&actor=ani&day=" + today); !strings.Contains(page.body, "Ani") {
		t.Error("what was done on the day is not listed")
	}
	if page := reviewer.get("/history?lang=en&actor=ani&day=" + string(models.ZoneWIB.Date(o.now).AddDays(-1))); strings.Contains(page.body, "<td data-label=\"By\">Ani") {
		t.Error("the day before shows it too")
	}
}
