package plan_test

import (
	"errors"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
)

// agreed moves a session, with whatever is warned of.
func agreed(t *testing.T, o *fixture, s models.Session, to plan.Move) error {
	t.Helper()
	seen, err := o.MoveSession(t.Context(), plantest.By(), s.ID, to)
	if errors.Is(err, plan.ErrWarned) {
		to.Agreed = seen.Agreement()
		_, err = o.MoveSession(t.Context(), plantest.By(), s.ID, to)
	}
	return err
}

func sessionsOf(t *testing.T, o *fixture, class string) []models.Session {
	t.Helper()
	list, err := o.Store.Read(t.Context()).SessionsOf(o.Class(class).ID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestASessionMayEndOnTheNextDay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		first, night := sessionsOf(t, o, "A")[0], plan.Move{Day: "2026-11-30", Start: 20 * time.Hour, End: 30 * time.Minute, Room: "R1"}
		if err := agreed(t, o, first, night); err != nil {
			t.Fatal(err)
		}
		s := sessionsOf(t, o, "A")[1]
		if zone := models.ZoneWIB; zone.Date(s.StartsAt) != "2026-11-30" || zone.Date(s.EndsAt) != "2026-12-01" || zone.Clock(s.EndsAt) != "00:30" {
			t.Errorf("it is from %s %s to %s %s", zone.Date(s.StartsAt), zone.Clock(s.StartsAt), zone.Date(s.EndsAt), zone.Clock(s.EndsAt))
		}
		for _, x := range []struct {
			name       string
			day        models.LocalDate
			start, end time.Duration
			key        string
		}{
			{"an end at the start", "2026-12-01", 8 * time.Hour, 8 * time.Hour, "session.ends_at_start"},
			{"a mistyped end", "2026-12-01", 13 * time.Hour, 8 * time.Hour, "session.too_long"},
			{"no end", "2026-12-01", 8 * time.Hour, -1, "session.bad_time"},
			{"a night of more than half a day", "2026-12-01", 20 * time.Hour, 8*time.Hour + time.Minute, "session.too_long"},
		} {
			_, err := o.TryMove(t.Context(), plantest.By(), s.ID, plan.Move{Day: x.day, Start: x.start, End: x.end})
			t.Run(x.name, func(t *testing.T) { plantest.WantRefusal(t, err, x.key) })
		}
		rep, err := o.Load(imports.KindSchedule, plantest.ScheduleHead+
			"X,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-12-01,00:00,02:00,R1,,\nX,BAR,Barista,16,LPK,LPK Karya,BDG,2,2,2026-12-31,22:00,00:00,R1,,\n")
		if got := plantest.Lines(rep); len(got) != 1 || got[0] != "2 room conflict.room" {
			t.Errorf("in its room in the small hours of the next month: %q, %v", got, err)
		}
		_, err = o.Load(imports.KindSchedule, plantest.ScheduleHead+"X,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-12-31,22:00,00:00,R1,,\n")
		if err != nil {
			t.Fatal(err)
		}
		if x := sessionsOf(t, o, "X")[0]; x.EndsAt != models.LocalDate("2027-01-01").Start(models.ZoneWIB) {
			t.Errorf("a session to midnight at the year's end is over at %s", x.EndsAt.Time())
		}
	})
}

// Kupang is an hour ahead: the same instructor's night there is over when it looks as if it went on.
func TestNightsCollideAcrossZonesByTheInstant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const p9 = ",P9,Pak Sembilan\n"
	night := "X,BAR,Barista,16,LPK,LPK Karya,KPG,2,1,2026-11-30,21:00,00:30,R7" + p9
	for _, c := range []struct {
		name, row string
		want      int
	}{
		{"after it, by the clocks of both", "Y,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-30,23:30,02:00,R7" + p9, 0},
		{"while it goes on", "Y,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-30,23:00,02:00,R7" + p9, 1},
	} {
		rep, err := o.Import(t.Context(), plantest.By(), imports.File{Kind: imports.KindSchedule, Name: "f.csv", Pilot: &o.Pilot.ID,
			Content: []byte(plantest.ScheduleHead + night + c.row)}, plan.Check, nil)
		if len(rep.Errors) != c.want {
			t.Errorf("%s: %q, %v", c.name, plantest.Lines(rep), err)
		}
	}
}

func TestARowOfNightsIsAdded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := plan.Recurrence{Weekdays: [7]bool{time.Monday: true}, From: "2026-11-30", Count: 2, Start: 20 * time.Hour, End: 30 * time.Minute, Room: "R5"}
	row, err := o.AddSessions(t.Context(), plantest.By(), o.Class("A").ID, r, plan.Check)
	if err != nil || len(row.Held()) != 2 || row.Held()[1].EndsAt != models.LocalDate("2026-12-08").Start(models.ZoneWIB).Add(30*time.Minute) {
		t.Errorf("%+v, %v", row.Held(), err)
	}
}
