package plan_test

import (
	"errors"
	"strings"
	"testing"

	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

func TestAScheduleThatCollidesIsRefusedWithEveryConflict(t *testing.T) {
	t.Parallel()
	row := func(class, site, capacity, seq, date, start, end, room, teacher string) string {
		return strings.Join([]string{class, "C-" + class, "Kursus", "16", "LPK", "LPK Karya", site, capacity, seq, date, start, end, room, teacher, teacher}, ",") +
			"\n"
	}
	for _, c := range []struct {
		name, rows string
		want       []string // line, column and key
	}{
		{"sessions one after the other in one room",
			row("X", "BDG", "2", "1", "2026-11-25", "08:00", "10:00", "R1", "P1") + row("Y", "BDG", "2", "1", "2026-11-25", "10:00", "12:00", "R1", "P1"), nil},
		{"one room twice, against the stored plan", row("X", "BDG", "2", "1", "2026-11-23", "11:00", "13:00", "R1", ""), []string{"2 room conflict.room"}},
		{"one room twice, within the file", row("X", "BDG", "2", "1", "2026-11-25", "08:00", "10:00", "R1", "") + row("Y", "BDG", "2", "1", "2026-11-25", "09:00",
			"11:00", "R1", ""), []string{"2 room conflict.room"}},
		{"an instructor in two places", row("X", "KPG", "2", "1", "2026-11-25", "09:00", "11:00", "R2", "P9") + row("Y", "BDG", "2", "1", "2026-11-25", "08:00",
			"10:00", "R2", "P9"), []string{"2 instructor_code conflict.instructor"}},
		{"an instructor at the same clock time in another zone", row("X", "KPG", "2", "1", "2026-11-25", "08:00", "09:00", "R2", "P9") + row("Y", "BDG", "2",
			"1", "2026-11-25", "08:00", "09:00", "R2", "P9"), nil},
		{"more seats than the site has", row("X", "BDG", "3", "1", "2026-11-25", "08:00", "10:00", "R2", "") + row("Y", "BDG", "2", "1", "2026-11-25", "08:00",
			"10:00", "R3", ""), []string{"2 site_code conflict.capacity"}},
		{"a long session beside two short ones that follow each other", row("X", "BDG", "2", "1", "2026-11-25", "08:00", "17:00", "R2", "") +
			row("Y", "BDG", "2", "1", "2026-11-25", "08:00", "10:00", "R3", "") + row("Z", "BDG", "2", "1", "2026-11-25", "10:00", "12:00", "R3", ""), nil},
		{"a class above its site", row("X", "BDG", "5", "1", "2026-11-25", "08:00", "10:00", "R2", ""), []string{"2 capacity import.above_site"}},
		{"a session before the first day", row("X", "BDG", "2", "1", "2026-11-22", "08:00", "10:00", "R2", ""), []string{"2 date import.before_first_day"}},
		{"a session that ends when it starts, and a site nobody knows", row("X", "BDG", "2", "1", "2026-11-25", "10:00", "10:00", "R2", "") + row("Y", "NOWHERE",
			"2", "1", "2026-11-25", "08:00", "10:00", "R2", ""),
			[]string{"2 end import.ends_at_start", "3 site_code import.unknown_site"}},
		{"a session twice", row("X", "BDG", "2", "1", "2026-11-25", "08:00", "10:00", "R2", "") + row("X", "BDG", "2", "1", "2026-11-26", "08:00", "10:00", "R2", ""),
			[]string{"3 session import.twice"}},
		{"a class that moves", row("A", "KPG", "2", "1", "2026-11-25", "08:00", "10:00", "R2", ""), []string{"2 site_code import.class_elsewhere"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.Approve()
			rep, err := o.Load(imports.KindSchedule, plantest.ScheduleHead+c.rows)
			if got := plantest.Lines(rep); strings.Join(got, "; ") != strings.Join(c.want, "; ") {
				t.Errorf("the report lists %q, want %q", got, c.want)
			}
			if len(c.want) > 0 != errors.Is(err, imports.ErrRows) {
				t.Errorf("import gave %v", err)
			}
			if _, err := o.Store.Read(t.Context()).ClassByCode("X"); strings.Contains(c.rows, "X,") && (err == nil) != (len(c.want) == 0) {
				t.Errorf("finding the class gave %v", err)
			}
		})
	}
}

func TestAParticipantIsNeverInTwoSessionsAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindSchedule, plantest.ScheduleHead+"D,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-23,11:00,13:00,R9,,\n")
		id := o.People(0, 1)[0]
		if _, err := o.Enroll(t.Context(), plantest.By(), o.Class("A").ID, id); err != nil {
			t.Fatal(err)
		}
		_, err := o.Enroll(t.Context(), plantest.By(), o.Class("D").ID, id)
		plantest.WantRefusal(t, err, "plan.participant_busy")
		if n := len(o.Places("D")); n != 0 {
			t.Errorf("%d have a place in the second class, want none", n)
		}
	})
}
