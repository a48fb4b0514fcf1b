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

// A person agrees only to the warnings that they saw. Tickets that end before the
// session's new day are one of them.
func TestAMoveIsMadeOnlyWithTheWarningsThatSomebodySaw(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "A"))
		class := o.Class("A")
		list, err := o.Store.Read(t.Context()).SessionsOf(class.ID)
		if err != nil {
			t.Fatal(err)
		}
		last := list[len(list)-1]
		to := plan.Move{Day: "2027-02-10", Start: 8 * time.Hour, End: 12 * time.Hour, Room: "R1"}
		seen, err := o.MoveSession(t.Context(), plantest.By(), last.ID, to)
		if !errors.Is(err, plan.ErrWarned) {
			t.Fatalf("unasked: %v", err)
		}
		short := 0
		for _, w := range seen.Warnings {
			if w.Kind == plan.WarnTickets {
				short = w.Count
			}
		}
		if short != 2 {
			t.Errorf("%d tickets are over by then, want 2: %+v", short, seen.Warnings)
		}
		if err := o.AddHoliday(t.Context(), plantest.By(), to.Day, "Libur uji", "uji"); err != nil {
			t.Fatal(err)
		}
		to.Agreed = seen.Agreement()
		now, err := o.MoveSession(t.Context(), plantest.By(), last.ID, to)
		if !errors.Is(err, plan.ErrWarned) || len(now.Warnings) != len(seen.Warnings)+1 {
			t.Fatalf("a warning that nobody saw: %v, %+v", err, now.Warnings)
		}
		to.Agreed = now.Agreement()
		if _, err := o.MoveSession(t.Context(), plantest.By(), last.ID, to); err != nil {
			t.Fatal(err)
		}
		if n, err := o.RenewTickets(t.Context(), plantest.By(), class.ID); err != nil || n != 2 {
			t.Fatalf("%d tickets replaced, %v", n, err)
		}
		for _, p := range o.Places("A") {
			if v := plantest.Valid(p); len(v) != 1 || v[0].ValidUntil < to.Day || len(p.Tickets) != 2 {
				t.Errorf("%s has %+v", p.Name, p.Tickets)
			}
		}
		if n, err := o.RenewTickets(t.Context(), plantest.By(), class.ID); err != nil || n != 0 {
			t.Errorf("once more: %d, %v", n, err)
		}
		if short, err := o.Store.Read(t.Context()).UnfitTickets(class.ID, 9); err != nil || len(short) != 0 {
			t.Errorf("%d are too short still, %v", len(short), err)
		}
		if out, err := o.TryMove(t.Context(), plantest.By(), last.ID, to); err != nil || hasWarning(out, plan.WarnTickets) {
			t.Errorf("still warned of: %+v, %v", out.Warnings, err)
		}
	})
}

func hasWarning(out plan.Outcome, kind plan.WarningKind) bool {
	for _, w := range out.Warnings {
		if w.Kind == kind {
			return true
		}
	}
	return false
}

// An address or a form without the code of the warnings does not agree to any.
func TestTwoSetsOfWarningsAreNeverTheSameWord(t *testing.T) {
	t.Parallel()
	words := map[string]bool{"": true}
	for _, w := range [][]plan.Warning{
		{{Kind: plan.WarnHoliday, Day: "2026-12-25", What: "Natal"}}, {{Kind: plan.WarnHoliday, Day: "2026-12-26", What: "Natal"}},
		{{Kind: plan.WarnTickets, Day: "2026-12-25", What: "A", Count: 1}}, {{Kind: plan.WarnTickets, Day: "2026-12-25", What: "A", Count: 2}},
		{{Kind: plan.WarnTravel, What: "Budi", Other: &models.Session{StartsAt: 1}}}, {{Kind: plan.WarnTravel, What: "Budi", Other: &models.Session{StartsAt: 2}}},
		{{Kind: plan.WarnNoAgent, What: "A"}, {Kind: plan.WarnNoAgent, What: "B"}}, {{Kind: plan.WarnNoAgent, What: "A"}},
	} {
		word := plan.Outcome{Warnings: w}.Agreement()
		if words[word] {
			t.Errorf("%+v has the word of another", w)
		}
		words[word] = true
	}
}
