package plan

import (
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type sessionsView struct {
	Form     *page.Form
	Day      models.LocalDate // empty: they are of many days
	Sessions []page.SessionLine
	Sites    []templates.Option
	States   []templates.Option
	Files    []page.Tab // the same sessions as a file
	Pages    templates.Pagination
}

// begun is not a state but a filter: the sessions that have begun and were not cancelled.
const begun = "begun"

// sessionsInState lists a part of the sessions in a state. No database has that state,
// because it changes with the clock and with the agents' reports. O(sessions that the
// filter finds).
func (p *Pages) sessionsInState(c *gin.Context, f store.SessionFilter, want string, s store.Slice) ([]page.SessionLine, int64, error) {
	if want == "" {
		return p.SessionLines(c, f, s)
	}
	now := p.Now()
	if want == string(page.StateWaiting) && c.Query("day") == "" { // the longer they wait, the more they matter
		f.Day, f.WaitingAt = nil, now
		return p.SessionLines(c, f, s)
	}
	all, _, err := p.SessionLines(c, f, store.Slice{Limit: page.WholeCountry})
	all = slices.DeleteFunc(all, func(l page.SessionLine) bool { return string(l.At) != want && (want != begun || !l.Begun()) })
	from := min(s.Offset, len(all))
	return all[from:min(from+s.Limit, len(all))], int64(len(all)), err
}

// SessionsPage lists the sessions of a day.
func (p *Pages) SessionsPage(c *gin.Context) {
	v, slice := page.VisitorOf(c), page.SliceOf(c)
	day, on := page.QueryDate(c, "day", models.ZoneWIB.Date(p.Now())), store.Today(p.Now())
	if c.Query("day") != "" {
		on = func(models.Zone) models.LocalDate { return day }
	}
	lines, total, err := p.sessionsInState(c, store.SessionFilter{Provider: v.Scope.Provider(), Site: page.QueryID(c, "site"), Day: on}, c.Query("state"), slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := sessionsView{Form: page.Filled("day", string(day), "site", c.Query("site"), "state", c.Query("state")), Day: day, Sessions: lines,
		States: page.Choices("state.", string(page.StatePlanned), string(page.StateOpen), string(page.StateWaiting), string(page.StateProvisional),
			string(page.StateComplete),
			string(page.StateCancelled), begun),
		Files: scheduleFiles(c, spanDay, day), Pages: page.Paging(c, slice, len(lines), total)}
	if v.May(account.SeeSites) {
		if view.Sites, err = p.SiteOptions(c); err != nil {
			p.Fail(c, err)
			return
		}
	}
	page.Show(p.Kit, c, "plan/sessions", p.Frame(c, templates.Say("sessions.title")), view)
}
