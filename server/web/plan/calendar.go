package plan

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// span is how much of the calendar a page shows.
type span string

const (
	spanDay   span = "day"
	spanWeek  span = "week"
	spanMonth span = "month"
)

// perDay is how many sessions a day shows, so that a month of a hundred sites stays
// small; the rest are a link away.
func (s span) perDay() int {
	switch s {
	case spanMonth:
		return 5
	case spanWeek:
		return 12
	case spanDay:
	}
	return 300
}

// days are the dates shown around one: whole weeks, from Monday on.
func (s span) days(around models.LocalDate) (from, to models.LocalDate) {
	monday := func(d models.LocalDate) models.LocalDate { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }
	switch s {
	case spanDay:
		return around, around
	case spanMonth:
		first := firstOfMonth(around)
		return monday(first), monday(s.move(first, 1).AddDays(-1)).AddDays(6)
	case spanWeek:
	}
	return monday(around), monday(around).AddDays(6)
}

// move goes on or back by as many spans.
func (s span) move(d models.LocalDate, by int) models.LocalDate {
	switch s {
	case spanDay:
		return d.AddDays(by)
	case spanMonth:
		return models.LocalDate(page.Midnight(firstOfMonth(d)).AddDate(0, by, 0).Format(time.DateOnly))
	case spanWeek:
	}
	return d.AddDays(7 * by)
}

func firstOfMonth(d models.LocalDate) models.LocalDate { return d[:len("2006-01-")] + "01" }

// calendarDay is one date of a calendar. Beyond is how many sessions it has that are
// not among those shown.
type calendarDay struct {
	Day             models.LocalDate
	Name            templates.Text
	Number          int
	Holiday         string
	Lanes           []lane // one, or a day's rooms side by side
	ByRoom          bool
	Beyond          int
	Href            string
	Today, Adjacent bool // Adjacent: of the month before or after
}

// lane is some of a day's sessions; of a day at one site, those of a room.
type lane struct {
	Room     string
	Sessions []meeting
}

// meeting is a session on the calendar. Moves says that the visitor may move it.
type meeting struct {
	store.CalendarEntry
	Moves bool
}

// together is the one lane of a day that is not laid out by room.
func together(store.CalendarEntry) string { return "" }

// lanesOf lays out a day's sessions by what names their lane.
func lanesOf(entries []store.CalendarEntry, laneOf func(store.CalendarEntry) string, mayMove bool) []lane {
	lanes, at := []lane{}, map[string]int{}
	for _, e := range entries {
		room := laneOf(e)
		i, known := at[room]
		if !known {
			i, at[room] = len(lanes), len(lanes)
			lanes = append(lanes, lane{Room: room})
		}
		lanes[i].Sessions = append(lanes[i].Sessions, meeting{e, mayMove && e.Status == models.SessionPlanned})
	}
	slices.SortFunc(lanes, func(a, b lane) int { return cmp.Compare(a.Room, b.Room) })
	return lanes
}

type calendarView struct {
	Form                          *page.Form
	Span                          span
	From, To                      models.LocalDate
	Month, Year, Week             int // Week is ISO 8601's, of the first day shown
	Days                          []calendarDay
	Spans                         []page.Tab
	Prev, Next, Today             string
	Sites, Providers, Instructors []templates.Option
	Rooms                         []string
	Files                         []page.Tab // the same sessions as a file
	MayMove                       bool
	Empty                         bool
}

