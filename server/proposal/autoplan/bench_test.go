package autoplan_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/proposal/autoplan"
)

// programme is a problem as large as a year of the programme: people of all
// regencies, more where sites are many, sites in most of them.
func programme(people, sites int, empty int64) autoplan.Problem {
	random := rand.New(rand.NewPCG(1, 2))
	p := autoplan.Problem{
		Courses: []autoplan.Course{{Hours: 16}, {Hours: 40}}, ClassSeats: 40, MostMetres: 250_000,
		Windows: []autoplan.Window{{First: "2026-12-01", Last: "2026-12-23", From: 8 * time.Hour, To: 16 * time.Hour}},
		Weights: autoplan.Weights{EmptySeat: empty, Unplaced: 1_000_000}, Quota: autoplan.Quota{Pilot: -1},
	}
	all := region.AllRegencies()
	weight := make([]float64, len(all))
	sum := 0.0
	for i := range all {
		weight[i] = random.ExpFloat64() + 0.1
		sum += weight[i]
	}
	for i, r := range all {
		where, _ := region.PointOf(r.Code)
		p.Groups = append(p.Groups, autoplan.Group{Regency: r.Code, Where: &where, People: int(float64(people) * weight[i] / sum)})
	}
	for range sites {
		r := all[random.IntN(len(all))]
		where, _ := region.PointOf(r.Code)
		where.Latitude += random.Float64()/5 - 0.1
		where.Longitude += random.Float64()/5 - 0.1
		p.Sites = append(p.Sites, autoplan.Site{Province: r.Province, Where: &where, Zone: models.Zone(r.Zone), Seats: 20 + 20*random.IntN(4)})
	}
	return p
}

// This is the work of one plan of 100,000 people at 1,000 sites. It also reports how far
// the plan's cost is from the lower bound, and how many people have no place.
func BenchmarkAHundredThousandPeopleAtAThousandSites(b *testing.B) {
	for _, c := range []struct {
		name  string
		empty int64
		last  models.LocalDate
	}{
		{"empty seats cost nothing", 0, "2026-12-23"}, {"an empty seat costs 5 km", 5_000, "2026-12-23"},
		{"an empty seat costs 20 km", 20_000, "2026-12-23"}, {"seats are scarce", 5_000, "2026-12-04"},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := programme(100_000, 1_000, c.empty)
			p.Windows[0].Last = c.last
			for b.Loop() {
				plan, err := autoplan.Solve(b.Context(), p, nil)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(100*float64(plan.Cost.Total-plan.Bound)/float64(plan.Bound), "%gap")
				b.ReportMetric(float64(plan.Cost.Unplaced), "unplaced")
				b.ReportMetric(float64(plan.Cost.EmptySeats), "empty")
				b.ReportMetric(float64(len(plan.Classes)), "classes")
				b.ReportMetric(float64(plan.Cost.Travel)/1000/float64(plan.Cost.Placed), "km/person")
			}
		})
	}
}
