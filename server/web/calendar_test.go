package web_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestTheCalendarShowsWhatItsAddressAsksFor(t *testing.T) {
	o := newOffice(t)
	own, foreign := o.sessions[1], o.sessions[7]
	day := string(models.ZoneWIB.Date(own.StartsAt))
	for _, x := range []struct {
		name, query       string
		role              models.Role
		own, foreign, may bool
	}{
		{"a week has all", "day=" + day, models.RoleAdmin, true, true, true},
		{"a month has all", "span=month&day=" + day, models.RoleReviewer, true, true, false},
		{"a day has all", "span=day&day=" + day, models.RoleAdmin, true, true, true},
		{"a coordinator sees their own", "day=" + day, models.RoleCoordinator, true, false, true},
		{"a site narrows", "day=" + day + "&site=" + o.sites[2].ID.String(), models.RoleAdmin, false, true, true},
		{"an institution narrows", "day=" + day + "&provider=" + o.own.ID.String(), models.RoleAdmin, true, false, true},
		{"a class narrows", "day=" + day + "&class=JYP-LAS-1", models.RoleAdmin, false, true, true},
		{"an unknown room has none", "day=" + day + "&room=Z", models.RoleAdmin, false, false, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			page := o.as(t, x.role).get("/calendar?" + x.query)
			has := func(s models.Session) bool { return strings.Contains(page.body, `href="/sessions/`+s.ID.String()+`"`) }
			if page.status != http.StatusOK || has(own) != x.own || has(foreign) != x.foreign || strings.Contains(page.body, "data-session=") != x.may {
				t.Errorf("%d: own %v, foreign %v", page.status, has(own), has(foreign))
			}
		})
	}
}

func TestACoordinatorAddsARowOfSessionsAfterLookingAtIt(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleCoordinator)
	from := models.ZoneWIB.Date(o.now).AddDays(30)
	form := []string{"weekdays", "1", "from", string(from), "count", "3", "start", "08:00", "end", "12:00", "room", "Ruang 9"}
	count := func() int {
		t.Helper()
		list, err := o.st.Read(t.Context()).SessionsOf(o.classes[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	at := "/classes/" + o.classes[0].ID.String() + "/sessions"
	if got := b.post(at, form...); got.status != http.StatusOK || count() != 3 || !strings.Contains(got.body, `value="add"`) {
		t.Errorf("preview: %d, %d sessions", got.status, count())
	}
	if got := b.post(at, append(form, "do", "add")...); got.status != http.StatusSeeOther || count() != 6 {
		t.Errorf("add: %d, %d sessions", got.status, count())
	}
	if got := b.post("/classes/"+o.classes[2].ID.String()+"/sessions", append(form, "do", "add")...); got.status != http.StatusNotFound {
		t.Errorf("another institution's class: %d", got.status)
	}
}

func TestDaysOffAreAddedAndRemovedForAReason(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	day := string(models.ZoneWIB.Date(o.sessions[2].StartsAt))
	if got := b.post("/holidays", "day", day, "name", "Pilkada", "reason", ""); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.status)
	}
	if got := b.post("/holidays", "day", day, "name", "Pilkada", "reason", "Keppres"); got.status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", got.status, got.body)
	}
	page := b.get("/holidays?year=" + day[:4])
	if !strings.Contains(page.body, "Pilkada") || !strings.Contains(page.body, "/calendar?day="+day) {
		t.Error("the day off and the sessions planned on it are not shown")
	}
	if got := b.post("/holidays/remove", "day", day, "reason", "dibatalkan"); got.status != http.StatusSeeOther || strings.Contains(b.get("/holidays?year="+day[:4]).body, "Pilkada") {
		t.Errorf("remove: %d", got.status)
	}
}
