package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/plan"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// holidayLine is a day off with the sessions planned on it.
type holidayLine struct {
	models.Holiday
	Weekday templates.Text
	Planned int
	Href    string
}

type holidaysView struct {
	Form       *page.Form
	Year       int
	Prev, Next string
	Days       []holidayLine
	Mistake    string // which form was refused: add, list, remove
	Source     plan.HolidaySource
	Listed     bool // there is a list of the year
	MayChange  bool
}

// HolidaysPage lists the days off.
func (p *Pages) HolidaysPage(c *gin.Context) { p.showHolidays(c, "", &page.Form{}) }

func (p *Pages) showHolidays(c *gin.Context, mistake string, f *page.Form) {
	v, q := page.VisitorOf(c), p.Store.Read(c.Request.Context())
	year := models.ZoneWIB.Date(p.Now())[:4]
	if day := models.LocalDate(c.Query("year") + "-01-01"); day.Valid() {
		year = day[:4]
	} else if day := models.LocalDate(f.Value("day")); day.Valid() {
		year = day[:4]
	}
	number, err := strconv.Atoi(string(year))
	if err != nil {
		p.Fail(c, fmt.Errorf("year of holidays: %w", err))
		return
	}
	off, err := plan.HolidaysBetween(q, year+"-01-01", year+"-12-31")
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := holidaysView{Form: f, Year: number, Mistake: mistake, MayChange: v.May(account.ManagePlan),
		Prev: fmt.Sprintf("/holidays?year=%04d", number-1), Next: fmt.Sprintf("/holidays?year=%04d", number+1)}
	view.Source, view.Listed = plan.HolidaysFrom(string(year))
	planned, err := q.PlannedOn(v.Scope.Provider(), year+"-01-01", year+"-12-31")
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, h := range off.Sorted() {
		view.Days = append(view.Days, holidayLine{h, page.WeekdayText(h.Day.Weekday()), planned[h.Day], calendarHref(c, spanDay, h.Day)})
	}
	frame := p.Frame(c, templates.Say("holidays.title", "Year", string(year)))
	frame.Crumbs = page.Crumbs("/calendar", "calendar.title")
	page.Show(p.Kit, c, "plan/holidays", frame, view)
}

// AddHoliday adds a day off.
func (p *Pages) AddHoliday(c *gin.Context) {
	p.changeHoliday(c, "add", func(f *page.Form, day models.LocalDate) error {
		return p.Plan.AddHoliday(c.Request.Context(), page.VisitorOf(c).Actor(), day, f.Value("name"), f.Value("reason"))
	})
}

// AddHolidays adds the days off of a year at once.
func (p *Pages) AddHolidays(c *gin.Context) {
	f := page.FormOf(c)
	n, err := p.Plan.AddHolidays(c.Request.Context(), page.VisitorOf(c).Actor(), f.Value("lines"), f.Value("reason"))
	if err != nil {
		p.Again(c, f, "reason", err, func() { p.showHolidays(c, "list", f) })
		return
	}
	p.Done(c, "/holidays?year="+strings.TrimSpace(f.Value("lines"))[:4], "holidays.done_list", "Count", n)
}

// RemoveHoliday removes a day off.
func (p *Pages) RemoveHoliday(c *gin.Context) {
	p.changeHoliday(c, "remove", func(f *page.Form, day models.LocalDate) error {
		return p.Plan.RemoveHoliday(c.Request.Context(), page.VisitorOf(c).Actor(), day, f.Value("reason"))
	})
}

func (p *Pages) changeHoliday(c *gin.Context, what string, change func(*page.Form, models.LocalDate) error) {
	f := page.FormOf(c)
	day := models.LocalDate(f.Value("day"))
	if err := change(f, day); err != nil {
		p.Again(c, f, "reason", err, func() { p.showHolidays(c, what, f) })
		return
	}
	p.Done(c, "/holidays?year="+string(day[:4]), "holidays.done_"+what)
}
