package review_test

import (
	"testing"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/imports"
	"buktihadir/server/review"
	"buktihadir/server/store"
)

// standing is where the first person of class A stands, everywhere that says so.
func (o *fixture) standing() (outcome document.Outcome, completed bool, paid int) {
	o.t.Helper()
	d, err := review.DossierOf(o.q(), o.class("A").ID, o.now)
	o.ok(err)
	facts, err := o.q().Completions(store.EnrollmentFilter{}, store.Slice{Limit: 100})
	o.ok(err)
	for _, f := range facts {
		completed = completed || f.Number == "P-0" && f.Completed && f.CompletedAt != 0
	}
	people, err := o.q().CostPeople(o.pilot.ID)
	o.ok(err)
	for _, p := range people {
		paid += p.Completed
	}
	for _, p := range d.People {
		if p.Number == "P-0" {
			outcome = p.Outcome
		}
	}
	return outcome, completed, paid
}

func TestCompletionFollowsTheHoursThatAreRequired(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		want := func(when string, outcome document.Outcome) {
			t.Helper()
			done, count := outcome == document.Completed, 0
			if done {
				count = 1
			}
			if got, completed, paid := o.standing(); got != outcome || completed != done || paid != count {
				t.Errorf("%s: %s, completed %t, %d in the budget; want %s", when, got, completed, paid, outcome)
			}
		}
		rule := func(hours models.HoursRule) {
			t.Helper()
			policy := models.DefaultPolicy()
			policy.SessionsShare, policy.Hours = 75, hours
			o.ok(o.plan.SetPolicy(t.Context(), o.actor(), o.pilot.ID, policy))
		}
		course := func(hours string) {
			o.load(imports.KindSchedule, sheetHead+"A,K,Kursus,"+hours+",LP,Lembaga,T-1,6,1,2024-05-10,08:00,12:00,R1\n")
		}
		o.ok(review.MarkTasks(t.Context(), o.st, o.by, o.place("A", 0).Enrollment.ID, true, ""))
		rule(models.HoursRequire)
		want("three of four sessions, three quarters of the hours", document.Completed)
		course("20")
		want("the course has more hours than its sessions", document.NoHours)
		rule(models.HoursWarn)
		want("they are only warned of", document.Completed)
		rule(models.HoursRequire)
		want("they are required again", document.NoHours)
		course("16")
		want("the course has its old hours", document.Completed)
	})
}

func TestAClassThatLacksHoursIsClosedForAReason(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.load(imports.KindSchedule, sheetHead+"A,K,Kursus,20,LP,Lembaga,T-1,6,1,2024-05-10,08:00,12:00,R1\n")
	now, err := review.Examine(o.q(), o.class("A").ID, o.now)
	o.ok(err)
	for _, open := range now.Open {
		if open == (document.Open{Key: "hours", Count: 4}) {
			return
		}
	}
	t.Errorf("it lacks four hours, and open is %v", now.Open)
}
