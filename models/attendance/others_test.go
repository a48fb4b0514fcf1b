package attendance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// told tells of a scan that the site's other agent has accepted.
func (s *story) told(t testing.TB, n byte, dir models.Direction, clock string) {
	t.Helper()
	s.past[sessionID(n)] = append(s.past[sessionID(n)], attendance.Past{At: at(t, clock), Direction: dir, Desk: "Pintu timur", Agent: "B"})
}

func TestAnotherAgentsWord(t *testing.T) {
	for _, c := range []struct {
		name, now string
		asked     models.Direction
		past      func(*testing.T, *story)
		want      models.Verdict
		anyway    models.Verdict // what a supervisor's word makes of it; empty: nothing
	}{
		{"in there, comes here", "08.02", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01") }, models.VerdictAlreadyIn, models.VerdictAcceptedIn},
		{"in there, asked for in", "08.30", in, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01") }, models.VerdictAlreadyIn, models.VerdictAcceptedIn},
		{"in there, leaves here at the end", "11.50", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01") }, models.VerdictAcceptedOut, ""},
		{"in there, leaves here early, asked for out", "08.50", out, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01") }, models.VerdictAcceptedOut, ""},
		{"in there, leaves here early, nobody says which", "08.50", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01") },
			models.VerdictAlreadyIn, models.VerdictAcceptedIn},
		{"in there, seen here between the windows", "10.00", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01") },
			models.VerdictAlreadyIn, models.VerdictClosed},
		{"in here, out there", "11.50", auto, func(t *testing.T, s *story) { s.was(t, 1, in, "08.01"); s.told(t, 1, out, "11.45") },
			models.VerdictAlreadyOut, models.VerdictAcceptedOut},
		{"in here, out there, comes back here", "08.45", in, func(t *testing.T, s *story) { s.was(t, 1, in, "08.01"); s.told(t, 1, out, "08.30") },
			models.VerdictAcceptedIn, ""},
		{"in and out there, comes back here", "08.45", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01"); s.told(t, 1, out, "08.30") },
			models.VerdictAcceptedIn, ""},
		{"told in the wrong order", "08.45", auto, func(t *testing.T, s *story) { s.told(t, 1, out, "08.30"); s.told(t, 1, in, "08.01") },
			models.VerdictAcceptedIn, ""},
		{"of tomorrow", "08.02", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "21 08.01") }, models.VerdictAcceptedIn, ""},
		{"of what has not happened yet", "08.02", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.30") }, models.VerdictAcceptedIn, ""},
		{"of yesterday", "08.02", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "19 08.01") }, models.VerdictAcceptedIn, ""},
		{"in there with a ticket that was revoked since", "08.02", auto, func(t *testing.T, s *story) { s.told(t, 1, in, "08.01"); s.known.Revoked = true },
			models.VerdictRevoked, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t, c.now)
			s.scan.Direction = c.asked
			s.policy().Reentry = true
			c.past(t, s)
			d := s.judge()
			if d.Verdict != c.want {
				t.Fatalf("%s, want %s (%+v)", d.Verdict, c.want, d)
			}
			if d.Verdict.Repeated() && (d.Earlier == nil || !d.Earlier.Told() || d.Earlier.Desk != "Pintu timur" || !d.Overridable()) {
				t.Errorf("it names %+v, and a supervisor's word counts: %v", d.Earlier, d.Overridable())
			}
			if got := d.Without; c.anyway == "" && got != nil || c.anyway != "" && (got == nil || got.Verdict != c.anyway) {
				t.Errorf("without that word it is %+v, want %q", got, c.anyway)
			}
		})
	}
}

// Whatever another agent tells, it bars nobody and records nothing that staff have not asked for.
func TestAnotherAgentsWordIsAdvice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		alone := s.judge()
		for _, x := range s.known.Sessions {
			for range rapid.IntRange(0, 3).Draw(t, "told") {
				s.past[x.ID] = slices.Insert(s.past[x.ID], rapid.IntRange(0, len(s.past[x.ID])).Draw(t, "place"), attendance.Past{
					Agent: "B", Direction: rapid.SampledFrom([]models.Direction{in, out}).Draw(t, "told direction"),
					At: x.Start + models.Millis(rapid.IntRange(-120, 400).Draw(t, "told at"))*60_000})
			}
		}
		d := s.judge()
		if d.Without != nil {
			got := *d.Without
			if alone.Verdict == models.VerdictUnlisted {
				alone.Verdict = models.VerdictAcceptedIn
			}
			if alone.Verdict != models.VerdictSpotCheck && got.Verdict != alone.Verdict {
				t.Fatalf("without it %s, alone %s", got.Verdict, alone.Verdict)
			}
			if (got.Verdict.Accepted() || got.Verdict.Overridable()) && !d.Overridable() {
				t.Fatalf("%s bars for good what is %s without", d.Verdict, got.Verdict)
			}
		}
		switch {
		case d.Verdict == alone.Verdict:
			if diff := cmp.Diff(alone.Session, d.Session); diff != "" && s.scan.Direction == auto && d.Verdict.Accepted() {
				t.Fatalf("recorded at another session:\n%s", diff)
			}
		case d.Verdict.Repeated():
			if d.Without == nil {
				t.Fatalf("%s holds back %s", d.Verdict, alone.Verdict)
			}
		case s.scan.Direction == auto:
			t.Fatalf("%s on another agent's word, alone %s", d.Verdict, alone.Verdict)
		case d.Direction != s.scan.Direction:
			t.Fatalf("asked for %s, went %s", s.scan.Direction, d.Direction)
		}
	})
}
