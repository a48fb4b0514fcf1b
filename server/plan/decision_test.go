package plan_test

import (
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
)

func TestARecordedDecisionIsCorrectedForAReason(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		correct := func(reason string, d plan.Decision) error {
			return o.CorrectDecision(t.Context(), plantest.By(), o.Pilot.ID, d, reason)
		}
		plantest.WantRefusal(t, correct("salah tulis", plan.Decision{Number: "KCK/2"}), "plan.decision_needed")
		o.Approve()
		for _, c := range []struct {
			name, reason, key string
			d                 plan.Decision
		}{
			{"without a reason", " ", "plan.reason_needed", plan.Decision{Number: "KCK/2"}},
			{"nothing else than before", "x", "class_policy.same", plan.Decision{Number: " KCK/1 ", FirstDay: "2026-11-23"}},
			{"a first day before the decision", "x", "plan.first_day_too_early", plan.Decision{FirstDay: "2026-10-31"}},
			{"a decision of tomorrow", "x", "plan.decision_to_come", plan.Decision{Date: "2026-11-21"}},
			{"a day that never is", "x", "plan.decision_incomplete", plan.Decision{FirstDay: "2026-11-31"}},
			{"a first day after sessions that are planned", "x", "plan.sessions_before", plan.Decision{FirstDay: "2026-11-24"}},
		} {
			t.Run(c.name, func(t *testing.T) { plantest.WantRefusal(t, correct(c.reason, c.d), c.key) })
		}
		if r, ok := office.RefusalOf(correct("x", plan.Decision{FirstDay: "2026-11-25"})); !ok || !strings.Contains(r.Error(), "A 1 (2026-11-23)") ||
			!strings.Contains(r.Error(), "B 1 (2026-11-23)") || !strings.Contains(r.Error(), "A 2 (2026-11-24)") || r.Field != "first_day" {
			t.Errorf("the sessions are not listed: %v", r)
		}
		if err := correct("salah tulis", plan.Decision{Number: "KCK/2", FirstDay: "2026-11-22"}); err != nil {
			t.Fatal(err)
		}
		if err := correct("pindaian lebih jelas", plan.Decision{FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7 lagi")}); err != nil {
			t.Fatal(err)
		}
		pilot, err := o.Store.Read(t.Context()).Pilot(o.Pilot.ID)
		if err != nil || pilot.DecisionNumber != "KCK/2" || pilot.DecisionDate != "2026-11-01" || pilot.FirstDay != "2026-11-22" || pilot.Phase != models.PhaseApproved {
			t.Errorf("%+v, %v", pilot, err)
		}
		if papers, err := o.Store.Read(t.Context()).Documents("pilot", o.Pilot.ID); err != nil || len(papers) != 2 || papers[0].Version != 2 {
			t.Errorf("the old document must stay: %+v, %v", papers, err)
		}
		var said []string
		for _, h := range o.History() {
			if h.Action == "pilot.decision" {
				said = append(said, h.Reason)
				for _, x := range office.ChangesOf(h) {
					said = append(said, x.Field+" "+x.From+" "+x.To)
				}
			}
		}
		want := "salah tulis|decision:first_day 2026-11-23 2026-11-22|decision:number KCK/1 KCK/2|" +
			"pindaian lebih jelas|decision:document keputusan.pdf keputusan.pdf"
		if got := strings.Join(said, "|"); got != want {
			t.Errorf("the history says %s, want %s", got, want)
		}
	})
}
