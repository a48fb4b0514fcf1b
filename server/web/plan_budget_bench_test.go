package web_test

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
		o.fill(b, people*10)
		by := office.Actor{Name: "test"}.Because("uji")
		if err := seating.New(o.st).SetBudget(b.Context(), by, o.pilot.ID, models.Budget{Total: 1, WarnAt: 80}); err != nil {
			b.Fatal(err)
		}
		pmo, page := o.as(b, models.RoleAdmin), "/pilots/"+o.pilot.ID.String()
		for name, look := range map[string]func() error{
			"page": func() error { pmo.get(page + "/budget"); return nil }, "list": func() error { pmo.get(page + "/budget/classes?what=used"); return nil },
			"standing": func() error { _, err := seating.StandingOf(o.st.Read(b.Context()), o.pilot.ID); return err },
			"enrolled": func() error { _, _, err := o.st.Read(b.Context()).CountEnrolled(o.pilot.ID); return err }, // what quotas cost
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
