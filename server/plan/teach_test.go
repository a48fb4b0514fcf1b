package plan_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/review"
	"buktihadir/server/store"
)

// instructor finds one by code.
func (f *fixture) instructor(code string) models.Instructor {
	f.T.Helper()
	all, err := f.Store.Read(f.T.Context()).Instructors()
	i := slices.IndexFunc(all, func(i models.Instructor) bool { return i.Code == code })
	if err != nil || i < 0 {
		f.T.Fatalf("instructor %s: %v", code, err)
	}
	return all[i]
}

// teachers names who is expected to teach a session.
func (f *fixture) teachers(s models.Session) (names []string) {
	f.T.Helper()
	rows, err := review.OfSession(f.Store.Read(f.T.Context()), s, f.Now)
	if err != nil {
		f.T.Fatal(err)
	}
	for _, r := range rows {
		if r.Role == models.PersonInstructor {
			names = append(names, r.Name)
		}
	}
	return names
}

// standsIn has an instructor teach a session alone, with whatever is warned of.
func (f *fixture) standsIn(s models.Session, also uuid.UUID, reason string) (plan.Outcome, error) {
	to := plan.Taught{Also: also, Reason: reason}
	out, err := f.TeachSession(f.T.Context(), plantest.By(), s.ID, to)
	if errors.Is(err, plan.ErrWarned) {
		to.Agreed = out.Agreement()
		out, err = f.TeachSession(f.T.Context(), plantest.By(), s.ID, to)
	}
	return out, err
}

func TestASubstituteTeachesOneSession(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindSchedule, plantest.ScheduleHead+"C,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-12-01,08:00,12:00,R3,P3,Bu Cici\n")
		list, cici := sessionsOf(t, o, "A"), o.instructor("P3")
		if _, err := o.standsIn(list[0], cici.ID, "pelatih sakit"); err != nil {
			t.Fatal(err)
		}
		if got := o.teachers(list[0]); !slices.Equal(got, []string{"Bu Cici"}) {
			t.Errorf("that session is taught by %v", got)
		}
		if got := o.teachers(list[1]); !slices.Equal(got, []string{"Pak Budi"}) {
			t.Errorf("the other session is taught by %v", got)
		}
		q := o.Store.Read(t.Context())
		for code, want := range map[string]int{"P1": 1, "P3": 2} { // P3 teaches C too
			plan, err := q.ScheduleOf(models.FeedInstructor, o.instructor(code).ID, 0)
			if err != nil || len(plan) != want {
				t.Errorf("the calendar of %s has %d sessions, %v", code, len(plan), err)
			}
		}
		if err := q.EachPlanned(store.CalendarFilter{Class: "A"}, func(e store.PlannedEntry) error {
			if len(e.Instructors) != 1 || e.Instructors[0].Code != "P1" {
				t.Errorf("the file says that %+v teach", e.Instructors)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		tickets := 0
		places, err := q.Places(o.Class("A").ID)
		for _, p := range places {
			if p.Enrollment.Substitute && len(p.Tickets) == 1 {
				tickets++
			}
		}
		if err != nil || tickets != 1 {
			t.Errorf("%d substitutes have a ticket, %v", tickets, err)
		}
		if !slices.ContainsFunc(o.History(), func(h models.HistoryEntry) bool {
			return h.Action == "session.teach" && h.Detail == `{"From":"Pak Budi","To":"Bu Cici"}` && h.Reason == "pelatih sakit"
		}) {
			t.Error("the history does not know")
		}
		// Back again: the substitute has nothing to do with it any more.
		var budi uuid.UUID
		for _, p := range places {
			if p.Name == "Pak Budi" {
				budi = p.Enrollment.ID
			}
		}
		seen, err := o.TeachSession(t.Context(), plantest.By(), list[0].ID, plan.Taught{By: []uuid.UUID{budi}, Reason: "sembuh"})
		if errors.Is(err, plan.ErrWarned) {
			_, err = o.TeachSession(t.Context(), plantest.By(), list[0].ID, plan.Taught{By: []uuid.UUID{budi}, Reason: "sembuh", Agreed: seen.Agreement()})
		}
		if got := o.teachers(list[0]); err != nil || !slices.Equal(got, []string{"Pak Budi"}) {
			t.Errorf("it is taught by %v again, %v", got, err)
		}
	})
}

func TestASubstituteIsNotInTwoPlaces(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Good(imports.KindSchedule, plantest.ScheduleHead+"C,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-23,08:00,12:00,R3,P3,Bu Cici\n"+
		"C,BAR,Barista,16,LPK,LPK Karya,BDG,2,2,2026-11-25,08:00,12:00,R3,P3,Bu Cici\n")
	list, cici := sessionsOf(t, o, "A"), o.instructor("P3")
	out, err := o.standsIn(list[0], cici.ID, "pelatih sakit")
	if !errors.Is(err, plan.ErrConflicts) || len(out.Conflicts) != 1 || out.Conflicts[0].Kind != plan.ConflictInstructor {
		t.Fatalf("who teaches elsewhere at that time: %v, %+v", err, out.Conflicts)
	}
	if got := o.teachers(list[0]); !slices.Equal(got, []string{"Pak Budi"}) {
		t.Errorf("it is taught by %v", got)
	}
	if _, err := o.standsIn(list[1], cici.ID, "pelatih sakit"); err != nil { // the class's first session doesn't count for them
		t.Errorf("on the other day: %v", err)
	}
	// Who is replaced is free at that time.
	move := plan.Move{Day: "2026-11-24", Start: 8 * time.Hour, End: 12 * time.Hour, Room: "R8"}
	if err := agreed(t, o, sessionsOf(t, o, "C")[1], move); !errors.Is(err, plan.ErrConflicts) {
		t.Errorf("the substitute's own class at that time: %v", err)
	}
	rep, err := o.Load(imports.KindSchedule, plantest.ScheduleHead+"D,BAR,Barista,16,LPK,LPK Karya,KPG,2,1,2026-11-24,08:00,12:00,R4,P1,Pak Budi\n")
	if err != nil {
		t.Errorf("another class of who is replaced: %v, %q", err, plantest.Lines(rep))
	}
}

func TestASessionIsTaughtBySomebodyKnown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := sessionsOf(t, o, "A")[0]
	for _, x := range []struct {
		name, key string
		to        plan.Taught
	}{
		{"nobody", "teach.nobody", plan.Taught{Reason: "x"}},
		{"an instructor that there isn't", "teach.unknown", plan.Taught{Also: uuid.New(), Reason: "x"}},
		{"no reason", "plan.reason_needed", plan.Taught{Also: o.instructor("P2").ID}},
	} {
		_, err := o.TeachSession(t.Context(), plantest.By(), s.ID, x.to)
		t.Run(x.name, func(t *testing.T) { plantest.WantRefusal(t, err, x.key) })
	}
	o.Now = s.EndsAt + 1
	_, err := o.TeachSession(t.Context(), plantest.By(), s.ID, plan.Taught{Also: o.instructor("P2").ID, Reason: "x"})
	plantest.WantRefusal(t, err, "teach.over")
}
