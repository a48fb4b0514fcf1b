package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// cases lists the queue as kind and state, in order.
func (c *class) cases() []string {
	c.t.Helper()
	list, err := c.st.Read(c.t.Context()).ListCases(store.CaseFilter{}, store.Slice{Limit: 100})
	c.ok(err)
	var out []string
	for _, k := range list.Rows {
		out = append(out, string(k.Kind)+" "+string(k.State))
	}
	slices.Sort(out)
	return out
}

func (c *class) caseOf(kind models.CaseKind) models.Case {
	c.t.Helper()
	list, err := c.st.Read(c.t.Context()).ListCases(store.CaseFilter{Kind: kind}, store.Slice{Limit: 1})
	c.ok(err)
	if len(list.Rows) == 0 {
		c.t.Fatalf("no case of kind %s", kind)
	}
	return list.Rows[0].Case
}

func (c *class) decide(k models.Case, to models.CaseState, whose *uuid.UUID) error {
	return c.st.Write(c.t.Context(), func(tx *store.Tx) error {
		return tx.Decide(models.CaseDecision{CaseID: k.ID, State: to, EnrollmentID: whose, Reason: "sudah dicek", AuthorID: uuid.New(), Author: "Ibu PMO"})
	})
}

// decideAt confirms a case for somebody at a session.
func (c *class) decideAt(k models.Case, place int, session uuid.UUID) error {
	return c.st.Write(c.t.Context(), func(tx *store.Tx) error {
		return tx.Decide(models.CaseDecision{CaseID: k.ID, State: models.CaseConfirmed, EnrollmentID: &c.places[place].Enrollment.ID, SessionID: &session,
			Reason: "sudah dicek", AuthorID: uuid.New(), Author: "Ibu PMO"})
	})
}

// Only what waits for the plan can be said to be of a session.
func TestADecisionThatNamesASessionIsAboutWhatWaits(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, c.otherSession()).tell()
		k := c.caseOf(models.CaseQuarantine)
		if err := c.decideAt(k, 0, c.session.ID); !errors.Is(err, store.ErrUndecidable) {
			t.Errorf("a quarantined record was moved: %v", err)
		}
		c.wantCases("it can't be decided so", "quarantine open")
	})
}

// otherSession makes an event of a session that the enrollment's class doesn't have.
func (c *class) otherSession() func(*journal.Event) {
	q := c.st.Read(c.t.Context())
	b, err := q.ClassByCode("B")
	c.ok(err)
	theirs, err := q.SessionsOf(b.ID)
	c.ok(err)
	return func(e *journal.Event) { e.Session = theirs[0].ID }
}

func TestAQuarantinedEventCountsOnceItIsConfirmedAndNotWhenItIsDismissed(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, c.otherSession()).tell()
		k := c.caseOf(models.CaseQuarantine)
		if k.State != models.CaseOpen || k.Detail != "enrollment_of_another_class" {
			t.Fatalf("the case says %+v", k)
		}
		counts := func() int64 {
			var n int64
			c.ok(c.st.DB().Table("attendances").Where("enrollment_id = ? AND accepted > 0", c.places[0].Enrollment.ID).Count(&n).Error)
			return n
		}
		for _, x := range []struct {
			to   models.CaseState
			want int64
		}{{models.CaseDismissed, 0}, {models.CaseConfirmed, 1}, {models.CaseDismissed, 0}} {
			c.ok(c.decide(k, x.to, nil))
			if got := counts(); got != x.want || c.caseOf(models.CaseQuarantine).State != x.to {
				t.Errorf("%s: counts %d times, want %d", x.to, got, x.want)
			}
		}
		if said, err := c.st.Read(t.Context()).DecisionsOf(k.ID); err != nil || len(said) != 3 || said[0].Author != "Ibu PMO" {
			t.Errorf("decisions %v, %v; all three have to stay", said, err)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("the log's check says %v", found)
		}
	})
}

func TestWhatNobodyKnowsCantBeMadeToCount(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, func(e *journal.Event) { e.Kind = "tomorrow" }).tell()
		if err := c.decide(c.caseOf(models.CaseQuarantine), models.CaseConfirmed, nil); !errors.Is(err, store.ErrUndecidable) {
			t.Errorf("confirmed: %v", err)
		}
		c.ok(c.decide(c.caseOf(models.CaseQuarantine), models.CaseDismissed, nil))
	})
}

