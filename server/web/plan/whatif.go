package plan

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/server/account"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// defaultClassSize is the size of a class in the reckoning if none is planned yet.
const defaultClassSize = 40

// whatIfView compares a plan that might be with the one that is. All of it stands
// in the address.
type whatIfView struct {
	Pilot     models.Pilot
	Form      *page.Form
	Rates     []rateFields
	Asked     budget.Scenario
	Lines     []whatIfLine
	Now, Then budget.Outcome // of today's plan, and of what is asked
	NowTotal  models.Rupiah  // 0: no limit
	NowLeft   models.Rupiah
	ThenLeft  models.Rupiah
	Enrolled  int
	NowFree   int // of the quota
	ThenFree  int
	Largest   int // onsite share that the money pays for
	Payable   bool
	LargeHref string
	Short     []provinceLine // provinces with more people than the quota asked
	Beyond    bool           // the provinces' quotas are more than the whole
	Quota     string         // for the form that makes it real
	Provinces string
	May       bool
	Apply     bool // nothing is wrong with what was asked
}

// whatIfLine is one mode, today and then.
type whatIfLine struct {
	Mode      models.Mode
	Now, Then budget.ModePart
}

// WhatIfPage shows what other rates would make of the costs of a pilot.
func (p *Pages) WhatIfPage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q := p.Store.Read(c.Request.Context())
	costs, err := seating.CostsOf(q, id, p.Now(), false)
	if err != nil {
		p.Fail(c, err)
		return
	}
	used, provinces, err := q.PilotUse(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := whatIfView{Pilot: costs.Pilot, Enrolled: used, May: page.VisitorOf(c).May(account.ManagePilots)}
	view.today(costs)
	view.Form = whatIfForm(costs, used, provinces)
	if c.Request.URL.Query().Has("onsite") {
		view.Form = &page.Form{Values: c.Request.URL.Query()}
	}
	quota, shares := view.ask(costs.Budget)
	view.Rates = ratesOf(view.Form)
	if view.Apply = view.Form.Ok(); view.Apply {
		view.reckon(c.Request.URL.Path, quota, shares, provinces)
	}
	f := p.Frame(c, templates.Say("whatif.of", "Name", costs.Pilot.Name))
	f.Crumbs = append(page.Crumbs("/pilots", "pilots.title"), templates.Crumb{Href: page.PilotHref(id), Name: costs.Pilot.Code},
		templates.Crumb{Href: page.BudgetHref(id), Text: templates.Say("budget.title")})
	if !view.Apply {
		c.Status(http.StatusUnprocessableEntity)
	}
	page.Show(p.Kit, c, "plan/what-if", f, view)
}

// today is the plan that is, in the words of one that might be.
func (v *whatIfView) today(costs seating.Costs) {
	parts := map[models.Mode]*budget.ModePart{models.ModeOnsite: &v.Now.Onsite, models.ModeBlended: &v.Now.Blended, models.ModeOnline: &v.Now.Online}
	for _, g := range costs.By(models.ByMode) {
		if part := parts[models.Mode(g.Key)]; part != nil {
			*part = budget.ModePart{People: g.Enrolled, Classes: g.Classes, Cost: g.Planned - g.Incentives}
		}
	}
	v.Now.People, v.Now.Classes, v.Now.Cost = costs.Total.Enrolled, costs.Total.Classes, costs.Total.Planned
	v.Now.Incentives, v.NowTotal = costs.Total.Incentives, costs.Budget.Total
	v.Now.Completed, v.NowLeft, v.NowFree = costs.Total.Completed, costs.Left(), costs.Pilot.Quota-v.Enrolled
}

