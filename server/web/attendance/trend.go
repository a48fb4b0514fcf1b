package attendance

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"buktihadir/models"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// period is how far back a trend goes.
type period string

const (
	twoWeeks period = "2w"
	sixWeeks period = "6w"
	allTime  period = "all"
)

// periodOf reads a period from an address.
func periodOf(text string) period {
	if p := period(text); p == sixWeeks || p == allTime {
		return p
	}
	return twoWeeks
}

// from is the first day of a period that ends today; empty is the beginning.
func (p period) from(today models.LocalDate) models.LocalDate {
	switch p {
	case twoWeeks:
		return today.AddDays(1 - 2*7)
	case sixWeeks:
		return today.AddDays(1 - 6*7)
	case allTime:
	}
	return ""
}

// manyDays are more than a trend shows one by one: then it shows weeks.
const manyDays = 12 * 7

// trend is attendance over time: the share of those expected who came, and how many
// both were.
type trend struct {
	Periods []page.Tab
	Weeks   bool // a point is a week, not a day
	Points  []trendPoint
	Lines   []string // the share, as paths: a day without sessions is a gap
	Levels  []trendLevel
	Ticks   []trendTick
	Most    int64 // of those expected in a point
}

// trendPoint is a day or a week that had sessions. Positions in the drawing are in
// percent of its width or height.
type trendPoint struct {
	counts
	From, To                       models.LocalDate
	X, Y                           string // of the share
	Left, Width                    string // of its column
	CameTop, Came, AllTop, AllTall string // of its bars
	End                            bool   // the first or the last: its value is written
}

// List is the address of its attendances.
func (p trendPoint) List() string {
	return "/attendance?" + url.Values{"from": {string(p.From)}, "to": {string(p.To)}}.Encode()
}

// trendLevel is a line across the drawing at a share.
type trendLevel struct {
	Share float64
	Y     string
}

// trendTick is a date below the drawing.
type trendTick struct{ X, Text string }

// Where the two parts of the drawing lie, from its top, in thousandths of its height.
const (
	shareTop, shareFoot = 90, 560
	barsTop, barsFoot   = 660, 900
)

func thousandths(n float64) string { return fmt.Sprintf("%.1f%%", n/10) }

// trendOf draws the counts of days up to today.
func trendOf(days map[string]map[models.Measure]int64, p period, today models.LocalDate) trend {
	var t trend
	for _, choice := range []period{twoWeeks, sixWeeks, allTime} {
		t.Periods = append(t.Periods, page.Tab{Text: templates.Say("figures.trend_" + string(choice)), Href: "/?trend=" + string(choice) + "#trend",
			Now: choice == p})
	}
	for day, n := range days {
		if counts(n).All() == 0 || models.LocalDate(day) > today {
			delete(days, day)
		}
	}
	if len(days) == 0 {
		return t
	}
	first := models.LocalDate(cmp.Or(string(p.from(today)), slices.Min(slices.Collect(maps.Keys(days)))))
	step := 1
	if first.AddDays(manyDays) <= today {
		t.Weeks, step = true, 7
		first = first.AddDays(-(int(first.Weekday()) + 6) % 7)
	}
	columns := 0
	at := map[int]trendPoint{}
	for d := first; d <= today; d = d.AddDays(step) {
		point := trendPoint{counts: counts{}, From: d, To: min(d.AddDays(step-1), today)}
		for day := d; day <= point.To; day = day.AddDays(1) {
			for measure, n := range days[string(day)] {
				point.counts[measure] += n
			}
		}
		if point.All() > 0 {
			at[columns] = point
			t.Most = max(t.Most, point.All())
		}
		columns++
	}
	t.place(at, columns)
	t.date(first, step, columns)
	return t
}

// place puts the points where they lie in the drawing.
func (t *trend) place(at map[int]trendPoint, columns int) {
	base := 0.8
	for _, p := range at {
		for _, lower := range []float64{0.5, 0} {
			if p.Share() < base {
				base = lower
			}
		}
	}
	for _, share := range []float64{1, (1 + base) / 2, base} {
		t.Levels = append(t.Levels, trendLevel{share, thousandths(shareFoot - (share-base)/(1-base)*(shareFoot-shareTop))})
	}
	wide := 1000 / float64(columns)
	var line []string
	for i := range columns + 1 {
		p, ok := at[i]
		if !ok {
			if len(line) > 1 {
				t.Lines = append(t.Lines, "M"+strings.Join(line, "L"))
			}
			line = nil
			continue
		}
		x, y := (float64(i)+.5)*wide, shareFoot-(p.Share()-base)/(1-base)*(shareFoot-shareTop)
		tall := func(n int64) float64 { return float64(n) / float64(t.Most) * (barsFoot - barsTop) }
		p.X, p.Y, p.Left, p.Width = thousandths(x), thousandths(y), thousandths(float64(i)*wide+wide*.15), thousandths(wide*.7)
		p.Came, p.CameTop = thousandths(tall(p.Attended())), thousandths(barsFoot-tall(p.Attended()))
		p.AllTall, p.AllTop = thousandths(tall(p.All())), thousandths(barsFoot-tall(p.All()))
		t.Points, line = append(t.Points, p), append(line, fmt.Sprintf("%.0f %.0f", x, y))
	}
	t.Points[0].End, t.Points[len(t.Points)-1].End = true, true
}

// mostTicks are as many dates as fit below the drawing on a phone.
const mostTicks = 7

func (t *trend) date(first models.LocalDate, step, columns int) {
	every := (columns + mostTicks - 1) / mostTicks
	for i := 0; i < columns; i += every {
		day := page.Midnight(first.AddDays(i * step))
		t.Ticks = append(t.Ticks, trendTick{thousandths((float64(i) + .5) * 1000 / float64(columns)), fmt.Sprintf("%d/%d", day.Day(), day.Month())})
	}
}
