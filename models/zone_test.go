package models_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"buktihadir/models"
)

func TestAZoneHasItsOwnDateAndMidnight(t *testing.T) {
	for _, c := range []struct {
		name string
		zone models.Zone
		at   string
		want models.LocalDate
	}{
		{"an evening in UTC is tomorrow in WIB from 17.00 on", models.ZoneWIB, "2022-06-19T17:00:00Z", "2022-06-20"},
		{"a millisecond earlier it is still today", models.ZoneWIB, "2022-06-19T16:59:59.999Z", "2022-06-19"},
		{"WITA is an hour ahead of WIB", models.ZoneWITA, "2022-06-19T16:00:00Z", "2022-06-20"},
		{"WIT is two hours ahead of WIB", models.ZoneWIT, "2022-06-19T15:00:00Z", "2022-06-20"},
		{"the year turns first in the east", models.ZoneWIT, "2022-12-31T15:00:00Z", "2023-01-01"},
		{"no zone is UTC", "", "2022-06-19T23:59:59Z", "2022-06-19"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.zone.Date(models.MillisOf(at)); got != c.want {
				t.Errorf("%s.Date(%s) = %s, want %s", c.zone, c.at, got, c.want)
			}
			if got := models.LocalDate(at.In(c.zone.Location()).Format(time.DateOnly)); got != c.want {
				t.Errorf("%s.Location() has %s at %s, want %s", c.zone, got, c.at, c.want)
			}
		})
	}
}

func TestEveryInstantLiesInItsLocalDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(models.Zones()).Draw(t, "zone")
		at := models.Millis(rapid.Int64Range(0, 4_000_000_000_000).Draw(t, "at"))
		day := z.Date(at)
		if start, next := day.Start(z), day.AddDays(1).Start(z); at < start || at >= next || next.Sub(start) != 24*time.Hour {
			t.Fatalf("%d in %s is on %s, which runs from %d to %d", at, z, day, start, next)
		}
	})
}

func TestParseZone(t *testing.T) {
	for in, want := range map[string]models.Zone{"wib": models.ZoneWIB, " WITA ": models.ZoneWITA, "Wit": models.ZoneWIT,
		"UTC": "", "": "", "Asia/Jakarta": ""} {
		got, err := models.ParseZone(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseZone(%q) = %q, %v, want %q", in, got, err, want)
		}
		if name := want.Location().String(); want != "" && name != string(want) {
			t.Errorf("%s is called %s", want, name)
		}
	}
}

func TestALocalDateExists(t *testing.T) {
	for in, valid := range map[string]bool{"2022-06-20": true, "2024-02-29": true, "2023-02-29": false, "20-06-2022": false, "": false} {
		d := models.LocalDate(in)
		if d.Valid() != valid || (d.Start(models.ZoneWIB) != 0) != valid || (d.AddDays(1) != "") != valid {
			t.Errorf("LocalDate(%q): want valid %v", in, valid)
		}
	}
	if got := models.LocalDate("2022-06-20").Weekday(); got != time.Monday {
		t.Errorf("20 June 2022 was a Monday, got %s", got)
	}
}
