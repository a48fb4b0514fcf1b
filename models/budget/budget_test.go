package budget_test

import (
	"testing"

	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/budget"
)

func TestAClassGoesByTheRatesOfItsFirstDay(t *testing.T) {
	version := func(n int, from models.LocalDate) models.Budget { return models.Budget{Version: n, ValidFrom: from} }
	book := budget.Book{version(1, "2026-01-01"), version(2, "2026-03-01"), version(3, "2026-02-01")}
	for _, c := range []struct {
		name string
		day  models.LocalDate
		want int
	}{
		{"before every version: by the first", "2025-12-31", 1},
		{"on the first day of a version", "2026-01-01", 1},
		{"a newer version replaces older ones from its day on", "2026-02-01", 3},
		{"also where an older one begins later", "2026-03-01", 3},
		{"a class of no day yet: by the newest", "", 3},
	} {
		if got := book.On(c.day).Version; got != c.want {
			t.Errorf("%s: version %d, want %d", c.name, got, c.want)
		}
	}
	if got := budget.Book(nil).On("2026-01-01"); got.Version != 0 || got.Rates.Onsite.Fee != 0 {
		t.Errorf("no budget at all prices by %+v", got)
	}
}

func TestWhatAClassCosts(t *testing.T) {
	rates := models.Rates{Onsite: models.Rate{Fee: 1_000_001, Travel: 150_000, Class: 5_000_000}, Online: models.Rate{Fee: 400_000}, Incentive: 600_000,
		Provinces: map[string]int{"91": 150}}
	bandung, jayapura := budget.UnitOf(rates, models.ModeOnsite, "32"), budget.UnitOf(rates, models.ModeOnsite, "91")
	if want := (budget.Unit{Place: 1_150_001, Incentive: 600_000, Class: 5_000_000}); bandung != want {
		t.Errorf("in Bandung %+v, want %+v", bandung, want)
	}
	if want := (budget.Unit{Place: 1_500_002 + 225_000, Incentive: 900_000, Class: 7_500_000}); jayapura != want { // half a rupiah is rounded up
		t.Errorf("in Jayapura %+v, want %+v", jayapura, want)
	}
	people := budget.People{Enrolled: 10, Attended: 8, Completed: 5}
	for _, c := range []struct {
		name                     string
		begun                    bool
		empty                    int
		planned, committed, used models.Rupiah
	}{
		{"one that is still to begin is planned only", false, 0, 5_000_000 + 10*1_750_001, 0, 0},
		{"one that has begun is committed, and used is who came and completed", true, 0, 5_000_000 + 10*1_750_001, 5_000_000 + 10*1_750_001,
			5_000_000 + 8*1_150_001 + 5*600_000},
		{"empty seats are planned, and never committed", true, 3, 5_000_000 + 13*1_750_001, 5_000_000 + 10*1_750_001, 5_000_000 + 8*1_150_001 + 5*600_000},
	} {
		got := bandung.Held(c.begun, c.empty).Plus(bandung.For(c.begun, people))
		if got.Planned != c.planned || got.Committed != c.committed || got.Used != c.used || got.Classes != 1 || got.People != people {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestABudgetIsNearItsEndFromThePercentageOn(t *testing.T) {
	b := models.Budget{Total: 1001, WarnAt: 80}
	for _, c := range []struct {
		planned models.Rupiah
		want    budget.Level
	}{{0, budget.Fine}, {800, budget.Fine}, {801, budget.Near}, {1001, budget.Near}, {1002, budget.Over}} {
		if got := budget.LevelOf(b, c.planned); got != c.want {
			t.Errorf("%d of 1001: %s, want %s", c.planned, got, c.want)
		}
	}
	if got := budget.LevelOf(models.Budget{WarnAt: 80}, 1<<60); got != budget.Fine {
		t.Errorf("without a limit: %s", got)
	}
}

// scenarios draws plans of a size that can be counted person by person.
func scenarios(most int) *rapid.Generator[budget.Scenario] {
	return rapid.Custom(func(t *rapid.T) budget.Scenario {
		sum := rapid.Int64Range(0, 5_000)
		rate := func(name string) models.Rate {
			return models.Rate{Fee: models.Rupiah(sum.Draw(t, name)), Travel: models.Rupiah(sum.Draw(t, name)), Class: models.Rupiah(sum.Draw(t, name))}
		}
		s := budget.Scenario{
			Total: models.Rupiah(rapid.Int64Range(0, 2_000_000).Draw(t, "total")),
			Rates: models.Rates{Onsite: rate("onsite"), Online: rate("online"), Blended: rate("blended"), Incentive: models.Rupiah(sum.Draw(t, "incentive")),
				Provinces: map[string]int{}},
			Onsite:    rapid.IntRange(0, 100).Draw(t, "share"),
			ClassSize: rapid.IntRange(1, 45).Draw(t, "size"), Completion: rapid.IntRange(0, 100).Draw(t, "completion"),
		}
		s.Blended = rapid.IntRange(0, 100-s.Onsite).Draw(t, "blended share")
		for i, code := range []string{"32", "53", "91", ""}[:rapid.IntRange(1, 4).Draw(t, "regions")] {
			s.Regions = append(s.Regions, budget.Region{Province: code, Quota: rapid.IntRange(0, most).Draw(t, "quota")})
			if i > 0 && code != "" {
				s.Rates.Provinces[code] = rapid.IntRange(50, 200).Draw(t, "percent")
			}
		}
		return s
	})
}

// counted reckons a scenario the slow way: person by person, filling class after class.
func counted(s budget.Scenario) (people map[models.Mode]int, classes int, cost models.Rupiah) {
	people = map[models.Mode]int{}
	for _, r := range s.Regions {
		here := map[models.Mode]int{}
		for i := range r.Quota {
			mode := models.ModeOnline
			if 100*(i+1) <= r.Quota*s.Onsite+50 { // half a person is one
				mode = models.ModeOnsite
			} else if 100*(i+1) <= r.Quota*(s.Onsite+s.Blended)+50 {
				mode = models.ModeBlended
			}
			unit := budget.UnitOf(s.Rates, mode, r.Province)
			if here[mode]%s.ClassSize == 0 {
				classes++
				cost += unit.Class
			}
			here[mode]++
			people[mode]++
			cost += unit.Place
			if 100*(i+1) <= r.Quota*s.Completion+50 {
				cost += unit.Incentive
			}
		}
	}
	return people, classes, cost
}

func TestAScenarioIsWhatCountingPersonByPersonGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios(200).Draw(t, "scenario")
		got := s.Outcome()
		people, classes, cost := counted(s)
		if got.Onsite.People != people[models.ModeOnsite] || got.Blended.People != people[models.ModeBlended] || got.Online.People != people[models.ModeOnline] ||
			got.Classes != classes || got.Cost != cost {
			t.Fatalf("%+v\nreckoned %+v\ncounted %v in %d classes for %d", s, got, people, classes, cost)
		}
	})
}

