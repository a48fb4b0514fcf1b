package plan

import (
	"errors"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// meetingLine is a session to be, with what it meets, in words.
type meetingLine struct {
	plan.Meeting
	Zone       models.Zone
	Weekday    templates.Text
	Collisions []collision
	Warnings   []templates.Text
}

type sessionAddView struct {
	Class       store.ClassEntry
	Form        *page.Form
	Weekdays    []templates.Option
	Instructors []templates.Option
	Meetings    []meetingLine
	Held        int // of the meetings, how many take place
	Clear       bool
	Agreed      string // code of the warnings that the form agrees to
}

// NewSessionsPage shows the form to add sessions to a class.
func (p *Pages) NewSessionsPage(c *gin.Context) { p.showSessionAdd(c, page.Filled("skip", "1"), nil) }

func (p *Pages) showSessionAdd(c *gin.Context, f *page.Form, row plan.Row) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := sessionAddView{Class: class, Form: f, Weekdays: page.WeekdayOptions(), Held: len(row.Held()), Agreed: row.Agreement()}
	instructors, err := p.InstructorOptions(c, class.ProviderID)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Instructors = instructors[1:] // not "all"
	q := p.Store.Read(c.Request.Context())
	if view.Meetings, view.Clear, err = meetingLines(q, row, class.Zone); err != nil {
		p.Fail(c, err)
		return
	}
	frame := p.Frame(c, templates.Say("recur.title"))
	frame.Zone = class.Zone
	frame.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(class.ID, ""), Name: class.Code})
	page.Show(p.Kit, c, "plan/session-add", frame, view)
}

// meetingLines are the sessions of a row in words. free says that none of them collides.
func meetingLines(q store.Queries, row plan.Row, zone models.Zone) (lines []meetingLine, free bool, err error) {
	free = true
	for _, m := range row {
		line := meetingLine{Meeting: m, Zone: zone, Weekday: page.WeekdayText(m.Day.Weekday())}
		if line.Collisions, line.Warnings, err = outcomeText(q, m.Outcome); err != nil {
			return nil, false, err
		}
		free = free && len(m.Conflicts) == 0
		lines = append(lines, line)
	}
	return lines, free, nil
}

// AddSessions shows the sessions of a row with their collisions and warnings; with a
// second click it adds them.
func (p *Pages) AddSessions(c *gin.Context) {
	class, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, mode := page.FormOf(c), plan.Check
	if f.Value("do") == "add" {
		mode = plan.Apply
	}
	row, err := p.Plan.AddSessions(c.Request.Context(), page.VisitorOf(c).Actor(), class, recurrenceOf(f), mode)
	switch {
	case errors.Is(err, plan.ErrConflicts):
		f.Refuse("", "recur.collides")
		err = nil
	case errors.Is(err, plan.ErrWarned):
		f.Refuse("", "session.sure")
		err = nil
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "from", err, func() { p.showSessionAdd(c, f, row) })
		return
	}
	if mode == plan.Check {
		p.showSessionAdd(c, f, row)
		return
	}
	p.Done(c, page.ClassHref(class, ""), "recur.added", "Count", len(row.Held()))
}

func recurrenceOf(f *page.Form) plan.Recurrence {
	r := plan.Recurrence{
		Weekdays:    f.Weekdays("weekdays"),
		From:        models.LocalDate(f.Value("from")),
		Until:       models.LocalDate(f.Value("until")),
		Start:       sinceMidnight(f.Value("start")),
		End:         sinceMidnight(f.Value("end")),
		Room:        f.Value("room"),
		OnHolidays:  !f.Checked("skip"),
		Instructors: f.IDs("instructor"),
		Agreed:      f.Value("sure"),
	}
	if text := f.Trimmed("count"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			r.Count = n
		} else {
			r.Count = -1 // no number of sessions: refused as such
		}
	}
	return r
}
