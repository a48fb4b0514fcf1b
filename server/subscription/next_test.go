package subscription_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/server/subscription"
)

func instant(t testing.TB, text string) models.Millis {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return models.MillisOf(at)
}

func TestWhatIsDueNext(t *testing.T) {
	day, week, month := models.EveryDay, models.EveryWeek, models.EveryMonth
	for _, c := range []struct {
		name, after, want string
		repeat            models.Repeat
	}{
		{"later today", "2026-06-22T06:59:59+07:00", "2026-06-22T07:00:00+07:00", models.Repeat{Every: day, Hour: 7, Zone: models.ZoneWIB}},
		{"not again at the very moment", "2026-06-22T07:00:00+07:00", "2026-06-23T07:00:00+07:00", models.Repeat{Every: day, Hour: 7, Zone: models.ZoneWIB}},
		{"in the east a day begins two hours earlier",
			"2026-06-21T21:59:00+07:00", "2026-06-22T00:00:00+09:00", models.Repeat{Every: day, Hour: 0, Zone: models.ZoneWIT}},
		{"in the middle too", "2026-06-22T06:30:00+07:00", "2026-06-23T07:00:00+08:00", models.Repeat{Every: day, Hour: 7, Zone: models.ZoneWITA}},
		{"Monday of a Sunday evening", "2026-06-21T20:00:00+07:00", "2026-06-22T07:00:00+07:00", models.Repeat{Every: week, Day: 1, Hour: 7, Zone: models.ZoneWIB}},
		{"Monday of a Monday afternoon", "2026-06-22T15:00:00+07:00", "2026-06-29T07:00:00+07:00", models.Repeat{Every: week, Day: 1, Hour: 7, Zone: models.ZoneWIB}},
		{"Sunday", "2026-06-22T15:00:00+07:00", "2026-06-28T07:00:00+07:00", models.Repeat{Every: week, Day: 0, Hour: 7, Zone: models.ZoneWIB}},
		{"the first of the next month", "2026-06-22T15:00:00+07:00", "2026-07-01T07:00:00+07:00", models.Repeat{Every: month, Day: 1, Hour: 7, Zone: models.ZoneWIB}},
		{"the 31st of a month of 30 days", "2026-06-22T15:00:00+07:00", "2026-06-30T07:00:00+07:00",
			models.Repeat{Every: month, Day: 31, Hour: 7, Zone: models.ZoneWIB}},
		{"the 31st after that", "2026-06-30T07:00:00+07:00", "2026-07-31T07:00:00+07:00", models.Repeat{Every: month, Day: 31, Hour: 7, Zone: models.ZoneWIB}},
		{"the 30th in February", "2026-01-31T15:00:00+07:00", "2026-02-28T07:00:00+07:00", models.Repeat{Every: month, Day: 30, Hour: 7, Zone: models.ZoneWIB}},
		{"the 29th in a leap year's February", "2028-02-01T15:00:00+07:00", "2028-02-29T07:00:00+07:00",
			models.Repeat{Every: month, Day: 29, Hour: 7, Zone: models.ZoneWIB}},
		{"the 30th in March is no last day", "2026-03-29T15:00:00+07:00", "2026-03-30T07:00:00+07:00",
			models.Repeat{Every: month, Day: 30, Hour: 7, Zone: models.ZoneWIB}},
		{"over new year", "2026-12-31T23:30:00+07:00", "2027-01-01T23:00:00+07:00", models.Repeat{Every: day, Hour: 23, Zone: models.ZoneWIB}},
	} {
		if got := subscription.Next(c.repeat, instant(t, c.after)); got != instant(t, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got.Time().In(c.repeat.Zone.Location()).Format(time.RFC3339), c.want)
		}
	}
}

func repeats() *rapid.Generator[models.Repeat] {
	return rapid.Custom(func(t *rapid.T) models.Repeat {
		r := models.Repeat{Every: rapid.SampledFrom(models.Repeats()).Draw(t, "every"), Hour: rapid.IntRange(0, 23).Draw(t, "hour"),
			Zone: rapid.SampledFrom(models.Zones()).Draw(t, "zone")}
		switch r.Every {
		case models.EveryWeek:
			r.Day = rapid.IntRange(0, 6).Draw(t, "weekday")
		case models.EveryMonth:
			r.Day = rapid.IntRange(1, 31).Draw(t, "day")
		case models.EveryDay:
		}
		return r
	})
}

// However often something is due, it is due at its hour of its zone's clocks, once for each day,
// week or month that there is.
func TestEveryDayWeekAndMonthIsDueOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := repeats().Draw(t, "repeat")
		if !r.Valid() {
			t.Fatalf("%+v is not valid", r)
		}
		from := models.Millis(rapid.Int64Range(1_700_000_000_000, 2_000_000_000_000).Draw(t, "from"))
		first := subscription.Next(r, from)
		second := subscription.Next(r, first)
		at := first.Time().In(r.Zone.Location())
		if first <= from || at.Hour() != r.Hour || at.Minute() != 0 || at.Second() != 0 {
			t.Fatalf("after %d: %s", from, at)
		}
		if again := subscription.Next(r, models.Millis(rapid.Int64Range(int64(from), int64(first)-1).Draw(t, "between"))); again != first {
			t.Fatalf("from in between %s, want %s", again.Time(), at)
		}
		next := second.Time().In(r.Zone.Location())
		switch r.Every {
		case models.EveryDay:
			if second.Sub(first) != 24*time.Hour {
				t.Fatalf("%s, then %s", at, next)
			}
		case models.EveryWeek:
			if second.Sub(first) != 7*24*time.Hour || int(at.Weekday()) != r.Day {
				t.Fatalf("%s, then %s", at, next)
			}
		case models.EveryMonth:
			if y, m := at.Year(), at.Month()%12+1; next.Month() != m || next.Year() != y+int(1-min(int(m)-1, 1)) {
				t.Fatalf("%s, then %s", at, next)
			}
			if at.Day() != r.Day && at.AddDate(0, 0, 1).Month() == at.Month() || at.Day() > r.Day {
				t.Fatalf("on the %d, not the %d", at.Day(), r.Day)
			}
		}
	})
}

// Missed runs are made up for once, by the last one, and the next run lies ahead.
func TestAnOutageIsMadeUpForOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := repeats().Draw(t, "repeat")
		first := subscription.Next(r, models.Millis(rapid.Int64Range(1_700_000_000_000, 1_800_000_000_000).Draw(t, "from")))
		now := first.Add(time.Duration(rapid.Int64Range(0, 200*24).Draw(t, "hours late")) * time.Hour)
		due, next := subscription.Due(r, first, now)
		if due < first || due > now || next <= now || subscription.Next(r, due) != next {
			t.Fatalf("first %s, now %s: due %s, next %s", first.Time(), now.Time(), due.Time(), next.Time())
		}
	})
}
