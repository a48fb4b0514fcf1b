package plan

import (
	"net/url"
	"strconv"

	"buktihadir/models"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// policyField is one number or choice of a policy as a form shows it.
type policyField struct {
	templates.Field
	Check bool
}

// policyNumber is a number of a policy, and policyChoice a choice, by the name
// that it has in files too.
type policyNumber struct {
	name string
	at   *int
}

type policyChoice struct {
	name string
	at   *bool
}

func policyNumbers(p *models.Policy) []policyNumber {
	return []policyNumber{
		{"check_in_before", &p.CheckInBefore}, {"check_in_after", &p.CheckInAfter}, {"late_after", &p.LateAfter},
		{"check_out_before", &p.CheckOutBefore}, {"check_out_after", &p.CheckOutAfter}, {"min_stay", &p.MinStay},
		{"open_stay", &p.OpenStay}, {"minutes_share", &p.MinutesShare}, {"sessions_share", &p.SessionsShare},
		{"spot_check", &p.SpotCheck}, {"late_upload", &p.LateUpload},
	}
}

func policyChoices(p *models.Policy) []policyChoice {
	return []policyChoice{{"check_out", &p.CheckOut}, {"reentry", &p.Reentry}, {"live_only", &p.LiveOnly}, {"stale_warns", &p.StaleWarns},
		{"newcomers_exempt", &p.NewcomersExempt}}
}

// policyFields are the inputs of a policy: with its values, or, after a refusal, with
// what was typed and the faults.
func policyFields(policy models.Policy, refused bool, typed *page.Form) []policyField { //nolint:revive // refused says whose values show
	var list []policyField
	for _, n := range policyNumbers(&policy) {
		f := templates.Field{Name: n.name, Kind: "number", Label: templates.Say("policy." + n.name), Required: true, Value: strconv.Itoa(*n.at)}
		if refused {
			f.Value, f.Problem = typed.Value(n.name), typed.Problem(n.name)
		}
		list = append(list, policyField{Field: f})
	}
	f := templates.Field{Name: "hours", Kind: "select", Label: templates.Say("policy.hours"), Required: true, Value: string(policy.HoursRule())}
	for _, r := range models.HoursRules() {
		f.Options = append(f.Options, templates.Option{Value: string(r), Text: templates.Say("hours_rule." + string(r))})
	}
	if refused {
		f.Value, f.Problem = typed.Value("hours"), typed.Problem("hours")
	}
	list = append(list, policyField{Field: f})
	for _, n := range policyChoices(&policy) {
		f := templates.Field{Name: n.name, Kind: "checkbox", Label: templates.Say("policy." + n.name)}
		if on := *n.at; refused && typed.Checked(n.name) || !refused && on {
			f.Value = "1"
		}
		list = append(list, policyField{Field: f, Check: true})
	}
	return list
}

// policyValues are a policy as its form would send it.
func policyValues(policy models.Policy) url.Values {
	values := url.Values{}
	for _, n := range policyNumbers(&policy) {
		values.Set(n.name, strconv.Itoa(*n.at))
	}
	values.Set("hours", string(policy.HoursRule()))
	for _, n := range policyChoices(&policy) {
		if *n.at {
			values.Set(n.name, "1")
		}
	}
	return values
}

// policyOf reads a policy from its form; a text that is not a number is noted at its
// field.
func policyOf(f *page.Form, from models.Policy) models.Policy {
	for _, n := range policyNumbers(&from) {
		value, err := strconv.Atoi(f.Trimmed(n.name))
		if err != nil {
			f.Refuse(n.name, "policy.not_a_number")
			continue
		}
		*n.at = value
	}
	if rule := f.Trimmed("hours"); rule != "" {
		from.Hours = models.HoursRule(rule)
	}
	for _, n := range policyChoices(&from) {
		*n.at = f.Checked(n.name)
	}
	return from
}
