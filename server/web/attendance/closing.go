package attendance

import (
	"github.com/gin-gonic/gin"

	"buktihadir/server/document"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// closeView is what prevents closing a class, and the result of closing it.
type closeView struct {
	Class  store.ClassEntry
	Now    review.Closing
	Counts []outcomeCount
	Form   *page.Form
}

type outcomeCount struct {
	Outcome document.Outcome
	Count   int
	Tone    templates.Tone
}

// Key names the outcome's text.
func (o outcomeCount) Key() string { return "outcome." + string(o.Outcome) }

// Blocked says why the class can't be closed.
func (v closeView) Blocked() templates.Text {
	if v.Now.Blocked == nil {
		return templates.Text{}
	}
	return templates.Say(v.Now.Blocked.Key, v.Now.Blocked.Args...)
}

// openLine is one thing that is open, with the way to where it is settled.
type openLine struct {
	Text templates.Text
	Href string
}

// Open lists what is open, each with where to settle it.
func (v closeView) Open() (lines []openLine) {
	for _, o := range v.Now.Open {
		href := page.ClassHref(v.Class.ID, "attendance")
		switch o.Key {
		case "waiting", "nothing", "hours":
			href = page.ClassHref(v.Class.ID, "")
		case "cases":
			href = "/cases"
		}
		lines = append(lines, openLine{templates.Say("closing.open_"+o.Key, "Count", o.Count), href})
	}
	return lines
}

// incompleteLine is a participant who does not complete the class, with the reason.
type incompleteLine struct {
	document.Person
	Why templates.Text
}

// Incomplete lists them.
func (v closeView) Incomplete() (lines []incompleteLine) {
	for _, person := range v.Now.Dossier.People {
		if !person.Instructor && person.Outcome != document.Completed && person.Outcome != document.Left {
			lines = append(lines, incompleteLine{person, templates.Say("outcome." + string(person.Outcome))})
		}
	}
	return lines
}

// ClosePage shows what a class still needs before it closes.
func (p *Pages) ClosePage(c *gin.Context) { p.showClose(c, &page.Form{}) }

func (p *Pages) showClose(c *gin.Context, form *page.Form) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := closeView{Class: class, Form: form}
	if view.Now, err = review.Examine(p.Store.Read(c.Request.Context()), class.ID, p.Now()); err != nil {
		p.Fail(c, err)
		return
	}
	for _, o := range document.Outcomes() {
		tone := templates.Neutral
		if o == document.Completed {
			tone = templates.Good
		}
		if n := view.Now.Count(o); n > 0 || o == document.Completed {
			view.Counts = append(view.Counts, outcomeCount{o, n, tone})
		}
	}
	f := p.Frame(c, templates.Say("closing.title", "Code", class.Code))
	f.Zone = class.Zone
	f.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(class.ID, "documents"), Name: class.Code})
	page.Show(p.Kit, c, "attendance/class-close", f, view)
}

// CloseClass closes a class and issues its documents.
func (p *Pages) CloseClass(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	err = review.Close(c.Request.Context(), p.Store, page.VisitorOf(c).User, p.Printer(), class.ID, f.Value("seen"), f.Trimmed("reason"))
	if err != nil {
		p.Again(c, f, "reason", err, func() { p.showClose(c, f) })
		return
	}
	p.Done(c, page.ClassHref(class.ID, "documents"), "closing.done", "Code", class.Code)
}
