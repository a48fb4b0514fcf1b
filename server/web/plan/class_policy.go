package plan

import (
	"errors"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// policyDifference is one number or choice in which a class's policy is not its pilot's.
type policyDifference struct {
	Name       templates.Text
	Own, Pilot string           // a number, as people read it; empty for choices
	Rule, Base models.HoursRule // about a course's hours, in place of a number: the class's and the pilot's
	On         bool             // of a choice: the class's
	Choice     bool
	field      string
}

func differences(own, pilot models.Policy) (list []policyDifference) {
	theirs := policyNumbers(&pilot)
	for i, n := range policyNumbers(&own) {
		if *n.at != *theirs[i].at {
			list = append(list, policyDifference{Name: templates.Say("policy." + n.name), Own: strconv.Itoa(*n.at), Pilot: strconv.Itoa(*theirs[i].at), field: n.name})
		}
	}
	choices := policyChoices(&pilot)
	for i, n := range policyChoices(&own) {
		if *n.at != *choices[i].at {
			list = append(list, policyDifference{Name: templates.Say("policy." + n.name), Choice: true, On: *n.at, field: n.name})
		}
	}
	if own.HoursRule() != pilot.HoursRule() {
		list = append(list, policyDifference{Name: templates.Say("policy.hours"), Rule: own.HoursRule(), Base: pilot.HoursRule(), field: "hours"})
	}
	return list
}

type classPolicyView struct {
	page.ClassView
	Form     *page.Form
	Own      bool
	Policy   []policyField
	Version  int // of the policy in force
	Pilot    models.Pilot
	Differs  []policyDifference
	MayWrite bool
	Shift    *plan.WouldShift // what the changed policy would do, to be agreed to
}

// ClassPolicyPage shows the policy of a class beside that of its pilot.
func (p *Pages) ClassPolicyPage(c *gin.Context) { p.showClassPolicy(c, nil, nil) }

func (p *Pages) showClassPolicy(c *gin.Context, form *page.Form, shift *plan.WouldShift) {
	class, pilot, err := p.classAndPilot(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	policy := store.PolicyOf(class.Class, pilot)
	view := classPolicyView{ClassView: page.ClassViewOf(c, class, ""), Form: form, Own: class.Policy != nil, Version: policy.Version, Pilot: pilot,
		Policy: policyFields(policy, form != nil, form), Differs: differences(policy, pilot.Policy), MayWrite: class.ClosedAt == 0, Shift: shift}
	if form == nil {
		view.Form = &page.Form{}
	}
	for _, d := range view.Differs {
		for i, f := range view.Policy {
			switch {
			case f.Name != d.field:
			case d.Rule != "":
				view.Policy[i].Hint = templates.Say("class_policy.pilot_rule_" + string(d.Base))
			case d.Choice && !d.On:
				view.Policy[i].Hint = templates.Say("class_policy.pilot_on")
			case d.Choice:
				view.Policy[i].Hint = templates.Say("class_policy.pilot_off")
			default:
				view.Policy[i].Hint = templates.Say("class_policy.pilot_number", "Value", d.Pilot)
			}
		}
	}
	f := p.ClassFrame(c, class)
	f.Title = templates.Say("class_policy.title")
	f.Crumbs = append(f.Crumbs, templates.Crumb{Href: page.ClassHref(class.ID, ""), Name: class.Code})
	page.Show(p.Kit, c, "plan/class-policy", f, view)
}

func (p *Pages) classAndPilot(c *gin.Context) (store.ClassEntry, models.Pilot, error) {
	class, err := p.ClassOf(c)
	if err != nil {
		return class, models.Pilot{}, err
	}
	pilot, err := p.Store.Read(c.Request.Context()).Pilot(class.PilotID)
	return class, pilot, err
}

// SetClassPolicy gives a class a policy of its own, or the pilot's again.
func (p *Pages) SetClassPolicy(c *gin.Context) {
	class, pilot, err := p.classAndPilot(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	var own *models.Policy
	done := "class_policy.back_done"
	if f.Value("do") != "pilot" {
		policy := policyOf(f, store.PolicyOf(class.Class, pilot))
		own, done = &policy, "class_policy.set_done"
	}
	if f.Ok() {
		err = p.Plan.SetClassPolicy(c.Request.Context(), page.VisitorOf(c).Actor().Agreeing(f.Value("sure")), class.ID, own, f.Trimmed("reason"))
	}
	if err != nil || !f.Ok() {
		if own == nil { // of that form nothing but the reason was sent
			f = f.Over(policyValues(store.PolicyOf(class.Class, pilot)))
		}
		shift, _ := errors.AsType[*plan.WouldShift](err)
		p.Again(c, f, "", err, func() { p.showClassPolicy(c, f, shift) })
		return
	}
	p.Done(c, page.ClassHref(class.ID, "policy"), done)
}
