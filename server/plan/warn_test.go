package plan_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
)

// kinds are what an outcome warns of, with the numbers of it.
func kinds(warnings []plan.Warning) (out []string) {
	for _, w := range warnings {
		out = append(out, fmt.Sprint(w.Kind, " ", w.What, " ", w.Count, " ", w.Of, " ", w.People))
	}
	return out
}

// The page, the row of sessions and the file warn of the same.
func TestEveryDoorWarnsOfTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		start, end time.Duration
		want       []string
	}{
		{"a long evening", 13 * time.Hour, 22 * time.Hour, []string{"hours A 1020 1200", "long_day A 540 0", "no_agent BDG 0 0", "outside A 0 0"}},
		{"at cockcrow", 7*time.Hour + 59*time.Minute, 12 * time.Hour, []string{"hours A 721 1200", "no_agent BDG 0 0", "outside A 0 0"}},
		{"from eight to nine", 8 * time.Hour, 16 * time.Hour, []string{"hours A 960 1200", "no_agent BDG 0 0"}},
		{"as long as the course", 8 * time.Hour, 20 * time.Hour, []string{"long_day A 720 0", "no_agent BDG 0 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			const twenty = "A,BAR,Barista,20,LPK,LPK Karya,BDG,2,1,2026-11-23,08:00,12:00,R1,,\n"
			o.Good(imports.KindSchedule, plantest.ScheduleHead+twenty)
			r := plan.Recurrence{Weekdays: [7]bool{time.Monday: true}, From: "2026-11-30", Count: 1, Start: c.start, End: c.end}
			row, err := o.AddSessions(t.Context(), plantest.By(), o.Class("A").ID, r, plan.Check)
			if err != nil {
				t.Fatal(err)
			}
			var page, file []string
			for _, w := range row[0].Warnings {
				page = append(page, fmt.Sprint(w.Kind, " ", w.What, " ", w.Count, " ", w.Of))
			}
			at := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }
			rep, err := o.Import(t.Context(), plantest.By(), imports.File{Kind: imports.KindSchedule, Name: "f.csv", Pilot: &o.Pilot.ID, Content: []byte(
				plantest.ScheduleHead + "A,BAR,Barista,20,LPK,LPK Karya,BDG,2,3,2026-11-30," + at(c.start) + "," + at(c.end) + ",,,\n")}, plan.Check, nil)
			for _, w := range rep.Warnings {
				file = append(file, fmt.Sprint(w.Kind, " ", w.What, " ", w.Count, " ", w.Of))
			}
			if !slices.Equal(page, c.want) || !slices.Equal(file, c.want) || err != nil {
				t.Errorf("the page warns of %q, the file of %q (%v), want %q", page, file, err, c.want)
			}
		})
	}
}

func TestACourseThatLosesHoursIsWarnedOfUnlessNobodyCounts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		first, err := o.Store.Read(t.Context()).SessionsOf(o.Class("A").ID)
		if err != nil {
			t.Fatal(err)
		}
		to := plan.Move{Day: "2026-11-25", Start: 8 * time.Hour, End: 12 * time.Hour}
		if out, err := o.TryMove(t.Context(), plantest.By(), first[0].ID, to); err != nil || hasWarning(out, plan.WarnHours) {
			t.Errorf("as long on another day: %q, %v", kinds(out.Warnings), err)
		}
		to.End -= time.Hour
		if out, err := o.TryMove(t.Context(), plantest.By(), first[0].ID, to); err != nil || !hasWarning(out, plan.WarnHours) {
			t.Errorf("an hour less: %q, %v", kinds(out.Warnings), err)
		}
		out, err := o.CancelSession(t.Context(), plantest.By(), first[0].ID, "banjir", "")
		if !errors.Is(err, plan.ErrWarned) || !slices.Equal(kinds(out.Warnings), []string{"hours A 240 960 []"}) {
			t.Errorf("cancelled: %q, %v", kinds(out.Warnings), err)
		}
		policy := models.DefaultPolicy()
		policy.Hours = models.HoursIgnore
		if err := o.SetPolicy(t.Context(), plantest.By(), o.Pilot.ID, policy); err != nil {
			t.Fatal(err)
		}
		if _, err := o.CancelSession(t.Context(), plantest.By(), first[0].ID, "banjir", ""); err != nil {
			t.Errorf("where nobody counts: %v", err)
		}
	})
}

