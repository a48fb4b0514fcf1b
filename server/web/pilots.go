package web

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type pilotsView struct {
	Pilots    []models.Pilot
	MayManage bool
}

func (p *Pages) pilotsPage(c *gin.Context) {
	pilots, err := p.Store.Read(c.Request.Context()).Pilots()
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "pilots", p.frame(c, templates.Say("pilots.title")), pilotsView{pilots, visitorOf(c).may(account.ManagePilots)})
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
	Mistake   string // which of the page's forms was refused: decide, phase, close, quota, policy
	Form      *Form
	QuotaForm *Form
	Policy    []policyField
	Money     pilotBudget
	History   []historyLine
	MayManage bool
	MaySend   bool // links, with whole numbers
	MayPrint  bool
	MayIssue  bool
	Lacking   int64 // places that could get a ticket
}

func (p *Pages) pilotPage(c *gin.Context) { p.showPilot(c, "", nil) }

// showPilot shows a pilot, and one of its forms anew if that was refused.
func (p *Pages) showPilot(c *gin.Context, mistake string, form *Form) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	q, v := p.Store.Read(c.Request.Context()), visitorOf(c)
	pilot, err := q.Pilot(id)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := pilotView{Pilot: pilot, Mistake: mistake, Form: form, MayManage: v.may(account.ManagePilots), MaySend: v.may(account.SeeNumbers), MayPrint: v.may(account.ManageTickets), Policy: policyFields(pilot.Policy, mistake == "policy", form)}
	var provinces []store.ProvinceUse
	if view.Used, provinces, err = q.PilotUse(id); err != nil {
		p.fail(c, err)
		return
	}
	for _, use := range provinces {
		view.Provinces = append(view.Provinces, provinceLine{use, provinceNameOf(use.Province)})
	}
	view.QuotaForm = quotaForm(pilot, view.Provinces)
	if mistake == "quota" {
		view.QuotaForm = form
	}
	if view.Money, err = p.pilotBudget(c, id); err != nil {
		p.fail(c, err)
		return
	}
	if view.MayIssue = v.may(account.ManageTickets) && pilot.Phase.Open(); view.MayIssue {
		if view.Lacking, err = q.CountLackingTickets(id); err != nil {
			p.fail(c, err)
			return
		}
	}
	if view.Documents, err = q.Documents("pilot", id); err != nil {
		p.fail(c, err)
		return
	}
	view.MayClose = pilot.Phase.MayBecome(models.PhaseClosed)
	for _, next := range models.Phases() {
		if pilot.Phase.MayBecome(next) && next != models.PhaseApproved && next != models.PhaseClosed {
			view.Next = append(view.Next, next)
		}
	}
	history, err := q.ListHistory(store.HistoryFilter{Entity: "pilot", EntityID: id.String()}, store.Slice{Limit: beside})
	if err != nil {
		p.fail(c, err)
		return
	}
	view.History = p.historyLines(c, history.Rows)
	f := p.frame(c, templates.Say("pilot.title", "Name", pilot.Name))
	f.Crumbs = crumbs("/pilots", "pilots.title")
	show(p, c, "pilot", f, view)
}

// quotaForm is a pilot's quotas as quotaOf reads them.
func quotaForm(pilot models.Pilot, provinces []provinceLine) *Form {
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
	return filled("quota", quota, "provinces", lines)
}

// document gives a paper back as it was uploaded: always as a download, so that
// nothing in it runs as a page of ours.
func (p *Pages) document(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	d, err := p.Store.Read(c.Request.Context()).Document(id)
	if err != nil {
		p.fail(c, err)
		return
	}
	p.download(c, d.FileName, "application/octet-stream", d.Content)
}

func (p *Pages) download(c *gin.Context, name, kind string, content []byte) {
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, kind, content)
}
