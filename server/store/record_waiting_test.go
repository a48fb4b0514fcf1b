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

// replan changes the session's plan, as its page does.
func (c *class) replan(f func(*models.Session)) {
	c.t.Helper()
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) error {
		s, err := tx.Session(c.session.ID)
		if err != nil {
			return err
		}
		f(&s)
		return tx.Replan([]models.Session{s})
	}))
}

func (c *class) move(by time.Duration) {
	c.t.Helper()
	c.replan(func(s *models.Session) { s.StartsAt, s.EndsAt = s.StartsAt.Add(by), s.EndsAt.Add(by) })
}

func (c *class) setStatus(to models.SessionStatus) {
	c.t.Helper()
	c.replan(func(s *models.Session) { s.Status = to })
}

// asExit makes an event leaving, so long after the session's start.
func (c *class) asExit(after time.Duration) func(*journal.Event) {
	return func(e *journal.Event) {
		e.Kind, e.Verdict, e.Occurred = models.EventOut, models.VerdictAcceptedOut, c.session.StartsAt.Add(after)
		e.Wall = e.Occurred
	}
}

// sound says that log, export and queue all agree.
func (c *class) sound() {
	c.t.Helper()
	if found := c.check(); len(found) > 0 {
		c.t.Errorf("the log's check says %v", found)
	}
	if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 {
		c.t.Errorf("the export says %+v", v.Differences)
	}
}

func (c *class) wantCases(when string, want ...string) {
	c.t.Helper()
	if got := c.cases(); !slices.Equal(got, want) {
		c.t.Errorf("%s: cases %v, want %v", when, got, want)
	}
}

//survives:plan A session is moved while a desk that doesn't know yet lets people in by the old plan | They wait for a person to say whether that counts, and nobody has left early by it
func TestWhoCameByTheOldPlanWaitsForAPerson(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour))
		c.move(24 * time.Hour)
		c.now += 24 * 3_600_000
		b.tell()
		if got := c.attendance(0); got.Status != models.StatusPending || got.Flags != "plan_changed" || got.Accepted != 0 {
			t.Errorf("nobody has decided, and it says %+v", got)
		}
		c.wantCases("came by the old plan", "plan_changed open")
		c.sound()
		k := c.caseOf("plan_changed")
		c.ok(c.decide(k, models.CaseConfirmed, nil))
		if got := c.attendance(0); got.Status != models.StatusPresent || got.Minutes != 240 || got.Accepted != 2 || got.Flags != "plan_changed" {
			t.Errorf("it counts, and it says %+v", got)
		}
		c.sound()
		c.ok(c.decide(k, models.CaseDismissed, nil))
		if got := c.attendance(0); got.Status != models.StatusAbsent || got.Accepted != 0 || got.Flags != "" {
			t.Errorf("it doesn't count, and it says %+v", got)
		}
		c.sound()
	})
}

func TestAMoveThatIsTakenBackLeavesWhatWasBefore(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour)).tell()
		before := c.attendance(0)
		c.move(-48 * time.Hour)
		c.wantCases("moved", "plan_changed open")
		c.move(48 * time.Hour)
		got := c.attendance(0)
		if got.UpdatedAt = before.UpdatedAt; got != before {
			t.Errorf("moved and back: %+v, before it was %+v", got, before)
		}
		c.sound()
	})
}

func TestAnEventThatWaitsAndIsUndoneAtTheDeskIsNoCaseAnyMore(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil)
		c.move(-48 * time.Hour)
		b.tell()
		b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, models.VerdictNone, 1 }).tell()
		if k := c.caseOf("plan_changed"); k.State != models.CaseSettled {
			t.Errorf("the case is %s", k.State)
		}
		c.sound()
	})
}

//survives:plan A session is cancelled while a desk that doesn't know yet lets people in | They wait for a person to say whether it took place
func TestScansAtACancelledSessionWaitForAPerson(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour))
		c.setStatus(models.SessionCancelled)
		b.tell()
		if got := c.attendance(0); got.Status != models.StatusPending || got.Accepted != 0 {
			t.Errorf("at a session that was cancelled: %+v", got)
		}
		c.wantCases("cancelled", "session_cancelled open")
		c.sound()
		c.setStatus(models.SessionPlanned)
		if got := c.attendance(0); got.Status != models.StatusPresent || got.Accepted != 2 {
			t.Errorf("restored, it says %+v", got)
		}
		if k := c.caseOf("session_cancelled"); k.State != models.CaseSettled {
			t.Errorf("restored, the case is %s", k.State)
		}
		c.sound()
	})
}

