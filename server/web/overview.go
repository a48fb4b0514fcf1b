package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// overviewView is the office's first page: what happens today.
type overviewView struct {
	Sessions           []sessionLine // the first of today
	Total              int
	Open               int
	Waiting            int64       // sessions of any day
	Expected, Attended int         // participants of sessions that have begun
	Silent             []agentLine // the first of them
	AllSilent          int
	Empty              bool // nothing is planned at all yet
	MayPlan            bool
	Record             record
}

// record is what all sessions so far add up to.
type record struct {
	All      figureLine
	Trend    []trendDay
	Map      []mapTile
	Regions  []figureLine // provinces, the least attended first
	Arrivals arrivals
}

// MapWidth and MapHeight are the size of the map's drawing.
func (record) MapWidth() int  { return mapColumns * tileSize }
func (record) MapHeight() int { return mapRows * tileSize }

// trendDays is how far back the trend goes.
const trendDays = 14

// trendDay is one bar of the trend.
type trendDay struct {
	counts
	Day          models.LocalDate
	X, Y, Height int
}

// trendHeight is that of a day on which everybody came.
const trendHeight, trendStep = 100, 24

func (p *Pages) recordOf(c *gin.Context) (record, error) {
	var r record
	lines, err := p.figureLines(c, models.ByAll)
	if err != nil {
		return r, err
	}
	if len(lines) == 0 {
		return r, nil
	}
	r.All = lines[0]
	if r.Regions, err = p.figureLines(c, models.ByProvince); err != nil {
		return r, err
	}
	slices.SortStableFunc(r.Regions, orders()["share"])
	codes := map[string]string{}
	for _, x := range region.Provinces() {
		codes[strings.TrimPrefix(x.ISO, "ID-")] = x.Code
	}
	r.Map = mapOf(r.Regions, codes)
	whose := uuid.Nil
	if s := visitorOf(c).scope.Provider(); s != nil {
		whose = *s
	}
	q, today := p.Store.Read(c.Request.Context()), models.ZoneWIB.Date(p.Now())
	came, err := q.Tallies(whose, models.ByArrival)
	if err != nil {
		return r, err
	}
	r.Arrivals = arrivalsOf(came)
	days, err := q.TalliesByDay(whose, "", today.AddDays(1-trendDays))
	for i := range trendDays {
		d := trendDay{Day: today.AddDays(i + 1 - trendDays), X: i * trendStep}
		d.counts = days[string(d.Day)]
		d.Height = int(d.Share() * trendHeight)
		d.Y = trendHeight - d.Height
		r.Trend = append(r.Trend, d)
	}
	return r, err
}

// Share is how many of those expected so far were there.
func (v overviewView) Share() float64 { return share(v.Attended, v.Expected) }

// wholeCountry is more than all sessions of a day.
const wholeCountry = 1 << 20

func (p *Pages) overviewPage(c *gin.Context) {
	v, now := visitorOf(c), p.Now()
	today, _, err := p.sessionLines(c, store.SessionFilter{Provider: v.scope.Provider(), Day: store.Today(now)}, store.Slice{Limit: wholeCountry})
	if err != nil {
		p.fail(c, err)
		return
	}
	view := overviewView{Sessions: today[:min(len(today), beside)], Total: len(today), MayPlan: v.may(account.ManagePlan)}
	teaching := map[uuid.UUID]bool{}
	for _, s := range today {
		teaching[s.SiteID] = teaching[s.SiteID] || s.Status == models.SessionPlanned
		if s.open {
			view.Open++
		}
		if s.StartsAt <= now {
			view.Expected += s.Enrolled
			view.Attended += s.Attended
		}
	}
	if view.Waiting, err = p.Store.Read(c.Request.Context()).WaitingSessions(v.scope.Provider(), now); err != nil {
		p.fail(c, err)
		return
	}
	if v.may(account.SeeSites) {
		found, err := p.allTroubles(c, teaching)
		if err != nil {
			p.fail(c, err)
			return
		}
		silent := found[troubleAtWork]
		view.AllSilent, view.Silent = len(silent), p.agentLines(silent[:min(len(silent), beside)])
	}
	if len(today) == 0 {
		classes, err := p.Store.Read(c.Request.Context()).ListClasses(store.ClassFilter{Provider: v.scope.Provider()}, store.Slice{Limit: 1})
		if err != nil {
			p.fail(c, err)
			return
		}
		view.Empty = classes.Total == 0
	}
	if v.may(account.SeeClasses) {
		if view.Record, err = p.recordOf(c); err != nil {
			p.fail(c, err)
			return
		}
	}
	show(p, c, "overview", p.frame(c, templates.Say("overview.title")), view)
}
