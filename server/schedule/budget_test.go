package schedule_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/server/schedule"
)

func why() schedule.Actor { return by().Because("rapat anggaran") }

// priced sets a budget in which a place of the office's classes costs 1.750 rupiah,
// one in Kupang a tenth more, and a class 500.
func (o *office) priced(total models.Rupiah, refuse bool) {
	o.t.Helper()
	b := models.Budget{Total: total, WarnAt: 80, Refuse: refuse, Rates: models.Rates{
		Onsite: models.Rate{Fee: 1000, Travel: 150, Class: 500}, Incentive: 600, Provinces: map[string]int{"53": 110}}}
	if err := o.SetBudget(o.t.Context(), why(), o.pilot.ID, b); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) costs(fullSeats bool) schedule.Costs {
	o.t.Helper()
	c, err := schedule.CostsOf(o.st.Read(o.t.Context()), o.pilot.ID, o.now, fullSeats)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) firstItem(b models.BulkChange) models.BulkItem {
	o.t.Helper()
	items, err := o.st.Read(o.t.Context()).BulkItems(b.ID)
	if err != nil || len(items) == 0 {
		o.t.Fatalf("%d items (%v)", len(items), err)
	}
	return items[0]
}

func (o *office) add(row any) {
	o.t.Helper()
	if err := o.db.Create(row).Error; err != nil {
		o.t.Fatal(err)
	}
}

func TestABudgetHasVersionsAndSaysWhyEachCame(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		wantRefusal(t, o.SetBudget(t.Context(), by().Because(" "), o.pilot.ID, models.Budget{WarnAt: 80}), "plan.reason_needed")
		wantRefusal(t, o.SetBudget(t.Context(), why(), o.pilot.ID, models.Budget{WarnAt: 80, ValidFrom: "2026-02-30"}), "budget.bad_day")
		wantRefusal(t, o.SetBudget(t.Context(), why(), o.pilot.ID, models.Budget{WarnAt: 80, Total: -1}), "budget.out_of_range")
		wantRefusal(t, o.SetBudget(t.Context(), why(), o.pilot.ID, models.Budget{WarnAt: 80, Rates: models.Rates{Provinces: map[string]int{"00": 100}}}), "plan.unknown_province")
		o.priced(10_000, true)
		second := models.Budget{Total: 12_000, WarnAt: 80, Refuse: true, ValidFrom: "2026-12-01", Rates: models.Rates{Onsite: models.Rate{Fee: 2000}}}
		if err := o.SetBudget(t.Context(), why(), o.pilot.ID, second); err != nil {
			t.Fatal(err)
		}
		if got := o.costs(false); got.Budget.Version != 2 || len(got.Versions) != 2 || got.Total.Planned != 500+550 { // the classes begin before December
			t.Errorf("version %d of %d, planned %d", got.Budget.Version, len(got.Versions), got.Total.Planned)
		}
		var got []schedule.Change
		for _, h := range o.history() {
			if h.Action == "pilot.budget" && h.Reason == "rapat anggaran" {
				got = schedule.ChangesOf(h)
				if slices.ContainsFunc(got, func(c schedule.Change) bool { return c.Field == "budget:version" && c.To == "2" }) {
					break
				}
			}
		}
		want := []schedule.Change{{"budget:incentive", "600", ""}, {"budget:onsite_class", "500", ""}, {"budget:onsite_fee", "1000", "2000"}, {"budget:onsite_travel", "150", ""},
			{"budget:province:53", "110", ""}, {"budget:total", "10000", "12000"}, {"budget:valid_from", "", "2026-12-01"}, {"budget:version", "1", "2"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the history's changes differ:\n%s", diff)
		}
	})
}

func TestManyWhoEnrollAtOnceNeverSpendMoreThanThereIs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.priced(500+550+1750+100, true) // both classes, and one place in Bandung
		in := o.enrollAtOnce(12, "plan.budget_full")
		if in != 1 || o.costs(false).Left() != 100 {
			t.Errorf("%d have a place, and %s is left; there was money for one", in, o.costs(false).Left())
		}
	})
}

