// Package autoplan proposes classes: who learns where and when. It keeps travel short and
// empty seats few, and leaves people out only for a reason. It is pure: it gets the
// problem and returns a [Plan], without a database or a clock. The same problem always
// gives the same plan.
//
// # What is minimised
//
// Everything is counted in metres. A person with a place costs the great-circle
// distance from their regency to the site, one way and once; an empty seat of a
// class that is held costs [Weights].EmptySeat, a person without a place
// [Weights].Unplaced.
//
// # How
//
// [timetable] first lays possible classes ("slots") into the windows, so that the slots
// of a site do not overlap each other or an existing class. To choose the slots and their
// people is a transport problem with a cost for each opened class (facility location,
// NP-hard). Without that cost it is a minimum-cost flow from groups of people over sites
// and slots, the provinces' quotas and the pilot's quota to a sink; successive shortest
// paths with potentials solve it exactly (Ahuja, Magnanti, Orlin, "Network Flows", 1993,
// §9.7). That flow is the linear relaxation, so its cost is a lower bound. A branch and
// bound over the number of classes per site (Land, Doig, 1960) works on both ends: each
// flow, rounded up to whole classes, is a plan; each split of the open part raises the
// bound. Two heuristics run before it to find a good plan fast: they forbid the emptiest
// classes, many at a time, and then close them one by one as long as that helps.
//
// # What it promises
//
// Bound ≤ least possible cost ≤ Cost, always. For small problems, and for any problem
// without a charge for empty seats, the search ends with Bound = Cost, which proves that
// the plan is optimal. A large one stops when its effort is spent; then Cost − Bound says
// how far from the optimum the plan may be. The timetable itself is not part of this
// guarantee: it packs each room's windows from their first day on, and the plan is the
// best over the slots that this gives.
package autoplan

import (
	"context"
	"time"

	"buktihadir/models"
	"buktihadir/models/region"
)

// Problem is the input of a plan.
type Problem struct {
	Groups     []Group
	Sites      []Site
	Courses    []Course // taught in turn, so that each site has all of them
	Windows    []Window
	Weekdays   [7]bool // by time.Weekday; all false: Monday to Friday
	Holidays   map[models.LocalDate]bool
	ClassSeats int   // the largest class
	MostMetres int64 // the longest distance that people travel; 0: any distance
	Quota      Quota
	Weights    Weights
	Effort     int64 // arcs that the search may look at; 0: DefaultEffort
}

// DefaultEffort takes some seconds.
const DefaultEffort = 400_000_000

// Group is people who are alike: they live in one regency and are busy at the
// same times.
type Group struct {
	Regency string
	Where   *region.Point // nil: unknown
	People  int
	Busy    []Span
}

// Site is a place with seats.
type Site struct {
	Province string
	Where    *region.Point // nil: unknown, and people are not sent there
	Zone     models.Zone
	Seats    int // at a time
	Taken    []Use
}

// Use is a class that is at a site already.
type Use struct {
	Span
	Seats int
}

// Span is a stretch of time: From is part of it, To no longer.
type Span struct{ From, To models.Millis }

func (s Span) meets(o Span) bool { return s.From < o.To && o.From < s.To }

// Course is what may be taught.
type Course struct{ Hours int }

// Window is when classes may meet: on its days, between two times of the day.
type Window struct {
	First, Last models.LocalDate
	From, To    time.Duration // since midnight, in the site's zone
}

// Quota is how many places are left.
type Quota struct {
	Pilot     int            // below 0: no limit
	Provinces map[string]int // below 0: no limit of its own. Nil: every province takes part
}

// Weights say what is worth how much, in metres.
type Weights struct{ EmptySeat, Unplaced int64 }

// Slot is a class that could be held.
type Slot struct {
	Site, Course int // of the problem's lists
	Seats        int
	Meetings     []Span
}

// Class is a slot that is held.
type Class struct {
	Slot
	Parts  []Part
	People int
	Travel int64 // metres, of all together
}

// Part is how many of a group there are in a class.
type Part struct{ Group, People int }

// Why says why somebody has no place.
type Why string

// The reasons, the most telling first.
const (
	WhyNowhere      Why = "nowhere"       // their regency is unknown
	WhyTooFar       Why = "too_far"       // no site with a slot within the distance
	WhyBusy         Why = "busy"          // every slot in reach meets a class of theirs
	WhyPilotFull    Why = "pilot_full"    // the pilot's quota
	WhyProvinceFull Why = "province_full" // the quotas of the provinces in reach, or they take no part
	WhyFull         Why = "full"          // the sites in reach
	WhyTooCostly    Why = "too_costly"    // there are seats, but they weigh more than a person without a place
)

// Unplaced is how many of a group have no place.
type Unplaced struct {
	Part
	Why Why
}

// Cost is what a plan costs. Total weighs it all, in metres.
type Cost struct {
	Placed, Unplaced, EmptySeats int
	Travel, Total                int64
}

// Plan is what is proposed.
type Plan struct {
	Classes  []Class // by site and time
	Unplaced []Unplaced
	Cost     Cost
	Bound    int64 // no plan over these slots costs less
}

// Optimal says that no plan over these slots is better.
func (p Plan) Optimal() bool { return p.Cost.Total == p.Bound }

// Solve proposes a plan. It gives up early only when the context ends. Progress,
// which may be nil, hears how much of the effort is spent.
func Solve(ctx context.Context, p Problem, progress func(spent, all int64)) (Plan, error) {
	if p.Effort == 0 {
		p.Effort = DefaultEffort
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	s := newSearch(ctx, &p, timetable(&p), progress)
	if err := s.run(); err != nil {
		return Plan{}, err
	}
	return s.plan(), nil
}
