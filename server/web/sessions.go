package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// sessionLine is a session in a list, with the badge of where it stands.
type sessionLine struct {
	store.SessionEntry
	State templates.Badge
	open  bool
}

// Share is how many of the enrolled were there.
func (l sessionLine) Share() float64 { return share(l.Attended, l.Enrolled) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func (p *Pages) sessionLines(c *gin.Context, f store.SessionFilter, s store.Slice) ([]sessionLine, int64, error) {
	q := p.Store.Read(c.Request.Context())
	list, err := q.ListSessions(f, s)
	if err != nil {
		return nil, 0, err
	}
	marks, err := q.Watermarks()
	if err != nil {
		return nil, 0, err
	}
	lines := make([]sessionLine, len(list.Rows))
	for i, row := range list.Rows {
		at := stateOf(row, marks[row.SiteID], p.Now())
		lines[i] = sessionLine{row, stateBadge(at), at == stateOpen}
	}
	return lines, list.Total, nil
}

type sessionsView struct {
	Form     *Form
	Day      models.LocalDate // empty: they are of many days
	States   []pageTab
	Sessions []sessionLine
	Sites    []templates.Option
	Pages    templates.Pagination
}

// sessionsOf lists the sessions of a day, those of today that are open now, or all
// that wait for their site, whenever they were.
func (p *Pages) sessionsOf(c *gin.Context, wanted state, f store.SessionFilter, slice store.Slice) ([]sessionLine, int64, error) {
	switch wanted {
	case stateWaiting:
		f.Day, f.WaitingAt = nil, p.Now()
	case stateOpen:
		f.Day = store.Today(p.Now())
		today, _, err := p.sessionLines(c, f, store.Slice{Limit: wholeCountry})
		today = slices.DeleteFunc(today, func(l sessionLine) bool { return !l.open })
		from := min(slice.Offset, len(today))
		return today[from:min(from+slice.Limit, len(today))], int64(len(today)), err
	default:
	}
	return p.sessionLines(c, f, slice)
}

func (p *Pages) sessionsPage(c *gin.Context) {
	v, slice := visitorOf(c), sliceOf(c)
	day, on := queryDate(c, "day", models.ZoneWIB.Date(p.Now())), store.Today(p.Now())
	if c.Query("day") != "" {
		on = func(models.Zone) models.LocalDate { return day }
	}
	wanted := state(c.Query("state"))
	if wanted == stateOpen || wanted == stateWaiting {
		day = ""
	} else {
		wanted = ""
	}
	lines, total, err := p.sessionsOf(c, wanted, store.SessionFilter{Provider: v.scope.Provider(), Site: queryID(c, "site"), Day: on}, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := sessionsView{Form: filled("day", string(day), "site", c.Query("site")), Day: day, Sessions: lines, Pages: pages(c, slice, len(lines), total)}
	for _, s := range []state{"", stateOpen, stateWaiting} {
		text, href := templates.Say("sessions.of_day"), "/sessions"
		if s != "" {
			text, href = templates.Say("state."+string(s)), "/sessions?state="+string(s)
		}
		view.States = append(view.States, pageTab{text, href, s == wanted})
	}
	if v.may(account.SeeSites) {
		if view.Sites, err = p.siteOptions(c); err != nil {
			p.fail(c, err)
			return
		}
	}
	show(p, c, "sessions", p.frame(c, templates.Say("sessions.title")), view)
}

// state is where a session stands in the course of its day.
type state string

const (
	statePlanned   state = "planned"
	stateOpen      state = "open"
	stateWaiting   state = "waiting" // over, but its site has not reported all
	stateComplete  state = "complete"
	stateCancelled state = "cancelled"
)

func stateOf(s store.SessionEntry, mark store.Watermark, now models.Millis) state {
	policy := s.Policy()
	const minute = 60_000
	switch {
	case s.Status == models.SessionCancelled:
		return stateCancelled
	case now < s.StartsAt-models.Millis(policy.CheckInBefore)*minute:
		return statePlanned
	case now < s.EndsAt:
		return stateOpen
	case mark.ReportedUntil <= s.EndsAt:
		return stateWaiting
	}
	return stateComplete
}

func stateBadge(s state) templates.Badge {
	b := templates.Badge{Text: templates.Say("state." + string(s))}
	switch s {
	case statePlanned:
		b.Tone, b.Icon = templates.Neutral, "calendar-days"
	case stateOpen:
		b.Tone, b.Icon = templates.Note, "scan-line"
	case stateWaiting:
		b.Tone, b.Icon = templates.Warn, "hourglass"
	case stateComplete:
		b.Tone, b.Icon = templates.Good, "circle-check"
	case stateCancelled:
		b.Tone, b.Icon = templates.Neutral, "ban"
	}
	return b
}
