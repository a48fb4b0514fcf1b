package autoplan_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/proposal/autoplan"
)

const hour = time.Hour

func at(latitude, longitude float64) *region.Point {
	return &region.Point{Latitude: latitude, Longitude: longitude}
}

// week is a window of five days, eight hours each.
func week() autoplan.Window {
	return autoplan.Window{First: "2026-12-07", Last: "2026-12-11", From: 8 * hour, To: 16 * hour}
}

func span(day models.LocalDate, from, to time.Duration) autoplan.Span {
	return autoplan.Span{From: day.Start(models.ZoneWIB).Add(from), To: day.Start(models.ZoneWIB).Add(to)}
}

// drawn is a small problem of any shape. Distances are whole degrees, so that
// ties and long ways come up.
func drawn(t *rapid.T) autoplan.Problem {
	place := func(what string) *region.Point {
		if rapid.IntRange(0, 19).Draw(t, what+" is nowhere") == 19 {
			return nil
		}
		return at(-float64(rapid.IntRange(0, 3).Draw(t, what+" south")), 110+float64(rapid.IntRange(0, 3).Draw(t, what+" east")))
	}
	busy := func(what string) []autoplan.Span {
		if rapid.IntRange(0, 3).Draw(t, what+" is busy") > 0 {
			return nil
		}
		day := models.LocalDate("2026-12-07").AddDays(rapid.IntRange(0, 4).Draw(t, what+" day"))
		return []autoplan.Span{span(day, 8*hour, time.Duration(rapid.IntRange(9, 16).Draw(t, what+" until"))*hour)}
	}
	p := autoplan.Problem{
		Courses: []autoplan.Course{{Hours: 16}}, Windows: []autoplan.Window{week()},
		ClassSeats: rapid.IntRange(1, 4).Draw(t, "class seats"), MostMetres: rapid.SampledFrom([]int64{0, 120_000, 250_000}).Draw(t, "most metres"),
		Weights: autoplan.Weights{EmptySeat: rapid.SampledFrom([]int64{60_000, 1_000, 0}).Draw(t, "empty seat"),
			Unplaced: rapid.SampledFrom([]int64{100_000, 1_000_000}).Draw(t, "unplaced")},
		Quota: autoplan.Quota{Pilot: rapid.IntRange(-1, 8).Draw(t, "pilot quota")}, Effort: 50_000_000,
	}
	if rapid.Bool().Draw(t, "two courses") {
		p.Courses = append(p.Courses, autoplan.Course{Hours: 20})
	}
	if rapid.Bool().Draw(t, "provinces have quotas") {
		p.Quota.Provinces = map[string]int{"32": rapid.IntRange(-1, 4).Draw(t, "left in 32")}
	}
	for g := range rapid.SampledFrom([]int{2, 3, 1, 0}).Draw(t, "groups") {
		name := fmt.Sprint("group ", g)
		p.Groups = append(p.Groups, autoplan.Group{Where: place(name), People: rapid.SampledFrom([]int{1, 2, 3, 0}).Draw(t, name+" people"), Busy: busy(name)})
	}
	for i := range rapid.SampledFrom([]int{2, 1, 0}).Draw(t, "sites") {
		name := fmt.Sprint("site ", i)
		s := autoplan.Site{Province: rapid.SampledFrom([]string{"32", "33"}).Draw(t, name+" province"), Where: place(name),
			Zone: models.ZoneWIB, Seats: rapid.SampledFrom([]int{4, 3, 2, 5, 1, 0}).Draw(t, name+" seats")}
		for _, b := range busy(name) {
			s.Taken = append(s.Taken, autoplan.Use{Span: b, Seats: rapid.IntRange(1, 5).Draw(t, name+" taken")})
		}
		p.Sites = append(p.Sites, s)
	}
	return p
}

