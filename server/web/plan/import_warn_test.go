package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"buktihadir/models"
)

// What a schedule's file collides with and warns of stands on its page, with the way to it.
func TestAnImportsPageLeadsToWhatItIsAbout(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	const head = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room,instructor_code\n"
	file := func(seq int, site, day, start, end, room, teacher string) string {
		return fmt.Sprintf("BARU-1,BARU,Kursus Baru,16,LPK-01,LPK Karya Mandiri Nusantara,%s,5,%d,%s,%s,%s,%s,%s\n", site, seq, day, start, end, room, teacher)
	}
	send := func(rows string) string {
		return settled(b, b.Upload("/imports", "file", "jadwal.csv", []byte(head+rows), "kind", "schedule", "pilot", o.Pilot.ID.String())).Body
	}
	taken := o.Sessions[1] // 08.30 to 12.30 in Ruang 2 at BDG-01, today
	day := string(models.ZoneWIB.Date(taken.StartsAt))
	page := send(file(1, "BDG-01", day, "09:00", "10:00", "Ruang 2", ""))
	if strings.Contains(page, "/apply") || !strings.Contains(page, `href="/sessions/`+taken.ID.String()+`"`) {
		t.Errorf("the conflict has no link:\n%s", page)
	}
	page = send(file(1, "JYP-01", "2026-08-17", "08:00", "10:00", "Aula", ""))
	for _, want := range []string{"/apply", "/holidays?year=2026", "17 Agustus 2026", "/sites/" + o.Sites[2].ID.String()} {
		if !strings.Contains(page, want) {
			t.Errorf("the warnings lack %q:\n%s", want, page)
		}
	}
	if coordinator := o.As(t, models.RoleCoordinator); strings.Contains(settled(coordinator, coordinator.Upload("/imports", "file", "a.csv",
		[]byte(head+file(1, "JYP-01", "2026-08-18", "08:00", "10:00", "Aula", "")), "kind", "schedule", "pilot", o.Pilot.ID.String())).Body, `href="/sites/`) {
		t.Error("a coordinator is led to a page that they may not see")
	}
}
