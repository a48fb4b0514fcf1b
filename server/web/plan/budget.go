package plan

import (
	"cmp"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/budget"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/report"
	"buktihadir/server/seating"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// costsView is what the budget's pages have in common: which figures, and where
// each of them leads.
type costsView struct {
	seating.Costs
	Level budget.Level
	By    models.Dimension
	Seats bool // empty seats count as planned
	Files []page.Tab
}

// Link is the address of the classes behind a figure.
func (v costsView) Link(dim models.Dimension, key, figure string) string {
	q := v.query()
	if dim != "" {
		q.Set("by", string(dim))
		q.Set("key", key)
	}
	if figure != "" {
		q.Set("what", figure)
	}
	return page.BudgetHref(v.Pilot.ID) + "/classes?" + q.Encode()
}

func (v costsView) query() url.Values {
	q := url.Values{}
	if v.Seats {
		q.Set("seats", "1")
	}
	return q
}

// Share is a part of the budget.
func (v costsView) Share(sum models.Rupiah) float64 {
	if v.Budget.Total == 0 {
		return 0
	}
	return float64(sum) / float64(v.Budget.Total)
}

// costsOf reads the costs that the address asks for.
func (p *Pages) costsOf(c *gin.Context) (costsView, error) {
	id, err := page.IDParam(c)
	if err != nil {
		return costsView{}, err
	}
	v := costsView{By: models.Dimension(c.Query("by")), Seats: c.Query("seats") == "1"}
	v.Costs, err = seating.CostsOf(p.Store.Read(c.Request.Context()), id, p.Now(), v.Seats)
	v.Level = v.Costs.Level()
	for _, format := range report.Formats() {
		q := c.Request.URL.Query()
		q.Del("lang")
		q.Del("page")
		v.Files = append(v.Files, page.Tab{Text: templates.Say("report." + string(format)), Href: page.BudgetHref(id) + "/file/" + string(format) + "?" + q.Encode()})
	}
	return v, err
}

func costFilter(c *gin.Context) seating.CostFilter {
	f := seating.CostFilter{Dim: models.Dimension(c.Query("by")), Key: c.Query("key"), Figure: c.Query("what")}
	if !slices.Contains(seating.CostDimensions(), f.Dim) || !c.Request.URL.Query().Has("key") {
		f.Dim = ""
	}
	return f
}

type costGroup struct {
	seating.CostGroup
	Label  string
	Links  [3]string // of the classes behind what is planned, committed, used
	People string    // and of all of them
}

type budgetView struct {
	costsView
	Dims    []page.Tab
	Groups  []costGroup
	Toggle  page.Tab // with empty seats, or without
	Modes   []models.Mode
	Region  []provinceRate
	Form    budgetForm
	Mistake string
	May     bool
}

type provinceRate struct {
	Name    string
	Percent int
}

// Rate is the budget's rate of a mode.
func (v budgetView) Rate(m models.Mode) models.Rate { return v.Budget.Rates.Of(m) }

// BudgetPage shows the budget of a pilot.
func (p *Pages) BudgetPage(c *gin.Context) { p.showBudget(c, nil) }

// showBudget shows a pilot's budget, with its form if that was refused.
func (p *Pages) showBudget(c *gin.Context, refused *page.Form) {
	v, err := p.costsOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	if !slices.Contains(seating.CostDimensions(), v.By) {
		v.By = models.ByProvince
	}
	view := budgetView{costsView: v, Modes: []models.Mode{
		models.ModeOnsite, models.ModeBlended, models.ModeOnline}, May: page.VisitorOf(c).May(account.ManagePilots)}
	for _, g := range v.Costs.By(v.By) {
		line := costGroup{CostGroup: g, Label: p.keyName(c, v.By, g), People: v.Link(v.By, g.Key, "")}
		for i, figure := range []string{"planned", "committed", "used"} {
			line.Links[i] = v.Link(v.By, g.Key, figure)
		}
		view.Groups = append(view.Groups, line)
	}
	slices.SortStableFunc(view.Groups, func(a, b costGroup) int {
		if v.By == models.ByWave {
			return 0 // by number
		}
		return cmp.Compare(a.Label, b.Label)
	})
	at := func(dim models.Dimension, q url.Values) string {
		q.Set("by", string(dim))
		return page.BudgetHref(v.Pilot.ID) + "?" + q.Encode()
	}
	for _, d := range seating.CostDimensions() {
		view.Dims = append(view.Dims, page.Tab{Text: templates.Say("figures.by_" + string(d)), Href: at(d, v.query()), Now: d == v.By})
	}
	other := v
	other.Seats = !v.Seats
	view.Toggle = page.Tab{Text: templates.Say("budget.with_seats"), Href: at(v.By, other.query()), Now: v.Seats}
	for _, code := range slices.Sorted(maps.Keys(v.Budget.Rates.Provinces)) {
		view.Region = append(view.Region, provinceRate{page.ProvinceNameOf(code), v.Budget.Rates.Provinces[code]})
	}
	view.Form = newBudgetForm(v.Budget, refused)
	f := p.Frame(c, templates.Say("budget.of", "Name", v.Pilot.Name))
	f.Crumbs = append(page.Crumbs("/pilots", "pilots.title"), templates.Crumb{Href: page.PilotHref(v.Pilot.ID), Name: v.Pilot.Code})
	page.Show(p.Kit, c, "plan/budget", f, view)
}

// keyName names a key of a dimension in the visitor's language.
func (p *Pages) keyName(c *gin.Context, dim models.Dimension, g seating.CostGroup) string {
	say := func(key string, args ...any) string {
		return p.Set.Texts.T(templates.ChooseLang(c.Writer, c.Request), key, args...)
	}
	switch {
	case dim == models.ByProvince:
		return page.ProvinceNameOf(g.Key)
	case dim == models.ByMode:
		return say("mode." + g.Key)
	case dim == models.ByWave && g.Key == "":
		return say("budget.classes_themselves")
	case dim == models.ByWave && g.Key == "0":
		return say("budget.no_wave")
	case dim == models.ByWave:
		return say("figures.wave", "Number", g.Key)
	}
	return g.Name
}

type costsListView struct {
	costsView
	Of     templates.Text // the dimension
	Name   string         // of its key
	Figure string
	Lines  []seating.CostLine
	Sum    budget.Sums
	Page   templates.Pagination
}

// Sums is what the list's lines come to.
func (v costsListView) Sums() budget.Sums { return v.Sum }

// CostsPage lists the classes behind a figure. The address has its filter.
func (p *Pages) CostsPage(c *gin.Context) {
	v, err := p.costsOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, slice := costFilter(c), page.SliceOf(c)
	lines, sum := v.Classes(f)
	from := min(slice.Offset, len(lines))
	view := costsListView{costsView: v, Figure: f.Figure, Sum: sum, Lines: lines[from:min(from+slice.Limit, len(lines))]}
	if f.Dim != "" {
		view.Of, view.Name = templates.Say("figures.by_"+string(f.Dim)), f.Key
		for _, g := range v.Costs.By(f.Dim) {
			if g.Key == f.Key {
				view.Name = p.keyName(c, f.Dim, g)
			}
		}
	}
	view.Page = page.Paging(c, slice, len(view.Lines), int64(len(lines)))
	frame := p.Frame(c, templates.Say("budget.classes"))
	frame.Crumbs = append(page.Crumbs("/pilots", "pilots.title"), templates.Crumb{Href: page.PilotHref(v.Pilot.ID), Name: v.Pilot.Code},
		templates.Crumb{Href: page.BudgetHref(v.Pilot.ID), Text: templates.Say("budget.title")})
	page.Show(p.Kit, c, "plan/budget-classes", frame, view)
}

// CostsFile gives what the list shows, all of it, as a file.
func (p *Pages) CostsFile(c *gin.Context) {
	format := report.Format(c.Param("format"))
	v, err := p.costsOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.AsFile(c, "anggaran", format, func(file *os.File) error {
		lines, _ := v.Classes(costFilter(c))
		if err := p.writeCosts(c, format, file, lines); err != nil {
			return err
		}
		detail := c.Request.URL.RawQuery + " · " + strconv.Itoa(len(lines))
		return page.VisitorOf(c).Actor().Log(c.Request.Context(), p.Store, office.Done{Action: "budget.export", Entity: "budget", ID: v.Pilot.ID.String(),
			Detail: detail})
	})
}

func (p *Pages) writeCosts(c *gin.Context, format report.Format, file *os.File, lines []seating.CostLine) error {
	say := func(key string) string {
		return p.Set.Texts.T(templates.ChooseLang(c.Writer, c.Request), key)
	}
	word := say
	if format == report.JSON {
		word = func(key string) string { return key[len("mode."):] } // for programs
	}
	var columns []report.Column
	for _, col := range []struct {
		name, key string
		width     float64
	}{
		{"class", "session.class", 20}, {"course", "budget.course", 30}, {"provider", "class.provider", 30}, {"province", "budget.province_code", 10},
		{"mode", "budget.mode", 14},
		{"first_day", "budget.first_day", 12}, {"enrolled", "budget.enrolled", 10}, {"attended", "budget.attended", 10}, {"completed", "budget.completed", 10},
		{"planned", "budget.planned", 18}, {"committed", "budget.committed", 18}, {"used", "budget.used", 18},
	} {
		columns = append(columns, report.Column{Name: col.name, Title: say(col.key), Width: col.width})
	}
	t, err := report.New(format, file, columns)
	if err != nil {
		return err
	}
	for _, l := range lines {
		err := t.Row(report.Text(l.ClassCode), report.Text(l.CourseTitle), report.Text(l.ProviderName), report.Text(l.Province),
			report.Text(word("mode."+string(l.Mode))),
			report.Text(string(l.Day)), report.Number(int64(l.Enrolled)), report.Number(int64(l.Attended)), report.Number(int64(l.Completed)),
			report.Number(int64(l.Planned)), report.Number(int64(l.Committed)), report.Number(int64(l.Used)))
		if err != nil {
			return err
		}
	}
	return t.Close()
}
