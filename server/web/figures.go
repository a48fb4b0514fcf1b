package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// counts are the figures of one key of a dimension.
type counts map[models.Measure]int64

func (n counts) of(statuses ...models.AttendanceStatus) (sum int64) {
	for _, s := range statuses {
		sum += n[models.Measure(s)]
	}
	return sum
}

// Attended is how often somebody was there.
func (n counts) Attended() int64 {
	return n.of(models.StatusPresent, models.StatusLate, models.StatusLeftEarly)
}

// Excused is how often somebody stayed away with leave.
func (n counts) Excused() int64 { return n.of(models.StatusExcused, models.StatusSick) }

// Absent is how often somebody was not there.
func (n counts) Absent() int64 { return n.of(models.StatusAbsent) }

// Late is how often somebody came late.
func (n counts) Late() int64 { return n.of(models.StatusLate) }

// ByHand is how many check-ins no ticket was read for.
func (n counts) ByHand() int64 { return n[models.MeasureByHand] }

// Flagged is how many attendances carry a flag.
func (n counts) Flagged() int64 { return n[models.MeasureFlagged] }

// All is how many attendances are known: whose session still runs is not in it.
func (n counts) All() (sum int64) {
	for _, s := range models.AttendanceStatuses() {
		if s != models.StatusPending {
			sum += n.of(s)
		}
	}
	return sum
}

func part(of, whole int64) float64 { return share(int(of), int(whole)) }

// Share is how many of all were there.
func (n counts) Share() float64 { return part(n.Attended(), n.All()) }

// HandShare is how many of those who were there no ticket was read for.
func (n counts) HandShare() float64 { return part(n.ByHand(), n.Attended()) }

// figureLine is a key of a dimension with its figures.
type figureLine struct {
	counts
	Dim   models.Dimension
	Key   string
	Name  templates.Text // empty: Label is no text of ours
	Label string
}

// Grade is its share in five steps, 0 to 4.
func (l figureLine) Grade() int { return levelOf(l.Share()) }

// List is the address of the attendances that a figure counts.
func (l figureLine) List(measure string) string {
	q := url.Values{"by": {string(l.Dim)}, "key": {l.Key}}
	if measure != "" {
		q.Set("what", measure)
	}
	return "/attendance?" + q.Encode()
}

const attendedStatuses = "present,late,left_early"

// figureLines are the figures of a dimension, named.
func (p *Pages) figureLines(c *gin.Context, dim models.Dimension) ([]figureLine, error) {
	q, scope := p.Store.Read(c.Request.Context()), visitorOf(c).scope.Provider()
	whose := uuid.Nil
	if scope != nil {
		whose = *scope
	}
	tallies, err := q.Tallies(whose, dim)
	if err != nil {
		return nil, err
	}
	names, err := q.Named(dim, scope)
	if err != nil {
		return nil, err
	}
	var lines []figureLine
	for key, n := range tallies {
		l := figureLine{counts: n, Dim: dim, Key: key, Label: names[key]}
		switch {
		case dim == models.ByWave:
			l.Name = templates.Say("figures.wave", "Number", key)
		case dim == models.BySex && key == "":
			l.Name = templates.Say("figures.sex_unknown")
		case dim == models.BySex:
			l.Name = templates.Say("sex." + key)
		case l.Label == "":
			l.Label = key
		}
		if l.All() > 0 {
			lines = append(lines, l)
		}
	}
	slices.SortFunc(lines, func(a, b figureLine) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Key, b.Key)) })
	return lines, nil
}

// orders are the columns by which figures can be sorted, the most striking first.
func orders() map[string]func(a, b figureLine) int {
	return map[string]func(a, b figureLine) int{
		"share":   func(a, b figureLine) int { return cmp.Compare(a.Share(), b.Share()) },
		"absent":  func(a, b figureLine) int { return cmp.Compare(b.Absent(), a.Absent()) },
		"late":    func(a, b figureLine) int { return cmp.Compare(b.Late(), a.Late()) },
		"by_hand": func(a, b figureLine) int { return cmp.Compare(b.HandShare(), a.HandShare()) },
		"flagged": func(a, b figureLine) int { return cmp.Compare(b.Flagged(), a.Flagged()) },
	}
}

