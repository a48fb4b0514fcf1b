package attendance

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// These are the measures that figures are made of.
type (
	counts     = figures.Counts
	figureLine = figures.Line
)

// figureLines are the figures of a dimension, within the scope.
func (p *Pages) figureLines(c *gin.Context, dim models.Dimension) ([]figureLine, error) {
	return figures.Lines(p.Store.Read(c.Request.Context()), page.VisitorOf(c).Scope.Provider(), dim)
}

type figuresView struct {
	By, Sort string
	Dims     []page.Tab
	Lines    []figureLine
	Columns  []page.Tab
	Pages    templates.Pagination
	Send     string // where one asks to be sent this regularly; empty: nowhere
}

// FiguresPage shows attendance by province, provider or another dimension.
func (p *Pages) FiguresPage(c *gin.Context) {
	by, sort := models.Dimension(c.DefaultQuery("by", string(models.ByProvince))), c.Query("sort")
	if !slices.Contains(models.Dimensions(), by) {
		by = models.ByProvince
	}
	lines, err := p.figureLines(c, by)
	if err != nil {
		p.Fail(c, err)
		return
	}
	if order, ok := figures.Orders()[sort]; ok {
		slices.SortStableFunc(lines, order)
	}
	view := figuresView{By: string(by), Sort: sort, Send: p.SendHref(c)}
	for _, d := range models.Dimensions() {
		if d == models.ByProvider && page.VisitorOf(c).Scope.Provider() != nil {
			continue
		}
		view.Dims = append(view.Dims, page.Tab{Text: templates.Say("figures.by_" + string(d)), Href: "/figures?by=" + string(d), Now: d == by})
	}
	for _, k := range []string{"", "share", "absent", "late", "by_hand", "flagged"} {
		q := url.Values{"by": {string(by)}}
		if k != "" {
			q.Set("sort", k)
		}
		view.Columns = append(view.Columns, page.Tab{Text: templates.Say("figures.sort_" + cmp.Or(k, "name")), Href: "/figures?" + q.Encode(), Now: k == sort})
	}
	slice := page.SliceOf(c)
	from := min(slice.Offset, len(lines))
	view.Lines = lines[from:min(from+slice.Limit, len(lines))]
	view.Pages = page.Paging(c, slice, len(view.Lines), int64(len(lines)))
	page.Show(p.Kit, c, "attendance/figures", p.Frame(c, templates.Say("figures.title")), view)
}

type visitsView struct {
	Form   *page.Form
	Of     templates.Text // the dimension
	Key    templates.Text
	Label  string
	What   []templates.Option
	Visits []store.VisitEntry
	Pages  templates.Pagination
	Files  []page.Tab // the same list as a file
	Send   string
	Choose *correctForm
}

// visitFilter is the filter in the address, within the visitor's scope.
func visitFilter(c *gin.Context, query url.Values) store.VisitFilter {
	f := store.VisitFilter{Provider: page.VisitorOf(c).Scope.Provider(), Dim: models.Dimension(query.Get("by")), Key: query.Get("key"),
		Measure: models.Measure(query.Get("what"))}
	f.From, _ = models.ParseLocalDate(query.Get("from")) // a text that is not a date does not narrow the list
	f.To, _ = models.ParseLocalDate(query.Get("to"))
	return f
}

// VisitsPage lists the attendances behind a figure. The address has its filter.
func (p *Pages) VisitsPage(c *gin.Context) { p.showVisits(c, c.Request.URL.Query(), nil) }

func (p *Pages) showVisits(c *gin.Context, query url.Values, form *page.Form) {
	f, slice := visitFilter(c, query), page.SliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListVisits(f, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := visitsView{
		Form: page.Filled("by", string(f.Dim), "key", f.Key, "what", string(f.Measure), "from", string(f.From), "to", string(f.To)),
		Send: p.SendHref(c), What: measureOptions(), Visits: list.Rows, Pages: page.Paging(c, slice, len(list.Rows), list.Total),
	}
	if page.VisitorOf(c).May(account.CorrectAttendance) {
		view.Choose = newCorrectForm("/attendance", form, list.Total)
		view.Choose.Listed, view.Choose.Filter = true, query.Encode()
	}
	if page.VisitorOf(c).May(account.ExportAttendance) {
		for _, format := range append(report.Formats(), report.PDF) {
			q := maps.Clone(query)
			q.Del("lang")
			view.Files = append(view.Files, page.Tab{Text: templates.Say("report." + string(format)), Href: "/attendance/" + string(format) + "?" + q.Encode()})
		}
	}
	if view.Of, view.Key, view.Label, err = p.nameKey(c, f.Dim, f.Key); err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "attendance/attendance", p.Frame(c, templates.Say("visits.title")), view)
}

// nameKey names a key of a dimension that has figures; of a few provinces it names all.
func (p *Pages) nameKey(c *gin.Context, dim models.Dimension, key string) (of, name templates.Text, label string, err error) {
	if !slices.Contains(models.Dimensions(), dim) {
		return of, name, "", nil
	}
	lines, err := p.figureLines(c, dim)
	var labels []string
	for _, l := range lines {
		if l.Key == key || dim == models.ByProvince && slices.Contains(strings.Split(key, ","), l.Key) {
			name, labels = l.Name, append(labels, l.Label)
		}
	}
	return templates.Say("figures.by_" + string(dim)), name, strings.Join(labels, ", "), err
}

func measureOptions() []templates.Option {
	out := []templates.Option{{Value: "", Text: templates.Say("visits.any")}, {Value: figures.AttendedStatuses, Text: templates.Say("figures.attended")}}
	for _, s := range models.AttendanceStatuses() {
		if s != models.StatusPending && s != models.StatusInside && s != models.StatusNotEnrolled {
			out = append(out, templates.Option{Value: string(s), Text: templates.Say("status." + string(s))})
		}
	}
	return append(out, templates.Option{Value: string(models.MeasureProvisional), Text: templates.Say("figures.provisional")},
		templates.Option{Value: string(models.MeasureManual), Text: templates.Say("figures.by_hand")},
		templates.Option{Value: string(models.MeasureFlagged), Text: templates.Say("figures.flagged")})
}
