package people

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type classPeopleView struct {
	page.ClassView
	Form   *page.Form
	People []store.PersonEntry
	Pages  templates.Pagination
	// These are the number of people who wait for a place here, and of people who have
	// one and never came; only for users who plan.
	Waiting   []store.WaitingEntry
	NeverCame int
	Notice    *page.BudgetNotice
	MaySend   bool // links, with whole numbers
	MayBadge  bool
}

// Free is the number of free seats.
func (v classPeopleView) Free() int { return max(0, v.Class.Capacity-v.Class.Enrolled) }

// ClassPeoplePage lists the people of a class with their tickets.
func (p *Pages) ClassPeoplePage(c *gin.Context) { p.showClassPeople(c, &page.Form{}) }

func (p *Pages) showClassPeople(c *gin.Context, f *page.Form) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	slice := page.SliceOf(c)
	people, err := p.Store.Read(c.Request.Context()).ClassPeople(class.ID, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := classPeopleView{ClassView: page.ClassViewOf(c, class, "people"), Form: f, People: people.Rows, Pages: page.Paging(c, slice, len(people.Rows),
		people.Total), MaySend: page.VisitorOf(c).May(account.SeeNumbers), MayBadge: page.VisitorOf(c).May(account.PrintBadges)}
	if view.MayPlan {
		q := p.Store.Read(c.Request.Context())
		var empty []models.Enrollment
		view.Waiting, err = q.Waiting(class.ID)
		if err == nil && len(view.Waiting) > 0 {
			empty, err = q.NeverCame(class.ID)
			view.NeverCame = len(empty)
		}
		if err == nil {
			view.Notice, err = p.NoticeOf(c, class.PilotID)
		}
		if err != nil {
			p.Fail(c, err)
			return
		}
	}
	page.Show(p.Kit, c, "people/class-people", p.ClassFrame(c, class), view)
}
