package budget

import (
	"cmp"

	"buktihadir/models"
)

// Region is a province with how many take part there; "" is any.
type Region struct {
	Province string
	Quota    int
}

// Scenario is a plan to try out. Shares are whole percent of each region's quota; the
// rest, neither onsite nor blended, is online.
type Scenario struct {
	Total           models.Rupiah // 0: no limit
	Rates           models.Rates
	Regions         []Region
	Onsite, Blended int
	ClassSize       int // participants of a class at most
	Completion      int // of all, who are expected to complete
}

// ModePart is the part of a scenario that is taught in one mode.
type ModePart struct {
	People, Classes int
	Cost            models.Rupiah // without incentives
}

// Outcome is what a scenario comes to.
type Outcome struct {
	Onsite, Online, Blended ModePart
	People, Classes         int
	Completed               int
	Incentives              models.Rupiah
	Cost                    models.Rupiah
}

// Left is what remains of a total. A negative value is what is missing.
func (o Outcome) Left(total models.Rupiah) models.Rupiah { return total - o.Cost }

// Outcome reckons a scenario. Everybody is in exactly one mode: people are cut at
// rounded marks of each region, so that no rounding loses one or makes one up.
func (s Scenario) Outcome() Outcome {
	var o Outcome
	for _, r := range s.Regions {
		onsite := part(r.Quota, s.Onsite)
		present := part(r.Quota, min(100, s.Onsite+s.Blended))
		for _, m := range []struct {
			of     *ModePart
			mode   models.Mode
			people int
		}{{&o.Onsite, models.ModeOnsite, onsite}, {&o.Blended, models.ModeBlended, present - onsite}, {&o.Online, models.ModeOnline, r.Quota - present}} {
			unit := UnitOf(s.Rates, m.mode, r.Province)
			classes := ceil(m.people, s.ClassSize)
			m.of.People += m.people
			m.of.Classes += classes
			m.of.Cost += times(m.people, unit.Place) + times(classes, unit.Class)
		}
		done := part(r.Quota, s.Completion)
		o.Completed += done
		o.Incentives += times(done, UnitOf(s.Rates, models.ModeOnsite, r.Province).Incentive)
		o.People += r.Quota
	}
	o.Classes = o.Onsite.Classes + o.Online.Classes + o.Blended.Classes
	o.Cost = o.Onsite.Cost + o.Online.Cost + o.Blended.Cost + o.Incentives
	return o
}

// LargestOnsite is the largest onsite share, in whole percent, that the total pays for.
// It is false if the total does not pay for any share. The function tries all shares: the
// number of classes is a whole number, so a larger share may cost less, and a shortcut
// would not be exact.
func (s Scenario) LargestOnsite() (share int, ok bool) {
	for s.Onsite = 100 - s.Blended; s.Onsite >= 0; s.Onsite-- {
		if s.Total == 0 || s.Outcome().Cost <= s.Total {
			return s.Onsite, true
		}
	}
	return 0, false
}

// part is a percentage of some people, halves up.
func part(people, percent int) int { return (people*percent + 50) / 100 }

func ceil(people, size int) int {
	size = cmp.Or(size, 1)
	return (people + size - 1) / size
}

// Spread gives a quota to the regions that have no quota of their own: they share what
// the quota for all leaves. If there is no quota for all, it is the sum of the provinces'
// quotas.
func Spread(quota int, provinces []Region) []Region {
	var regions []Region
	rest := quota
	for _, p := range provinces {
		if p.Quota > 0 {
			regions = append(regions, p)
			rest -= p.Quota
		}
	}
	if rest > 0 {
		regions = append(regions, Region{Quota: rest})
	}
	return regions
}
