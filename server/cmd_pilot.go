package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

// byCLI is who the history names.
func byCLI() office.Actor { return office.Program(actor) }

// found explains a code that nothing has.
func found[T any](a *app, row T, err error, what, code string) (T, error) {
	if errors.Is(err, store.ErrNotFound) {
		return row, errors.New(a.Say("cli.not_found", "What", what, "Code", code))
	}
	return row, err
}

type pilotCmd struct {
	Add     pilotAddCmd     `cmd:"" help:"Plan a pilot."`
	Decide  pilotDecideCmd  `cmd:"" help:"Record the committee's decision: the pilot is approved."`
	Correct pilotCorrectCmd `cmd:"" name:"correct-decision" help:"Correct the recorded decision, for a reason. What isn't given stays."`
	Phase   pilotPhaseCmd   `cmd:"" help:"Move a pilot to another phase."`
	Policy  pilotPolicyCmd  `cmd:"" help:"Show or change the attendance rules."`
	Budget  pilotBudgetCmd  `cmd:"" help:"Show what a pilot costs, or change its budget."`
	List    pilotListCmd    `cmd:"" help:"List the pilots."`
}

type pilotAddCmd struct {
	Code     string   `required:"" help:"Short code."`
	Name     string   `required:"" help:"Name."`
	Quota    int      `help:"Maximum number of participants; 0 for no limit."`
	Province []string `help:"Province that takes part: its code, or CODE:QUOTA. Can be repeated; none means all." placeholder:"CODE[:QUOTA]"`
	Policy   string   `help:"JSON file with the rules; anything left out keeps its default." type:"existingfile" placeholder:"FILE"`
	JSON     bool     `name:"json" help:"Print one JSON object."`
}

// Run plans a pilot.
func (c *pilotAddCmd) Run(a *app) error {
	pilot := models.Pilot{Code: c.Code, Name: c.Name, Quota: c.Quota, Policy: models.DefaultPolicy()}
	if c.Policy != "" {
		text, err := os.ReadFile(c.Policy)
		if err != nil {
			return fmt.Errorf("read policy: %w", err)
		}
		if err := json.Unmarshal(text, &pilot.Policy); err != nil {
			return fmt.Errorf("policy %s: %w", c.Policy, err)
		}
	}
	var provinces []models.PilotProvince
	for _, text := range c.Province {
		code, quota, _ := strings.Cut(text, ":")
		n, err := strconv.Atoi("0" + quota)
		if err != nil {
			return errors.New(a.Say("plan.bad_number"))
		}
		provinces = append(provinces, models.PilotProvince{Province: code, Quota: n})
	}
	st, err := a.Open()
	if err != nil {
		return err
	}
	if pilot, err = plan.New(st).AddPilot(a.ctx, byCLI(), pilot, provinces); err != nil {
		return err
	}
	return a.showPilots(form(c.JSON), pilot)
}

type pilotDecideCmd struct {
	Code     string `required:"" help:"The pilot's code."`
	Number   string `required:"" help:"Number of the decision."`
	Date     string `required:"" help:"Date of the decision, such as 2026-11-23." placeholder:"DATE"`
	FirstDay string `required:"" help:"The first day on which sessions may be held." placeholder:"DATE"`
	Document string `required:"" help:"File of the decision." type:"existingfile" placeholder:"FILE"`
	JSON     bool   `name:"json" help:"Print one JSON object."`
}

// Run records the decision.
func (c *pilotDecideCmd) Run(a *app) error {
	d, err := decisionOf(c.Number, c.Date, c.FirstDay, c.Document)
	if err != nil {
		return err
	}
	return a.changePilot(c.Code, form(c.JSON), func(p *plan.Service, id uuid.UUID) error { return p.Decide(a.ctx, byCLI(), id, d) })
}

type pilotCorrectCmd struct {
	Code     string `required:"" help:"The pilot's code."`
	Number   string `help:"Number of the decision."`
	Date     string `help:"Date of the decision." placeholder:"DATE"`
	FirstDay string `help:"The first day on which sessions may be held." placeholder:"DATE"`
	Document string `help:"File of the decision; the old one is kept too." type:"existingfile" placeholder:"FILE"`
	Reason   string `required:"" help:"Reason, kept in the history."`
	JSON     bool   `name:"json" help:"Print one JSON object."`
}

// Run corrects the recorded decision.
func (c *pilotCorrectCmd) Run(a *app) error {
	d, err := decisionOf(c.Number, c.Date, c.FirstDay, c.Document)
	if err != nil {
		return err
	}
	return a.changePilot(c.Code, form(c.JSON), func(p *plan.Service, id uuid.UUID) error { return p.CorrectDecision(a.ctx, byCLI(), id, d, c.Reason) })
}

// decisionOf is a decision with its file, if one is named.
func decisionOf(number, date, firstDay, file string) (plan.Decision, error) {
	d := plan.Decision{Number: number, Date: models.LocalDate(date), FirstDay: models.LocalDate(firstDay)}
	if file == "" {
		return d, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return d, fmt.Errorf("read document: %w", err)
	}
	d.FileName, d.FileContents, d.FileType = filepath.Base(file), content, http.DetectContentType(content)
	return d, nil
}

