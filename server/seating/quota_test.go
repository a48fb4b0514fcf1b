package seating_test

import (
	"errors"
	"sync"
	"testing"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

func TestManyWhoEnrollAtOnceNeverExceedALimit(t *testing.T) {
	t.Parallel()
	const many = 24
	for _, c := range []struct {
		name, key string
		quota     int
		provinces []models.PilotProvince
		want      int
	}{
		{name: "the class's seats", key: "plan.class_full", want: 2},
		{name: "the pilot's quota", key: "plan.pilot_full", quota: 1, want: 1},
		{name: "the province's quota", key: "plan.province_full", provinces: []models.PilotProvince{{Province: "32", Quota: 1}}, want: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, o *fixture) {
				if err := o.SetQuota(t.Context(), plantest.By(), o.Pilot.ID, c.quota, c.provinces); err != nil {
					t.Fatal(err)
				}
				in := o.enrollAtOnce(many, c.key)
				if got := len(o.Places("A")); got != c.want || in != c.want {
					t.Errorf("%d have a place and %d were told so, want %d", got, in, c.want)
				}
			})
		})
	}
}

// enrollAtOnce lets many enroll in class A at the same time, and says how many were told
// that they have a place; all others have to be refused for the reason named.
func (o *fixture) enrollAtOnce(many int, refused string) (in int) {
	o.T.Helper()
	ids, class := o.People(0, many), o.Class("A").ID
	errs := make([]error, many)
	var wait sync.WaitGroup
	for i, id := range ids {
		wait.Go(func() { _, errs[i] = o.Enroll(o.T.Context(), plantest.By(), class, id) })
	}
	wait.Wait()
	for _, err := range errs {
		if err == nil {
			in++
			continue
		}
		plantest.WantRefusal(o.T, err, refused)
	}
	return in
}

func TestAProvinceThatTakesNoPartIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		if err := o.SetQuota(t.Context(), plantest.By(), o.Pilot.ID, 0, []models.PilotProvince{{Province: "53"}}); err != nil {
			t.Fatal(err)
		}
		_, err := o.Enroll(t.Context(), plantest.By(), o.Class("A").ID, o.People(0, 1)[0])
		plantest.WantRefusal(t, err, "plan.province_outside")
	})
}

func TestARefusedFileOfPeopleLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		rep, err := o.Load(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "A")+plantest.Person(2, "A"))
		if !errors.Is(err, imports.ErrRows) || len(rep.Problems) != 1 || rep.Problems[0].Key != "plan.class_full" {
			t.Fatalf("import gave %v and %+v, want a full class", err, rep)
		}
		if _, err := o.Store.Read(t.Context()).ParticipantByNumber("REG-0"); err == nil {
			t.Error("a participant of the refused file was kept")
		}
		if got := rep.Problems[0].Args; len(got) != 6 || got[3] != "2" {
			t.Errorf("the refusal says %v, want two seats left", got)
		}
	})
}
