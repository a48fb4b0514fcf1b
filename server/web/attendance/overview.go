package attendance

import (
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// overviewView is the office's first page: the sessions of today.
type overviewView struct {
	Self               string // the address that renews it
	States             []stateFigure
	Expected, Attended int // participants of sessions that have begun
	Recent             store.Recent
	Silent             []page.AgentLine // the first of them
	SilentTotal        int64
	LowDisk            []page.AgentLine
	Cases              int64 // that wait for a decision
	Waiting            int64 // records that count nowhere until one is made
	SeesCases          bool
	Requests           int64              // about people's data, that are open
	Overdue            int64              // of them
	Sessions           []page.SessionLine // the first of today
	Empty              bool               // nothing is planned at all yet
	MayPlan            bool
	Record             record
	Send               string
}

// stateFigure is how many of today's sessions are in a state.
type stateFigure struct {
	page.State
	Badge templates.Badge
	Count int
}

// List is the address of those sessions.
func (f stateFigure) List() string { return "/sessions?state=" + string(f.State) }

// Name says which state it is, for the style and the script that show it.
func (f stateFigure) Name() string { return string(f.State) }

// record is what all sessions so far add up to.
type record struct {
	All      figureLine
	Enrolled int64 // places in classes
	Map      atlas
	Regions  []provinceFigures
	Trend    trend
}

// Figures are those of the provinces of which anything is known.
func (r record) Figures() (lines []figureLine) {
	for _, l := range r.Regions {
		if l.Known() {
			lines = append(lines, l.figureLine)
		}
	}
	return lines
}

func (p *Pages) recordOf(c *gin.Context) (record, error) {
	var r record
	lines, err := p.figureLines(c, models.ByAll)
	if err != nil {
		return r, err
	}
	if len(lines) > 0 {
		r.All = lines[0]
	}
	enrolled, err := p.enrolledBy(c)
	if err != nil {
		return r, err
	}
	for _, n := range enrolled {
		r.Enrolled += n
	}
	provinces, err := p.figureLines(c, models.ByProvince)
	if err != nil {
		return r, err
	}
	r.Regions = provinceFiguresOf(provinces, enrolled)
	r.Map = mapOf(r.Regions)
	whose := uuid.Nil
	if s := page.VisitorOf(c).Scope.Provider(); s != nil {
		whose = *s
	}
	q, today, back := p.Store.Read(c.Request.Context()), models.ZoneWIT.Date(p.Now()), periodOf(c.Query("trend"))
	days, err := q.TalliesByDay(whose, "", back.from(today))
	r.Trend = trendOf(days, back, today)
	return r, err
}

// Share is how many of those expected so far were there.
func (v overviewView) Share() float64 { return page.Share(v.Attended, v.Expected) }

// lately is how far back the page looks for what is new.
const lately = time.Minute

// OverviewPage shows the office its day.
func (p *Pages) OverviewPage(c *gin.Context) {
	v, now, q := page.VisitorOf(c), p.Now(), p.Store.Read(c.Request.Context())
	today, _, err := p.SessionLines(c, store.SessionFilter{Provider: v.Scope.Provider(), Day: store.Today(now)}, store.Slice{Limit: page.WholeCountry})
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := overviewView{Self: "/?" + url.Values{"trend": {string(periodOf(c.Query("trend")))}}.Encode(),
		Sessions: today[:min(len(today), page.Beside)], Send: p.SendHref(c), MayPlan: v.May(account.ManagePlan)}
	for _, s := range today {
		if s.Begun() {
			view.Expected += s.Enrolled
			view.Attended += s.Attended
		}
	}
	waiting, err := q.WaitingSessions(v.Scope.Provider(), now)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.States = statesOf(today, int(waiting))
	if err := p.troubles(c, &view); err != nil {
		p.Fail(c, err)
		return
	}
	if len(today) == 0 {
		classes, err := q.ListClasses(store.ClassFilter{Provider: v.Scope.Provider()}, store.Slice{Limit: 1})
		if err != nil {
			p.Fail(c, err)
			return
		}
		view.Empty = classes.Total == 0
	}
	if v.May(account.SeeClasses) {
		view.Recent, err = q.ScansSince(now.Add(-lately), v.Scope.Provider())
		if err == nil {
			view.Record, err = p.recordOf(c)
		}
		if err != nil {
			p.Fail(c, err)
			return
		}
	}
	page.Show(p.Kit, c, "attendance/overview", p.Frame(c, templates.Say("overview.title")), view)
}

// statesOf counts the sessions of a day by their state; of cancelled ones it speaks only
// where there are any. Those that wait for their site are of any day: the longer they
// wait, the more they matter.
func statesOf(sessions []page.SessionLine, waiting int) []stateFigure {
	count := map[page.State]int{}
	for _, s := range sessions {
		count[s.At]++
	}
	count[page.StateWaiting] = waiting
	var figures []stateFigure
	for _, at := range []page.State{page.StatePlanned, page.StateOpen, page.StateWaiting, page.StateProvisional, page.StateComplete, page.StateCancelled} {
		if at != page.StateCancelled && at != page.StateProvisional || count[at] > 0 {
			figures = append(figures, stateFigure{at, page.StateBadge(at), count[at]})
		}
	}
	return figures
}

// troubles adds what somebody should look at: agents that were not heard from while
// their site teaches, and cases that wait for a decision.
func (p *Pages) troubles(c *gin.Context, view *overviewView) error {
	v, q := page.VisitorOf(c), p.Store.Read(c.Request.Context())
	if v.May(account.SeeSites) {
		f, err := p.SilentWhileTeaching(c)
		if err != nil {
			return err
		}
		silent, err := q.ListAgents(f, store.Slice{Limit: page.Beside})
		if err != nil {
			return err
		}
		view.Silent, view.SilentTotal = p.AgentLines(silent.Rows), silent.Total
		low, err := q.ListAgents(store.AgentFilter{Ails: models.AilmentDisk, Now: p.Now()}, store.Slice{Limit: page.Beside})
		if err != nil {
			return err
		}
		view.LowDisk = p.AgentLines(low.Rows)
	}
	if v.May(account.ReviewCases) {
		kinds, err := q.CaseCounts()
		if err != nil {
			return err
		}
		view.SeesCases = true
		if view.Waiting, err = q.CountWaiting(v.Scope.Provider()); err != nil {
			return err
		}
		for _, n := range kinds {
			view.Cases += n
		}
	}
	if v.May(account.AnswerRequests) {
		var err error
		if view.Requests, view.Overdue, err = q.CountRequests(p.Now()); err != nil {
			return err
		}
	}
	return nil
}
