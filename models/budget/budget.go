// Package budget calculates what a pilot costs, in whole rupiah: a [Book] of rates prices
// a class ([Unit]), [Sums] add classes up, and a [Scenario] calculates another plan.
//
// The package is pure: it has no clock and no database. Its caller tells it who has a
// place, who came and who completed; only package attendance knows what attendance is.
// Planned counts everybody with a place. Committed counts the classes that have begun.
// Used counts what really happened: the cost of holding the classes, the fee and travel
// of everybody who came, and the incentive of everybody who completed.
package budget

import "buktihadir/models"

// Book is the versions of a pilot's budget, in their order.
type Book []models.Budget

// Now is the newest version; ok is false if there is no version.
func (b Book) Now() (models.Budget, bool) {
	if len(b) == 0 {
		return models.Budget{}, false
	}
	return b[len(b)-1], true
}

// On is the version whose rates apply to a class that begins on a day: the newest that is
// valid then. A class without a day uses the newest of all; a class that is older than
// every version uses the first.
func (b Book) On(day models.LocalDate) models.Budget {
	for i := len(b) - 1; i >= 0; i-- {
		if day == "" || b[i].ValidFrom <= day {
			return b[i]
		}
	}
	if len(b) > 0 {
		return b[0]
	}
	return models.Budget{}
}

// Unit is what a class of a mode costs in a province.
type Unit struct {
	Place     models.Rupiah // fee and travel of one participant
	Incentive models.Rupiah // of one who completes
	Class     models.Rupiah
}

// Seat is what one more place may cost: everybody may complete.
func (u Unit) Seat() models.Rupiah { return u.Place + u.Incentive }

// UnitOf prices by rates. Each sum is raised by the province's percentage by
// itself, halves up, so that what is paid to a person is a whole sum.
func UnitOf(r models.Rates, m models.Mode, province string) Unit {
	percent, named := r.Provinces[province]
	if !named {
		percent = 100
	}
	at := func(sum models.Rupiah) models.Rupiah { return (sum*models.Rupiah(percent) + 50) / 100 }
	rate := r.Of(m)
	return Unit{Place: at(rate.Fee) + at(rate.Travel), Incentive: at(r.Incentive), Class: at(rate.Class)}
}

// People are those with a place in a class.
type People struct{ Enrolled, Attended, Completed int }

// Sums is what some classes, or some people of them, come to.
type Sums struct {
	People
	Classes    int
	Planned    models.Rupiah
	Incentives models.Rupiah // of what is planned
	Committed  models.Rupiah
	Used       models.Rupiah
}

// Plus adds two sums.
func (s Sums) Plus(t Sums) Sums {
	s.Enrolled += t.Enrolled
	s.Attended += t.Attended
	s.Completed += t.Completed
	s.Classes += t.Classes
	s.Planned += t.Planned
	s.Incentives += t.Incentives
	s.Committed += t.Committed
	s.Used += t.Used
	return s
}

// Held is the cost of holding a class, without its people. The argument empty is the
// number of seats that are charged although they are empty.
func (u Unit) Held(begun bool, empty int) Sums { //nolint:revive // begun is a fact of the class, no switch
	s := Sums{Classes: 1, Planned: u.Class + times(empty, u.Seat()), Incentives: times(empty, u.Incentive)}
	if begun {
		s.Committed, s.Used = u.Class, u.Class
	}
	return s
}

// For is the cost of people of a class. Before a class begins the number of those who
// came is zero.
func (u Unit) For(begun bool, p People) Sums { //nolint:revive // as above
	s := Sums{People: p, Planned: times(p.Enrolled, u.Seat()), Incentives: times(p.Enrolled, u.Incentive)}
	if begun {
		s.Committed = s.Planned
		s.Used = times(p.Attended, u.Place) + times(p.Completed, u.Incentive)
	}
	return s
}

func times(n int, sum models.Rupiah) models.Rupiah { return models.Rupiah(n) * sum }

// Level says how near to its end a budget is.
type Level int

// The levels of a budget.
const (
	Fine Level = iota
	Near       // from the percentage on at which people are warned
	Over       // more is planned than there is
)

// String names a level as programs do.
func (l Level) String() string { return [...]string{"fine", "near", "over"}[l] }

// LevelOf grades a planned sum. A budget without a limit is always fine.
func LevelOf(b models.Budget, planned models.Rupiah) Level {
	switch {
	case b.Total == 0:
		return Fine
	case planned > b.Total:
		return Over
	case planned >= (b.Total*models.Rupiah(b.WarnAt)+99)/100:
		return Near
	}
	return Fine
}
