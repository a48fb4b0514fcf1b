package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

// conserved fails where an accepted event is nowhere.
func (c *class) conserved(t interface{ Fatalf(string, ...any) }, when string) {
	c.t.Helper()
	got, err := c.st.Read(c.t.Context()).Conservation()
	c.ok(err)
	if len(got.Lost) > 0 || got.Accepted != got.Counted+got.Undone+got.Queued {
		t.Fatalf("%s: %d accepted, %d counted, %d undone, %d in the queue; lost: %+v; cases %v", when, got.Accepted, got.Counted, got.Undone, got.Queued, got.Lost, c.cases())
	}
}

// Rows that are gone show nowhere in those that are left: what ought to exist is the plan's.
func TestResultsThatAreGoneAreMissed(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour)).tell()
		if found := c.check(); len(found) > 0 {
			t.Fatalf("before: %v", found)
		}
		c.ok(c.st.DB().Exec("DELETE FROM attendances WHERE session_id = ?", c.session.ID).Error)
		faults := map[store.LogFault]int{}
		for _, p := range c.check() {
			faults[p.What]++
		}
		if faults[store.LogResultMissing] != 3 || faults[store.LogUncounted] != 2 {
			t.Errorf("after all results of a session were deleted: %v, want three people and two scans", faults)
		}
	})
}

// happens does one thing that moves events about: a scan, a void, another plan, a decision.
func (b *book) happens(r *rapid.T, lost []uuid.UUID) {
	at := b.session.StartsAt + models.Millis(rapid.IntRange(-60, 300).Draw(r, "minute"))*60_000
	place := rapid.IntRange(0, len(b.places)-1).Draw(r, "who")
	scan := func(f func(*journal.Event)) {
		b.saw(place, func(e *journal.Event) {
			e.Occurred, e.Wall = at, at
			if rapid.Bool().Draw(r, "leaves") {
				e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut
			}
			if f != nil {
				f(e)
			}
		})
	}
	stranger := rapid.SampledFrom(lost).Draw(r, "of nobody")
	switch rapid.SampledFrom([]string{"scan", "scan", "unknown session", "unknown person", "unlisted", "void", "move", "elsewhere", "cancel", "restore", "decide", "correct"}).Draw(r, "what") {
	case "scan":
		scan(nil)
	case "unknown session":
		scan(func(e *journal.Event) { e.Session = stranger })
	case "unknown person":
		scan(func(e *journal.Event) { e.Enrollment, e.Ticket = stranger, models.Ref{9} })
	case "unlisted":
		scan(func(e *journal.Event) {
			e.Verdict, e.Enrollment, e.Ticket = models.VerdictUnlisted, uuid.Nil, models.Ref{7}
		})
	case "void":
		if len(b.events) > 0 {
			of := b.events[rapid.IntRange(0, len(b.events)-1).Draw(r, "of")]
			b.saw(place, func(e *journal.Event) {
				e.Kind, e.Verdict, e.Target, e.Session, e.Enrollment, e.Ticket = models.EventVoid, models.VerdictNone, of.Seq, of.Session, of.Enrollment, of.Ticket
			})
		}
	case "move":
		hours := rapid.SampledFrom([]time.Duration{-24, -5, 0, 5, 24}).Draw(r, "hours")
		b.replan(func(s *models.Session) {
			s.StartsAt, s.EndsAt = b.session.StartsAt.Add(hours*time.Hour), b.session.EndsAt.Add(hours*time.Hour)
		})
	case "elsewhere":
		site := rapid.SampledFrom([]uuid.UUID{b.session.SiteID, b.otherSite().ID}).Draw(r, "site")
		b.replan(func(s *models.Session) { s.SiteID = site })
	case "cancel":
		b.setStatus(models.SessionCancelled)
	case "restore":
		b.setStatus(models.SessionPlanned)
	case "decide":
		list, err := b.st.Read(b.t.Context()).ListCases(store.CaseFilter{}, store.Slice{Limit: 100})
		b.ok(err)
		if len(list.Rows) > 0 {
			k := rapid.SampledFrom(list.Rows).Draw(r, "case")
			to := rapid.SampledFrom([]models.CaseState{models.CaseConfirmed, models.CaseDismissed}).Draw(r, "to")
			_ = b.decide(k.Case, to, &b.places[place].Enrollment.ID) // some can't be decided so
		}
	default:
		b.correct(place, rapid.SampledFrom([]models.AttendanceStatus{models.StatusSick, models.StatusPresent, models.StatusAbsent}).Draw(r, "corrected to"))
	}
	sent := int(b.told)
	got, err := b.send(sent, len(b.events), b.now)
	b.ok(err)
	b.told = got.Head.Seq
}

// Every accepted event is in a result, undone at the desk, or in the queue, whatever became of the plan.
//
//survives:plan The plan changes under what desks have recorded already: moved, cancelled, lost with a backup | No accepted record is ever only stored: it counts, or it waits for a person
func TestNoAcceptedEventIsEverOnlyStored(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja")
		lost := []uuid.UUID{uuid.New(), uuid.New()}
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(1, 3).Draw(r, "things") {
				b.happens(r, lost)
				c.conserved(r, "after it")
			}
		})
		c.sound()
		c.ok(c.st.DB().Exec("DELETE FROM cases WHERE kind IN ('unknown_session', 'unlisted') AND id NOT IN (SELECT case_id FROM case_decisions)").Error)
		b.saw(0, func(e *journal.Event) { e.Session = uuid.New() }).saw(0, nil)
		_, err := b.send(int(b.told), len(b.events), b.now)
		c.ok(err)
		c.ok(c.st.DB().Exec("DELETE FROM cases WHERE kind = 'unknown_session' AND state = 'open' AND id NOT IN (SELECT case_id FROM case_decisions)").Error)
		if found := c.check(); len(found) == 0 || found[0].What != store.LogUncounted {
			t.Errorf("an event that is in no result and in no case is not found: %v", found)
		}
	})
}

// After a restore people who came are not said to be absent from a session to which nobody came.
func TestNobodyIsSaidNotToHaveComeWhileTheirScansWait(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		var more strings.Builder
		more.WriteString("number,nik,name,class_code\n")
		for _, n := range []string{"5", "6", "7", "8"} {
			more.WriteString("P-" + n + ",327300010190000" + n + ",Orang " + n + ",A\n")
		}
		pilot, err := c.st.Read(t.Context()).PilotByCode("UJI")
		c.ok(err)
		_, err = imports.New(c.st).Import(t.Context(), office.Actor{Name: "test"}, imports.File{Kind: imports.Kinds()[2], Name: "x.csv", Content: []byte(more.String()), Pilot: &pilot.ID}, plan.Apply, nil)
		c.ok(err)
		b := c.agent("meja").saw(0, func(e *journal.Event) { e.Session, e.Class = uuid.New(), uuid.New() })
		b.tell()
		c.wantCases("what came waits", "unknown_session open")
		c.ok(c.decide(c.caseOf("unknown_session"), models.CaseDismissed, nil))
		c.wantCases("it is not ours", "nobody_came open", "unknown_session dismissed")
		c.ok(c.decide(c.caseOf("unknown_session"), models.CaseConfirmed, &c.places[0].Enrollment.ID))
		c.wantCases("it is ours after all", "nobody_came settled", "unknown_session confirmed")
	})
}
