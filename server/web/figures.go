package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// What figures are made of, in this package's words.
type (
	counts     = figures.Counts
	figureLine = figures.Line
)

// figureLines are the figures of a dimension, within the scope.
func (p *Pages) figureLines(c *gin.Context, dim models.Dimension) ([]figureLine, error) {
	return figures.Lines(p.Store.Read(c.Request.Context()), visitorOf(c).scope.Provider(), dim)
}

type figuresView struct {
	By, Sort string
	Dims     []pageTab
	Lines    []figureLine
	Columns  []pageTab
	Pages    templates.Pagination
	Send     string // where one asks to be sent this regularly; empty: nowhere
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
	if order, ok := figures.Orders()[sort]; ok {
		slices.SortStableFunc(lines, order)
	}
	view := figuresView{By: string(by), Sort: sort, Send: p.sendHref(c)}
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
	Send   string
}

// visitFilter is what the address asks for, within the scope.
func visitFilter(c *gin.Context) store.VisitFilter {
	return store.VisitFilter{
		Provider: visitorOf(c).scope.Provider(), Dim: models.Dimension(c.Query("by")), Key: c.Query("key"), Measure: models.Measure(c.Query("what")),
		From: queryDate(c, "from", ""), To: queryDate(c, "to", ""),
	}
}

// visitsPage lists what a figure counts. Its filter stands in the address.
func (p *Pages) visitsPage(c *gin.Context) {
	f, slice := visitFilter(c), sliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListVisits(f, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := visitsView{
		Form: filled("by", string(f.Dim), "key", f.Key, "what", string(f.Measure), "from", string(f.From), "to", string(f.To)),
		Send: p.sendHref(c), What: measureOptions(), Visits: list.Rows, Pages: pages(c, slice, len(list.Rows), list.Total),
	}
	if visitorOf(c).may(account.ExportAttendance) {
		for _, format := range report.Formats() {
			q := c.Request.URL.Query()
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
	out := []templates.Option{{Value: "", Text: templates.Say("visits.any")}, {Value: figures.AttendedStatuses, Text: templates.Say("figures.attended")}}
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
			if t.Counts != nil {
				t.Level = figures.LevelOf(t.Share())
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
