package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/schedule"
	"buktihadir/templates"
)

type newPilotView struct{ Form *Form }

func (p *Pages) newPilotPage(c *gin.Context) { p.showNewPilot(c, &Form{}) }

func (p *Pages) showNewPilot(c *gin.Context, f *Form) {
	frame := p.frame(c, templates.Say("pilots.new"))
	frame.Crumbs = crumbs("/pilots", "pilots.title")
	show(p, c, "pilot-new", frame, newPilotView{f})
}

func (p *Pages) addPilot(c *gin.Context) {
	f := formOf(c)
	quota, provinces := quotaOf(f)
	if !f.ok() {
		p.again(c, f, "", nil, func() { p.showNewPilot(c, f) })
		return
	}
	pilot, err := p.Plan.AddPilot(c.Request.Context(), visitorOf(c).actor(),
		models.Pilot{Code: f.trimmed("code"), Name: f.trimmed("name"), Quota: quota}, provinces)
	if err != nil {
		p.again(c, f, "code", err, func() { p.showNewPilot(c, f) })
		return
	}
	p.done(c, pilotHref(pilot.ID), "pilots.added")
}

// quotaOf reads a quota, and provinces one a line: a code or a name, then
// perhaps a colon and a quota of its own.
func quotaOf(f *Form) (int, []models.PilotProvince) {
	quota := wholeOrNone(f, "quota", f.trimmed("quota"))
	var list []models.PilotProvince
	for code, own := range provinceLines(f, "provinces") {
		list = append(list, models.PilotProvince{Province: code, Quota: wholeOrNone(f, "provinces", own)})
	}
	return quota, list
}

// wholeOrNone reads a number of people; nothing is 0.
func wholeOrNone(f *Form, field, text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(text, ".", ""))
	if err != nil || n < 0 {
		f.refuse(field, "policy.not_a_number")
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

func (p *Pages) decide(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f, file, err := uploadOf(c)
	if err != nil {
		p.uploadFailed(c, f, "document", err, func() { p.showPilot(c, "decide", f) })
		return
	}
	d := schedule.Decision{Number: f.trimmed("number"), Date: models.LocalDate(f.Value("date")), FirstDay: models.LocalDate(f.Value("first_day"))}
	if file != nil {
		d.FileName, d.FileType, d.FileContents = file.name, http.DetectContentType(file.content), file.content
	}
	if err := p.Plan.Decide(c.Request.Context(), visitorOf(c).actor(), id, d); err != nil {
		p.again(c, f, "number", err, func() { p.showPilot(c, "decide", f) })
		return
	}
	p.done(c, pilotHref(id), "pilot.decided")
}

// uploadFailed says at its field what is wrong with a file, if a person can put it right.
func (p *Pages) uploadFailed(c *gin.Context, f *Form, field string, err error, show func()) {
	if !tooLarge(err) {
		p.fail(c, err)
		return
	}
	f.refuse(field, "error.too_large.text")
	p.again(c, f, field, nil, show)
}

func (p *Pages) setPhase(c *gin.Context) {
	if models.Phase(formOf(c).Value("phase")) == models.PhaseClosed {
		p.closePilot(c)
		return
	}
	p.changePilot(c, "phase", "reason", "pilot.phase_changed", func(id uuid.UUID, f *Form) error {
		return p.Plan.SetPhase(c.Request.Context(), visitorOf(c).actor(), id, models.Phase(f.Value("phase")), f.trimmed("reason"))
	})
}

// closePilot closes a pilot for good, once it is agreed to that it stays closed.
func (p *Pages) closePilot(c *gin.Context) {
	p.changePilot(c, "close", "close_reason", "pilot.phase_changed", func(id uuid.UUID, f *Form) error {
		if !f.checked("sure") {
			f.refuse("sure", "pilot.sure_needed")
			return nil
		}
		return p.Plan.SetPhase(c.Request.Context(), visitorOf(c).actor(), id, models.PhaseClosed, f.trimmed("close_reason"))
	})
}

func (p *Pages) setPolicy(c *gin.Context) {
	p.changePilot(c, "policy", "policy_reason", "pilot.policy_changed", func(id uuid.UUID, f *Form) error {
		pilot, err := p.Store.Read(c.Request.Context()).Pilot(id)
		if err != nil {
			return err
		}
		policy, why := policyOf(f, pilot.Policy), reasonOf(f, "policy_reason")
		if f.ok() {
			return p.Plan.SetPolicy(c.Request.Context(), visitorOf(c).actor().Because(why), id, policy)
		}
		return nil
	})
}

func (p *Pages) setQuota(c *gin.Context) {
	p.changePilot(c, "quota", "quota", "pilot.quota_changed", func(id uuid.UUID, f *Form) error {
		quota, provinces := quotaOf(f)
		if why := reasonOf(f, "quota_reason"); f.ok() {
			return p.Plan.SetQuota(c.Request.Context(), visitorOf(c).actor().Because(why), id, quota, provinces)
		}
		return nil
	})
}

// reasonOf reads why something is changed, which the history keeps.
func reasonOf(f *Form, field string) string {
	why := f.trimmed(field)
	if why == "" {
		f.refuse(field, "plan.reason_needed")
	}
	return why
}

// changePilot runs one of the forms of a pilot's page.
func (p *Pages) changePilot(c *gin.Context, form, field, done string, change func(uuid.UUID, *Form) error) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	if err := change(id, f); err != nil || !f.ok() {
		p.again(c, f, field, err, func() { p.showPilot(c, form, f) })
		return
	}
	p.done(c, pilotHref(id), done)
}

func pilotHref(id uuid.UUID) string { return "/pilots/" + id.String() }
