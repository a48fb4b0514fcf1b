package plan

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type pilotsView struct {
	Pilots    []models.Pilot
	MayManage bool
}

// PilotsPage lists the pilots.
func (p *Pages) PilotsPage(c *gin.Context) {
	pilots, err := p.Store.Read(c.Request.Context()).Pilots()
	if err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "plan/pilots", p.Frame(c, templates.Say("pilots.title")), pilotsView{pilots, page.VisitorOf(c).May(account.ManagePilots)})
}

// provinceLine is a province of a pilot with its name.
type provinceLine struct {
	store.ProvinceUse
	Name string
}

type pilotView struct {
	Pilot     models.Pilot
	Used      int
	Provinces []provinceLine
	Documents []models.Document
	Next      []models.Phase // that it may move to, and come back from
	MayClose  bool
	Mistake   string // which of the page's forms was refused: decide, correct, phase, close, quota, policy
	Form      *page.Form
	QuotaForm *page.Form
	Correct   *page.Form // the decision
	Policy    []policyField
	Shift     *plan.WouldShift // what the changed policy would do, to be agreed to
	Money     pilotBudget
	History   []page.HistoryLine
	MayManage bool
	MaySend   bool // links, with whole numbers
	MayPrint  bool
	MayIssue  bool
	Lacking   int64 // places that could get a ticket

	Fixed, Held int // tickets that the policy refuses, of how many that people hold
}

// PilotPage shows a pilot.
func (p *Pages) PilotPage(c *gin.Context) { p.showPilot(c, "", nil, nil) }

// showPilot shows a pilot, with one of its forms if that was refused.
func (p *Pages) showPilot(c *gin.Context, mistake string, form *page.Form, shift *plan.WouldShift) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q, v := p.Store.Read(c.Request.Context()), page.VisitorOf(c)
	pilot, err := q.Pilot(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := pilotView{Pilot: pilot, Mistake: mistake, Form: form, MayManage: v.May(account.ManagePilots), MaySend: v.May(account.SeeNumbers),
		MayPrint: v.May(account.ManageTickets), Policy: policyFields(pilot.Policy, mistake == "policy", form), Shift: shift}
	var provinces []store.ProvinceUse
	if view.Used, provinces, err = q.PilotUse(id); err != nil {
		p.Fail(c, err)
		return
	}
	for _, use := range provinces {
		view.Provinces = append(view.Provinces, provinceLine{use, page.ProvinceNameOf(use.Province)})
	}
	view.QuotaForm = quotaForm(pilot, view.Provinces)
	if mistake == "quota" {
		view.QuotaForm = form
	}
	if view.Correct = correctionForm(pilot); mistake == "correct" {
		view.Correct = form
	}
	if view.Money, err = p.pilotBudget(c, id); err != nil {
		p.Fail(c, err)
		return
	}
	if view.MayIssue = v.May(account.ManageTickets) && pilot.Phase.Open(); view.MayIssue {
		if err := view.countTickets(q, p.Now()); err != nil {
			p.Fail(c, err)
			return
		}
	}
	if view.Documents, err = q.Documents("pilot", id); err != nil {
		p.Fail(c, err)
		return
	}
	view.MayClose = pilot.Phase.MayBecome(models.PhaseClosed)
	for _, next := range models.Phases() {
		if pilot.Phase.MayBecome(next) && next != models.PhaseApproved && next != models.PhaseClosed {
			view.Next = append(view.Next, next)
		}
	}
	history, err := q.ListHistory(store.HistoryFilter{Entity: "pilot", EntityID: id.String()}, store.Slice{Limit: page.Beside})
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.History = p.HistoryLines(c, history.Rows)
	f := p.Frame(c, templates.Say("pilot.title", "Name", pilot.Name))
	f.Crumbs = page.Crumbs("/pilots", "pilots.title")
	page.Show(p.Kit, c, "plan/pilot", f, view)
}

// countTickets counts the tickets that are missing, and those that nobody takes.
func (v *pilotView) countTickets(q store.Queries, now models.Millis) (err error) {
	if v.Lacking, err = q.CountLackingTickets(v.Pilot.ID); err != nil {
		return err
	}
	classes, err := q.ClassesOf(v.Pilot.ID)
	if err != nil {
		return err
	}
	v.Fixed, v.Held, err = q.FixedTickets(now, v.Pilot, classes...)
	return err
}

// quotaForm is a pilot's quotas as quotaOf reads them.
func quotaForm(pilot models.Pilot, provinces []provinceLine) *page.Form {
	quota, lines := "", ""
	if pilot.Quota > 0 {
		quota = strconv.Itoa(pilot.Quota)
	}
	for _, line := range provinces {
		lines += line.Name
		if line.Quota > 0 {
			lines += ": " + strconv.Itoa(line.Quota)
		}
		lines += "\n"
	}
	return page.Filled("quota", quota, "provinces", lines)
}

// Document gives a paper back as it was uploaded: always as a download, so that
// nothing in it runs as a page of ours.
func (p *Pages) Document(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	d, err := p.Store.Read(c.Request.Context()).Document(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, d.FileName, "application/octet-stream", d.Content)
}
