package plan_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

func TestASitesRhythmIsSetByPageAndFileAndToldToItsAgents(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		site := o.Class("A").SiteID
		is := func(step string, want models.Rhythm) {
			t.Helper()
			s, err := o.Store.Read(t.Context()).Site(site)
			if err != nil || s.Rhythm != want {
				t.Errorf("%s: %q (%v), want %q", step, s.Rhythm, err, want)
			}
			if heard := heardAs[exchange.Rhythm](o, "BDG", exchange.KindRhythm, site[:]); heard.Rhythm != want {
				t.Errorf("%s: its agents hear %q, want %q", step, heard.Rhythm, want)
			}
		}
		row := func(head, cell string) string {
			return "code,name,address,regency,capacity" + head + "\nBDG,BLK Bandung,Jl. Gatot Subroto 170,32.73,40" + cell + "\n"
		}
		is("at first", models.RhythmNetwork)
		if err := o.SetRhythm(t.Context(), plantest.By(), site, models.RhythmDaily); err != nil {
			t.Fatal(err)
		}
		is("set", models.RhythmDaily)
		o.Good(imports.KindSites, row("", ""))
		is("a file without it", models.RhythmDaily)
		o.Good(imports.KindSites, row(",irama", ","))
		is("a file with an empty cell", models.RhythmDaily)
		o.Good(imports.KindSites, row(",irama", ",Mingguan"))
		is("a file with it", models.RhythmWeekly)
		if report, err := o.Load(imports.KindSites, row(",irama", ",kadang")); len(report.Errors) != 1 || report.Errors[0].Key != "import.bad_rhythm" {
			t.Errorf("a file with a rhythm that is none: %+v, %v", report, err)
		}
		plantest.WantRefusal(t, o.SetRhythm(t.Context(), plantest.By(), site, "sometimes"), "plan.bad_rhythm")
		is("refused", models.RhythmWeekly)
		if err := o.SetRhythm(t.Context(), plantest.By(), uuid.New(), models.RhythmDaily); err == nil {
			t.Error("a site that nobody knows has a rhythm")
		}
	})
}
