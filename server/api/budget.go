package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/server/account"
	"buktihadir/server/seating"
)

// Budget is a pilot's budget with its planned costs.
type Budget struct {
	Pilot     uuid.UUID   `json:"pilot"`
	Version   int         `json:"version" doc:"Of the budget; 0: there is none"`
	ValidFrom string      `json:"valid_from,omitempty" format:"date" doc:"Of the newest rates"`
	Total     int64       `json:"total" doc:"In rupiah; 0: no limit"`
	WarnAt    int         `json:"warn_at" doc:"Percent of the total from which people are warned"`
	Refuse    bool        `json:"refuse" doc:"New places past the total are refused"`
	Level     string      `json:"level" enum:"fine,near,over"`
	Left      int64       `json:"left" doc:"Total less planned; below 0 it is missing"`
	Costs     Costs       `json:"costs"`
	By        string      `json:"by" enum:"province,provider,mode,wave,class"`
	Parts     []CostsPart `json:"parts" nullable:"false" doc:"They sum to costs"`
}

// Costs is what some classes come to, in rupiah.
type Costs struct {
	Classes   int   `json:"classes"`
	Enrolled  int   `json:"enrolled" doc:"Participants with a place"`
	Attended  int   `json:"attended" doc:"Of them, those who came at least once"`
	Completed int   `json:"completed" doc:"Of them, those who completed the class"`
	Planned   int64 `json:"planned" doc:"Everybody with a place, as if all completed"`
	Committed int64 `json:"committed" doc:"Classes that have begun"`
	Used      int64 `json:"used" doc:"Of those: the class, fee and travel of who came, the incentive of who completed"`
}

// CostsPart is one key of the dimension that the costs are grouped by.
type CostsPart struct {
	Key   string `json:"key" doc:"Code of a province, identifier of a provider or class, mode, number of a wave; empty: the classes themselves, by wave"`
	Name  string `json:"name,omitempty" doc:"Of a provider; the code of a class"`
	Costs Costs  `json:"costs"`
}

type budgetQuery struct {
	ByID
	By    string `query:"by" enum:"province,provider,mode,wave,class" default:"province"`
	Seats bool   `query:"seats" doc:"Count empty seats as planned too"`
}

func (a *API) budgetOperations() {
	add(a, op{id: "get-budget", method: http.MethodGet, path: "/pilots/{id}/budget", tag: "Plan", asks: account.ReadBudgets,
		summary: "A pilot's budget, planned and used", details: "The same figures as on the pilot's page. Sums are whole rupiah."}, a.budget)
}

func (a *API) budget(ctx context.Context, in *budgetQuery) (*single[Budget], error) {
	c, err := seating.CostsOf(a.Store.Read(ctx), in.ID, a.Now(), in.Seats)
	if err != nil {
		return nil, err
	}
	b := c.Budget
	out := Budget{Pilot: in.ID, Version: b.Version, ValidFrom: string(b.ValidFrom), Total: int64(b.Total), WarnAt: b.WarnAt, Refuse: b.Refuse,
		Level: c.Level().String(), Left: int64(c.Left()), Costs: costsOf(c.Total), By: in.By, Parts: []CostsPart{}}
	for _, g := range c.By(models.Dimension(in.By)) {
		out.Parts = append(out.Parts, CostsPart{g.Key, g.Name, costsOf(g.Sums)})
	}
	return &single[Budget]{out}, nil
}

func costsOf(s budget.Sums) Costs {
	return Costs{s.Classes, s.Enrolled, s.Attended, s.Completed, int64(s.Planned), int64(s.Committed), int64(s.Used)}
}