//survives:plan The office was put back from a backup, and a desk sends what happened at a session that the office doesn't know any more | It is a case, until a person says whose it was and where, or the plan is here again; nobody is said not to have come
func TestAnEventOfASessionThatNobodyKnowsIsACase(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		lost, gone := uuid.New(), uuid.New()
		unknown := func(f func(*journal.Event)) func(*journal.Event) {
			return func(e *journal.Event) {
				e.Session, e.Class, e.Enrollment, e.Ticket = lost, uuid.New(), gone, models.Ref{9}
				if f != nil {
					f(e)
				}
			}
		}
		b := c.agent("meja").saw(0, unknown(nil)).saw(0, unknown(c.asExit(4*time.Hour)))
		b.tell()
		c.wantCases("lost", "unknown_session open")
		c.sound()
		k := c.caseOf("unknown_session")
		if err := c.decide(k, models.CaseConfirmed, nil); err == nil {
			t.Error("it counts for nobody")
		}
		c.ok(c.decide(k, models.CaseConfirmed, &c.places[0].Enrollment.ID))
		if got := c.attendance(0); got.Status != models.StatusPresent || got.Accepted != 2 || got.Minutes != 240 {
			t.Errorf("given to a person, it says %+v", got)
		}
		c.sound()
		b.saw(0, unknown(func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, models.VerdictNone, 2 })).tell()
		if got := c.attendance(0); got.Accepted != 1 {
			t.Errorf("one is undone at the desk, and %d count", got.Accepted)
		}
		c.sound()
		c.ok(c.decide(c.caseOf("unknown_session"), models.CaseDismissed, nil))
		if got := c.attendance(0); got.Accepted != 0 {
			t.Errorf("taken away again, %d count", got.Accepted)
		}
		c.sound()
	})
}

func TestAnEventOfAPersonThatNobodyKnowsIsACase(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, func(e *journal.Event) { e.Enrollment, e.Ticket = uuid.New(), models.Ref{9} }).tell()
		c.wantCases("nobody knows whom", "unknown_person open")
		c.ok(c.decide(c.caseOf("unknown_person"), models.CaseConfirmed, &c.places[1].Enrollment.ID))
		if got := c.attendance(1); got.Accepted != 1 {
			t.Errorf("given to a person, it says %+v", got)
		}
		c.sound()
	})
}

func TestAnUnknownEventFoldsByItselfOnceThePlanIsHere(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		late := c.session
		late.ID, late.Seq = uuid.New(), 2
		other, err := c.st.Read(t.Context()).ClassByCode("B")
		c.ok(err)
		theirs, err := c.st.Read(t.Context()).Places(other.ID)
		c.ok(err)
		stranger := models.Enrollment{ID: uuid.New(), ClassID: c.session.ClassID, ParticipantID: theirs[0].Enrollment.ParticipantID,
			Role: models.PersonParticipant, Status: models.EnrollmentActive}
		c.agent("meja").saw(0, func(e *journal.Event) { e.Session = late.ID }).
			saw(1, func(e *journal.Event) { e.Enrollment, e.Ticket = stranger.ID, models.Ref{9} }).
			saw(2, func(e *journal.Event) {
				e.Verdict, e.Enrollment, e.Ticket = models.VerdictUnlisted, uuid.Nil, models.Ref{8}
			}).tell()
		c.wantCases("unknown", "unknown_person open", "unknown_session open", "unlisted open")
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.SaveSessions([]models.Session{late}); err != nil {
				return err
			}
			if err := tx.SaveEnrollments([]models.Enrollment{stranger}); err != nil {
				return err
			}
			ticket := c.places[2].Tickets[0]
			ticket.ID, ticket.RevokedAt = models.Ref{8}, c.now
			if err := tx.AddTickets([]models.Ticket{ticket}); err != nil {
				return err
			}
			return tx.Refold(late)
		}))
		c.wantCases("here again", "unknown_person settled", "unknown_session settled", "unlisted settled")
		var counted int64
		c.ok(c.st.DB().Table("attendances").Where("accepted = 1").Count(&counted).Error)
		if counted != 3 {
			t.Errorf("%d of them count, want 3", counted)
		}
		c.sound()
	})
}

// Who is in when the session ends may be standing in a queue at the door.
func TestWhoIsInHasLeftEarlyOnlyOnceTheDeskHasReportedPastTheCheckOutTime(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.now = c.session.EndsAt.Add(24 * time.Hour)
		b := c.agent("meja").saw(0, nil)
		for _, x := range []struct {
			after time.Duration
			want  models.AttendanceStatus
			open  bool
		}{{time.Minute, models.StatusInside, true}, {2 * time.Hour, models.StatusInside, true}, {2*time.Hour + time.Minute, models.StatusLeftEarly, false}} {
			_, err := b.send(0, 1, c.session.EndsAt.Add(x.after))
			c.ok(err)
			if got := c.attendance(0); got.Status != x.want || got.Open != x.open {
				t.Errorf("reported until %v after the end: %s, open %v; want %s, %v", x.after, got.Status, got.Open, x.want, x.open)
			}
			if got := c.attendance(1); got.Status != models.StatusAbsent {
				t.Errorf("reported until %v after the end, who never came is %s", x.after, got.Status)
			}
			c.sound()
		}
	})
}
