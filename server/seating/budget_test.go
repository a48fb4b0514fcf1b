package seating_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/seating"
)

func why() office.Actor { return plantest.By().Because("rapat anggaran") }

// priced sets a budget in which a place of the office's classes costs 1.750 rupiah,
// one in Kupang a tenth more, and a class 500.
func (o *fixture) priced(total models.Rupiah, refuse bool) {
	o.T.Helper()
	b := models.Budget{Total: total, WarnAt: 80, Refuse: refuse, Rates: models.Rates{
		Onsite: models.Rate{Fee: 1000, Travel: 150, Class: 500}, Incentive: 600, Provinces: map[string]int{"53": 110}}}
	if err := o.SetBudget(o.T.Context(), why(), o.Pilot.ID, b); err != nil {
		o.T.Fatal(err)
	}
}

func (o *fixture) costs(fullSeats bool) seating.Costs {
	o.T.Helper()
	c, err := seating.CostsOf(o.Store.Read(o.T.Context()), o.Pilot.ID, o.Now, fullSeats)
	if err != nil {
		o.T.Fatal(err)
	}
	return c
}

func (o *fixture) firstItem(b models.BulkChange) models.BulkItem {
	o.T.Helper()
	items, err := o.Store.Read(o.T.Context()).BulkItems(b.ID)
	if err != nil || len(items) == 0 {
		o.T.Fatalf("%d items (%v)", len(items), err)
	}
	return items[0]
}

func (o *fixture) add(row any) {
	o.T.Helper()
	if err := o.DB.Create(row).Error; err != nil {
		o.T.Fatal(err)
	}
}

func TestABudgetHasVersionsAndSaysWhyEachCame(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		plantest.WantRefusal(t, o.SetBudget(t.Context(), plantest.By().Because(" "), o.Pilot.ID, models.Budget{WarnAt: 80}), "plan.reason_needed")
		plantest.WantRefusal(t, o.SetBudget(t.Context(), why(), o.Pilot.ID, models.Budget{WarnAt: 80, ValidFrom: "2026-02-30"}), "budget.bad_day")
		plantest.WantRefusal(t, o.SetBudget(t.Context(), why(), o.Pilot.ID, models.Budget{WarnAt: 80, Total: -1}), "budget.out_of_range")
		plantest.WantRefusal(t, o.SetBudget(t.Context(), why(), o.Pilot.ID, models.Budget{WarnAt: 80, Rates: models.Rates{Provinces: map[string]int{"00": 100}}}),
			"plan.unknown_province")
		o.priced(10_000, true)
		second := models.Budget{Total: 12_000, WarnAt: 80, Refuse: true, ValidFrom: "2026-12-01", Rates: models.Rates{Onsite: models.Rate{Fee: 2000}}}
		if err := o.SetBudget(t.Context(), why(), o.Pilot.ID, second); err != nil {
			t.Fatal(err)
		}
		if got := o.costs(false); got.Budget.Version != 2 || len(got.Versions) != 2 || got.Total.Planned != 500+550 { // the classes begin before December
			t.Errorf("version %d of %d, planned %d", got.Budget.Version, len(got.Versions), got.Total.Planned)
		}
		var got []office.Change
		for _, h := range o.History() {
			if h.Action == "pilot.budget" && h.Reason == "rapat anggaran" {
				got = office.ChangesOf(h)
				if slices.ContainsFunc(got, func(c office.Change) bool { return c.Field == "budget:version" && c.To == "2" }) {
					break
				}
			}
		}
		want := []office.Change{{Field: "budget:incentive", From: "600"},
			{Field: "budget:onsite_class", From: "500"},
			{Field: "budget:onsite_fee", From: "1000", To: "2000"},
			{Field: "budget:onsite_travel", From: "150"},
			{Field: "budget:province:53", From: "110"},
			{Field: "budget:total", From: "10000", To: "12000"},
			{Field: "budget:valid_from", To: "2026-12-01"},
			{Field: "budget:version", From: "1", To: "2"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the history's changes differ:\n%s", diff)
		}
	})
}

func TestManyWhoEnrollAtOnceNeverSpendMoreThanThereIs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.priced(500+550+1750+100, true) // both classes, and one place in Bandung
		in := o.enrollAtOnce(12, "plan.budget_full")
		if in != 1 || o.costs(false).Left() != 100 {
			t.Errorf("%d have a place, and %s is left; there was money for one", in, o.costs(false).Left())
		}
	})
}

func TestWithinOneChangeTheMoneyIsSpentOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		o.priced(500+550+1750+1925+1800, true) // beside who is in, one in Kupang, where a place costs a tenth more
		b := o.act(seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("B").ID, People: o.People(1, 3), Waiting: true})
		if got := o.states(b); got != "done waiting" {
			t.Errorf("two, with money for one: %q", got)
		}
		rep, err := o.Load(imports.KindParticipants, plantest.PeopleHead+plantest.Person(3, "A")+plantest.Person(4, "B"))
		if err == nil || len(rep.Problems) != 1 || rep.Problems[0].Key != "plan.budget_full" || len(o.Places("A")) != 1 {
			t.Errorf("a file of two, with money for one: %v, %+v", err, rep.Problems)
		}
		o.undo(b)
		if left := o.costs(false).Left(); left != 1925+1800 {
			t.Errorf("undone, %s is left", left)
		}
	})
}

