package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// wokeIn1970 makes an event of a boot whose clock began at zero; the boot began at up.
func (b *book) wokeIn1970(boot uuid.UUID, up models.Millis, minute int64) func(*journal.Event) {
	return func(e *journal.Event) {
		e.Boot, e.Mono, e.Confidence = boot, minute*60_000, models.ConfidenceUnsure
		e.Occurred = models.Millis(e.Mono)
		e.Wall = e.Occurred
		if e.Kind == models.EventClock {
			e.Server = up + models.Millis(e.Mono)
		}
	}
}

func asClock(e *journal.Event) {
	*e = journal.Event{Format: e.Format, Agent: e.Agent, Epoch: e.Epoch, Seq: e.Seq, Prev: e.Prev, Kind: models.EventClock}
}

//survives:clock A site computer wakes up in 1970 | Its times are corrected once it reaches the server; what that changes is flagged
func TestADeskThatWokeUpIn1970IsCorrectedOnceItMeetsTheServer(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b, boot := c.agent("meja"), uuid.New()
		up := c.session.StartsAt - 30*60_000
		b.saw(0, b.wokeIn1970(boot, up, 31)).saw(0, func(e *journal.Event) {
			b.wokeIn1970(boot, up, 265)(e)
			e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut
		})
		b.tell()
		if got := c.attendance(0); got.Status != models.StatusLeftEarly || got.Flags != string(models.FlagClockUnsure) {
			t.Errorf("before anybody knows better: %s, flags %q", got.Status, got.Flags)
		}
		b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(boot, up, 300)(e) })
		b.tell()
		got := c.attendance(0)
		if got.Status != models.StatusPresent || got.FirstIn != c.session.StartsAt+60_000 || got.Flags != string(models.FlagClockCorrected) {
			t.Errorf("after the meeting: %s from %d, flags %q; want present from %d, clock_corrected", got.Status, got.FirstIn, got.Flags, c.session.StartsAt+60_000)
		}
		if rows := c.events(); rows[0].Occurred != models.Millis(31*60_000) || rows[0].Corrected != c.session.StartsAt+60_000 {
			t.Errorf("the event says %d and %d: the desk's word has to stay beside the corrected time", rows[0].Occurred, rows[0].Corrected)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("the log's check says %v", found)
		}
	})
}

func TestABootThatNeverMetTheServerStaysAsItSaid(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja")
		first, second, up := uuid.New(), uuid.New(), c.session.StartsAt
		b.saw(0, b.wokeIn1970(first, up, 10)).saw(1, b.wokeIn1970(second, up, 10))
		b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(second, up, 20)(e) })
		b.tell()
		rows := c.events()
		if rows[0].Corrected != rows[0].Occurred || rows[1].Corrected != up+10*60_000 {
			t.Errorf("corrected to %d and %d, want %d as it was said and %d", rows[0].Corrected, rows[1].Corrected, rows[0].Occurred, up+10*60_000)
		}
		if got := c.attendance(0).Flags; got != string(models.FlagClockUnsure) {
			t.Errorf("flags %q", got)
		}
	})
}

// However the journals of two desks with wrong clocks are cut and mixed, times and
// attendance are the same in the end.
//
//survives:clock Reports come in any order | Times are corrected to the same values
func TestNoOrderOfReportsChangesWhatClocksAreCorrectedTo(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		var desks []*book
		for i := range 2 {
			b, boot, again := c.agent("meja"), uuid.New(), uuid.New()
			up := c.session.StartsAt - models.Millis(i+1)*20*60_000
			b.saw(0, b.wokeIn1970(boot, up, 25)).saw(1, b.wokeIn1970(boot, up, 26)).saw(2, b.wokeIn1970(again, up, 70))
			b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(again, up, 80)(e) })
			b.saw(1, b.wokeIn1970(boot, up, 90))
			b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(boot, up, 91)(e) })
			desks = append(desks, b)
		}
		state := func() ([]models.Millis, []models.Attendance) {
			var times []models.Millis
			for _, e := range c.events() {
				times = append(times, e.Corrected)
			}
			_, people := c.rows()
			return times, people
		}
		for _, d := range desks {
			d.tell()
		}
		wantTimes, wantPeople := state()
		if !slices.Contains(wantTimes, c.session.StartsAt+5*60_000) {
			t.Fatalf("nothing was corrected: %v", wantTimes)
		}
		rapid.Check(t, func(r *rapid.T) {
			c.forgetEvents()
			for sent := [2]int{}; sent[0] < len(desks[0].events) || sent[1] < len(desks[1].events); {
				i := rapid.IntRange(0, 1).Draw(r, "desk")
				from := rapid.IntRange(0, sent[i]).Draw(r, "from")
				to := rapid.IntRange(from, len(desks[i].events)).Draw(r, "to")
				if _, err := desks[i].send(from, to, c.now); err != nil {
					r.Fatal(err)
				}
				sent[i] = max(sent[i], to)
			}
			times, people := state()
			if diff := cmp.Diff(wantTimes, times) + cmp.Diff(wantPeople, people); diff != "" {
				r.Fatal(diff)
			}
		})
	})
}