func solve(t interface{ Fatal(...any) }, p autoplan.Problem) autoplan.Plan {
	plan, err := autoplan.Solve(noWait(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestNoPlanBreaksARule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		plan := solve(t, p)
		for _, broken := range audit(p, plan) {
			t.Error(broken)
		}
		if t.Failed() {
			t.Logf("problem %+v\nplan %+v", p, plan)
		}
	})
}

func TestASmallProblemHasTheBestPlanThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		p.Weights.EmptySeat = rapid.Int64Range(40_000, 120_000).Draw(t, "empty seat, dear")
		slots := autoplan.Timetable(p)
		if len(slots) > 5 {
			t.Skip("too many slots to try them all")
		}
		plan := solve(t, p)
		if best := tryAll(p, slots); plan.Cost.Total != best || plan.Bound != best {
			t.Errorf("cost %d and bound %d, but the best of all is %d\nproblem %+v\nplan %+v", plan.Cost.Total, plan.Bound, best, p, plan)
		}
	})
}

func TestWithoutAChargeForEmptySeatsThePlanIsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		p.Weights.EmptySeat, p.Effort = 0, 1
		if plan := solve(t, p); !plan.Optimal() {
			t.Errorf("cost %d, bound %d", plan.Cost.Total, plan.Bound)
		}
	})
}

func TestWhoeverStopsEarlyStillHasABoundBelowTheCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		best := solve(t, p)
		p.Effort = int64(rapid.IntRange(1, 400).Draw(t, "effort"))
		plan := solve(t, p)
		if plan.Bound > best.Cost.Total || plan.Cost.Total < best.Cost.Total {
			t.Errorf("bound %d, cost %d, but the best is %d", plan.Bound, plan.Cost.Total, best.Cost.Total)
		}
		for _, broken := range audit(p, plan) {
			t.Error(broken)
		}
	})
}

// tryAll is the slow, obvious way: every set of slots, every way to seat the
// people one after the other.
func tryAll(p autoplan.Problem, slots []autoplan.Slot) int64 {
	var people []int // their groups
	for g, group := range p.Groups {
		for range group.People {
			people = append(people, g)
		}
	}
	best := int64(math.MaxInt64)
	taken := make([]int, len(slots))
	var place func(next int, cost int64)
	place = func(next int, cost int64) {
		if next == len(people) {
			for i, n := range taken {
				if n > 0 {
					cost += p.Weights.EmptySeat * int64(slots[i].Seats-n)
				}
			}
			best = min(best, cost)
			return
		}
		place(next+1, cost+p.Weights.Unplaced)
		for i, s := range slots {
			if taken[i] < s.Seats && allowed(p, people[next], s) && quotaAllows(p, slots, taken, s) {
				taken[i]++
				place(next+1, cost+metres(p, people[next], s.Site))
				taken[i]--
			}
		}
	}
	place(0, 0)
	return best
}

func metres(p autoplan.Problem, group, site int) int64 {
	return int64(math.Round(p.Groups[group].Where.MetresTo(*p.Sites[site].Where)))
}

func allowed(p autoplan.Problem, group int, s autoplan.Slot) bool {
	g, site := p.Groups[group], p.Sites[s.Site]
	if g.Where == nil || site.Where == nil || p.MostMetres > 0 && metres(p, group, s.Site) > p.MostMetres {
		return false
	}
	for _, b := range g.Busy {
		for _, m := range s.Meetings {
			if b.From < m.To && m.From < b.To {
				return false
			}
		}
	}
	return true
}

// quotaAllows says whether one more may come to a slot.
func quotaAllows(p autoplan.Problem, slots []autoplan.Slot, taken []int, s autoplan.Slot) bool {
	province, inAll, here := p.Sites[s.Site].Province, 0, 0
	for i, n := range taken {
		inAll += n
		if p.Sites[slots[i].Site].Province == province {
			here += n
		}
	}
	left, member := p.Quota.Provinces[province]
	switch {
	case p.Quota.Pilot >= 0 && inAll >= p.Quota.Pilot, p.Quota.Provinces != nil && !member, member && left >= 0 && here >= left:
		return false
	}
	return true
}
