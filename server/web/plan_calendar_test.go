package web_test

import (
	"net/http"
	"regexp"
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

func TestAYearsDaysOffAreAddedAtOnceOrNotAtAll(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for name, x := range map[string]struct{ lines, reason, says string }{
		"nothing":            {" \n", "SKB", "Tulis paling sedikit satu"},
		"no date":            {"2028-01-01 Tahun Baru\nWaisak", "SKB", "Baris 2"},
		"no such date":       {"2028-02-30 Waisak", "SKB", "Baris 1"},
		"no name":            {"2028-01-01", "SKB", "Baris 1"},
		"a day twice":        {"2028-01-01 Tahun Baru\n2028-01-01 Waisak", "SKB", "2028-01-01 sudah libur"},
		"without any reason": {"2028-01-01 Tahun Baru", " ", "lines"},
	} {
		got := b.post("/holidays/list", "lines", x.lines, "reason", x.reason)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, x.says) || strings.Contains(b.get("/holidays?year=2028").body, "Tahun Baru</") {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	page := b.follow(b.post("/holidays/list", "lines", "2028-01-01 Tahun Baru 2028 Masehi\r\n\r\n2028-05-09  Hari Raya Waisak\r\n", "reason", "SKB 2028"))
	if !strings.Contains(page.body, "Tahun Baru 2028 Masehi") || !strings.Contains(page.body, "Hari Raya Waisak") {
		t.Errorf("the year's page lacks them:\n%s", page.body)
	}
	for year, says := range map[string]string{"2026": "Nomor 1497 Tahun 2025", "2027": "https://setneg.go.id/", "2028": "Daftar 2028 belum terpasang"} {
		if !strings.Contains(b.get("/holidays?year="+year).body, says) {
			t.Errorf("%s does not say where its list is from", year)
		}
	}
}

// Weeks are whole, from Monday on, also where a year ends, and have the number that ISO 8601 gives them.
func TestAWeekIsOneWeekAcrossTheYear(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleReviewer)
	for _, x := range []struct{ day, first, last, prev, next, says string }{
		{"2026-12-31", "2026-12-28", "2027-01-03", "2026-12-24", "2027-01-07", "Minggu ke-53"},
		{"2027-01-01", "2026-12-28", "2027-01-03", "2026-12-25", "2027-01-08", "Minggu ke-53"},
		{"2027-01-04", "2027-01-04", "2027-01-10", "2026-12-28", "2027-01-11", "Minggu ke-1:"},
		{"2024-12-30", "2024-12-30", "2025-01-05", "2024-12-23", "2025-01-06", "Minggu ke-1:"},
	} {
		page := b.get("/calendar?span=week&day=" + x.day).body
		days := regexp.MustCompile(`data-date="([^"]+)"`).FindAllStringSubmatch(page, -1)
		if len(days) != 7 || days[0][1] != x.first || days[6][1] != x.last || !strings.Contains(page, x.says) ||
			!strings.Contains(page, "day="+x.prev+"&amp;span=week") || !strings.Contains(page, "day="+x.next+"&amp;span=week") {
			t.Errorf("the week of %s is %v, want %s to %s", x.day, days, x.first, x.last)
		}
	}
}

// A day at one site has its rooms side by side.
func TestADayAtASiteIsShownByRoom(t *testing.T) {
	o := newOffice(t)
	other := o.sessions[1]
	other.ID, other.Seq, other.Room = [16]byte{9}, 9, "Aula"
	o.add(t, &other)
	day := string(models.ZoneWIB.Date(other.StartsAt))
	page := o.as(t, models.RoleAdmin).get("/calendar?span=day&day=" + day + "&site=" + o.sites[0].ID.String()).body
	first, second := strings.Index(page, "<h3>Aula</h3>"), strings.Index(page, "<h3>Ruang 2</h3>")
	if first < 0 || second < first || !strings.Contains(page[first:second], other.ID.String()) || strings.Contains(page[first:second], o.sessions[1].ID.String()) {
		t.Errorf("rooms at %d and %d", first, second)
	}
}