type pilotPhaseCmd struct {
	Code   string `required:"" help:"The pilot's code."`
	Phase  string `arg:"" enum:"preparing,awaiting_decision,approved,running,suspended,closed" help:"preparing, awaiting_decision, approved, running, suspended or closed."`
	Reason string `help:"Reason; required to suspend or close."`
	JSON   bool   `name:"json" help:"Print one JSON object."`
}

// Run moves a pilot on.
func (c *pilotPhaseCmd) Run(a *app) error {
	return a.changePilot(c.Code, form(c.JSON), func(p *plan.Service, id uuid.UUID) error {
		return p.SetPhase(a.ctx, byCLI(), id, models.Phase(c.Phase), c.Reason)
	})
}

type pilotPolicyCmd struct {
	Code   string            `required:"" help:"The pilot's code."`
	Set    map[string]string `help:"Rule to change: late_after=20, check_out=false, hours=require. Can be repeated." placeholder:"NAME=VALUE"`
	Reason string            `help:"Reason, kept in the history."`
	Agree  string            `help:"Agree to the results that the change changes and the tickets that it replaces: the code that the refusal names."`
}

// Run shows or changes a policy.
func (c *pilotPolicyCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	pilot, err := st.Read(a.ctx).PilotByCode(c.Code)
	if pilot, err = found(a, pilot, err, "pilot", c.Code); err != nil {
		return err
	}
	if len(c.Set) > 0 {
		policy := pilot.Policy
		for name, value := range c.Set {
			if !json.Valid([]byte(value)) { // a word
				value = strconv.Quote(value)
			}
			dec := json.NewDecoder(strings.NewReader(fmt.Sprintf("{%q: %s}", name, value)))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&policy); err != nil {
				return fmt.Errorf("policy: %s=%s: %w", name, value, err)
			}
		}
		if err := plan.New(st).SetPolicy(a.ctx, byCLI().Because(c.Reason).Agreeing(c.Agree), pilot.ID, policy); err != nil {
			return a.shifts(err)
		}
		if pilot, err = st.Read(a.ctx).PilotByCode(c.Code); err != nil {
			return err
		}
	}
	pilot.Policy.Hours = pilot.Policy.HoursRule()
	return a.JSON(pilot.Policy)
}

// shifts prints which results a change of a policy would change, and how to agree.
func (a *app) shifts(err error) error {
	w, ok := errors.AsType[*plan.WouldShift](err)
	if !ok {
		return err
	}
	rows := make([][]string, 0, len(w.First)+2)
	for _, s := range w.First {
		was, now := fmt.Sprintf("%s %d", s.Was.Status, s.Was.Minutes), fmt.Sprintf("%s %d", s.Now.Status, s.Now.Minutes)
		rows = append(rows, []string{s.Class, strconv.Itoa(s.Seq), s.Number, s.Name, was, now})
	}
	if w.Fixed > 0 {
		rows = append(rows, []string{"", "", "", "", "TICKETS", fmt.Sprintf("%d of %d to be renewed", w.Fixed, w.Held)})
	}
	rows = append(rows, []string{"", "", "", "", "--agree", w.Agreement})
	return errors.Join(a.Table([]string{"CLASS", "SESSION", "NUMBER", "NAME", "WAS", "BECOMES"}, rows), w)
}

type pilotListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

// Run lists pilots.
func (c *pilotListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	pilots, err := st.Read(a.ctx).Pilots()
	if err != nil {
		return err
	}
	return a.showPilots(form(c.JSON), pilots...)
}

func (a *app) changePilot(code string, how form, change func(*plan.Service, uuid.UUID) error) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	pilot, err := st.Read(a.ctx).PilotByCode(code)
	if pilot, err = found(a, pilot, err, "pilot", code); err != nil {
		return err
	}
	if err := change(plan.New(st), pilot.ID); err != nil {
		return err
	}
	if pilot, err = st.Read(a.ctx).Pilot(pilot.ID); err != nil {
		return err
	}
	return a.showPilots(how, pilot)
}

func (a *app) showPilots(how form, pilots ...models.Pilot) error {
	type line struct {
		Code     string           `json:"pilot"`
		Name     string           `json:"name"`
		Phase    models.Phase     `json:"phase"`
		Decision string           `json:"decision"`
		FirstDay models.LocalDate `json:"first_day"`
		Quota    int              `json:"quota"`
	}
	return list(a, how, pilots, []string{"PILOT", "NAME", "PHASE", "DECISION", "FIRST DAY", "QUOTA"},
		func(p models.Pilot) line { return line{p.Code, p.Name, p.Phase, p.DecisionNumber, p.FirstDay, p.Quota} },
		func(l line) []string {
			return []string{l.Code, l.Name, string(l.Phase), l.Decision, string(l.FirstDay), strconv.Itoa(l.Quota)}
		})
}

// form is how a listing is printed.
type form bool

const asJSON form = true

// list prints rows: one JSON object a line, or an aligned table.
func list[R, L any](a *app, how form, rows []R, head []string, line func(R) L, cells func(L) []string) error {
	var table [][]string
	for _, r := range rows {
		l := line(r)
		if how != asJSON {
			table = append(table, cells(l))
			continue
		}
		if err := a.JSON(l); err != nil {
			return err
		}
	}
	if how == asJSON {
		return nil
	}
	return a.Table(head, table)
}
