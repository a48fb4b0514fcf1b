package plan

import (
	"errors"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// collision is one thing that a session cannot share, with a link to the session that has
// it.
type collision struct {
	Text templates.Text
	Href string
}

type sessionEditView struct {
	Session    store.SessionEntry
	Sites      []templates.Option
	Teaching   teaching
	Versions   []versionLine
	Collisions []collision
	Warnings   []templates.Text
	Mistake    string // which form was refused: move, cancel, restore, teach
	Agreed     string // code of the warnings that the form agrees to
	Form       *page.Form
	Cancelled  bool
}

// MoveReason is what a refused form to move the session gave.
func (v sessionEditView) MoveReason() string {
	if v.Mistake != "move" {
		return ""
	}
	return v.Form.Value("reason")
}

// versionLine is what a session was, and where.
type versionLine struct {
	models.SessionVersion
	Site models.Site
}

// SessionEditPage asks for the new time and place of a session. If the address has them,
// as a link of the calendar does, it fills the form in and shows the collisions at once.
func (p *Pages) SessionEditPage(c *gin.Context) {
	s, err := p.SessionOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	now := page.Filled("day", string(s.Zone.Date(s.StartsAt)), "start", s.Zone.Clock(s.StartsAt), "end", s.Zone.Clock(s.EndsAt),
		"site", s.SiteID.String(), "room", s.Room)
	if c.Query("day") == "" {
		p.showSessionEdit(c, s, "", plan.Outcome{}, now)
		return
	}
	f := (&page.Form{Values: c.Request.URL.Query()}).Over(now.Values)
	out, err := p.Plan.TryMove(c.Request.Context(), page.VisitorOf(c).Actor(), s.ID, moveOf(f))
	if err != nil {
		if err = p.Absorb(c, f, "day", err); err != nil {
			p.Fail(c, err)
			return
		}
	}
	p.showSessionEdit(c, s, "move", out, f)
}

func moveOf(f *page.Form) plan.Move {
	return plan.Move{Day: models.LocalDate(f.Value("day")), Start: sinceMidnight(f.Value("start")), End: sinceMidnight(f.Value("end")),
		Site: f.ID("site"), Room: f.Value("room"), Reason: f.Trimmed("reason"), Agreed: f.Value("sure")}
}

func (p *Pages) showSessionEdit(c *gin.Context, s store.SessionEntry, mistake string, out plan.Outcome, form *page.Form) {
	q := p.Store.Read(c.Request.Context())
	view := sessionEditView{Session: s, Mistake: mistake, Agreed: out.Agreement(), Form: form, Cancelled: s.Status == models.SessionCancelled}
	var err error
	if view.Versions, err = versionLines(q, s.ID); err != nil {
		p.Fail(c, err)
		return
	}
	if view.Teaching, err = p.teachingOf(c, s); err != nil {
		p.Fail(c, err)
		return
	}
	if mistake == "teach" { // what was chosen stays so
		view.Teaching.By, view.Teaching.Also = form.Values["by"], form.Value("also")
	}
	sites, err := p.SiteOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Sites = sites[1:] // not "all"
	if view.Collisions, view.Warnings, err = outcomeText(q, out); err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("session.edit"))
	f.Zone = s.Zone
	f.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(s.ClassID, ""), Name: s.ClassCode},
		templates.Crumb{Href: page.SessionHref(s.ID), Text: templates.Say("session.seq", "Number", s.Seq)})
	page.Show(p.Kit, c, "plan/session-edit", f, view)
}

func versionLines(q store.Queries, session uuid.UUID) (lines []versionLine, err error) {
	versions, err := q.SessionVersions(session)
	for _, v := range versions {
		line := versionLine{SessionVersion: v}
		if line.Site, err = q.Site(v.SiteID); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, err
}

// outcomeText is what a change of the plan meets, in words.
func outcomeText(q store.Queries, out plan.Outcome) (collisions []collision, warnings []templates.Text, err error) {
	for _, x := range out.Conflicts {
		other, err := q.SessionEntry(x.Other.ID)
		if err != nil {
			return nil, nil, err
		}
		collisions = append(collisions, collision{
			templates.Say("session.conflict_"+string(x.Kind), "What", x.What, "Class", other.ClassCode, "Number", other.Seq), page.SessionHref(other.ID),
		})
	}
	for _, w := range out.Warnings {
		key, args := w.Message()
		warnings = append(warnings, templates.Say(key, args...))
		if len(w.People) > 0 {
			warnings = append(warnings, peopleText(w.People, w.Count))
		}
	}
	return collisions, warnings, nil
}

// peopleText names people, the first of so many.
func peopleText(names []string, count int) templates.Text {
	list := strings.Join(names, ", ")
	if more := count - len(names); more > 0 {
		return templates.Say("session.absent_more", "Names", list, "Count", more)
	}
	return templates.Say("session.absent_names", "Names", list)
}

// sinceMidnight reads a time of day, in minutes, as a browser sends it or as pages print
// it (08.00). It returns -1 if the text is not a time.
func sinceMidnight(text string) time.Duration {
	at, err := time.Parse("15:04", strings.Replace(text, ".", ":", 1))
	if err != nil {
		return -1
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

// MoveSession moves a session. Warnings are shown first, and the user agrees to them by a
// second click.
func (p *Pages) MoveSession(c *gin.Context) {
	p.changeSession(c, "move", func(s store.SessionEntry, f *page.Form) (plan.Outcome, error) {
		return p.Plan.MoveSession(c.Request.Context(), page.VisitorOf(c).Actor(), s.ID, moveOf(f))
	})
}

// CancelSession cancels a session.
func (p *Pages) CancelSession(c *gin.Context) {
	p.changeSession(c, "cancel", func(s store.SessionEntry, f *page.Form) (plan.Outcome, error) {
		return p.Plan.CancelSession(c.Request.Context(), page.VisitorOf(c).Actor(), s.ID, f.Trimmed("reason"), f.Value("sure"))
	})
}

// RestoreSession brings a cancelled session back.
func (p *Pages) RestoreSession(c *gin.Context) {
	p.changeSession(c, "restore", func(s store.SessionEntry, f *page.Form) (plan.Outcome, error) {
		return p.Plan.RestoreSession(c.Request.Context(), page.VisitorOf(c).Actor(), s.ID, f.Trimmed("reason"), f.Value("sure"))
	})
}

func (p *Pages) changeSession(c *gin.Context, what string, change func(store.SessionEntry, *page.Form) (plan.Outcome, error)) {
	s, err := p.SessionOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	out, err := change(s, f)
	switch {
	case errors.Is(err, plan.ErrConflicts):
		f.Refuse("", "session.collides")
		err = nil
	case errors.Is(err, plan.ErrWarned):
		f.Refuse("", "session.sure")
		err = nil
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "reason", err, func() { p.showSessionEdit(c, s, what, out, f) })
		return
	}
	p.Done(c, page.SessionHref(s.ID), "session.changed_"+what)
}
