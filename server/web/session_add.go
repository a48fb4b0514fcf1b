package web

import (
	"errors"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/schedule"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// meetingLine is a session to be, with what it meets, in words.
type meetingLine struct {
	schedule.Meeting
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
}

// Ticked says whether a choice among several was made.
func (f *Form) Ticked(field, value string) bool {
	return f != nil && slices.Contains(f.values[field], value)
}

func (p *Pages) newSessionsPage(c *gin.Context) { p.showSessionAdd(c, filled("skip", "1"), nil) }

func (p *Pages) showSessionAdd(c *gin.Context, f *Form, row []schedule.Meeting) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := sessionAddView{Class: class, Form: f, Clear: true}
	for _, day := range []string{"1", "2", "3", "4", "5", "6", "0"} {
		view.Weekdays = append(view.Weekdays, templates.Option{Value: day, Text: templates.Say("weekday." + day)})
	}
	instructors, err := p.instructorOptions(c, class.ProviderID)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Instructors = instructors[1:] // not "all"
	q := p.Store.Read(c.Request.Context())
	for _, m := range row {
		line := meetingLine{Meeting: m, Weekday: templates.Say("weekday." + strconv.Itoa(int(m.Day.Weekday())))}
		if line.Collisions, line.Warnings, err = outcomeText(q, m.Outcome); err != nil {
			p.fail(c, err)
			return
		}
		if m.Skipped == "" {
			view.Held++
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
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f, mode := formOf(c), schedule.Check
	if f.Value("do") == "add" {
		mode = schedule.Apply
	}
	row, err := p.Plan.AddSessions(c.Request.Context(), visitorOf(c).actor(), class.ID, recurrenceOf(f), mode)
	if errors.Is(err, schedule.ErrConflicts) {
		f.refuse("", "recur.collides")
		err = nil
	}
	if err != nil || !f.ok() {
		p.again(c, f, "from", err, func() { p.showSessionAdd(c, f, row) })
		return
	}
	if mode == schedule.Check {
		p.showSessionAdd(c, f, row)
		return
	}
	held := 0
	for _, m := range row {
		if m.Skipped == "" {
			held++
		}
	}
	p.done(c, classHref(class.ID, ""), "recur.added", "Count", held)
}

func recurrenceOf(f *Form) schedule.Recurrence {
	r := schedule.Recurrence{From: models.LocalDate(f.Value("from")), Until: models.LocalDate(f.Value("until")), Start: sinceMidnight(f.Value("start")),
		End: sinceMidnight(f.Value("end")), Room: f.Value("room"), OnHolidays: !f.checked("skip"), Instructors: f.ids("instructor")}
	for _, day := range f.values["weekdays"] {
		if n, err := strconv.Atoi(day); err == nil && n >= 0 && n < len(r.Weekdays) {
			r.Weekdays[n] = true
		}
	}
	if text := f.trimmed("count"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			r.Count = n
		} else {
			r.Count = -1 // no number of sessions: refused as such
		}
	}
	return r
}
