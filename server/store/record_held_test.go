package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// held makes an event of what a phone held: it happened some minutes into the
// session, and was handed over hours after the session's start.
func (c *class) held(minute int64, hours int64, f func(*journal.Event)) func(*journal.Event) {
	return func(e *journal.Event) {
		e.Happened = c.session.StartsAt + models.Millis(minute)*60_000
		e.Occurred = c.session.StartsAt + models.Millis(hours)*3_600_000
		e.Wall, e.Age, e.Phone = e.Occurred, int64(e.Occurred-e.Happened), uuid.UUID{7}
		if f != nil {
			f(e)
		}
	}
}

//survives:plan A phone was cut off from its site computer and hands over what it scanned hours later | It is judged by when it happened, and is marked as handed over
func TestWhatAPhoneHeldIsJudgedByWhenItHappened(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, c.held(5, 3, nil)).saw(1, c.held(16, 3, nil))
		b.saw(0, c.held(240, 5, func(e *journal.Event) { e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut }))
		b.tell()
		got := c.attendance(0)
		if got.Status != models.StatusPresent || got.FirstIn != c.session.StartsAt.Add(5*time.Minute) || got.Minutes != 235 ||
			got.Flags != string(models.FlagPhoneOffline) {
			t.Errorf("five minutes after the start, handed over three hours later: %+v", got)
		}
		if got := c.attendance(1); got.Derived != models.StatusLate {
			t.Errorf("a minute too late is %s, whenever it was handed over", got.Derived)
		}
		rows := c.events()
		if r := rows[0]; r.Occurred != c.session.StartsAt.Add(5*time.Minute) || r.HandedAt != c.session.StartsAt.Add(3*time.Hour) || r.Quarantine != "" {
			t.Errorf("the row says %d, handed over %d, quarantine %q", r.Occurred, r.HandedAt, r.Quarantine)
		}
		if cases := c.cases(); len(cases) > 0 {
			t.Errorf("nothing is wrong, and the queue has %v", cases)
		}
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 || len(c.check()) > 0 {
			t.Errorf("the export says %+v, the log's check %v", v.Differences, c.check())
		}
	})
}

func TestWhatAPhoneHeldIsCorrectedWithItsAgentsClock(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b, boot := c.agent("meja"), uuid.New()
		up := c.session.StartsAt - 30*60_000
		// Handed over 180 minutes after the boot, and 145 minutes after it happened.
		b.saw(0, func(e *journal.Event) {
			b.wokeIn1970(boot, up, 180)(e)
			e.Happened, e.Age, e.Phone = e.Occurred-145*60_000, 145*60_000, uuid.UUID{7}
		})
		// Of before the agent's boot, when another machine stood there.
		b.saw(1, func(e *journal.Event) {
			b.wokeIn1970(boot, up, 181)(e)
			e.Happened, e.Age, e.Phone = e.Occurred-200*60_000, 200*60_000, uuid.UUID{7}
		})
		b.saw(2, func(e *journal.Event) {
			b.wokeIn1970(boot, up, 182)(e)
			e.Happened, e.Age, e.Phone, e.Doubt = e.Occurred-145*60_000, 145*60_000, uuid.UUID{7}, journal.DoubtClock
		})
		b.saw(0, func(e *journal.Event) { asClock(e); b.wokeIn1970(boot, up, 300)(e) })
		b.tell()
		if got := c.attendance(0); got.FirstIn != c.session.StartsAt.Add(5*time.Minute) {
			t.Errorf("%s from %d, want from five minutes after the start", got.Derived, got.FirstIn)
		}
		if got := c.attendance(1); got.FirstIn != c.session.StartsAt.Add(-49*time.Minute) {
			t.Errorf("before the agent's boot: from %v, want 49 minutes before the start", got.FirstIn.Sub(c.session.StartsAt))
		}
		if got := c.attendance(2); got.FirstIn != c.session.StartsAt.Add(7*time.Minute) ||
			!slices.Contains(c.cases(), "clock_unsure open") {
			t.Errorf("by a phone whose clock was set: %+v, cases %v; want it corrected, and a person to look at it", got, c.cases())
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("the log's check says %v", found)
		}
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 {
			t.Errorf("the export says %+v", v.Differences)
		}
	})
}

//survives:plan A phone that is cut off admits somebody whom its site computer would have refused: the ticket was revoked meanwhile, or the person is in already | What it showed stands, counts once, and becomes a case
func TestWhereAPhoneDecidedOtherwiseAPersonLooks(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil)
		b.saw(0, c.held(4, 2, func(e *journal.Event) { e.Other = models.VerdictAlreadyIn }))
		b.saw(1, c.held(5, 2, func(e *journal.Event) {
			e.Kind, e.Verdict, e.Other, e.Doubt = models.EventRefused, models.VerdictBadSignature, models.VerdictAcceptedIn, journal.DoubtTicket
			e.Enrollment, e.Ticket, e.Session = uuid.Nil, models.Ref{}, uuid.Nil
		}))
		b.saw(2, c.held(6, 2, func(e *journal.Event) {
			e.Kind, e.Verdict, e.Other = models.EventRefused, models.VerdictRevoked, models.VerdictAcceptedIn
		}))
		b.tell()
		got := c.attendance(0)
		if got.FirstIn != c.session.StartsAt || got.Flags != "phone_alone,phone_differs" {
			t.Errorf("accepted at two desks: %+v; want one attendance, from the first, flagged", got)
		}
		for _, place := range []int{1, 2} {
			if got := c.attendance(place); got.Derived != models.StatusAbsent {
				t.Errorf("place %d, whom nobody has admitted, is %s", place, got.Derived)
			}
		}
		if want := []string{"phone_differs open", "phone_differs open"}; !slices.Equal(c.cases(), want) {
			t.Errorf("cases %v, want one for who was accepted twice and one for the green that was no ticket", c.cases())
		}
	})
}

//survives:plan A phone says that a scan was at a time that is impossible | It is kept, and counts once somebody has said so
func TestAnImpossibleTimeCountsOnceAPersonSaysSo(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja")
		b.saw(0, c.held(5, 3, func(e *journal.Event) { e.Doubt = journal.DoubtLimits }))
		b.saw(1, c.held(5, 3, func(e *journal.Event) { e.Happened = e.Occurred + 1 }))
		b.saw(2, nil).tell()
		for place, want := range []int{0, 0, 1} {
			if got := c.attendance(place); got.Accepted != want {
				t.Errorf("place %d: %d events count, want %d", place, got.Accepted, want)
			}
		}
		k := c.caseOf(models.CaseQuarantine)
		if k.Detail != "impossible_time" {
			t.Errorf("the case says %q", k.Detail)
		}
		c.ok(c.decide(k, models.CaseConfirmed, nil))
		if got := c.attendance(0); got.Accepted != 1 {
			t.Errorf("confirmed, %d events count", got.Accepted)
		}
	})
}

func TestWhatAPhoneHeldIsNeverChanged(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, c.held(5, 3, nil)).tell()
		for _, column := range []string{"handed_at = 1", "doubt = 1", "other = 'revoked'"} {
			if c.st.DB().Exec("UPDATE scan_events SET "+column).Error == nil {
				t.Errorf("the database let somebody set %s", column)
			}
		}
	})
}