func TestWithinOneChangeTheMoneyIsSpentOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.good(schedule.KindParticipants, peopleHead+person(0, "A"))
		o.priced(500+550+1750+1925+1800, true) // beside who is in, one in Kupang, where a place costs a tenth more
		b := o.act(schedule.BulkRequest{Kind: models.BulkEnroll, Class: o.class("B").ID, People: o.people(1, 3), Waiting: true})
		if got := o.states(b); got != "done waiting" {
			t.Errorf("two, with money for one: %q", got)
		}
		rep, err := o.load(schedule.KindParticipants, peopleHead+person(3, "A")+person(4, "B"))
		if err == nil || len(rep.Problems) != 1 || rep.Problems[0].Key != "plan.budget_full" || len(o.places("A")) != 1 {
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
	onBoth(t, func(t *testing.T, o *office) {
		o.priced(3000, false)
		rep := o.good(schedule.KindParticipants, peopleHead+person(0, "A")+person(1, "A"))
		if len(rep.Notices) != 1 || rep.Notices[0].Key != "plan.budget_over" || !slices.Contains(rep.Notices[0].Args, "Rp1.550") {
			t.Errorf("the import warns of %+v", rep.Notices)
		}
		s, err := schedule.StandingOf(o.st.Read(t.Context()), o.pilot.ID)
		if err != nil || s.Level != budget.Over || s.Left() != -1550 {
			t.Errorf("the budget stands at %+v (%v)", s, err)
		}
		ids := o.people(2, 3)
		b, err := o.DraftBulk(t.Context(), by(), schedule.BulkRequest{Kind: models.BulkEnroll, Class: o.class("B").ID, People: ids})
		if err != nil {
			t.Fatal(err)
		}
		if it := o.firstItem(b); it.State != models.BulkItemGood || it.Problem == "" {
			t.Errorf("a preview past the budget shows %+v, want a warning", it)
		}
		o.priced(3000, true)
		rep, err = o.load(schedule.KindParticipants, peopleHead+person(3, "B"))
		if err == nil || len(rep.Problems) != 1 || rep.Problems[0].Key != "plan.budget_full" {
			t.Errorf("an import past what refuses gave %v and %+v", err, rep.Problems)
		}
	})
}

func TestWhoIsInMayChangePlacesThoughTheBudgetIsSpent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.good(schedule.KindParticipants, peopleHead+person(0, "B")+person(1, "A"))
		o.priced(100, true)
		move := func(from, to string) models.BulkItem {
			b, err := o.DraftBulk(t.Context(), by(), schedule.BulkRequest{Kind: models.BulkTransfer, Class: o.class(to).ID, Reason: "pindah", Places: []uuid.UUID{o.places(from)[0].Enrollment.ID}})
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
	onBoth(t, func(t *testing.T, o *office) {
		o.priced(1_000_000, false)
		o.good(schedule.KindParticipants, "number,nik,name,wave,class_code\nREG-0,"+nik(0)+",A,1,A\nREG-1,"+nik(1)+",B,2,A\nREG-2,"+nik(2)+",C,2,B\n")
		came, done := o.places("A")[0].Enrollment, o.places("A")[1].Enrollment
		sessions, err := o.st.Read(t.Context()).SessionsOf(o.class("A").ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sessions { // twice there is one who came
			o.add(&models.Attendance{SessionID: s.ID, EnrollmentID: came.ID, ClassID: s.ClassID, Status: models.StatusPresent})
			o.add(&models.Attendance{SessionID: s.ID, EnrollmentID: done.ID, ClassID: s.ClassID, Status: models.StatusLate})
		}
		o.add(&models.Completion{EnrollmentID: done.ID, TasksDone: true, CompletedAt: o.now})
		o.now = models.LocalDate("2026-11-23").Start(models.ZoneWIB).Add(8 * 3600e9) // A begins now; B an hour ago, as Kupang's clock is ahead
		c := o.costs(false)
		want := budget.Sums{People: budget.People{Enrolled: 3, Attended: 2, Completed: 1}, Classes: 2,
			Planned: 500 + 550 + 2*1750 + 1925, Incentives: 2*600 + 660, Committed: 500 + 550 + 2*1750 + 1925, Used: 500 + 550 + 2*1150 + 600}
		if diff := cmp.Diff(want, c.Total); diff != "" {
			t.Errorf("the whole differs:\n%s", diff)
		}
		for _, dim := range append(schedule.CostDimensions(), models.ByClass) {
			var sum budget.Sums
			for _, g := range c.By(dim) {
				sum = sum.Plus(g.Sums)
				lines, behind := c.Classes(schedule.CostFilter{Dim: dim, Key: g.Key})
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
		o.now--
		if got := o.costs(false).Total.Committed; got != 550+1925 {
			t.Errorf("before A begins %s is committed", got)
		}
	})
}
