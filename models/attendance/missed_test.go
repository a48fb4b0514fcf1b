package attendance_test

import (
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// Whom a wrong clock turned away is told from who was refused for a good reason.
func TestOnlyARefusalThatTheRightClockWouldNotHaveMadeIsMissed(t *testing.T) {
	t.Parallel()
	start := models.MillisOf(time.Date(2024, 5, 10, 8, 0, 0, 0, models.ZoneWIB.Location()))
	s := attendance.Session{Start: start, End: start.Add(4 * time.Hour)}
	p := models.DefaultPolicy()
	year := start.Add(-365 * 24 * time.Hour)
	for _, c := range []struct {
		name         string
		verdict      models.Verdict
		said, really models.Millis
		sure         models.Confidence
		missed       bool
		as           models.Verdict
	}{
		{"a year behind, on time", models.VerdictNotYetValid, year, start, models.ConfidenceSynced, true, models.VerdictAcceptedIn},
		{"a year ahead", models.VerdictExpired, start.Add(365 * 24 * time.Hour), start, models.ConfidenceSynced, true, models.VerdictAcceptedIn},
		{"an old live code by a slow clock", models.VerdictStaleCode, start.Add(-5 * time.Hour), start, models.ConfidenceSynced, true, models.VerdictAcceptedIn},
		{"closed by a fast clock", models.VerdictClosed, start.Add(2 * time.Hour), start, models.ConfidenceSynced, true, models.VerdictAcceptedIn},
		{"no session by a slow clock, leaving", models.VerdictNoSession, year, s.End, models.ConfidenceSynced, true, models.VerdictAcceptedOut},
		{"too late by the right clock too", models.VerdictClosed, start.Add(3 * time.Hour), start.Add(2 * time.Hour), models.ConfidenceSynced, false, ""},
		{"the same by both clocks", models.VerdictStaleCode, start, start.Add(time.Minute), models.ConfidenceSynced, false, ""},
		{"nobody knows better", models.VerdictNotYetValid, year, start, models.ConfidenceUnsure, false, ""},
		{"a revoked ticket has no time", models.VerdictRevoked, year, start, models.ConfidenceSynced, false, ""},
	} {
		r := attendance.Record{Kind: models.EventRefused, Verdict: c.verdict, Said: c.said, Occurred: c.really, Sure: c.sure}
		if got := attendance.Missed(s, p, r); got != c.missed {
			t.Errorf("%s: %t, want %t", c.name, got, c.missed)
		}
		if got := attendance.Admitted(s, p, r); c.missed && got.Verdict != c.as {
			t.Errorf("%s: it counts as %s, want %s", c.name, got.Verdict, c.as)
		}
	}
	short := s
	short.End = start.Add(30 * time.Minute)
	p.CheckOut = false
	if attendance.Missed(short, p, attendance.Record{Kind: models.EventRefused, Verdict: models.VerdictExpired, Said: year,
		Occurred: start.Add(45 * time.Minute), Sure: models.ConfidenceSynced}) {
		t.Error("kept from a session that was over")
	}
	s.Cancelled = true
	if attendance.Missed(s, p, attendance.Record{Kind: models.EventRefused, Verdict: models.VerdictExpired, Said: year, Occurred: start, Sure: models.ConfidenceSynced}) {
		t.Error("kept from a session that did not take place")
	}
}
