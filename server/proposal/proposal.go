package proposal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/proposal/autoplan"
	"buktihadir/server/store"
)

// The states of a proposal. Planning and accepting go on by themselves, also
// after a restart.
const (
	ProposalPlanning  = "planning"
	ProposalReady     = "ready"
	ProposalAccepting = "accepting"
	ProposalFailed    = "failed"
)

// PlanSummary is what a proposal costs.
type PlanSummary struct {
	People, Classes int
	autoplan.Cost
	Bound   int64
	LeftOut []LeftOut
	Failure *office.Problem // why the proposal failed
}

// LeftOut is how many of a regency have no place, and why.
type LeftOut struct {
	Regency string
	People  int
	Why     autoplan.Why
}

// Gap is how far, as a share of the cost, the plan may be from the best one.
func (s PlanSummary) Gap() float64 {
	if s.Total == 0 {
		return 0
	}
	return float64(s.Total-s.Bound) / float64(s.Total)
}

// Propose proposes classes for people without a place in a pilot, and stores the
// proposal. The plan does not change before Accept.
func (p *Service) Propose(ctx context.Context, by office.Actor, pilot uuid.UUID, r PlanRequest, progress office.Progress) (models.AutoPlan, error) {
	row, err := p.begin(ctx, by, pilot, r)
	if err != nil {
		return row, err
	}
	return p.propose(ctx, row, progress)
}

// begin checks a request and keeps it.
func (p *Service) begin(ctx context.Context, by office.Actor, pilot uuid.UUID, r PlanRequest) (models.AutoPlan, error) {
	row := models.AutoPlan{PilotID: pilot, State: ProposalPlanning, Summary: "{}", ActorID: by.ID}
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		of, err := tx.Pilot(pilot)
		if err != nil {
			return err
		}
		if err := r.check(of, models.ZoneWIT.Date(tx.Now())); err != nil {
			return err
		}
		for _, id := range r.Courses {
			if _, err := tx.Course(id); err != nil {
				return err
			}
		}
		request, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("request: %w", err)
		}
		row.Request = string(request)
		if row.ID, err = store.NewID(); err != nil {
			return err
		}
		if err := tx.SaveAutoPlan(row); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "autoplan.propose", Entity: "autoplan", ID: row.ID.String(), Detail: of.Code})
	})
	return row, err
}

// propose solves what was asked, and keeps the answer.
func (p *Service) propose(ctx context.Context, row models.AutoPlan, progress office.Progress) (models.AutoPlan, error) {
	var r PlanRequest
	if err := json.Unmarshal([]byte(row.Request), &r); err != nil {
		return row, fmt.Errorf("request of proposal %s: %w", row.ID, err)
	}
	pilot, err := p.st.Read(ctx).Pilot(row.PilotID)
	if err != nil {
		return row, err
	}
	q, err := ask(ctx, p.st, pilot, r)
	if err != nil {
		return row, err
	}
	plan, err := autoplan.Solve(ctx, q.Problem, func(spent, all int64) {
		if progress != nil {
			progress(int(100*spent/all), 100)
		}
	})
	if err != nil {
		return row, fmt.Errorf("solve: %w", err)
	}
	summary := PlanSummary{Classes: len(plan.Classes), Cost: plan.Cost, Bound: plan.Bound, LeftOut: q.leftOut(plan)}
	for _, g := range q.Groups {
		summary.People += g.People
	}
	text, err := json.Marshal(summary)
	if err != nil {
		return row, fmt.Errorf("summary: %w", err)
	}
	row.State, row.Summary = ProposalReady, string(text)
	return row, p.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveProposedClasses(q.proposed(row.ID, plan)); err != nil {
			return err
		}
		return tx.SaveAutoPlan(row)
	})
}

// proposed names the people and places of a plan's classes.
func (q question) proposed(plan uuid.UUID, of autoplan.Plan) []models.ProposedClass {
	next := make([]int, len(q.people))
	var rows []models.ProposedClass
	for i, c := range of.Classes {
		row := models.ProposedClass{PlanID: plan, Seq: i + 1, SiteID: q.sites[c.Site].ID, CourseID: q.courses[c.Course].ID,
			Seats: c.Seats, Count: c.People, Travel: c.Travel, State: models.Proposed,
			StartsAt: c.Meetings[0].From, EndsAt: c.Meetings[len(c.Meetings)-1].To}
		for _, m := range c.Meetings {
			row.Meetings = append(row.Meetings, [2]models.Millis{m.From, m.To})
		}
		for _, part := range c.Parts {
			from := next[part.Group]
			next[part.Group] += part.People
			row.People = append(row.People, q.people[part.Group][from:next[part.Group]]...)
		}
		rows = append(rows, row)
	}
	return rows
}

// leftOut sums up by regency and reason who has no place, most people first.
func (q question) leftOut(plan autoplan.Plan) []LeftOut {
	var list []LeftOut
	for _, u := range plan.Unplaced {
		regency := q.Groups[u.Group].Regency
		i := slices.IndexFunc(list, func(l LeftOut) bool { return l.Regency == regency && l.Why == u.Why })
		if i < 0 {
			i = len(list)
			list = append(list, LeftOut{Regency: regency, Why: u.Why})
		}
		list[i].People += u.People
	}
	slices.SortStableFunc(list, func(a, b LeftOut) int { return b.People - a.People })
	return list
}