func TestAnUnknownTicketCountsForWhomTheOfficeNames(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, func(e *journal.Event) {
			e.Verdict, e.Enrollment, e.Ticket = models.VerdictUnlisted, uuid.Nil, models.Ref{9, 9, 9}
		}).tell()
		k := c.caseOf(models.CaseUnlisted)
		other, err := c.st.Read(t.Context()).ClassByCode("B")
		c.ok(err)
		theirs, err := c.st.Read(t.Context()).Places(other.ID)
		c.ok(err)
		for _, wrong := range []*uuid.UUID{nil, &theirs[0].Enrollment.ID} {
			if err := c.decide(k, models.CaseConfirmed, wrong); !errors.Is(err, store.ErrUndecidable) {
				t.Errorf("for %v: %v", wrong, err)
			}
		}
		c.ok(c.decide(k, models.CaseConfirmed, &c.places[1].Enrollment.ID))
		if got := c.attendance(1); got.Accepted != 1 {
			t.Errorf("counts %d times for whom it was, want 1", got.Accepted)
		}
		c.ok(c.decide(k, models.CaseDismissed, nil))
		if got := c.attendance(1); got.Accepted != 0 {
			t.Errorf("counts %d times after all, want 0", got.Accepted)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("the log's check says %v", found)
		}
	})
}

// Whenever the desk undid it, before or after it was given to somebody.
func TestAnUnknownTicketThatWasUndoneCountsForNobody(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		nobody := func(e *journal.Event) {
			e.Verdict, e.Enrollment, e.Ticket = models.VerdictUnlisted, uuid.Nil, models.Ref{9, 9, 9}
		}
		undo := func(e *journal.Event) {
			nobody(e)
			e.Kind, e.Verdict, e.Target = models.EventVoid, models.VerdictNone, 1
		}
		before := c.agent("satu").saw(0, nobody).saw(0, undo)
		before.tell()
		c.ok(c.decide(c.caseOf(models.CaseUnlisted), models.CaseConfirmed, &c.places[0].Enrollment.ID))
		if got := c.attendance(0); got.Accepted != 0 {
			t.Errorf("undone, then given to somebody, it counts %d times", got.Accepted)
		}
		after := c.agent("dua").saw(1, nobody)
		after.tell()
		list, err := c.st.Read(t.Context()).ListCases(store.CaseFilter{Kind: models.CaseUnlisted, State: models.CaseOpen}, store.Slice{Limit: 1})
		c.ok(err)
		c.ok(c.decide(list.Rows[0].Case, models.CaseConfirmed, &c.places[1].Enrollment.ID))
		after.saw(1, undo).tell()
		if got := c.attendance(1); got.Accepted != 0 {
			t.Errorf("given to somebody, then undone, it counts %d times", got.Accepted)
		}
		c.sound()
	})
}

func TestACaseWhoseCauseHasGoneSettlesItself(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		unsure := func(e *journal.Event) { e.Confidence = models.ConfidenceUnsure }
		b := c.agent("meja").saw(0, unsure)
		b.tell()
		if got := c.cases(); !slices.Equal(got, []string{"clock_unsure open"}) {
			t.Fatalf("cases %v", got)
		}
		b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, models.VerdictNone, 1 })
		b.tell()
		if got := c.cases(); !slices.Equal(got, []string{"clock_unsure settled"}) {
			t.Errorf("cases %v after the void", got)
		}
		b.saw(0, unsure)
		b.tell()
		if got := c.cases(); !slices.Equal(got, []string{"clock_unsure open"}) {
			t.Errorf("cases %v after it happened again", got)
		}
		c.ok(c.decide(c.caseOf(models.CaseClockUnsure), models.CaseConfirmed, nil))
		b.saw(0, unsure)
		b.tell()
		if got := c.cases(); !slices.Equal(got, []string{"clock_unsure confirmed"}) {
			t.Errorf("cases %v after it was decided", got)
		}
	})
}

// However reports are cut, repeated and mixed, the queue is the same.
//
//survives:plan Something can't be decided by the record alone | It becomes one case, with its evidence, whatever the order of the reports
func TestNoOrderOfReportsChangesTheQueue(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		unsure := func(e *journal.Event) { e.Confidence = models.ConfidenceUnsure }
		desks := []*book{
			c.agent("satu").saw(0, unsure).saw(1, c.otherSession()).saw(2, nil),
			c.agent("dua").saw(0, nil).saw(2, func(e *journal.Event) {
				e.Verdict, e.Enrollment, e.Ticket = models.VerdictUnlisted, uuid.Nil, models.Ref{7}
			}),
		}
		for _, d := range desks {
			d.tell()
		}
		want := c.cases()
		if !slices.Equal(want, []string{"clock_unsure open", "quarantine open", "unlisted open"}) {
			t.Fatalf("cases %v", want)
		}
		rapid.Check(t, func(r *rapid.T) {
			c.forgetEvents()
			c.ok(c.st.DB().Exec("DELETE FROM cases").Error)
			for sent := [2]int{}; sent[0] < len(desks[0].events) || sent[1] < len(desks[1].events); {
				i := rapid.IntRange(0, 1).Draw(r, "desk")
				from := rapid.IntRange(0, sent[i]).Draw(r, "from")
				to := rapid.IntRange(from, len(desks[i].events)).Draw(r, "to")
				if _, err := desks[i].send(from, to, c.now); err != nil {
					r.Fatal(err)
				}
				sent[i] = max(sent[i], to)
			}
			if got := c.cases(); !slices.Equal(got, want) {
				r.Fatalf("cases %v, want %v", got, want)
			}
		})
	})
}
