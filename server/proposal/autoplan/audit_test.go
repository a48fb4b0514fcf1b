package autoplan_test

import (
	"context"
	"fmt"

	"buktihadir/models"
	"buktihadir/server/proposal/autoplan"
)

func noWait() context.Context { return context.Background() }

// audit lists every rule that a plan breaks, found without the planner's own code.
func audit(p autoplan.Problem, plan autoplan.Plan) (broken []string) {
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	left := map[int]int{}
	for g, group := range p.Groups {
		left[g] = group.People
	}
	var cost autoplan.Cost
	inProvince := map[string]int{}
	for i, c := range plan.Classes {
		n := 0
		for _, part := range c.Parts {
			n += part.People
			left[part.Group] -= part.People
			if !allowed(p, part.Group, c.Slot) {
				say("class %d takes group %d, which is busy or too far away", i, part.Group)
			} else {
				cost.Travel += metres(p, part.Group, c.Site) * int64(part.People)
			}
		}
		if n != c.People || n == 0 || n > c.Seats || c.Seats > p.ClassSeats {
			say("class %d seats %d people, says %d, has %d seats of at most %d", i, n, c.People, c.Seats, p.ClassSeats)
		}
		cost.Placed += n
		cost.EmptySeats += c.Seats - n
		inProvince[p.Sites[c.Site].Province] += n
		if got := held(c.Slot); got != p.Courses[c.Course].Hours {
			say("class %d has %d hours, its course %d", i, got, p.Courses[c.Course].Hours)
		}
	}
	for site, s := range p.Sites {
		for moment, seats := range busiest(plan, site, s) {
			if seats > s.Seats {
				say("site %d seats %d at %s, and has %d", site, seats, moment.Time(), s.Seats)
			}
		}
	}
	for _, u := range plan.Unplaced {
		left[u.Group] -= u.People
		cost.Unplaced += u.People
		if u.Why == "" || u.People <= 0 {
			say("group %d has %d without a place for %q", u.Group, u.People, u.Why)
		}
	}
	for g, n := range left {
		if n != 0 {
			say("group %d has %d people of whom nobody speaks", g, n)
		}
	}
	for province, n := range inProvince {
		if quota, member := p.Quota.Provinces[province]; p.Quota.Provinces != nil && (!member || quota >= 0 && n > quota) {
			say("province %s has %d places, its quota is %d", province, n, quota)
		}
	}
	if p.Quota.Pilot >= 0 && cost.Placed > p.Quota.Pilot {
		say("%d places, the pilot's quota is %d", cost.Placed, p.Quota.Pilot)
	}
	cost.Total = cost.Travel + p.Weights.EmptySeat*int64(cost.EmptySeats) + p.Weights.Unplaced*int64(cost.Unplaced)
	if cost != plan.Cost || plan.Bound > cost.Total {
		say("the plan costs %+v, and says %+v with the bound %d", cost, plan.Cost, plan.Bound)
	}
	return broken
}

func held(s autoplan.Slot) (hours int) {
	for _, m := range s.Meetings {
		hours += int(m.To.Sub(m.From).Hours())
	}
	return hours
}

// busiest counts a site's seats in use at every moment at which a meeting begins.
func busiest(plan autoplan.Plan, site int, s autoplan.Site) map[models.Millis]int {
	uses := append([]autoplan.Use{}, s.Taken...)
	ours := map[models.Millis]int{}
	for _, c := range plan.Classes {
		if c.Site == site {
			for _, m := range c.Meetings {
				uses = append(uses, autoplan.Use{Span: m, Seats: c.Seats})
			}
		}
	}
	for _, c := range plan.Classes {
		for _, m := range c.Meetings {
			if c.Site != site {
				continue
			}
			for _, moment := range append([]autoplan.Use{{Span: m}}, uses...) {
				if moment.From >= m.From && moment.From < m.To {
					n := 0
					for _, u := range uses {
						if u.From <= moment.From && moment.From < u.To {
							n += u.Seats
						}
					}
					ours[moment.From] = n
				}
			}
		}
	}
	return ours
}
