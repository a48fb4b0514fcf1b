package plan_test

import (
	"strconv"
	"testing"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
)

// BenchmarkBudget counts a pilot of ten thousand participants, and one of a hundred
// thousand, with ten sessions each. Whoever enrolls waits for the standing.
func BenchmarkBudget(b *testing.B) {
	for _, people := range []int{10_000, 100_000} {
		o := newOffice(b)
		o.Fill(b, people*10)
		by := office.Actor{Name: "test"}.Because("uji")
		if err := seating.New(o.Store).SetBudget(b.Context(), by, o.Pilot.ID, models.Budget{Total: 1, WarnAt: 80}); err != nil {
			b.Fatal(err)
		}
		pmo, page := o.As(b, models.RoleAdmin), "/pilots/"+o.Pilot.ID.String()
		for name, look := range map[string]func() error{
			"page": func() error { pmo.Get(page + "/budget"); return nil }, "list": func() error { pmo.Get(page + "/budget/classes?what=used"); return nil },
			"standing": func() error { _, err := seating.StandingOf(o.Store.Read(b.Context()), o.Pilot.ID); return err },
			"enrolled": func() error { _, _, err := o.Store.Read(b.Context()).CountEnrolled(o.Pilot.ID); return err }, // what quotas cost
		} {
			b.Run(name+"/"+strconv.Itoa(people), func(b *testing.B) {
				for b.Loop() {
					if err := look(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
