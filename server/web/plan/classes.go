package plan

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type classesView struct {
	Form      *page.Form
	Classes   []store.ClassEntry
	Pilots    []templates.Option
	Provinces []templates.Option
	Pages     templates.Pagination
}

// ClassesPage lists classes.
func (p *Pages) ClassesPage(c *gin.Context) {
	q, v, slice := p.Store.Read(c.Request.Context()), page.VisitorOf(c), page.SliceOf(c)
	list, err := q.ListClasses(store.ClassFilter{Provider: v.Scope.Provider(), Pilot: page.QueryID(c, "pilot"),
		Site: page.QueryID(c, "site"), Province: c.Query("province"), Words: c.Query("q")}, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := classesView{Form: &page.Form{Values: c.Request.URL.Query()}, Classes: list.Rows, Provinces: page.ProvinceOptions(),
		Pages: page.Paging(c, slice, len(list.Rows), list.Total)}
	if v.May(account.SeePilots) {
		if view.Pilots, err = p.PilotOptions(c); err != nil {
			p.Fail(c, err)
			return
		}
	}
	page.Show(p.Kit, c, "plan/classes", p.Frame(c, templates.Say("classes.title")), view)
}

// mostUnfit is how many tickets to be renewed are counted for a class's page.
const mostUnfit = 1000

type classSessionsView struct {
	page.ClassView
	Policy   models.Policy
	Own      bool // the policy is the class's own, not the pilot's
	Sessions []page.SessionLine
	Pages    templates.Pagination
	MayMove  bool          // and add: sessions are the institution's own to plan
	Subjects []subjectLine // the class and its instructors, with their calendars' addresses
	Here     string
	Unfit    int                // tickets that aren't taken at all sessions
	Differs  []policyDifference // in which it is not the pilot's
	MaySet   bool               // the policy
	Hours    attendance.Hours
	Lacking  bool // hours, and the policy doesn't ignore it
}

// FirstDay is the date of the class's first session.
func (v classSessionsView) FirstDay() models.LocalDate { return v.Class.Zone.Date(v.Class.FirstStart) }

// ClassPage shows a class with its sessions.
func (p *Pages) ClassPage(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	slice := page.SliceOf(c)
	lines, total, err := p.SessionLines(c, store.SessionFilter{Class: class.ID}, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := classSessionsView{ClassView: page.ClassViewOf(c, class, "sessions"), Sessions: lines, Pages: page.Paging(c, slice, len(lines), total),
		MayMove: page.VisitorOf(c).May(account.ManageSessions) && class.ClosedAt == 0}
	if view.Here = c.Request.URL.RequestURI(); view.MayMove {
		if view.Subjects, err = p.classSubjects(c, class.ID); err != nil {
			p.Fail(c, err)
			return
		}
	}
	unfit, err := p.Store.Read(c.Request.Context()).UnfitTickets(class.ID, mostUnfit)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Unfit = len(unfit)
	pilot, err := p.Store.Read(c.Request.Context()).Pilot(class.PilotID)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Policy, view.Own, view.MaySet = store.PolicyOf(class.Class, pilot), class.Policy != nil, page.VisitorOf(c).May(account.ManagePilots)
	view.Differs = differences(view.Policy, pilot.Policy)
	if view.Hours, err = p.Store.Read(c.Request.Context()).ClassHours(class.Class, p.Now()); err != nil {
		p.Fail(c, err)
		return
	}
	view.Lacking = view.Hours.Owed() > 0 && view.Policy.HoursRule() != models.HoursIgnore
	page.Show(p.Kit, c, "plan/class", p.ClassFrame(c, class), view)
}