func TestPastTheBudgetPeopleAreWarnedUnlessItRefuses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.priced(3000, false)
		rep := o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "A"))
		if len(rep.Notices) != 1 || rep.Notices[0].Key != "plan.budget_over" || !slices.Contains(rep.Notices[0].Args, "Rp1.550") {
			t.Errorf("the import warns of %+v", rep.Notices)
		}
		s, err := seating.StandingOf(o.Store.Read(t.Context()), o.Pilot.ID)
		if err != nil || s.Level != budget.Over || s.Left() != -1550 {
			t.Errorf("the budget stands at %+v (%v)", s, err)
		}
		ids := o.People(2, 3)
		b, err := o.DraftBulk(t.Context(), plantest.By(), seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("B").ID, People: ids})
		if err != nil {
			t.Fatal(err)
		}
		if it := o.firstItem(b); it.State != models.BulkItemGood || it.Problem == "" {
			t.Errorf("a preview past the budget shows %+v, want a warning", it)
		}
		o.priced(3000, true)
		rep, err = o.Load(imports.KindParticipants, plantest.PeopleHead+plantest.Person(3, "B"))
		if err == nil || len(rep.Problems) != 1 || rep.Problems[0].Key != "plan.budget_full" {
			t.Errorf("an import past what refuses gave %v and %+v", err, rep.Problems)
		}
	})
}

func TestWhoIsInMayChangePlacesThoughTheBudgetIsSpent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "B")+plantest.Person(1, "A"))
		o.priced(100, true)
		move := func(from, to string) models.BulkItem {
			b, err := o.DraftBulk(t.Context(), plantest.By(), seating.BulkRequest{Kind: models.BulkTransfer, Class: o.Class(to).ID, Reason: "pindah",
				Places: []uuid.UUID{o.Places(from)[0].Enrollment.ID}})
			if err != nil {
				t.Fatal(err)
			}
			return o.firstItem(b)
		}
		if it := move("B", "A"); it.State != models.BulkItemGood {
			t.Errorf("to a cheaper place: %+v", it)
		}
		if it := move("A", "B"); it.State != models.BulkItemRefused {
			t.Errorf("to a dearer place: %+v", it)
		}
	})
}

func TestCostsSumToTheSameByWhateverTheyAreTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.priced(1_000_000, false)
		o.Good(imports.KindParticipants, "number,nik,name,wave,class_code\nREG-0,"+plantest.NIK(0)+",A,1,A\nREG-1,"+plantest.NIK(1)+",B,2,A\nREG-2,"+plantest.NIK(2)+
			",C,2,B\n")
		came, done := o.Places("A")[0].Enrollment, o.Places("A")[1].Enrollment
		sessions, err := o.Store.Read(t.Context()).SessionsOf(o.Class("A").ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sessions { // twice there is one who came
			o.add(&models.Attendance{SessionID: s.ID, EnrollmentID: came.ID, ClassID: s.ClassID, Status: models.StatusPresent})
			o.add(&models.Attendance{SessionID: s.ID, EnrollmentID: done.ID, ClassID: s.ClassID, Status: models.StatusLate})
		}
		o.add(&models.Completion{EnrollmentID: done.ID, TasksDone: true, CompletedAt: o.Now})
		o.Now = models.LocalDate("2026-11-23").Start(models.ZoneWIB).Add(8 * 3600e9) // A begins now; B an hour ago, as Kupang's clock is ahead
		c := o.costs(false)
		want := budget.Sums{People: budget.People{Enrolled: 3, Attended: 2, Completed: 1}, Classes: 2,
			Planned: 500 + 550 + 2*1750 + 1925, Incentives: 2*600 + 660, Committed: 500 + 550 + 2*1750 + 1925, Used: 500 + 550 + 2*1150 + 600}
		if diff := cmp.Diff(want, c.Total); diff != "" {
			t.Errorf("the whole differs:\n%s", diff)
		}
		for _, dim := range append(seating.CostDimensions(), models.ByClass) {
			var sum budget.Sums
			for _, g := range c.By(dim) {
				sum = sum.Plus(g.Sums)
				lines, behind := c.Classes(seating.CostFilter{Dim: dim, Key: g.Key})
				if diff := cmp.Diff(g.Sums, behind); diff != "" || len(lines) == 0 {
					t.Errorf("the list behind %s %q differs from its figure:\n%s", dim, g.Key, diff)
				}
			}
			if diff := cmp.Diff(want, sum); diff != "" {
				t.Errorf("by %s the parts differ from the whole:\n%s", dim, diff)
			}
		}
		if full := o.costs(true); full.Total.Planned != want.Planned+1925 || full.Total.Committed != want.Committed {
			t.Errorf("with the one empty seat %s is planned", full.Total.Planned)
		}
		o.Now--
		if got := o.costs(false).Total.Committed; got != 550+1925 {
			t.Errorf("before A begins %s is committed", got)
		}
	})
}