// A session that is added when it is over says first whom it makes absent.
func TestARetroactivePlanNamesWhomItMakesAbsent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(1, "A")+plantest.Person(2, "A"))
		o.Now = models.LocalDate("2026-12-10").Start(models.ZoneWIB)
		past := plan.Recurrence{Weekdays: [7]bool{time.Monday: true}, From: "2026-12-07", Count: 1, Start: 8 * time.Hour, End: 16 * time.Hour}
		row, err := o.AddSessions(t.Context(), plantest.By(), o.Class("A").ID, past, plan.Apply)
		if want := "past A 2 0 [Peserta 1 Peserta 2]"; !errors.Is(err, plan.ErrWarned) || !slices.Contains(kinds(row[0].Warnings), want) {
			t.Fatalf("%q, %v", kinds(row[0].Warnings), err)
		}
		past.Agreed = row.Agreement()
		if _, err = o.AddSessions(t.Context(), plantest.By(), o.Class("A").ID, past, plan.Apply); err != nil {
			t.Fatal(err)
		}
		sessions, err := o.Store.Read(t.Context()).SessionsOf(o.Class("A").ID)
		if err != nil {
			t.Fatal(err)
		}
		to := plan.Move{Day: "2026-12-08", Start: 8 * time.Hour, End: 16 * time.Hour, Reason: "salah tulis"}
		if out, err := o.TryMove(t.Context(), plantest.By(), sessions[2].ID, to); err != nil || hasWarning(out, plan.WarnPast) {
			t.Errorf("who is absent already is made so by a move: %q, %v", kinds(out.Warnings), err)
		}
		rep, err := o.Import(t.Context(), plantest.By(), imports.File{Kind: imports.KindSchedule, Name: "f.csv", Pilot: &o.Pilot.ID, Content: []byte(
			plantest.ScheduleHead + "A,BAR,Barista,16,LPK,LPK Karya,BDG,2,4,2026-12-09,08:00,12:00,,,\n")}, plan.Check, nil)
		at := slices.IndexFunc(rep.Warnings, func(w imports.RowWarning) bool { return w.Kind == plan.WarnPast })
		if err != nil || at < 0 || rep.Warnings[at].Count != 2 {
			t.Errorf("the file: %+v, %v", rep.Warnings, err)
		}
	})
}

func TestASiteThatBecomesTooSmallIsWarnedOf(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindSchedule, plantest.ScheduleHead+"C,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-23,10:00,12:00,R2,,\n")
		site := func(capacity string) (out []string) {
			t.Helper()
			rep, err := o.Import(t.Context(), plantest.By(), imports.File{Kind: imports.KindSites, Name: "f.csv",
				Content: []byte("kode;nama;alamat;kabupaten;kapasitas\nBDG;BLK Bandung;Jalan Gatot Subroto;32.73;" + capacity + "\n")}, plan.Check, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range rep.Warnings {
				out = append(out, fmt.Sprint(w.Kind, " ", w.What, " ", w.Count, " of ", w.Of, " line ", w.Lines))
			}
			return out
		}
		for capacity, want := range map[string][]string{"5": nil, "4": nil, "3": {"crowded C 4 of 3 line [2]"},
			"1": {"capacity A 2 of 1 line [2]", "capacity C 2 of 1 line [2]"}} {
			if got := site(capacity); !slices.Equal(got, want) {
				t.Errorf("capacity %s: %q, want %q", capacity, got, want)
			}
		}
		if o.Now = models.LocalDate("2026-12-10").Start(models.ZoneWIB); len(site("1")) > 0 {
			t.Errorf("of what is over: %q", site("1"))
		}
	})
}
