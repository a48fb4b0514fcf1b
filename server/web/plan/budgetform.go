package plan

import (
	"iter"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/seating"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// budgetForm is the form of a budget: with its numbers, or, when it was refused,
// with what was typed.
type budgetForm struct {
	*page.Form
	Refused bool
	Rates   []rateFields
}

// rateFields are the sums of one mode.
type rateFields struct {
	Mode   models.Mode
	Fields []templates.Field
}

func newBudgetForm(b models.Budget, refused *page.Form) budgetForm {
	f := budgetForm{Form: refused, Refused: refused != nil}
	if refused == nil {
		if b.Version == 0 {
			b = seating.NewBudget()
		}
		f.Form = budgetValues(b)
	}
	f.Rates = ratesOf(f.Form)
	return f
}

// budgetValues are a budget's numbers as budgetOf reads them.
func budgetValues(b models.Budget) *page.Form {
	f := page.Filled("warn_at", strconv.Itoa(b.WarnAt), "provinces", percentLines(b.Rates.Provinces))
	if b.Refuse {
		f.Values.Set("refuse", "1")
	}
	for _, a := range b.Amounts() {
		if *a.At > 0 {
			f.Values.Set(a.Name, a.At.String())
		}
	}
	return f
}

// ratesOf are the inputs of the rates, mode by mode.
func ratesOf(f *page.Form) (list []rateFields) {
	for _, m := range []models.Mode{models.ModeOnsite, models.ModeBlended, models.ModeOnline} {
		r := rateFields{Mode: m}
		for _, what := range []string{"fee", "travel", "class"} {
			name := string(m) + "_" + what
			r.Fields = append(r.Fields, templates.Field{Name: name, Kind: "text", InputMode: "numeric", Label: templates.Say("budget.rate_" + what),
				Value: f.Value(name), Problem: f.Problem(name)})
		}
		list = append(list, r)
	}
	return list
}

// SetBudget adds a version of the budget of a pilot.
func (p *Pages) SetBudget(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	b := budgetOf(f, seating.NewBudget())
	b.ValidFrom, b.Refuse = models.LocalDate(f.Trimmed("valid_from")), f.Checked("refuse")
	if f.Ok() {
		err = p.Seating.SetBudget(c.Request.Context(), page.VisitorOf(c).Actor().Because(f.Value("reason")), id, b)
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "total", err, func() { p.showBudget(c, f) })
		return
	}
	p.Done(c, page.BudgetHref(id), "budget.saved")
}

// budgetOf reads a budget's sums and percentages; a fault is noted at its field.
func budgetOf(f *page.Form, b models.Budget) models.Budget {
	amountsOf(f, &b)
	b.WarnAt = wholeOrNone(f, "warn_at", f.Trimmed("warn_at"))
	b.Rates.Provinces = map[string]int{}
	for name, own := range provinceLines(f, "provinces") {
		b.Rates.Provinces[name] = wholeOrNone(f, "provinces", strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(own), "%")))
	}
	return b
}

// amountsOf reads a budget's sums.
func amountsOf(f *page.Form, b *models.Budget) {
	for _, a := range b.Amounts() {
		*a.At = 0
		if text := f.Trimmed(a.Name); text != "" {
			sum, err := models.ParseRupiah(text)
			if err != nil || sum > a.Most() {
				f.Refuse(a.Name, "budget.not_a_sum", "Most", a.Most().String())
			}
			*a.At = sum
		}
	}
}

// provinceLines reads provinces, one a line, each with its value after a colon.
func provinceLines(f *page.Form, field string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for line := range strings.Lines(f.Value(field)) {
			name, own, _ := strings.Cut(strings.TrimSpace(line), ":")
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			code, ok := provinceNamed(name)
			if !ok {
				f.Refuse(field, "pilot.no_province", "Name", name)
				continue
			}
			if !yield(code, strings.TrimSpace(own)) {
				return
			}
		}
	}
}

func percentLines(provinces map[string]int) string {
	text := ""
	for _, r := range region.Provinces() {
		if percent, ok := provinces[r.Code]; ok {
			text += r.Name + ": " + strconv.Itoa(percent) + " %\n"
		}
	}
	return text
}

// pilotBudget is what a pilot's own page shows of its budget.
type pilotBudget struct {
	seating.Standing
	Href, WhatIf string
}

func (p *Pages) pilotBudget(c *gin.Context, pilot uuid.UUID) (pilotBudget, error) {
	s, err := seating.StandingOf(p.Store.Read(c.Request.Context()), pilot)
	return pilotBudget{s, page.BudgetHref(pilot), page.PilotHref(pilot) + "/what-if"}, err
}
