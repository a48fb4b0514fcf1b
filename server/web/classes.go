package web

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type classesView struct {
	Form      *Form
	Classes   []store.ClassEntry
	Pilots    []templates.Option
	Provinces []templates.Option
	Pages     templates.Pagination
}

func (p *Pages) classesPage(c *gin.Context) {
	q, v, slice := p.Store.Read(c.Request.Context()), visitorOf(c), sliceOf(c)
	list, err := q.ListClasses(store.ClassFilter{Provider: v.scope.Provider(), Pilot: queryID(c, "pilot"),
		Site: queryID(c, "site"), Province: c.Query("province"), Words: c.Query("q")}, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := classesView{Form: &Form{values: c.Request.URL.Query()}, Classes: list.Rows, Provinces: provinceOptions(), Pages: pages(c, slice, len(list.Rows), list.Total)}
	if v.may(account.SeePilots) {
		if view.Pilots, err = p.pilotOptions(c); err != nil {
			p.fail(c, err)
			return
		}
	}
	show(p, c, "classes", p.frame(c, templates.Say("classes.title")), view)
}

// classView is what the tabs of a class have in common.
type classView struct {
	Class            store.ClassEntry
	Tab              string
	MayPlan, MaySign bool // enroll and cancel; issue and revoke tickets
}

func (p *Pages) classFrame(c *gin.Context, class store.ClassEntry) templates.Frame {
	f := p.frame(c, templates.Say("class.title", "Code", class.Code))
	f.Zone = class.Zone
	f.Crumbs = crumbs("/classes", "classes.title")
	return f
}

func classViewOf(c *gin.Context, class store.ClassEntry, tab string) classView {
	v := visitorOf(c)
	return classView{Class: class, Tab: tab, MayPlan: v.may(account.ManagePlan), MaySign: v.may(account.ManageTickets)}
}

type classSessionsView struct {
	classView
	Policy   models.Policy
	Own      bool // the policy is the class's own, not the pilot's
	Sessions []sessionLine
	Pages    templates.Pagination
	MayMove  bool          // and add: sessions are the institution's own to plan
	Subjects []subjectLine // the class and who teaches it, with their calendars' addresses
	Here     string
	Short    int                // tickets that are over before the last session
	Differs  []policyDifference // in which it is not the pilot's
	MaySet   bool               // the policy
}

// FirstDay is the date of the class's first session.
func (v classSessionsView) FirstDay() models.LocalDate { return v.Class.Zone.Date(v.Class.FirstStart) }

func (p *Pages) classPage(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	slice := sliceOf(c)
	lines, total, err := p.sessionLines(c, store.SessionFilter{Class: class.ID}, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := classSessionsView{classView: classViewOf(c, class, "sessions"), Sessions: lines, Pages: pages(c, slice, len(lines), total),
		MayMove: visitorOf(c).may(account.ManageSessions) && class.ClosedAt == 0}
	if view.Here = c.Request.URL.RequestURI(); view.MayMove {
		if view.Subjects, err = p.classSubjects(c, class.ID); err != nil {
			p.fail(c, err)
			return
		}
	}
	short, err := p.Store.Read(c.Request.Context()).ShortTickets(class.ID)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Short = len(short)
	pilot, err := p.Store.Read(c.Request.Context()).Pilot(class.PilotID)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Policy, view.Own, view.MaySet = store.PolicyOf(class.Class, pilot), class.Policy != nil, visitorOf(c).may(account.ManagePilots)
	view.Differs = differences(view.Policy, pilot.Policy)
	show(p, c, "class", p.classFrame(c, class), view)
}

type classPeopleView struct {
	classView
	Form   *Form
	People []store.PersonEntry
	Pages  templates.Pagination
	// Who waits for a place here, and how many have one and never came; only for who plans.
	Waiting   []store.WaitingEntry
	NeverCame int
	Notice    *budgetNotice
	MaySend   bool // links, with whole numbers
	MayBadge  bool
}

// Free is how many seats nobody has.
func (v classPeopleView) Free() int { return max(0, v.Class.Capacity-v.Class.Enrolled) }

func (p *Pages) classPeoplePage(c *gin.Context) { p.showClassPeople(c, &Form{}) }

func (p *Pages) showClassPeople(c *gin.Context, f *Form) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	slice := sliceOf(c)
	people, err := p.Store.Read(c.Request.Context()).ClassPeople(class.ID, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := classPeopleView{classView: classViewOf(c, class, "people"), Form: f, People: people.Rows, Pages: pages(c, slice, len(people.Rows), people.Total), MaySend: visitorOf(c).may(account.SeeNumbers), MayBadge: visitorOf(c).may(account.PrintBadges)}
	if view.MayPlan {
		q := p.Store.Read(c.Request.Context())
		var empty []models.Enrollment
		view.Waiting, err = q.Waiting(class.ID)
		if err == nil && len(view.Waiting) > 0 {
			empty, err = q.NeverCame(class.ID)
			view.NeverCame = len(empty)
		}
		if err == nil {
			view.Notice, err = p.noticeOf(c, class.PilotID)
		}
		if err != nil {
			p.fail(c, err)
			return
		}
	}
	show(p, c, "class-people", p.classFrame(c, class), view)
}

// classHref is the address of a class or of one of its tabs.
func classHref(id uuid.UUID, tab string) string {
	href := "/classes/" + id.String()
	if tab != "" {
		href += "/" + tab
	}
	return href
}
