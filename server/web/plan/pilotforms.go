package plan

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type newPilotView struct{ Form *page.Form }

// NewPilotPage shows the form for a pilot.
func (p *Pages) NewPilotPage(c *gin.Context) { p.showNewPilot(c, &page.Form{}) }

func (p *Pages) showNewPilot(c *gin.Context, f *page.Form) {
	frame := p.Frame(c, templates.Say("pilots.new"))
	frame.Crumbs = page.Crumbs("/pilots", "pilots.title")
	page.Show(p.Kit, c, "plan/pilot-new", frame, newPilotView{f})
}

// AddPilot adds a pilot.
func (p *Pages) AddPilot(c *gin.Context) {
	f := page.FormOf(c)
	quota, provinces := quotaOf(f)
	if !f.Ok() {
		p.Again(c, f, "", nil, func() { p.showNewPilot(c, f) })
		return
	}
	pilot, err := p.Plan.AddPilot(c.Request.Context(), page.VisitorOf(c).Actor(),
		models.Pilot{Code: f.Trimmed("code"), Name: f.Trimmed("name"), Quota: quota}, provinces)
	if err != nil {
		p.Again(c, f, "code", err, func() { p.showNewPilot(c, f) })
		return
	}
	p.Done(c, page.PilotHref(pilot.ID), "pilots.added")
}

// quotaOf reads a quota, and provinces one a line: a code or a name, then
// perhaps a colon and a quota of its own.
func quotaOf(f *page.Form) (int, []models.PilotProvince) {
	quota := wholeOrNone(f, "quota", f.Trimmed("quota"))
	var list []models.PilotProvince
	for code, own := range provinceLines(f, "provinces") {
		list = append(list, models.PilotProvince{Province: code, Quota: wholeOrNone(f, "provinces", own)})
	}
	return quota, list
}

// wholeOrNone reads a number of people; an empty text is 0.
func wholeOrNone(f *page.Form, field, text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(text, ".", ""))
	if err != nil || n < 0 {
		f.Refuse(field, "policy.not_a_number")
	}
	return n
}

func provinceNamed(name string) (code string, ok bool) {
	for _, r := range region.Provinces() {
		if r.Code == name || strings.EqualFold(r.Name, name) {
			return r.Code, true
		}
	}
	return "", false
}

// Decide records the committee's decision on a pilot.
func (p *Pages) Decide(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, file, err := page.UploadOf(c)
	if err != nil {
		p.UploadFailed(c, f, "document", err, func() { p.showPilot(c, "decide", f, nil) })
		return
	}
	if err := p.Plan.Decide(c.Request.Context(), page.VisitorOf(c).Actor(), id, decisionOf(f, file, "")); err != nil {
		p.Again(c, f, "number", err, func() { p.showPilot(c, "decide", f, nil) })
		return
	}
	p.Done(c, page.PilotHref(id), "pilot.decided")
}

// decisionOf reads a decision from its form. The names of its inputs begin with prefix.
func decisionOf(f *page.Form, file *page.Upload, prefix string) plan.Decision {
	d := plan.Decision{Number: f.Trimmed(prefix + "number"), Date: models.LocalDate(f.Value(prefix + "date")),
		FirstDay: models.LocalDate(f.Value(prefix + "first_day"))}
	if file != nil {
		d.FileName, d.FileType, d.FileContents = file.Name, http.DetectContentType(file.Content), file.Content
	}
	return d
}

// toCorrect begins the names of the form that corrects a decision: a suspended pilot shows it
// beside the form for a new one.
const toCorrect = "correct_"

