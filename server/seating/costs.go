package seating

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/server/store"
)

// CostDimensions are the dimensions that a pilot's costs are grouped by.
func CostDimensions() []models.Dimension {
	return []models.Dimension{models.ByProvince, models.ByProvider, models.ByMode, models.ByWave}
}

// CostLine is the cost of a class's people of one wave, or, without a wave, of the class
// itself. A line belongs to one key of every dimension, so the parts sum to the whole for
// each grouping.
type CostLine struct {
	store.CostClass
	budget.Sums
	Day   models.LocalDate // of the first session; "": no session yet
	Begun bool
	Wave  int
	Class bool // the class itself
}

// Key is the line's key of a dimension; "" is the classes themselves, by wave.
func (l CostLine) Key(dim models.Dimension) string {
	switch {
	case dim == models.ByProvince:
		return l.Province
	case dim == models.ByProvider:
		return l.ProviderID.String()
	case dim == models.ByMode:
		return string(l.Mode)
	case dim == models.ByClass:
		return l.ClassID.String()
	case dim == models.ByWave && !l.Class:
		return strconv.Itoa(l.Wave)
	}
	return ""
}

// CostGroup is what all lines of one key come to.
type CostGroup struct {
	Key, Name string // Name of a provider or class only
	budget.Sums
}

// Costs are a pilot's costs as a page, a file, the API and the command line show them.
type Costs struct {
	Pilot    models.Pilot
	Budget   models.Budget // the newest version; Version 0: no budget
	Versions []models.Budget
	Lines    []CostLine
	Total    budget.Sums
}

// CostsOf reckons a pilot's costs at a moment. With fullSeats, empty seats count as
// planned too. O(places and attendance of the pilot).
func CostsOf(q store.Queries, pilot uuid.UUID, at models.Millis, fullSeats bool) (Costs, error) { //nolint:revive // the visitor chooses fullSeats
	row, err := q.Pilot(pilot)
	if err != nil {
		return Costs{}, err
	}
	out := Costs{Pilot: row}
	if out.Versions, err = q.Budgets(pilot); err != nil {
		return out, err
	}
	book := budget.Book(out.Versions)
	out.Budget, _ = book.Now()
	classes, err := q.CostClasses(pilot)
	if err != nil {
		return out, err
	}
	people, err := q.CostPeople(pilot)
	byClass := map[uuid.UUID][]store.CostPeople{}
	for _, p := range people {
		byClass[p.ClassID] = append(byClass[p.ClassID], p)
	}
	for _, c := range classes {
		unit, line := unitOf(book, c), CostLine{CostClass: c}
		if c.FirstStart != 0 {
			line.Day, line.Begun = c.Zone.Date(c.FirstStart), c.FirstStart <= at
		}
		empty := 0
		if fullSeats {
			empty = max(0, c.Capacity-c.Enrolled)
		}
		own := line
		own.Class, own.Sums = true, unit.Held(line.Begun, empty)
		out.Lines = append(out.Lines, own)
		for _, p := range byClass[c.ClassID] {
			line.Wave, line.Sums = p.Wave, unit.For(line.Begun, budget.People{Enrolled: p.Enrolled, Attended: p.Attended, Completed: p.Completed})
			out.Lines = append(out.Lines, line)
		}
	}
	for _, l := range out.Lines {
		out.Total = out.Total.Plus(l.Sums)
	}
	return out, err
}

// Left is what the plan leaves of the budget. A negative value is missing.
func (c Costs) Left() models.Rupiah { return c.Budget.Total - c.Total.Planned }

// Missing is what the plan needs beyond the budget. A negative value is left.
func (c Costs) Missing() models.Rupiah { return -c.Left() }

// Level is how near to its end the budget is.
func (c Costs) Level() budget.Level { return budget.LevelOf(c.Budget, c.Total.Planned) }

// By groups the costs by a dimension, in the order of names and keys.
func (c Costs) By(dim models.Dimension) []CostGroup {
	at := map[string]int{}
	var groups []CostGroup
	for _, l := range c.Lines {
		key := l.Key(dim)
		i, ok := at[key]
		if !ok {
			i, at[key] = len(groups), len(groups)
			g := CostGroup{Key: key}
			switch dim { //nolint:exhaustive // the others' keys name themselves
			case models.ByProvider:
				g.Name = l.ProviderName
			case models.ByClass:
				g.Name = l.ClassCode
			}
			groups = append(groups, g)
		}
		groups[i].Sums = groups[i].Plus(l.Sums)
	}
	slices.SortFunc(groups, func(a, b CostGroup) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(len(a.Key), len(b.Key)), cmp.Compare(a.Key, b.Key))
	})
	return groups
}

// CostFilter narrows costs to one key of a dimension, and to the classes that a
// figure is about. The zero value narrows nothing.
type CostFilter struct {
	Dim    models.Dimension
	Key    string
	Figure string // "committed" and "used": classes that have begun
}

// Classes are the costs of the classes that a filter finds, one line a class. They sum to
// the figure that the filter belongs to.
func (c Costs) Classes(f CostFilter) (lines []CostLine, total budget.Sums) {
	for _, l := range c.Lines {
		if f.Dim != "" && l.Key(f.Dim) != f.Key || (f.Figure == "committed" || f.Figure == "used") && !l.Begun {
			continue
		}
		total = total.Plus(l.Sums)
		if last := len(lines) - 1; last >= 0 && lines[last].ClassID == l.ClassID {
			lines[last].Sums = lines[last].Plus(l.Sums)
			continue
		}
		lines = append(lines, l)
	}
	return lines, total
}
