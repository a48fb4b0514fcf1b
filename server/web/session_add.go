package web

import (
	"errors"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// meetingLine is a session to be, with what it meets, in words.
type meetingLine struct {
	plan.Meeting
	Weekday    templates.Text
	Collisions []collision
	Warnings   []templates.Text
}

type sessionAddView struct {
	Class       store.ClassEntry
	Form        *Form
	Weekdays    []templates.Option
	Instructors []templates.Option
	Meetings    []meetingLine
	Held        int // of the meetings, how many take place
	Clear       bool
	Agreed      string // what adding the row agrees to: the warnings shown
}

func (p *Pages) newSessionsPage(c *gin.Context) { p.showSessionAdd(c, filled("skip", "1"), nil) }

func (p *Pages) showSessionAdd(c *gin.Context, f *Form, row plan.Row) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := sessionAddView{Class: class, Form: f, Weekdays: weekdayOptions(), Held: len(row.Held()), Clear: true, Agreed: row.Agreement()}
	instructors, err := p.instructorOptions(c, class.ProviderID)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Instructors = instructors[1:] // not "all"
	q := p.Store.Read(c.Request.Context())
	for _, m := range row {
		line := meetingLine{Meeting: m, Weekday: weekdayText(m.Day.Weekday())}
		if line.Collisions, line.Warnings, err = outcomeText(q, m.Outcome); err != nil {
			p.fail(c, err)
			return
		}
		view.Clear = view.Clear && len(m.Conflicts) == 0
		view.Meetings = append(view.Meetings, line)
	}
	frame := p.frame(c, templates.Say("recur.title"))
	frame.Zone = class.Zone
	frame.Crumbs = append(crumbs("/classes", "classes.title"), templates.Crumb{Href: classHref(class.ID, ""), Name: class.Code})
	show(p, c, "session-add", frame, view)
}

// addSessions shows what a row of sessions would be and meet; with a second press it is
// added.
func (p *Pages) addSessions(c *gin.Context) {
	class, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f, mode := formOf(c), plan.Check
	if f.Value("do") == "add" {
		mode = plan.Apply
	}
	row, err := p.Plan.AddSessions(c.Request.Context(), visitorOf(c).actor(), class, recurrenceOf(f), mode)
	switch {
	case errors.Is(err, plan.ErrConflicts):
		f.refuse("", "recur.collides")
		err = nil
	case errors.Is(err, plan.ErrWarned):
		f.refuse("", "session.sure")
		err = nil
	}
	if err != nil || !f.ok() {
		p.again(c, f, "from", err, func() { p.showSessionAdd(c, f, row) })
		return
	}
	if mode == plan.Check {
		p.showSessionAdd(c, f, row)
		return
	}
	p.done(c, classHref(class, ""), "recur.added", "Count", len(row.Held()))
}

func recurrenceOf(f *Form) plan.Recurrence {
	r := plan.Recurrence{Weekdays: f.weekdays("weekdays"), From: models.LocalDate(f.Value("from")), Until: models.LocalDate(f.Value("until")), Start: sinceMidnight(f.Value("start")),
		End: sinceMidnight(f.Value("end")), Room: f.Value("room"), OnHolidays: !f.checked("skip"), Instructors: f.ids("instructor"), Agreed: f.Value("sure")}
	if text := f.trimmed("count"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			r.Count = n
		} else {
			r.Count = -1 // no number of sessions: refused as such
		}
	}
	return r
}