// CorrectDecision corrects what was recorded of the committee's decision on a pilot.
func (p *Pages) CorrectDecision(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, file, err := page.UploadOf(c)
	if err != nil {
		p.UploadFailed(c, f, toCorrect+"document", err, func() { p.showPilot(c, "correct", f, nil) })
		return
	}
	err = p.Plan.CorrectDecision(c.Request.Context(), page.VisitorOf(c).Actor(), id, decisionOf(f, file, toCorrect), f.Trimmed(toCorrect+"reason"))
	if err != nil {
		if r, ok := office.RefusalOf(err); ok && r.Field != "" {
			r.Field = toCorrect + r.Field
		}
		p.Again(c, f, toCorrect+"number", err, func() { p.showPilot(c, "correct", f, nil) })
		return
	}
	p.Done(c, page.PilotHref(id), "pilot.corrected")
}

// correctionForm is a pilot's decision as its form for corrections shows it.
func correctionForm(pilot models.Pilot) *page.Form {
	return page.Filled(toCorrect+"number", pilot.DecisionNumber, toCorrect+"date", string(pilot.DecisionDate), toCorrect+"first_day", string(pilot.FirstDay))
}

// SetPhase moves a pilot to another phase; closing it is asked once more.
func (p *Pages) SetPhase(c *gin.Context) {
	if models.Phase(page.FormOf(c).Value("phase")) == models.PhaseClosed {
		p.closePilot(c)
		return
	}
	p.changePilot(c, "phase", "reason", "pilot.phase_changed", func(id uuid.UUID, f *page.Form) error {
		return p.Plan.SetPhase(c.Request.Context(), page.VisitorOf(c).Actor(), id, models.Phase(f.Value("phase")), f.Trimmed("reason"))
	})
}

// closePilot closes a pilot for good, once it is agreed to that it stays closed.
func (p *Pages) closePilot(c *gin.Context) {
	p.changePilot(c, "close", "close_reason", "pilot.phase_changed", func(id uuid.UUID, f *page.Form) error {
		if !f.Checked("sure") {
			f.Refuse("sure", "pilot.sure_needed")
			return nil
		}
		return p.Plan.SetPhase(c.Request.Context(), page.VisitorOf(c).Actor(), id, models.PhaseClosed, f.Trimmed("close_reason"))
	})
}

// SetPolicy changes the policy of a pilot.
func (p *Pages) SetPolicy(c *gin.Context) {
	p.changePilot(c, "policy", "policy_reason", "pilot.policy_changed", func(id uuid.UUID, f *page.Form) error {
		pilot, err := p.Store.Read(c.Request.Context()).Pilot(id)
		if err != nil {
			return err
		}
		policy, why := policyOf(f, pilot.Policy), reasonOf(f, "policy_reason")
		if f.Ok() {
			return p.Plan.SetPolicy(c.Request.Context(), page.VisitorOf(c).Actor().Because(why).Agreeing(f.Value("sure")), id, policy)
		}
		return nil
	})
}

// SetQuota changes the quota of a pilot.
func (p *Pages) SetQuota(c *gin.Context) {
	p.changePilot(c, "quota", "quota", "pilot.quota_changed", func(id uuid.UUID, f *page.Form) error {
		quota, provinces := quotaOf(f)
		if why := reasonOf(f, "quota_reason"); f.Ok() {
			return p.Plan.SetQuota(c.Request.Context(), page.VisitorOf(c).Actor().Because(why), id, quota, provinces)
		}
		return nil
	})
}

// reasonOf reads why something is changed, which the history keeps.
func reasonOf(f *page.Form, field string) string {
	why := f.Trimmed(field)
	if why == "" {
		f.Refuse(field, "plan.reason_needed")
	}
	return why
}

// changePilot runs one of the forms of a pilot's page.
func (p *Pages) changePilot(c *gin.Context, form, field, done string, change func(uuid.UUID, *page.Form) error) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	if err := change(id, f); err != nil || !f.Ok() {
		shift, _ := errors.AsType[*plan.WouldShift](err)
		p.Again(c, f, field, err, func() { p.showPilot(c, form, f, shift) })
		return
	}
	p.Done(c, page.PilotHref(id), done)
}
