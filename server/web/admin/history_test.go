package admin_test

import (
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

func TestTheHistoryOfADay(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	reviewer := o.As(t, models.RoleReviewer)
	today := string(models.ZoneWIB.Date(o.Now))
	if page := reviewer.Get("/history?lang=en&actor=ani&day=" + today); !strings.Contains(page.Body, "Ani") {
		t.Error("what was done on the day is not listed")
	}
	if page := reviewer.Get("/history?lang=en&actor=ani&day=" + string(models.ZoneWIB.Date(o.Now).AddDays(-1))); strings.Contains(page.Body, "<td data-label=\"By\">Ani") {
		t.Error("the day before shows it too")
	}
}