// CalendarPage shows the sessions of a day, a week or a month.
func (p *Pages) CalendarPage(c *gin.Context) {
	v, q := page.VisitorOf(c), p.Store.Read(c.Request.Context())
	how := spanWeek
	if s := span(c.Query("span")); s == spanDay || s == spanMonth {
		how = s
	}
	today := models.ZoneWIB.Date(p.Now())
	around := page.QueryDate(c, "day", today)
	from, to := how.days(around)
	entries, err := q.CalendarSessions(calendarFilter(c, from, to), how.perDay())
	if err != nil {
		p.Fail(c, err)
		return
	}
	off, err := plan.HolidaysBetween(q, from, to)
	if err != nil {
		p.Fail(c, err)
		return
	}
	month := page.Midnight(around)
	_, week := page.Midnight(from).ISOWeek()
	view := calendarView{Form: &page.Form{Values: c.Request.URL.Query()}, Span: how, From: from, To: to, Month: int(month.Month()), Year: month.Year(), Week: week,
		Prev: calendarHref(c, how, how.move(around, -1)), Next: calendarHref(c, how, how.move(around, 1)), Today: calendarHref(c, how, today),
		MayMove: v.May(account.ManageSessions), Empty: len(entries) == 0}
	for _, s := range []span{spanDay, spanWeek, spanMonth} {
		view.Spans = append(view.Spans, page.Tab{Text: templates.Say("calendar.span_" + string(s)), Href: calendarHref(c, s, around), Now: s == how})
	}
	view.Files = scheduleFiles(c, how, around)
	view.Days = calendarDays(c, how, around, today, entries, off)
	if err := p.calendarChoices(c, &view); err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "plan/calendar", p.Frame(c, templates.Say("calendar.title")), view)
}

func calendarDays(c *gin.Context, how span, around, today models.LocalDate, entries []store.CalendarEntry, off plan.Holidays) []calendarDay {
	byDay := map[models.LocalDate][]store.CalendarEntry{}
	for _, e := range entries {
		byDay[e.Day()] = append(byDay[e.Day()], e)
	}
	from, to := how.days(around)
	laneOf, byRoom := together, how == spanDay && page.QueryID(c, "site") != uuid.Nil
	if byRoom {
		laneOf = func(e store.CalendarEntry) string { return e.Room }
	}
	var days []calendarDay
	for d := from; d <= to; d = d.AddDays(1) {
		day := calendarDay{Day: d, Name: page.WeekdayText(d.Weekday()), Number: page.Midnight(d).Day(),
			Holiday: off[d].Name, Lanes: lanesOf(byDay[d], laneOf, page.VisitorOf(c).May(account.ManageSessions)), ByRoom: byRoom, Href: calendarHref(c, spanDay, d),
			Today:    d == today,
			Adjacent: how == spanMonth && firstOfMonth(d) != firstOfMonth(around)}
		if shown := byDay[d]; len(shown) > 0 {
			day.Beyond = shown[0].OnDay - len(shown)
		}
		if how == spanDay {
			day.Href = "/sessions?day=" + string(d) + "&site=" + url.QueryEscape(c.Query("site"))
		}
		days = append(days, day)
	}
	return days
}

// calendarHref is the calendar at another date or in another span, as filtered now.
func calendarHref(c *gin.Context, s span, day models.LocalDate) string {
	query := url.Values{"span": {string(s)}, "day": {string(day)}}
	for _, wish := range []string{"site", "provider", "instructor", "class", "room"} {
		if value := c.Query(wish); value != "" {
			query.Set(wish, value)
		}
	}
	return "/calendar?" + query.Encode()
}

// calendarChoices are the options to narrow the calendar: instructors once an institution
// is chosen, rooms once a site is, because there are thousands of them.
func (p *Pages) calendarChoices(c *gin.Context, view *calendarView) (err error) {
	v, q := page.VisitorOf(c), p.Store.Read(c.Request.Context())
	if v.May(account.SeeSites) {
		if view.Sites, err = p.SiteOptions(c); err != nil {
			return err
		}
		if view.Providers, err = p.ProviderOptions(c); err != nil {
			return err
		}
		view.Providers[0].Text = templates.Say("choice.all")
		if site := page.QueryID(c, "site"); site != uuid.Nil {
			if view.Rooms, err = q.Rooms(site); err != nil {
				return err
			}
		}
	}
	provider := page.QueryID(c, "provider")
	if own := v.Scope.Provider(); own != nil {
		provider = *own
	}
	if provider == uuid.Nil {
		return nil
	}
	view.Instructors, err = p.InstructorOptions(c, provider)
	return err
}
