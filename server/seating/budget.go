package seating

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/models/region"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// NewBudget is what a form for a pilot's first budget begins with.
func NewBudget() models.Budget { return models.Budget{WarnAt: 80} }

// SetBudget makes a new version of a pilot's budget. The actor says why.
func (p *Service) SetBudget(ctx context.Context, by office.Actor, pilot uuid.UUID, b models.Budget) error {
	if strings.TrimSpace(by.Reason) == "" {
		return office.ReasonNeeded()
	}
	if b.ValidFrom != "" && !b.ValidFrom.Valid() {
		return office.RefuseField("valid_from", "budget.bad_day")
	}
	for code := range b.Rates.Provinces {
		if _, ok := region.ProvinceByCode(code); !ok {
			return office.RefuseField("provinces", "plan.unknown_province", "Code", code)
		}
	}
	if bad, ok := errors.AsType[models.BudgetError](b.Check()); ok {
		return office.RefuseField(bad.Field, "budget.out_of_range", "Most", bad.Most)
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockPilot(pilot); err != nil {
			return err
		}
		versions, err := tx.Budgets(pilot)
		if err != nil {
			return err
		}
		before, _ := budget.Book(versions).Now()
		b.PilotID, b.Version, b.CreatedAt = pilot, before.Version+1, 0
		if err := tx.AddBudget(b); err != nil {
			return err
		}
		return by.RecordChanges(tx, "pilot.budget", pilot, office.BudgetFacts(b).Since(office.BudgetFacts(before)))
	})
}

// Standing is how a pilot's budget stands.
type Standing struct {
	Budget  models.Budget
	Planned models.Rupiah
	Level   budget.Level
}

// Left is what the plan leaves of the budget. A negative value is missing.
func (s Standing) Left() models.Rupiah { return s.Budget.Total - s.Planned }

// StandingOf tells how a pilot's budget stands. A pilot without a budget is fine.
func StandingOf(q store.Queries, pilot uuid.UUID) (Standing, error) {
	p, err := fundsOf(q, pilot)
	if err != nil || p == nil {
		return Standing{}, err
	}
	return Standing{p.budget, p.planned, budget.LevelOf(p.budget, p.planned)}, nil
}

// funds is the money of a pilot's budget. It is kept up to date while places are taken
// and left.
type funds struct {
	budget  models.Budget
	units   map[uuid.UUID]budget.Unit // by class
	counted models.Rupiah             // planned when it was counted
	planned models.Rupiah
}

// fundsOf counts what is planned of a pilot. It is nil where the pilot has no budget.
func fundsOf(q store.Queries, pilot uuid.UUID) (*funds, error) {
	versions, err := q.Budgets(pilot)
	book := budget.Book(versions)
	now, ok := book.Now()
	if err != nil || !ok {
		return nil, err
	}
	classes, err := q.CostClasses(pilot)
	p := &funds{budget: now, units: map[uuid.UUID]budget.Unit{}}
	for _, c := range classes {
		u := unitOf(book, c)
		p.units[c.ClassID] = u
		p.planned += u.Held(false, 0).Plus(u.For(false, budget.People{Enrolled: c.Enrolled})).Planned
	}
	p.counted = p.planned
	return p, err
}

// unitOf is what a class costs by the rates of its first day.
func unitOf(book budget.Book, c store.CostClass) budget.Unit {
	day := models.LocalDate("")
	if c.FirstStart != 0 {
		day = c.Zone.Date(c.FirstStart)
	}
	return budget.UnitOf(book.On(day).Rates, c.Mode, c.Province)
}

// refuses says that there is no money for one more place in a class. Places over the
// budget that existed before may stay, and people may change places among them.
func (f *funds) refuses(pilot string, c models.Class) error {
	if f == nil || !f.budget.Refuse || f.budget.Total == 0 {
		return nil
	}
	seat := f.units[c.ID].Seat()
	if f.planned+seat <= max(f.budget.Total, f.counted) || seat == 0 {
		return nil
	}
	return office.RefuseFull("plan.budget_full", "Pilot", pilot, "Left", max(0, f.budget.Total-f.counted).String(), "Class", c.Code, "Cost", seat.String())
}

// add counts the cost of that many places in a class; a negative number takes it off.
func (f *funds) add(class uuid.UUID, places models.Rupiah) {
	if f != nil {
		f.planned += places * f.units[class].Seat()
	}
}

// over warns that more is planned than there is; nil if not.
func (f *funds) over(pilot string) *office.Refusal {
	if f == nil || budget.LevelOf(f.budget, f.planned) != budget.Over {
		return nil
	}
	return office.Refuse("plan.budget_over", "Pilot", pilot, "Over", (f.planned - f.budget.Total).String())
}
