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
	At    state
	State templates.Badge
}

// begunBy says whether people were expected by an instant.
func (l sessionLine) begunBy(now models.Millis) bool {
	return l.At != stateCancelled && l.StartsAt <= now
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
		lines[i] = sessionLine{row, at, stateBadge(at)}
	}
	return lines, list.Total, nil
}

type sessionsView struct {
	Form     *Form
	Day      models.LocalDate // empty: they are of many days
	Sessions []sessionLine
	Sites    []templates.Option
	States   []templates.Option
	Files    []pageTab // the same sessions as a file
	Pages    templates.Pagination
}

// wholeCountry is more than all sessions of a day.
const wholeCountry = 1 << 20

// begun is no state but a filter: the sessions that people were expected at by now.
const begun = "begun"

// sessionsInState lists a part of the sessions in a state, which no database knows: it
// changes with the clock and with what agents report. O(sessions that the filter finds).
func (p *Pages) sessionsInState(c *gin.Context, f store.SessionFilter, want string, s store.Slice) ([]sessionLine, int64, error) {
	if want == "" {
		return p.sessionLines(c, f, s)
	}
	now := p.Now()
	if want == string(stateWaiting) && c.Query("day") == "" { // the longer they wait, the more they matter
		f.Day, f.WaitingAt = nil, now
		return p.sessionLines(c, f, s)
	}
	all, _, err := p.sessionLines(c, f, store.Slice{Limit: wholeCountry})
	all = slices.DeleteFunc(all, func(l sessionLine) bool { return string(l.At) != want && (want != begun || !l.begunBy(now)) })
	from := min(s.Offset, len(all))
	return all[from:min(from+s.Limit, len(all))], int64(len(all)), err
}

func (p *Pages) sessionsPage(c *gin.Context) {
	v, slice := visitorOf(c), sliceOf(c)
	day, on := queryDate(c, "day", models.ZoneWIB.Date(p.Now())), store.Today(p.Now())
	if c.Query("day") != "" {
		on = func(models.Zone) models.LocalDate { return day }
	}
	lines, total, err := p.sessionsInState(c, store.SessionFilter{Provider: v.scope.Provider(), Site: queryID(c, "site"), Day: on}, c.Query("state"), slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := sessionsView{Form: filled("day", string(day), "site", c.Query("site"), "state", c.Query("state")), Day: day, Sessions: lines,
		States: choices("state.", string(statePlanned), string(stateOpen), string(stateWaiting), string(stateComplete), string(stateCancelled), begun),
		Files:  scheduleFiles(c, spanDay, day), Pages: pages(c, slice, len(lines), total)}
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