// whatIfForm begins with the plan and the budget as they are.
func whatIfForm(costs seating.Costs, enrolled int, provinces []store.ProvinceUse) *page.Form {
	f := budgetValues(costs.Budget)
	quota := costs.Pilot.Quota
	var lines []provinceLine
	for _, use := range provinces {
		lines = append(lines, provinceLine{use, page.ProvinceNameOf(use.Province)})
	}
	if quota == 0 {
		quota = enrolled
	}
	share, size := 100, defaultClassSize
	var seats, classes int
	for _, l := range costs.Lines {
		if l.Class {
			seats, classes = seats+l.Capacity, classes+1
		}
	}
	if classes > 0 {
		size = max(1, seats/classes)
	}
	blended := 0
	for _, g := range costs.By(models.ByMode) {
		if costs.Total.Enrolled == 0 {
			break
		}
		switch models.Mode(g.Key) {
		case models.ModeOnsite:
			share = g.Enrolled * 100 / costs.Total.Enrolled
		case models.ModeBlended:
			blended = g.Enrolled * 100 / costs.Total.Enrolled
		case models.ModeOnline:
		}
	}
	for name, n := range map[string]int{"quota": quota, "onsite": share, "blended": blended, "size": size, "completion": 100} {
		f.Values.Set(name, strconv.Itoa(n))
	}
	f.Values.Set("shares", quotaForm(costs.Pilot, lines).Value("provinces"))
	return f
}

// ask reads the scenario in the address.
func (v *whatIfView) ask(b models.Budget) (quota int, provinces []models.PilotProvince) {
	f := v.Form
	number := func(name string, least, most int) int {
		n := wholeOrNone(f, name, f.Trimmed(name))
		if n < least || n > most {
			f.Refuse(name, "whatif.between", "Least", least, "Most", most)
		}
		return n
	}
	amountsOf(f, &b)
	quota = number("quota", 0, models.MostInBudget)
	var shares []budget.Region
	sum := 0
	for code, own := range provinceLines(f, "shares") {
		n := wholeOrNone(f, "shares", own)
		sum += min(n, models.MostInBudget+1)
		provinces = append(provinces, models.PilotProvince{Province: code, Quota: n})
		shares = append(shares, budget.Region{Province: code, Quota: n})
	}
	if sum > models.MostInBudget {
		f.Refuse("shares", "whatif.between", "Least", 0, "Most", models.MostInBudget)
	}
	v.Beyond = quota > 0 && sum > quota
	v.Asked = budget.Scenario{Total: b.Total, Rates: b.Rates, Regions: budget.Spread(quota, shares), Onsite: number("onsite", 0, 100),
		Blended:   number("blended", 0, 100),
		ClassSize: number("size", 1, 1000), Completion: number("completion", 0, 100)}
	if v.Asked.Onsite+v.Asked.Blended > 100 {
		f.Refuse("blended", "whatif.over_all")
	}
	return quota, provinces
}

// reckon puts the scenario beside the present plan.
func (v *whatIfView) reckon(path string, quota int, shares []models.PilotProvince, uses []store.ProvinceUse) {
	v.Then = v.Asked.Outcome()
	v.ThenLeft, v.ThenFree = v.Then.Left(v.Asked.Total), v.Then.People-v.Enrolled
	v.Lines = []whatIfLine{{models.ModeOnsite, v.Now.Onsite, v.Then.Onsite}, {models.ModeBlended, v.Now.Blended, v.Then.Blended},
		{models.ModeOnline, v.Now.Online, v.Then.Online}}
	v.Largest, v.Payable = v.Asked.LargestOnsite()
	at := url.Values{}
	for name, values := range v.Form.Values {
		if name != "lang" {
			at[name] = values
		}
	}
	at.Set("onsite", strconv.Itoa(v.Largest))
	v.LargeHref = path + "?" + at.Encode() + "#outcome"
	asked := map[string]int{}
	for _, s := range shares {
		asked[s.Province] = s.Quota
	}
	for _, use := range uses {
		if n, ok := asked[use.Province]; ok && n > 0 && use.Used > n {
			v.Short = append(v.Short, provinceLine{store.ProvinceUse{Province: use.Province, Quota: n, Used: use.Used}, page.ProvinceNameOf(use.Province)})
		}
	}
	v.Quota, v.Provinces = strconv.Itoa(quota), v.Form.Value("shares")
}
