package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/models/region"
	"buktihadir/server/seating"
)

type pilotBudgetCmd struct {
	Code   string            `required:"" help:"The pilot's code."`
	Set    map[string]string `help:"What to change: total, onsite_fee, onsite_travel, onsite_class, the same for online and blended, incentive, warn_at=80, refuse=true, valid_from=2026-01-01, or the percentage of a province, 91=140. Can be repeated." placeholder:"NAME=VALUE"`
	Reason string            `help:"Reason; required for a change."`
	By     string            `enum:"province,provider,mode,wave,class" default:"province" help:"Group by province, provider, mode, wave or class."`
	JSON   bool              `name:"json" help:"Print one JSON object per line: the total, then its parts."`
}

// Run shows or changes a budget.
func (c *pilotBudgetCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	pilot, err := st.Read(a.ctx).PilotByCode(c.Code)
	if pilot, err = found(a, pilot, err, "pilot", c.Code); err != nil {
		return err
	}
	if len(c.Set) > 0 {
		versions, err := st.Read(a.ctx).Budgets(pilot.ID)
		if err != nil {
			return err
		}
		b, ok := budget.Book(versions).Now()
		if !ok {
			b = seating.NewBudget()
		}
		b = b.Clone()
		for name, value := range c.Set {
			if err := setBudget(&b, name, strings.TrimSpace(value)); err != nil {
				return fmt.Errorf("budget: %s=%s: %w", name, value, err)
			}
		}
		if err := seating.New(st).SetBudget(a.ctx, byCLI().Because(c.Reason), pilot.ID, b); err != nil {
			return err
		}
	}
	costs, err := seating.CostsOf(st.Read(a.ctx), pilot.ID, models.MillisOf(time.Now()), false)
	if err != nil {
		return err
	}
	return a.showCosts(costs, models.Dimension(c.By), form(c.JSON))
}

var errNoSuchNumber = errors.New("a budget has no such number")

func setBudget(b *models.Budget, name, value string) (err error) {
	if i := slices.IndexFunc(b.Amounts(), func(x models.Amount) bool { return x.Name == name }); i >= 0 {
		*b.Amounts()[i].At, err = models.ParseRupiah(value)
		return err
	}
	if _, ok := region.ProvinceByCode(name); ok {
		if b.Rates.Provinces == nil {
			b.Rates.Provinces = map[string]int{}
		}
		b.Rates.Provinces[name], err = strconv.Atoi(value)
		return err
	}
	switch name {
	case "warn_at":
		b.WarnAt, err = strconv.Atoi(value)
	case "refuse":
		b.Refuse, err = strconv.ParseBool(value)
	case "valid_from":
		b.ValidFrom = models.LocalDate(value)
	default:
		err = errNoSuchNumber
	}
	return err
}

func (a *app) showCosts(c seating.Costs, dim models.Dimension, how form) error {
	type line struct {
		Pilot     string `json:"pilot"`
		By        string `json:"by,omitempty"`
		Key       string `json:"key"`
		Name      string `json:"name,omitempty"`
		Classes   int    `json:"classes"`
		Enrolled  int    `json:"enrolled"`
		Attended  int    `json:"attended"`
		Completed int    `json:"completed"`
		Planned   int64  `json:"planned"`
		Committed int64  `json:"committed"`
		Used      int64  `json:"used"`
		Total     int64  `json:"total,omitempty"`
		Left      *int64 `json:"left,omitempty"`
		Version   int    `json:"version,omitempty"`
	}
	groups := append([]seating.CostGroup{{Sums: c.Total}}, c.By(dim)...)
	whole := true
	return list(a, how, groups, []string{strings.ToUpper(string(dim)), "NAME", "CLASSES", "ENROLLED", "ATTENDED", "COMPLETED", "PLANNED", "COMMITTED", "USED",
		"LEFT"},
		func(g seating.CostGroup) line {
			l := line{Pilot: c.Pilot.Code, By: string(dim), Key: g.Key, Name: g.Name, Classes: g.Classes, Enrolled: g.Enrolled, Attended: g.Attended,
				Completed: g.Completed, Planned: int64(g.Planned), Committed: int64(g.Committed), Used: int64(g.Used)}
			if whole {
				whole, l.By, l.Version, l.Total = false, "", c.Budget.Version, int64(c.Budget.Total)
				if left := int64(c.Left()); l.Total != 0 {
					l.Left = &left
				}
			}
			return l
		},
		func(l line) []string {
			left := ""
			if l.Left != nil {
				left = models.Rupiah(*l.Left).String()
			}
			return []string{l.Key, l.Name, strconv.Itoa(l.Classes), strconv.Itoa(l.Enrolled), strconv.Itoa(l.Attended), strconv.Itoa(l.Completed),
				models.Rupiah(l.Planned).String(), models.Rupiah(l.Committed).String(), models.Rupiah(l.Used).String(), left}
		})
}
