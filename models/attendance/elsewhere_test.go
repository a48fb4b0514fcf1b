package attendance

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

func TestADeskSaysWhereASessionIsThatItDoesNotHold(t *testing.T) {
	t.Parallel()
	eight := models.LocalDate("2026-11-30").Start(models.ZoneWIB).Add(8 * time.Hour)
	at := func(hours time.Duration, elsewhere bool) Session {
		from := eight.Add(hours * time.Hour)
		return Session{ID: uuid.New(), Start: from, End: from.Add(4 * time.Hour), Elsewhere: elsewhere}
	}
	gone := at(0, true)
	gone.Cancelled = true
	for _, x := range []struct {
		name     string
		sessions []Session
		now      time.Duration // since eight
		want     models.Verdict
		which    int // of the sessions; -1: none
	}{
		{"this morning's is elsewhere", []Session{at(0, true)}, 0, models.VerdictOtherSite, 0},
		{"and the afternoon's is here", []Session{at(0, true), at(5, false)}, 0, models.VerdictOtherSite, 0},
		{"coming for the afternoon's", []Session{at(0, true), at(5, false)}, 270 * time.Minute, models.VerdictAcceptedIn, 1},
		{"this morning's is here", []Session{at(0, false), at(5, true)}, 0, models.VerdictAcceptedIn, 0},
		{"too late for it, while the next is elsewhere", []Session{at(0, false), at(5, true)}, 3 * time.Hour, models.VerdictClosed, 0},
		{"coming back for the afternoon's", []Session{at(0, false), at(24, true)}, 7 * time.Hour, models.VerdictOtherSite, 1},
		{"too early for what is here", []Session{at(3, false), at(24, true)}, 0, models.VerdictTooEarly, 0},
		{"tomorrow's is elsewhere", []Session{at(24, true)}, 0, models.VerdictOtherSite, 0},
		{"what was elsewhere is over", []Session{at(-24, true)}, 0, models.VerdictNoSession, -1},
		{"what was to be elsewhere is cancelled", []Session{gone}, 0, models.VerdictNoSession, -1},
	} {
		known := Known{Class: &Class{ID: uuid.New(), Zone: models.ZoneWIB, Phase: models.PhaseRunning, Policy: models.DefaultPolicy()}, Sessions: x.sessions,
			Enrollment: &Enrollment{ID: uuid.New()}}
		d := Judge(Scan{Manual: true, Direction: models.DirectionAuto}, known, History{}, eight.Add(x.now))
		which := -1
		for i, s := range x.sessions {
			if d.Session != nil && d.Session.ID == s.ID {
				which = i
			}
		}
		if d.Verdict != x.want || which != x.which {
			t.Errorf("%s: %s of %d, want %s of %d", x.name, d.Verdict, which, x.want, x.which)
		}
	}
}

// What was recorded at the old site says nothing of who is in here.
func TestASessionElsewhereIsNeverEnteredNorLeftHere(t *testing.T) {
	t.Parallel()
	eight := models.LocalDate("2026-11-30").Start(models.ZoneWIB).Add(8 * time.Hour)
	s := Session{ID: uuid.New(), Start: eight, End: eight.Add(4 * time.Hour), Elsewhere: true}
	known := Known{Class: &Class{ID: uuid.New(), Zone: models.ZoneWIB, Phase: models.PhaseRunning, Policy: models.DefaultPolicy()}, Sessions: []Session{s},
		Enrollment: &Enrollment{ID: uuid.New()}}
	past := History{s.ID: {{At: eight, Direction: models.DirectionIn}}}
	for minute := -120; minute < 600; minute += 7 {
		for _, dir := range []models.Direction{models.DirectionAuto, models.DirectionIn, models.DirectionOut} {
			if d := Judge(Scan{Manual: true, Direction: dir}, known, past, eight.Add(time.Duration(minute)*time.Minute)); d.Verdict.Accepted() || d.Verdict.Repeated() {
				t.Fatalf("minute %d, %s: %s", minute, dir, d.Verdict)
			}
		}
	}
}
