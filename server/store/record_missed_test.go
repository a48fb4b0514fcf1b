package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// turnedAway makes an event of a desk that woke up in 1970 and refuses what is valid.
func (b *book) turnedAway(boot uuid.UUID, up models.Millis, minute int64) func(*journal.Event) {
	return func(e *journal.Event) {
		b.wokeIn1970(boot, up, minute)(e)
		e.Kind, e.Verdict, e.Session = models.EventRefused, models.VerdictNotYetValid, uuid.Nil
	}
}

//survives:clock A desk that woke up in 1970 turns everybody away | Once its clock is corrected a person is asked, and who came counts
func TestWhomAWrongClockTurnedAwayIsOfferedForReview(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b, boot := c.agent("meja"), uuid.New()
		up := c.session.StartsAt - 30*60_000
		b.saw(0, b.turnedAway(boot, up, 25)).saw(1, b.turnedAway(boot, up, 26)).tell()
		c.wantCases("before anybody knows better")
		b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(boot, up, 40)(e) })
		b.saw(0, b.wokeIn1970(boot, up, 265)).saw(1, func(e *journal.Event) {
			b.turnedAway(boot, up, 265)(e)
			e.Verdict = models.VerdictClosed
		})
		c.now = c.session.EndsAt + 3*3_600_000
		b.tell()
		c.wantCases("the clock was corrected", "clock_corrected open", "refused_by_clock open", "refused_by_clock open")
		if got := c.attendance(1); got.Status != models.StatusAbsent || got.Accepted != 0 {
			t.Errorf("nobody has decided, and it says %+v", got)
		}
		c.sound()
		k := c.caseAbout("refused_by_clock", 1)
		c.ok(c.decideAt(k, 1, c.session.ID))
		got := c.attendance(1)
		if got.Status != models.StatusPresent || got.FirstIn != up+26*60_000 || got.LastOut != up+265*60_000 || got.Accepted != 2 {
			t.Errorf("admitted, it says %+v", got)
		}
		c.sound()
		c.ok(c.decide(k, models.CaseDismissed, nil))
		if got := c.attendance(1); got.Status != models.StatusAbsent || got.Accepted != 0 {
			t.Errorf("dismissed, it says %+v", got)
		}
		c.sound()
	})
}

func TestWhoCameInAfterAllWasKeptFromNothing(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b, boot := c.agent("meja"), uuid.New()
		up := c.session.StartsAt - 30*60_000
		b.saw(0, b.turnedAway(boot, up, 25)).saw(0, b.wokeIn1970(boot, up, 29)) // by a supervisor's hand, say
		b.saw(1, b.turnedAway(boot, up, 200))                                   // too late to enter, by any clock
		b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(boot, up, 210)(e) }).tell()
		if k := c.caseOf("refused_by_clock"); k.State != models.CaseSettled {
			t.Errorf("the case is %s", k.State)
		}
		c.wantCases("let in a moment later, and rightly refused", "refused_by_clock settled")
	})
}

func (c *class) caseAbout(kind models.CaseKind, place int) models.Case {
	c.t.Helper()
	var k models.Case
	c.ok(c.st.DB().Where("kind = ? AND enrollment_id = ?", kind, c.places[place].Enrollment.ID).Take(&k).Error)
	return k
}

// later plans the class's nth session, so long after the first.
func (c *class) later(n int, by time.Duration) models.Session {
	c.t.Helper()
	s := c.session
	s.ID, s.Seq, s.StartsAt, s.EndsAt = uuid.New(), n, s.StartsAt.Add(by), s.EndsAt.Add(by)
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.SaveSessions([]models.Session{s}), tx.Refold(s))
	}))
	return s
}

func TestWhatWasRecordedCanBeMovedToTheSessionThatWasHeldInstead(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour))
		c.setStatus(models.SessionCancelled)
		b.tell()
		far, near := c.later(2, 48*time.Hour), c.later(3, 30*time.Minute)
		k := c.caseOf("session_cancelled")
		fit, err := c.st.Read(t.Context()).SessionsToMoveTo(k)
		if err != nil || len(fit) != 1 || fit[0].ID != near.ID {
			t.Fatalf("it could be moved to %v, %v; want the one that it fits", fit, err)
		}
		if err := c.decideAt(k, 0, far.ID); !errors.Is(err, store.ErrUndecidable) {
			t.Errorf("moved to a session two days later: %v", err)
		}
		c.ok(c.decideAt(k, 0, near.ID))
		if got := c.attendanceAt(near.ID, 0); got.Status != models.StatusPresent || got.Accepted != 2 || got.Minutes != 210 {
			t.Errorf("where it was moved to: %+v", got)
		}
		if got := c.attendance(0); got.Accepted != 0 {
			t.Errorf("where it was: %+v", got)
		}
		c.sound()

		// Undone at the desk afterwards, it is undone there too.
		b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, models.VerdictNone, 2 }).tell()
		if got := c.attendanceAt(near.ID, 0); got.Accepted != 1 {
			t.Errorf("its leaving was undone: %+v", got)
		}
		c.sound()

		// That session moves away: it is asked again.
		c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) error {
			near.StartsAt, near.EndsAt = near.StartsAt.Add(72*time.Hour), near.EndsAt.Add(72*time.Hour)
			return tx.Replan([]models.Session{near})
		}))
		c.wantCases("the other session has moved away", "session_cancelled open")
		c.sound()
	})
}
