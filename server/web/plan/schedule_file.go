package plan

import (
	"errors"
	"os"
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// calendarFilter is the part of the calendar that a visitor may see and asks for; from
// and to are "" for all of it.
func calendarFilter(c *gin.Context, from, to models.LocalDate) store.CalendarFilter {
	return store.CalendarFilter{Limit: page.VisitorOf(c).Scope.Provider(), Site: page.QueryID(c, "site"), Provider: page.QueryID(c, "provider"),
		Instructor: page.QueryID(c, "instructor"),
		Pilot:      page.QueryID(c, "pilot"), Class: c.Query("class"), Room: c.Query("room"), From: from, To: to}
}

// scheduleFormats are those that an import reads.
func scheduleFormats() []report.Format { return []report.Format{report.XLSX, report.CSV} }

// ScheduleFile gives the schedule that the calendar or the list of sessions shows, or all
// of it without a day, in the columns that an import reads. It leaves out cancelled
// sessions, because an import would plan them again.
func (p *Pages) ScheduleFile(c *gin.Context) {
	format := report.Format(c.Param("format"))
	if !slices.Contains(scheduleFormats(), format) {
		p.Fail(c, store.ErrNotFound)
		return
	}
	var from, to models.LocalDate
	if day := page.QueryDate(c, "day", ""); day != "" {
		how := span(c.Query("span"))
		if how != spanWeek && how != spanMonth {
			how = spanDay
		}
		from, to = how.days(day)
		if how == spanMonth {
			from, to = firstOfMonth(day), how.move(day, 1).AddDays(-1)
		}
	}
	p.AsFile(c, "jadwal", format, func(file *os.File) error {
		return writeSchedule(p.Store.Read(c.Request.Context()), calendarFilter(c, from, to), format, file)
	})
}

func writeSchedule(q store.Queries, f store.CalendarFilter, format report.Format, file *os.File) error {
	var columns []report.Column
	for _, field := range imports.Exported(store.PlannedEntry{}) {
		columns = append(columns, report.Column{Name: field.Column, Title: field.Column, Width: 16})
	}
	t, err := report.New(format, file, columns)
	if err != nil {
		return err
	}
	cells := make([]report.Cell, len(columns))
	err = q.EachPlanned(f, func(e store.PlannedEntry) error {
		for i, field := range imports.Exported(e) {
			if cells[i] = report.Text(field.Text); field.Numeric {
				cells[i] = report.Number(int64(field.Number))
			}
		}
		return t.Row(cells...)
	})
	return errors.Join(err, t.Close())
}

// scheduleFiles are the ways to what a page shows of the schedule as a file.
func scheduleFiles(c *gin.Context, how span, day models.LocalDate) (files []page.Tab) {
	values := c.Request.URL.Query()
	values.Del("lang")
	values.Set("span", string(how))
	values.Set("day", string(day))
	for _, format := range scheduleFormats() {
		files = append(files, page.Tab{Text: templates.Say("report.schedule_" + string(format)), Href: "/schedule/" + string(format) + "?" + values.Encode()})
	}
	return files
}
