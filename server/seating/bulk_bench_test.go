package seating_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// BenchmarkBulk previews places for people, gives them and takes them back, with tickets
// for the thousand people who fit into the class. It reports the cost of each.
func BenchmarkBulk(b *testing.B) {
	for _, n := range []int{50, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkBulk(b, n) })
	}
}

func benchmarkBulk(b *testing.B, n int) {
	ctx := context.Background()
	st, err := store.Open(ctx, store.Config{Dir: b.TempDir(), Now: func() models.Millis { return models.LocalDate("2026-11-20").Start(models.ZoneWIB) }})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	p := plan.New(st)
	pilot, err := p.AddPilot(ctx, plantest.By(), models.Pilot{Code: "UJI", Name: "Uji coba"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	load := func(k imports.Kind, csv string) {
		b.Helper()
		if rep, err := imports.New(st).Import(ctx, plantest.By(), imports.File{Kind: k, Name: "f.csv", Content: []byte(csv), Pilot: &pilot.ID}, plan.Apply,
			nil); err != nil {
			b.Fatalf("%v %+v", err, rep)
		}
	}
	load(imports.KindSites, strings.ReplaceAll(plantest.SitesCSV, ";4\n", ";10000\n"))
	load(imports.KindSchedule, strings.NewReplacer("BDG,2,", "BDG,1000,", "KPG,2,", "KPG,1000,").Replace(plantest.ScheduleCSV))
	if err := p.Decide(ctx, plantest.By(), pilot.ID,
		plan.Decision{Number: "KCK/1", Date: "2026-11-01", FirstDay: "2026-11-23", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}); err != nil {
		b.Fatal(err)
	}
	var people strings.Builder
	people.WriteString(plantest.PeopleHead)
	for i := range n {
		people.WriteString(plantest.Person(i, ""))
	}
	load(imports.KindParticipants, people.String())
	q := st.Read(ctx)
	a, err := q.ClassByCode("A")
	if err != nil {
		b.Fatal(err)
	}
	ids, err := q.ParticipantIDs(store.ParticipantFilter{}, n)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c, err := seating.New(st).DraftBulk(ctx, plantest.By(), seating.BulkRequest{Kind: models.BulkEnroll, Class: a.ID, People: ids, Waiting: true})
		if err == nil {
			err = changesIn(st).Apply(ctx, office.Actor{Name: "cli"}, c.ID)
		}
		if err == nil {
			err = changesIn(st).Undo(ctx, office.Actor{Name: "cli"}, c.ID, "uji")
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/person")
}
