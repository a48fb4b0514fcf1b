package web

import (
	"errors"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/schedule"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// collision is one thing that a session can't share, with the way to who has it.
type collision struct {
	Text templates.Text
	Href string
}

type sessionEditView struct {
	Session    store.SessionEntry
	Versions   []models.SessionVersion
	Collisions []collision
	Warnings   []templates.Text
	Mistake    string // which form was refused: move, cancel, restore
	Agreed     string // what saving the form agrees to: the warnings shown
	Form       *Form
	Cancelled  bool
}

// sessionEditPage asks where a session is to be. An address that says so, as the calendar
// gives it, fills the form in and shows at once what is in the way.
func (p *Pages) sessionEditPage(c *gin.Context) {
	s, err := p.sessionOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	now := filled("day", string(s.Zone.Date(s.StartsAt)), "start", s.Zone.Clock(s.StartsAt), "end", s.Zone.Clock(s.EndsAt), "room", s.Room)
	if c.Query("day") == "" {
		p.showSessionEdit(c, s, "", schedule.Outcome{}, now)
		return
	}
	f := (&Form{values: c.Request.URL.Query()}).over(now.values)
	out, err := p.Plan.TryMove(c.Request.Context(), visitorOf(c).actor(), s.ID, moveOf(f))
	if err != nil {
		if err = p.absorb(c, f, "day", err); err != nil {
			p.fail(c, err)
			return
		}
	}
	p.showSessionEdit(c, s, "move", out, f)
}

func moveOf(f *Form) schedule.Move {
	return schedule.Move{Day: models.LocalDate(f.Value("day")), Start: sinceMidnight(f.Value("start")), End: sinceMidnight(f.Value("end")),
		Room: f.Value("room"), Reason: f.trimmed("reason"), Agreed: f.Value("sure")}
}

func (p *Pages) showSessionEdit(c *gin.Context, s store.SessionEntry, mistake string, out schedule.Outcome, form *Form) {
	q := p.Store.Read(c.Request.Context())
	view := sessionEditView{Session: s, Mistake: mistake, Agreed: out.Agreement(), Form: form, Cancelled: s.Status == models.SessionCancelled}
	var err error
	if view.Versions, err = q.SessionVersions(s.ID); err != nil {
		p.fail(c, err)
		return
	}
	if view.Collisions, view.Warnings, err = outcomeText(q, out); err != nil {
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("session.edit"))
	f.Zone = s.Zone
	f.Crumbs = append(crumbs("/classes", "classes.title"), templates.Crumb{Href: classHref(s.ClassID, ""), Name: s.ClassCode},
		templates.Crumb{Href: sessionHref(s.ID), Text: templates.Say("session.seq", "Number", s.Seq)})
	show(p, c, "session-edit", f, view)
}

// outcomeText is what a change of the plan meets, in words.
func outcomeText(q store.Queries, out schedule.Outcome) (collisions []collision, warnings []templates.Text, err error) {
	for _, x := range out.Conflicts {
		other, err := q.SessionEntry(x.Other.ID)
		if err != nil {
			return nil, nil, err
		}
		collisions = append(collisions, collision{
			templates.Say("session.conflict_"+string(x.Kind), "What", x.What, "Class", other.ClassCode, "Number", other.Seq), sessionHref(other.ID),
		})
	}
	for _, w := range out.Warnings {
		warnings = append(warnings, templates.Say("session.warn_"+string(w.Kind), "What", w.What, "Count", w.Count))
	}
	return collisions, warnings, nil
}

// sinceMidnight reads a time of day, as a browser gives it or as pages print it (08.00); what is none is before it.
func sinceMidnight(text string) time.Duration {
	at, err := time.Parse("15:04", strings.Replace(text, ".", ":", 1))
	if err != nil {
		return -1
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

// moveSession moves a session. What is only to be known is shown first, and agreed
// to with a second press.
func (p *Pages) moveSession(c *gin.Context) {
	p.changeSession(c, "move", func(s store.SessionEntry, f *Form) (schedule.Outcome, error) {
		return p.Plan.MoveSession(c.Request.Context(), visitorOf(c).actor(), s.ID, moveOf(f))
	})
}

func (p *Pages) cancelSession(c *gin.Context) {
	p.changeSession(c, "cancel", func(s store.SessionEntry, f *Form) (schedule.Outcome, error) {
		return schedule.Outcome{}, p.Plan.CancelSession(c.Request.Context(), visitorOf(c).actor(), s.ID, f.trimmed("reason"))
	})
}

func (p *Pages) restoreSession(c *gin.Context) {
	p.changeSession(c, "restore", func(s store.SessionEntry, f *Form) (schedule.Outcome, error) {
		return p.Plan.RestoreSession(c.Request.Context(), visitorOf(c).actor(), s.ID, f.trimmed("reason"), f.Value("sure"))
	})
}

func (p *Pages) changeSession(c *gin.Context, what string, change func(store.SessionEntry, *Form) (schedule.Outcome, error)) {
	s, err := p.sessionOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	out, err := change(s, f)
	switch {
	case errors.Is(err, schedule.ErrConflicts):
		f.refuse("", "session.collides")
		err = nil
	case errors.Is(err, schedule.ErrWarned):
		f.refuse("", "session.sure")
		err = nil
	}
	if err != nil || !f.ok() {
		p.again(c, f, "reason", err, func() { p.showSessionEdit(c, s, what, out, f) })
		return
	}
	p.done(c, sessionHref(s.ID), "session.changed_"+what)
}