type figuresView struct {
	By, Sort string
	Dims     []pageTab
	Lines    []figureLine
	Columns  []pageTab
	Pages    templates.Pagination
}

// pageTab is one of a few ways to look at a page.
type pageTab struct {
	Text templates.Text
	Href string
	Now  bool
}

func (p *Pages) figuresPage(c *gin.Context) {
	by, sort := models.Dimension(c.DefaultQuery("by", string(models.ByProvince))), c.Query("sort")
	if !slices.Contains(models.Dimensions(), by) {
		by = models.ByProvince
	}
	lines, err := p.figureLines(c, by)
	if err != nil {
		p.fail(c, err)
		return
	}
	if order, ok := orders()[sort]; ok {
		slices.SortStableFunc(lines, order)
	}
	view := figuresView{By: string(by), Sort: sort}
	for _, d := range models.Dimensions() {
		if d == models.ByProvider && visitorOf(c).scope.Provider() != nil {
			continue
		}
		view.Dims = append(view.Dims, pageTab{templates.Say("figures.by_" + string(d)), "/figures?by=" + string(d), d == by})
	}
	for _, k := range []string{"", "share", "absent", "late", "by_hand", "flagged"} {
		q := url.Values{"by": {string(by)}}
		if k != "" {
			q.Set("sort", k)
		}
		view.Columns = append(view.Columns, pageTab{templates.Say("figures.sort_" + cmp.Or(k, "name")), "/figures?" + q.Encode(), k == sort})
	}
	slice := sliceOf(c)
	from := min(slice.Offset, len(lines))
	view.Lines = lines[from:min(from+slice.Limit, len(lines))]
	view.Pages = pages(c, slice, len(view.Lines), int64(len(lines)))
	show(p, c, "figures", p.frame(c, templates.Say("figures.title")), view)
}

type visitsView struct {
	Form   *Form
	Of     templates.Text // the dimension
	Key    templates.Text
	Label  string
	What   []templates.Option
	Visits []store.VisitEntry
	Pages  templates.Pagination
	Files  []pageTab // the same list as a file
	Choose *correctForm
}

// visitFilter is what the address asks for, within the scope.
func visitFilter(c *gin.Context, query url.Values) store.VisitFilter {
	f := store.VisitFilter{Provider: visitorOf(c).scope.Provider(), Dim: models.Dimension(query.Get("by")), Key: query.Get("key"), Measure: models.Measure(query.Get("what"))}
	f.From, _ = models.ParseLocalDate(query.Get("from")) // what is no date narrows nothing
	f.To, _ = models.ParseLocalDate(query.Get("to"))
	return f
}

// visitsPage lists what a figure counts. Its filter stands in the address.
func (p *Pages) visitsPage(c *gin.Context) { p.showVisits(c, c.Request.URL.Query(), nil) }

