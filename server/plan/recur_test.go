package plan_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/store"
)

// mornings is a row on Mondays and Wednesdays, 08.00 to 12.00.
func mornings(change func(*plan.Recurrence)) plan.Recurrence {
	r := plan.Recurrence{From: "2026-12-14", Count: 4, Start: 8 * time.Hour, End: 12 * time.Hour, Room: "R1"}
	r.Weekdays[time.Monday], r.Weekdays[time.Wednesday] = true, true
	if change != nil {
		change(&r)
	}
	return r
}

func TestARowOfSessionsIsAddedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		class := o.Class("A")
		if err := o.AddHoliday(t.Context(), plantest.By(), "2026-12-16", "Libur uji", "uji"); err != nil {
			t.Fatal(err)
		}
		sessions := func() []models.Session {
			t.Helper()
			list, err := o.Store.Read(t.Context()).SessionsOf(class.ID)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		row, err := o.AddSessions(t.Context(), plantest.By(), class.ID, mornings(nil), plan.Check)
		if err != nil || len(row) != 5 || row[1].Skipped != "Libur uji" || len(sessions()) != 2 {
			t.Fatalf("preview: %v %+v, %d sessions", err, row, len(sessions()))
		}
		if _, err = o.AddSessions(t.Context(), plantest.By(), class.ID, mornings(nil), plan.Apply); !errors.Is(err, plan.ErrWarned) || len(sessions()) != 2 {
			t.Fatalf("without a word on the warnings: %v, %d sessions", err, len(sessions()))
		}
		agreed := mornings(func(r *plan.Recurrence) { r.Agreed = row.Agreement() })
		if _, err = o.AddSessions(t.Context(), plantest.By(), class.ID, agreed, plan.Apply); err != nil {
			t.Fatal(err)
		}
		var days []models.LocalDate
		for _, s := range sessions()[2:] {
			days = append(days, models.ZoneWIB.Date(s.StartsAt))
		}
		if want := []models.LocalDate{"2026-12-14", "2026-12-21", "2026-12-23", "2026-12-28"}; !slices.Equal(days, want) {
			t.Errorf("held on %v, want %v", days, want)
		}
		if last := o.History(); !slices.ContainsFunc(last, func(h models.HistoryEntry) bool { return h.Action == "session.add" }) {
			t.Error("the history does not know")
		}
		again, err := o.AddSessions(t.Context(), plantest.By(), class.ID, mornings(nil), plan.Apply)
		if !errors.Is(err, plan.ErrConflicts) || len(sessions()) != 6 || len(again[0].Conflicts) == 0 || again[0].Conflicts[0].Kind != plan.ConflictRoom {
			t.Errorf("a row on top of itself: %v, %d sessions, %+v", err, len(sessions()), again)
		}
	})
}

func TestARowThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, x := range []struct {
		name, key string
		change    func(*plan.Recurrence)
	}{
		{"no weekday", "recur.no_weekday", func(r *plan.Recurrence) { r.Weekdays = [7]bool{} }},
		{"no first day", "session.bad_day", func(r *plan.Recurrence) { r.From = "" }},
		{"neither an end nor a number", "recur.until_or_count", func(r *plan.Recurrence) { r.Count = 0 }},
		{"both an end and a number", "recur.until_or_count", func(r *plan.Recurrence) { r.Until = "2026-12-31" }},
		{"a number that is none", "recur.bad_count", func(r *plan.Recurrence) { r.Count = -1 }},
		{"too many", "recur.too_many", func(r *plan.Recurrence) { r.Count = 201 }},
		{"an end before the start", "recur.bad_until", func(r *plan.Recurrence) { r.Count, r.Until = 0, "2026-12-01" }},
		{"no such day in the span", "recur.none", func(r *plan.Recurrence) { r.Count, r.From, r.Until = 0, "2026-12-15", "2026-12-15" }},
		{"an end at the beginning", "session.ends_at_start", func(r *plan.Recurrence) { r.End = r.Start }},
		{"an end that is mistyped", "session.too_long", func(r *plan.Recurrence) { r.End = r.Start - time.Hour }},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := o.AddSessions(t.Context(), plantest.By(), o.Class("A").ID, mornings(x.change), plan.Check)
			plantest.WantRefusal(t, err, x.key)
		})
	}
}

func TestARowOfAnotherInstitutionIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := uuid.New()
	_, err := o.AddSessions(t.Context(), office.Actor{Name: "asing", Provider: &other}, o.Class("A").ID, mornings(nil), plan.Apply)
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v, want not found", err)
	}
}
