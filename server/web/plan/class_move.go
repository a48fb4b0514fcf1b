package plan

import (
	"errors"
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type classMoveView struct {
	Class    store.ClassEntry
	Form     *page.Form
	Sites    []templates.Option
	Meetings []meetingLine
	Shown    bool // the preview, also of a class without sessions ahead
	Clear    bool
	Agreed   string // code of the warnings that the form agrees to
}

// ClassMovePage asks to which site a class moves for good. Its address may name one, as an
// import that names another site does.
func (p *Pages) ClassMovePage(c *gin.Context) {
	p.showClassMove(c, (&page.Form{Values: c.Request.URL.Query()}).Over(nil), nil, false)
}

func (p *Pages) showClassMove(c *gin.Context, f *page.Form, row plan.Row, shown bool) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := classMoveView{Class: class, Form: f, Shown: shown, Agreed: row.Agreement()}
	sites, err := p.SiteOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	sites[0] = templates.Option{Text: templates.Say("choice.none")} // instead of "all"
	view.Sites = slices.DeleteFunc(sites, func(o templates.Option) bool { return o.Value == class.SiteID.String() })
	q := p.Store.Read(c.Request.Context())
	zone := class.Zone
	if len(row) > 0 { // the times are those there
		site, err := q.Site(row[0].SiteID)
		if err != nil {
			p.Fail(c, err)
			return
		}
		zone = site.Zone
	}
	if view.Meetings, view.Clear, err = meetingLines(q, row, zone); err != nil {
		p.Fail(c, err)
		return
	}
	frame := p.Frame(c, templates.Say("move.title"))
	frame.Zone = class.Zone
	frame.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(class.ID, ""), Name: class.Code})
	page.Show(p.Kit, c, "plan/class-move", frame, view)
}

// MoveClass shows the sessions that would move with their collisions and warnings; with a
// second click it moves the class.
func (p *Pages) MoveClass(c *gin.Context) {
	class, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, mode := page.FormOf(c), plan.Check
	if f.Value("do") == "move" {
		mode = plan.Apply
	}
	to := plan.ClassMove{Site: f.ID("site"), Room: f.Value("room"), Reason: f.Trimmed("reason"), Agreed: f.Value("sure")}
	row, err := p.Plan.MoveClass(c.Request.Context(), page.VisitorOf(c).Actor(), class, to, mode)
	tried := err == nil
	switch {
	case errors.Is(err, plan.ErrConflicts):
		f.Refuse("", "recur.collides")
		tried, err = true, nil
	case errors.Is(err, plan.ErrWarned):
		f.Refuse("", "session.sure")
		tried, err = true, nil
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "site", err, func() { p.showClassMove(c, f, row, tried || len(row) > 0) })
		return
	}
	if mode == plan.Check {
		p.showClassMove(c, f, row, true)
		return
	}
	p.Done(c, page.ClassHref(class, ""), "move.done", "Count", len(row))
}
