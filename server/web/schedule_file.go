package web

import (
	"errors"
	"os"
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// calendarFilter is what a visitor may see and asks to see of the calendar; from and to
// are "" for all of it.
func calendarFilter(c *gin.Context, from, to models.LocalDate) store.CalendarFilter {
	return store.CalendarFilter{Limit: visitorOf(c).scope.Provider(), Site: queryID(c, "site"), Provider: queryID(c, "provider"), Instructor: queryID(c, "instructor"),
		Pilot: queryID(c, "pilot"), Class: c.Query("class"), Room: c.Query("room"), From: from, To: to}
}

// scheduleFormats are those that an import reads.
func scheduleFormats() []report.Format { return []report.Format{report.XLSX, report.CSV} }

// scheduleFile gives the schedule that the calendar or the list of sessions shows, or, without a day,
// all of it, in the columns that an import reads. What is cancelled is left out: an import
// would take it up again.
func (p *Pages) scheduleFile(c *gin.Context) {
	format := report.Format(c.Param("format"))
	if !slices.Contains(scheduleFormats(), format) {
		p.fail(c, store.ErrNotFound)
		return
	}
	var from, to models.LocalDate
	if day := queryDate(c, "day", ""); day != "" {
		how := span(c.Query("span"))
		if how != spanWeek && how != spanMonth {
			how = spanDay
		}
		from, to = how.days(day)
		if how == spanMonth {
			from, to = firstOfMonth(day), how.move(day, 1).AddDays(-1)
		}
	}
	p.asFile(c, "jadwal", format, func(file *os.File) error {
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
func scheduleFiles(c *gin.Context, how span, day models.LocalDate) (files []pageTab) {
	values := c.Request.URL.Query()
	values.Del("lang")
	values.Set("span", string(how))
	values.Set("day", string(day))
	for _, format := range scheduleFormats() {
		files = append(files, pageTab{Text: templates.Say("report.schedule_" + string(format)), Href: "/schedule/" + string(format) + "?" + values.Encode()})
	}
	return files
}
