package models_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"buktihadir/models"
)

func TestASiteIsSilentOnlyByItsOwnRhythm(t *testing.T) {
	start := models.MillisOf(time.Date(2026, 6, 22, 1, 0, 0, 0, time.UTC)) // Monday, 08.00 WIB
	hour := func(h float64) models.Millis { return start.Add(time.Duration(h * float64(time.Hour))) }
	for _, c := range []struct {
		name                  string
		rhythm                models.Rhythm
		contact, awaited, now models.Millis
		want                  bool
	}{
		{"network, a day without a word before a session", models.RhythmNetwork, hour(-25), start, hour(-0.5), true},
		{"network, heard from the afternoon before", models.RhythmNetwork, hour(-16), start, hour(-0.5), false},
		{"network, a month without a session", models.RhythmNetwork, hour(-700), 0, start, false},
		{"network, the next session is far away", models.RhythmNetwork, hour(-100), start, hour(-30), false},
		{"network, nothing since a session", models.RhythmNetwork, hour(-1), start, hour(30), true},
		{"no rhythm is network", "", hour(-25), start, hour(-0.5), true},
		{"daily, nobody asks before a session", models.RhythmDaily, hour(-60), start, hour(-0.5), false},
		{"daily, the file comes at noon of the next day", models.RhythmDaily, hour(-60), start, hour(28), false},
		{"daily, nothing two days later", models.RhythmDaily, hour(-60), start, hour(48), true},
		{"weekly, nothing on Tuesday", models.RhythmWeekly, hour(-60), start, hour(24), false},
		{"weekly, nothing a week later", models.RhythmWeekly, hour(-60), start, hour(7 * 24), false},
		{"weekly, nothing after nine days", models.RhythmWeekly, hour(-60), start, hour(9 * 24), true},
	} {
		if got := c.rhythm.Silent(c.contact, c.awaited, c.now); got != c.want {
			t.Errorf("%s: silent is %t, want %t", c.name, got, c.want)
		}
	}
}

// A looser rhythm never calls silent what a tighter one lets pass, and silence does not
// end by itself.
func TestSilenceGrowsWithTimeAndWithTheRhythm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Custom(func(t *rapid.T) models.Millis {
			return models.Millis(rapid.Int64Range(1, 100*24*3_600_000).Draw(t, "at"))
		})
		contact, awaited, now := at.Draw(t, "contact"), at.Draw(t, "awaited"), at.Draw(t, "now")
		later := now.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "later")))
		before := true
		for _, r := range models.Rhythms() {
			silent := r.Silent(contact, awaited, now)
			if silent && !before {
				t.Fatalf("%s minds what a tighter rhythm does not", r)
			}
			if silent && !r.Silent(contact, awaited, later) {
				t.Fatalf("%s: silence ended without a contact", r)
			}
			before = silent
		}
	})
}
