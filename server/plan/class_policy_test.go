package plan_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/plan/plantest"
)

func TestAClassesOwnPolicyIsVersionedToldToItsSiteAndGivenBack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		own := models.DefaultPolicy()
		own.LateAfter = 30
		a := o.Class("A")
		site := func() int64 {
			var feed models.SiteFeed
			if err := o.DB.Where("site_id = ?", a.SiteID).Take(&feed).Error; err != nil {
				t.Fatal(err)
			}
			return feed.Revision
		}
		version := func(want int, mine bool) {
			t.Helper()
			c := o.Class("A")
			if (c.Policy != nil) != mine || mine && (c.Policy.Version != want || c.Policy.LateAfter != own.LateAfter) {
				t.Errorf("the class's policy is %+v, want its own %v, version %d", c.Policy, mine, want)
			}
		}
		plantest.WantRefusal(t, o.SetClassPolicy(t.Context(), plantest.By(), a.ID, &own, " "), "plan.reason_needed")
		same := models.DefaultPolicy()
		plantest.WantRefusal(t, o.SetClassPolicy(t.Context(), plantest.By(), a.ID, &same, "uji"), "class_policy.same")
		plantest.WantRefusal(t, o.SetClassPolicy(t.Context(), plantest.By(), a.ID, nil, "uji"), "class_policy.is_pilots")
		bad := own
		bad.MinutesShare = 101
		plantest.WantRefusal(t, o.SetClassPolicy(t.Context(), plantest.By(), a.ID, &bad, "uji"), "plan.bad_policy")
		version(0, false)

		before := site()
		for i, step := range []struct {
			own     *models.Policy
			version int
		}{{&own, 2}, {nil, 0}, {&own, 3}} {
			if err := o.SetClassPolicy(t.Context(), plantest.By(), a.ID, step.own, "banjir di jalan"); err != nil {
				t.Fatal(err)
			}
			version(step.version, step.own != nil)
			if now := site(); now <= before {
				t.Errorf("step %d: the site is not told", i)
			} else {
				before = now
			}
		}
		var said []string
		for _, h := range o.History() {
			if h.Action == "class.policy" {
				said = append(said, h.Detail+" "+h.Reason)
			}
		}
		if len(said) != 3 || !strings.Contains(said[0], `"late_after":15`) || !strings.Contains(said[0], `"late_after":30`) || !strings.Contains(said[0], "banjir") {
			t.Errorf("the history doesn't say before and after: %q", said)
		}
		if c := o.Class("B"); c.Policy != nil {
			t.Error("another class has it too")
		}
	})
}

func TestTheRulesOfAClosedClassStay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.Class("A")
	if err := o.DB.Model(&c).Update("closed_at", 1).Error; err != nil {
		t.Fatal(err)
	}
	own := models.DefaultPolicy()
	own.LateAfter = 30
	plantest.WantRefusal(t, o.SetClassPolicy(t.Context(), plantest.By(), c.ID, &own, "uji"), "plan.class_closed")
	stranger := plantest.By()
	id := uuid.New()
	stranger.Provider = &id
	if err := o.SetClassPolicy(t.Context(), stranger, o.Class("B").ID, &own, "uji"); err == nil {
		t.Error("another institution's class was changed")
	}
}
