package autoplan_test

import (
	"context"
	"fmt"
	"time"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/proposal/autoplan"
)

// Three regencies of West Java and one far away; a large site and a small one,
// which has a class of its own on the first morning.
func ExampleSolve() {
	names := []string{"Kota Bandung", "Kabupaten Bandung", "Kabupaten Garut", "Kota Kupang"}
	codes := []string{"32.73", "32.04", "32.05", "53.71"}
	p := autoplan.Problem{
		Courses: []autoplan.Course{{Hours: 16}}, ClassSeats: 20, MostMetres: 100_000,
		Windows: []autoplan.Window{{First: "2026-12-07", Last: "2026-12-10", From: 8 * time.Hour, To: 16 * time.Hour}},
		Quota:   autoplan.Quota{Pilot: -1, Provinces: map[string]int{"32": 70}},
		Weights: autoplan.Weights{EmptySeat: 5_000, Unplaced: 300_000},
	}
	for i, people := range []int{50, 15, 12, 3} {
		where, _ := region.PointOf(codes[i])
		p.Groups = append(p.Groups, autoplan.Group{Regency: codes[i], Where: &where, People: people})
	}
	bandung, _ := region.PointOf("32.73")
	garut, _ := region.PointOf("32.05")
	morning := models.LocalDate("2026-12-07").Start(models.ZoneWIB)
	p.Sites = []autoplan.Site{
		{Province: "32", Where: &bandung, Zone: models.ZoneWIB, Seats: 40},
		{Province: "32", Where: &garut, Zone: models.ZoneWIB, Seats: 20, Taken: []autoplan.Use{
			{Span: autoplan.Span{From: morning.Add(8 * time.Hour), To: morning.Add(12 * time.Hour)}, Seats: 12},
		}},
	}
	plan, err := autoplan.Solve(context.Background(), p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Classes {
		first := models.ZoneWIB.Date(c.Meetings[0].From)
		fmt.Printf("site %d from %s, %d meetings, %d of %d seats:", c.Site, first, len(c.Meetings), c.People, c.Seats)
		for _, part := range c.Parts {
			fmt.Printf(" %d of %s;", part.People, names[part.Group])
		}
		fmt.Println()
	}
	for _, u := range plan.Unplaced {
		fmt.Printf("no place for %d of %s: %s\n", u.People, names[u.Group], u.Why)
	}
	fmt.Printf("%d km travelled, %d seats empty, cost %d km, at least %d km\n",
		plan.Cost.Travel/1000, plan.Cost.EmptySeats, plan.Cost.Total/1000, plan.Bound/1000)
	// Output:
	// site 0 from 2026-12-07, 2 meetings, 20 of 20 seats: 20 of Kota Bandung;
	// site 0 from 2026-12-07, 2 meetings, 19 of 20 seats: 19 of Kota Bandung;
	// site 0 from 2026-12-09, 2 meetings, 19 of 20 seats: 11 of Kota Bandung; 8 of Kabupaten Bandung;
	// site 1 from 2026-12-09, 2 meetings, 12 of 20 seats: 12 of Kabupaten Garut;
	// no place for 7 of Kabupaten Bandung: province_full
	// no place for 3 of Kota Kupang: too_far
	// 109 km travelled, 10 seats empty, cost 3159 km, at least 3159 km
}
