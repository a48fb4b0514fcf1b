package api_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/office"
	"buktihadir/server/seating"
)

func TestTheBudgetIsTheSameByTheAPIAsOnThePage(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		pilot, err := o.st.Read(t.Context()).PilotByCode("UJI")
		o.ok(err)
		at, token := "/pilots/"+pilot.ID.String()+"/budget", o.token(uuid.Nil, account.ReadBudgets)
		if none := fetch[api.Budget](o, token, at); none.Version != 0 || none.Level != "fine" || none.Costs.Enrolled != 12 || none.Costs.Planned != 0 {
			t.Errorf("without a budget: %+v", none)
		}
		o.ok(seating.New(o.st).SetBudget(t.Context(), office.Actor{Name: "test"}.Because("uji"), pilot.ID, models.Budget{Total: 13_000, WarnAt: 90, Refuse: true,
			Rates: models.Rates{Onsite: models.Rate{Fee: 1000, Class: 300}, Incentive: 50}}))
		o.correct("A", 0, 0, "present")
		want, err := seating.CostsOf(o.st.Read(t.Context()), pilot.ID, o.now(), false)
		o.ok(err)
		for _, by := range []string{"province", "provider", "mode", "wave", "class"} {
			got, sum := fetch[api.Budget](o, token, at+"?by="+by), int64(0)
			for _, p := range got.Parts {
				sum += p.Costs.Planned
			}
			if got.Costs.Planned != 13_500 || got.Left != -500 || got.Level != "over" || !got.Refuse || got.By != by || sum != got.Costs.Planned ||
				len(got.Parts) != len(want.By(models.Dimension(by))) {
				t.Errorf("by %s: %+v", by, got)
			}
			if got.Costs.Used != int64(want.Total.Used) || got.Costs.Used != 2*300+1000 { // A and B have begun, and one has come
				t.Errorf("used is %d, on the page %d", got.Costs.Used, want.Total.Used)
			}
		}
		if got := o.call(token, http.MethodGet, "/pilots/"+uuid.NewString()+"/budget", nil); got.status != http.StatusNotFound {
			t.Errorf("a pilot that is none: %d", got.status)
		}
		if got := o.call(o.token(uuid.Nil, account.ReadPilots), http.MethodGet, at, nil); got.status != http.StatusForbidden {
			t.Errorf("who reads pilots only reads money: %d", got.status)
		}
		free := o.call(o.token(uuid.Nil, account.WriteEnrollments), http.MethodPost, "/enrollments",
			map[string]any{"class": o.places["A"][0].Enrollment.ClassID, "number": "P-99"})
		if free.status != http.StatusConflict {
			t.Errorf("enrolling past the budget: %d %s", free.status, free.body)
		}
	})
}
