package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/plan"
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
	Form       *Form
	Year       int
	Prev, Next string
	Days       []holidayLine
	Mistake    string // which form was refused: add, list, remove
	Source     plan.HolidaySource
	Listed     bool // there is a list of the year
	MayChange  bool
}

func (p *Pages) holidaysPage(c *gin.Context) { p.showHolidays(c, "", &Form{}) }

func (p *Pages) showHolidays(c *gin.Context, mistake string, f *Form) {
	v, q := visitorOf(c), p.Store.Read(c.Request.Context())
	year := models.ZoneWIB.Date(p.Now())[:4]
	if day := models.LocalDate(c.Query("year") + "-01-01"); day.Valid() {
		year = day[:4]
	} else if day := models.LocalDate(f.Value("day")); day.Valid() {
		year = day[:4]
	}
	number, err := strconv.Atoi(string(year))
	if err != nil {
		p.fail(c, fmt.Errorf("year of holidays: %w", err))
		return
	}
	off, err := plan.HolidaysBetween(q, year+"-01-01", year+"-12-31")
	if err != nil {
		p.fail(c, err)
		return
	}
	view := holidaysView{Form: f, Year: number, Mistake: mistake, MayChange: v.may(account.ManagePlan),
		Prev: fmt.Sprintf("/holidays?year=%04d", number-1), Next: fmt.Sprintf("/holidays?year=%04d", number+1)}
	view.Source, view.Listed = plan.HolidaysFrom(string(year))
	planned, err := q.PlannedOn(v.scope.Provider(), year+"-01-01", year+"-12-31")
	if err != nil {
		p.fail(c, err)
		return
	}
	for _, h := range off.Sorted() {
		view.Days = append(view.Days, holidayLine{h, weekdayText(h.Day.Weekday()), planned[h.Day], calendarHref(c, spanDay, h.Day)})
	}
	frame := p.frame(c, templates.Say("holidays.title", "Year", string(year)))
	frame.Crumbs = crumbs("/calendar", "calendar.title")
	show(p, c, "holidays", frame, view)
}

func (p *Pages) addHoliday(c *gin.Context) {
	p.changeHoliday(c, "add", func(f *Form, day models.LocalDate) error {
		return p.Plan.AddHoliday(c.Request.Context(), visitorOf(c).actor(), day, f.Value("name"), f.Value("reason"))
	})
}

// addHolidays adds the days off of a year at once.
func (p *Pages) addHolidays(c *gin.Context) {
	f := formOf(c)
	n, err := p.Plan.AddHolidays(c.Request.Context(), visitorOf(c).actor(), f.Value("lines"), f.Value("reason"))
	if err != nil {
		p.again(c, f, "reason", err, func() { p.showHolidays(c, "list", f) })
		return
	}
	p.done(c, "/holidays?year="+strings.TrimSpace(f.Value("lines"))[:4], "holidays.done_list", "Count", n)
}

func (p *Pages) removeHoliday(c *gin.Context) {
	p.changeHoliday(c, "remove", func(f *Form, day models.LocalDate) error {
		return p.Plan.RemoveHoliday(c.Request.Context(), visitorOf(c).actor(), day, f.Value("reason"))
	})
}

func (p *Pages) changeHoliday(c *gin.Context, what string, change func(*Form, models.LocalDate) error) {
	f := formOf(c)
	day := models.LocalDate(f.Value("day"))
	if err := change(f, day); err != nil {
		p.again(c, f, "reason", err, func() { p.showHolidays(c, what, f) })
		return
	}
	p.done(c, "/holidays?year="+string(day[:4]), "holidays.done_"+what)
}
