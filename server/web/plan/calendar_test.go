package plan_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestTheCalendarShowsWhatItsAddressAsksFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	own, foreign := o.Sessions[1], o.Sessions[7]
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
		{"a site narrows", "day=" + day + "&site=" + o.Sites[2].ID.String(), models.RoleAdmin, false, true, true},
		{"an institution narrows", "day=" + day + "&provider=" + o.Own.ID.String(), models.RoleAdmin, true, false, true},
		{"a class narrows", "day=" + day + "&class=JYP-LAS-1", models.RoleAdmin, false, true, true},
		{"an unknown room has none", "day=" + day + "&room=Z", models.RoleAdmin, false, false, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			page := o.As(t, x.role).Get("/calendar?" + x.query)
			has := func(s models.Session) bool { return strings.Contains(page.Body, `href="/sessions/`+s.ID.String()+`"`) }
			if page.Status != http.StatusOK || has(own) != x.own || has(foreign) != x.foreign || strings.Contains(page.Body, "data-session=") != x.may {
				t.Errorf("%d: own %v, foreign %v", page.Status, has(own), has(foreign))
			}
		})
	}
}

func TestACoordinatorAddsARowOfSessionsAfterLookingAtIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleCoordinator)
	from := models.ZoneWIB.Date(o.Now).AddDays(30)
	form := []string{"weekdays", "1", "from", string(from), "count", "3", "start", "08:00", "end", "12:00", "room", "Ruang 9"}
	count := func() int {
		t.Helper()
		list, err := o.Store.Read(t.Context()).SessionsOf(o.Classes[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	at := "/classes/" + o.Classes[0].ID.String() + "/sessions"
	if got := b.Post(at, form...); got.Status != http.StatusOK || count() != 3 || !strings.Contains(got.Body, `value="add"`) {
		t.Errorf("preview: %d, %d sessions", got.Status, count())
	}
	if got := b.Post(at, append(form, "do", "add")...); got.Status != http.StatusSeeOther || count() != 6 {
		t.Errorf("add: %d, %d sessions", got.Status, count())
	}
	if got := b.Post("/classes/"+o.Classes[2].ID.String()+"/sessions", append(form, "do", "add")...); got.Status != http.StatusNotFound {
		t.Errorf("another institution's class: %d", got.Status)
	}
}

func TestDaysOffAreAddedAndRemovedForAReason(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	day := string(models.ZoneWIB.Date(o.Sessions[2].StartsAt))
	if got := b.Post("/holidays", "day", day, "name", "Pilkada", "reason", ""); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.Status)
	}
	if got := b.Post("/holidays", "day", day, "name", "Pilkada", "reason", "Keppres"); got.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", got.Status, got.Body)
	}
	page := b.Get("/holidays?year=" + day[:4])
	if !strings.Contains(page.Body, "Pilkada") || !strings.Contains(page.Body, "/calendar?day="+day) {
		t.Error("the day off and the sessions planned on it are not shown")
	}
	if got := b.Post("/holidays/remove", "day", day, "reason", "dibatalkan"); got.Status != http.StatusSeeOther || strings.Contains(b.Get("/holidays?year="+day[:4]).Body, "Pilkada") {
		t.Errorf("remove: %d", got.Status)
	}
}

func TestAYearsDaysOffAreAddedAtOnceOrNotAtAll(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for name, x := range map[string]struct{ lines, reason, says string }{
		"nothing":            {" \n", "SKB", "Tulis paling sedikit satu"},
		"no date":            {"2028-01-01 Tahun Baru\nWaisak", "SKB", "Baris 2"},
		"no such date":       {"2028-02-30 Waisak", "SKB", "Baris 1"},
		"no name":            {"2028-01-01", "SKB", "Baris 1"},
		"a day twice":        {"2028-01-01 Tahun Baru\n2028-01-01 Waisak", "SKB", "2028-01-01 sudah libur"},
		"without any reason": {"2028-01-01 Tahun Baru", " ", "lines"},
	} {
		got := b.Post("/holidays/list", "lines", x.lines, "reason", x.reason)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, x.says) || strings.Contains(b.Get("/holidays?year=2028").Body, "Tahun Baru</") {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	page := b.Follow(b.Post("/holidays/list", "lines", "2028-01-01 Tahun Baru 2028 Masehi\r\n\r\n2028-05-09  Hari Raya Waisak\r\n", "reason", "SKB 2028"))
	if !strings.Contains(page.Body, "Tahun Baru 2028 Masehi") || !strings.Contains(page.Body, "Hari Raya Waisak") {
		t.Errorf("the year's page lacks them:\n%s", page.Body)
	}
	for year, says := range map[string]string{"2026": "Nomor 1497 Tahun 2025", "2027": "https://setneg.go.id/", "2028": "Daftar 2028 belum terpasang"} {
		if !strings.Contains(b.Get("/holidays?year="+year).Body, says) {
			t.Errorf("%s does not say where its list is from", year)
		}
	}
}

// Weeks are whole, from Monday on, also where a year ends, and have the number that ISO 8601 gives them.
func TestAWeekIsOneWeekAcrossTheYear(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleReviewer)
	for _, x := range []struct{ day, first, last, prev, next, says string }{
		{"2026-12-31", "2026-12-28", "2027-01-03", "2026-12-24", "2027-01-07", "Minggu ke-53"},
		{"2027-01-01", "2026-12-28", "2027-01-03", "2026-12-25", "2027-01-08", "Minggu ke-53"},
		{"2027-01-04", "2027-01-04", "2027-01-10", "2026-12-28", "2027-01-11", "Minggu ke-1:"},
		{"2024-12-30", "2024-12-30", "2025-01-05", "2024-12-23", "2025-01-06", "Minggu ke-1:"},
	} {
		page := b.Get("/calendar?span=week&day=" + x.day).Body
		days := regexp.MustCompile(`data-date="([^"]+)"`).FindAllStringSubmatch(page, -1)
		if len(days) != 7 || days[0][1] != x.first || days[6][1] != x.last || !strings.Contains(page, x.says) ||
			!strings.Contains(page, "day="+x.prev+"&amp;span=week") || !strings.Contains(page, "day="+x.next+"&amp;span=week") {
			t.Errorf("the week of %s is %v, want %s to %s", x.day, days, x.first, x.last)
		}
	}
}

// A day at one site has its rooms side by side.
func TestADayAtASiteIsShownByRoom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := o.Sessions[1]
	other.ID, other.Seq, other.Room = [16]byte{9}, 9, "Aula"
	o.Add(t, &other)
	day := string(models.ZoneWIB.Date(other.StartsAt))
	page := o.As(t, models.RoleAdmin).Get("/calendar?span=day&day=" + day + "&site=" + o.Sites[0].ID.String()).Body
	first, second := strings.Index(page, "<h3>Aula</h3>"), strings.Index(page, "<h3>Ruang 2</h3>")
	if first < 0 || second < first || !strings.Contains(page[first:second], other.ID.String()) || strings.Contains(page[first:second], o.Sessions[1].ID.String()) {
		t.Errorf("rooms at %d and %d", first, second)
	}
}