func TestNoRoundingLosesAPersonOrARupiah(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios(models.MostInBudget/4).Draw(t, "scenario")
		o := s.Outcome()
		whole := 0
		for _, r := range s.Regions {
			whole += r.Quota
		}
		if o.Onsite.People+o.Blended.People+o.Online.People != whole || o.People != whole || o.Completed > whole {
			t.Errorf("of %d people: %+v", whole, o)
		}
		if o.Onsite.People < 0 || o.Blended.People < 0 || o.Online.People < 0 || o.Left(s.Total)+o.Cost != s.Total {
			t.Errorf("%+v", o)
		}
		var parts budget.Outcome // each region alone
		for _, r := range s.Regions {
			one := s
			one.Regions = []budget.Region{r}
			p := one.Outcome()
			parts.Cost, parts.Classes, parts.People = parts.Cost+p.Cost, parts.Classes+p.Classes, parts.People+p.People
		}
		if parts.Cost != o.Cost || parts.Classes != o.Classes || parts.People != o.People {
			t.Errorf("the regions come to %+v, the whole to %+v", parts, o)
		}
	})
}

func TestMoreOnsiteCostsMoreWhereOnsiteIsDearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios(10_000).Draw(t, "scenario")
		s.Blended = 0
		s.Rates.Onsite.Fee, s.Rates.Onsite.Travel = s.Rates.Onsite.Fee+s.Rates.Online.Fee+1, s.Rates.Onsite.Travel+s.Rates.Online.Travel
		s.Rates.Onsite.Class, s.Rates.Online.Class = 0, 0 // whole classes make steps
		before := models.Rupiah(-1)
		for s.Onsite = range 101 {
			if cost := s.Outcome().Cost; cost < before {
				t.Fatalf("%d %% onsite costs %d, one percent less %d", s.Onsite, cost, before)
			} else {
				before = cost
			}
		}
	})
}

func TestTheLargestOnsiteShareIsTheLargestThatIsPaidFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios(150).Draw(t, "scenario")
		got, ok := s.LargestOnsite()
		want, some := 0, false
		for share := 0; share+s.Blended <= 100; share++ {
			one := s
			one.Onsite = share
			if _, _, cost := counted(one); s.Total == 0 || cost <= s.Total {
				want, some = share, true
			}
		}
		if got != want || ok != some {
			t.Fatalf("%+v: %d (%v), counting person by person %d (%v)", s, got, ok, want, some)
		}
	})
}

func TestTheLargestNumbersStillAddUp(t *testing.T) {
	dear := models.Rate{Fee: models.MostRate, Travel: models.MostRate, Class: models.MostRate}
	s := budget.Scenario{Total: models.MostTotal,
		Rates:   models.Rates{Onsite: dear, Online: dear, Blended: dear, Incentive: models.MostRate, Provinces: map[string]int{"91": models.MostPercent}},
		Regions: []budget.Region{{Province: "91", Quota: models.MostInBudget}}, Onsite: 50, Blended: 25, ClassSize: 1, Completion: 100}
	if got, want := s.Outcome().Cost, models.MostRate*10*4*models.MostInBudget; got != want {
		t.Errorf("it costs %d, want %d", got, want)
	}
}

func TestAQuotaForAllIsSpreadBesideTheProvincesOwn(t *testing.T) {
	for _, c := range []struct {
		name      string
		quota     int
		provinces []budget.Region
		want      int
		regions   int
	}{
		{"none at all", 0, nil, 0, 0}, {"for all only", 100, []budget.Region{{"32", 0}}, 100, 1},
		{"for provinces only", 0, []budget.Region{{"32", 40}, {"53", 30}}, 70, 2},
		{"both", 100, []budget.Region{{"32", 40}, {"53", 0}}, 100, 2}, {"provinces beyond the whole", 50, []budget.Region{{"32", 40}, {"53", 30}}, 70, 2},
	} {
		sum := 0
		got := budget.Spread(c.quota, c.provinces)
		for _, r := range got {
			sum += r.Quota
		}
		if sum != c.want || len(got) != c.regions {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
