package schedule_test

import (
	"errors"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/server/schedule"
)

// Who agrees to warnings agrees to those that they saw, and tickets that end before the
// session's new day are among them.
func TestAMoveIsMadeOnlyWithTheWarningsThatSomebodySaw(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.decide()
		o.good(schedule.KindParticipants, peopleHead+person(0, "A")+person(1, "A"))
		class := o.class("A")
		list, err := o.st.Read(t.Context()).SessionsOf(class.ID)
		if err != nil {
			t.Fatal(err)
		}
		last := list[len(list)-1]
		to := schedule.Move{Day: "2027-02-10", Start: 8 * time.Hour, End: 12 * time.Hour, Room: "R1"}
		seen, err := o.MoveSession(t.Context(), by(), last.ID, to)
		if !errors.Is(err, schedule.ErrWarned) {
			t.Fatalf("unasked: %v", err)
		}
		short := 0
		for _, w := range seen.Warnings {
			if w.Kind == schedule.WarnTickets {
				short = w.Count
			}
		}
		if short != 2 {
			t.Errorf("%d tickets are over by then, want 2: %+v", short, seen.Warnings)
		}
		if err := o.AddHoliday(t.Context(), by(), to.Day, "Libur uji", "uji"); err != nil {
			t.Fatal(err)
		}
		to.Agreed = seen.Agreement()
		now, err := o.MoveSession(t.Context(), by(), last.ID, to)
		if !errors.Is(err, schedule.ErrWarned) || len(now.Warnings) != len(seen.Warnings)+1 {
			t.Fatalf("a warning that nobody saw: %v, %+v", err, now.Warnings)
		}
		to.Agreed = now.Agreement()
		if _, err := o.MoveSession(t.Context(), by(), last.ID, to); err != nil {
			t.Fatal(err)
		}
		if n, err := o.RenewTickets(t.Context(), by(), class.ID); err != nil || n != 2 {
			t.Fatalf("%d tickets replaced, %v", n, err)
		}
		for _, p := range o.places("A") {
			if v := valid(p); len(v) != 1 || v[0].ValidUntil < to.Day || len(p.Tickets) != 2 {
				t.Errorf("%s has %+v", p.Name, p.Tickets)
			}
		}
		if n, err := o.RenewTickets(t.Context(), by(), class.ID); err != nil || n != 0 {
			t.Errorf("once more: %d, %v", n, err)
		}
		if short, err := o.st.Read(t.Context()).ShortTickets(class.ID); err != nil || len(short) != 0 {
			t.Errorf("%d are too short still, %v", len(short), err)
		}
		if out, err := o.TryMove(t.Context(), by(), last.ID, to); err != nil || hasWarning(out, schedule.WarnTickets) {
			t.Errorf("still warned of: %+v, %v", out.Warnings, err)
		}
	})
}

func hasWarning(out schedule.Outcome, kind schedule.WarningKind) bool {
	for _, w := range out.Warnings {
		if w.Kind == kind {
			return true
		}
	}
	return false
}

// An address or a form that names no warning agrees to none.
func TestTwoSetsOfWarningsAreNeverTheSameWord(t *testing.T) {
	t.Parallel()
	words := map[string]bool{"": true}
	for _, w := range [][]schedule.Warning{
		{{Kind: schedule.WarnHoliday, Day: "2026-12-25", What: "Natal"}}, {{Kind: schedule.WarnHoliday, Day: "2026-12-26", What: "Natal"}},
		{{Kind: schedule.WarnTickets, Day: "2026-12-25", What: "A", Count: 1}}, {{Kind: schedule.WarnTickets, Day: "2026-12-25", What: "A", Count: 2}},
		{{Kind: schedule.WarnTravel, What: "Budi", Other: &models.Session{StartsAt: 1}}}, {{Kind: schedule.WarnTravel, What: "Budi", Other: &models.Session{StartsAt: 2}}},
		{{Kind: schedule.WarnNoAgent, What: "A"}, {Kind: schedule.WarnNoAgent, What: "B"}}, {{Kind: schedule.WarnNoAgent, What: "A"}},
	} {
		word := schedule.Outcome{Warnings: w}.Agreement()
		if words[word] {
			t.Errorf("%+v has the word of another", w)
		}
		words[word] = true
	}
}