func (p *Pages) showVisits(c *gin.Context, query url.Values, form *Form) {
	f, slice := visitFilter(c, query), sliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListVisits(f, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := visitsView{
		Form: filled("by", string(f.Dim), "key", f.Key, "what", string(f.Measure), "from", string(f.From), "to", string(f.To)),
		What: measureOptions(), Visits: list.Rows, Pages: pages(c, slice, len(list.Rows), list.Total),
	}
	if visitorOf(c).may(account.CorrectAttendance) {
		view.Choose = newCorrectForm("/attendance", form, list.Total)
		view.Choose.Listed, view.Choose.Filter = true, query.Encode()
	}
	if visitorOf(c).may(account.ExportAttendance) {
		for _, format := range report.Formats() {
			q := maps.Clone(query)
			q.Del("lang")
			view.Files = append(view.Files, pageTab{Text: templates.Say("report." + string(format)), Href: "/attendance/" + string(format) + "?" + q.Encode()})
		}
	}
	if slices.Contains(models.Dimensions(), f.Dim) {
		view.Of = templates.Say("figures.by_" + string(f.Dim))
		lines, err := p.figureLines(c, f.Dim)
		if err != nil {
			p.fail(c, err)
			return
		}
		if i := slices.IndexFunc(lines, func(l figureLine) bool { return l.Key == f.Key }); i >= 0 {
			view.Key, view.Label = lines[i].Name, lines[i].Label
		}
	}
	show(p, c, "attendance", p.frame(c, templates.Say("visits.title")), view)
}

func measureOptions() []templates.Option {
	out := []templates.Option{{Value: "", Text: templates.Say("visits.any")}, {Value: attendedStatuses, Text: templates.Say("figures.attended")}}
	for _, s := range models.AttendanceStatuses() {
		if s != models.StatusPending {
			out = append(out, templates.Option{Value: string(s), Text: templates.Say("status." + string(s))})
		}
	}
	return append(out, templates.Option{Value: string(models.MeasureByHand), Text: templates.Say("figures.by_hand")},
		templates.Option{Value: string(models.MeasureFlagged), Text: templates.Say("figures.flagged")})
}

// mapTile is a province on the map: a square about where it lies.
type mapTile struct {
	figureLine
	Code          string // two letters (ISO 3166-2:ID)
	X, Y          int
	Level         int // 0 to 4, by its share; -1 where nothing is known
	TextX         int
	CodeY, ShareY int
}

// tileSize is a square's side on the drawing.
const tileSize = 40

// levelOf grades a share of attendance.
func levelOf(share float64) int {
	for i, most := range []float64{.6, .7, .8, .9} {
		if share < most {
			return i
		}
	}
	return 4
}

// atlas says where each province's square lies: five rows from Aceh to Papua.
const atlas = `
AC SU .. KR .. .. .. KU .. GO SA MU .. .. ..
.. SB RI .. .. KB KT KI SR ST .. .. PD PB ..
.. BE JA BB .. .. KS .. SN SG .. MA .. PT PA
.. .. SS LA .. JK .. .. .. .. .. .. .. .. PE
.. .. .. .. BT JB JT JI BA NB NT .. .. .. PS
.. .. .. .. .. .. YO .. .. .. .. .. .. .. ..`

// mapColumns and mapRows are the atlas's size.
const mapColumns, mapRows = 15, 6

func mapOf(lines []figureLine, provinces map[string]string) []mapTile {
	byName := map[string]figureLine{}
	for _, l := range lines {
		byName[l.Key] = l
	}
	var tiles []mapTile
	for y, row := range strings.Split(strings.TrimSpace(atlas), "\n") {
		for x, code := range strings.Fields(row) {
			key, known := provinces[code]
			if code == ".." || !known {
				continue
			}
			t := mapTile{figureLine: byName[key], Code: code, X: x * tileSize, Y: y * tileSize, Level: -1}
			t.TextX, t.CodeY, t.ShareY = t.X+tileSize/2, t.Y+16, t.Y+31
			if t.counts != nil {
				t.Level = levelOf(t.Share())
			}
			tiles = append(tiles, t)
		}
	}
	return tiles
}

// heat is one hour of a weekday in which people arrived.
type heat struct {
	Count int64
	Level int // 0 to 4
}

// arrivals are weekdays from Monday on, with the hours in which anybody arrived.
type arrivals struct {
	Hours []int
	Days  []arrivalDay
}

type arrivalDay struct {
	Name templates.Text
	Heat []heat
}

func arrivalsOf(tallies map[string]map[models.Measure]int64) arrivals {
	most, first, last := int64(0), 24, -1
	count := func(day, hour int) int64 {
		return tallies[fmt.Sprintf("%d-%02d", day, hour)][models.MeasureArrived]
	}
	for day := range 7 {
		for hour := range 24 {
			if n := count(day, hour); n > 0 {
				most, first, last = max(most, n), min(first, hour), max(last, hour)
			}
		}
	}
	var a arrivals
	for h := first; h <= last; h++ {
		a.Hours = append(a.Hours, h)
	}
	for _, day := range []int{1, 2, 3, 4, 5, 6, 0} {
		d := arrivalDay{Name: weekdayText(time.Weekday(day))}
		for _, h := range a.Hours {
			n := count(day, h)
			d.Heat = append(d.Heat, heat{n, int((n*4 + most - 1) / max(most, 1))})
		}
		a.Days = append(a.Days, d)
	}
	return a
}
