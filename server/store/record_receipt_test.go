package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/receipt"
	"buktihadir/server/store"
)

// receiptOf is what a desk gives a person for an event.
func (c *class) receiptOf(e journal.Event) receipt.Code {
	c.t.Helper()
	q := c.st.Read(c.t.Context())
	class, err := q.Class(e.Class)
	c.ok(err)
	secret, err := q.ClassSecret(class)
	c.ok(err)
	return receipt.OfEvent(secret, e)
}

// ask is what the office says to the holder of a place.
func (c *class) ask(place int, code receipt.Code) (a store.ReceiptAnswer) {
	c.t.Helper()
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) (err error) {
		a, err = tx.Receipt([]models.Enrollment{c.places[place].Enrollment}, code)
		return err
	}))
	return a
}

func (c *class) wantReceipt(about string, place int, code receipt.Code, want store.ReceiptState) store.ReceiptAnswer {
	c.t.Helper()
	a := c.ask(place, code)
	if a.State != want {
		c.t.Errorf("%s: the office says %q, want %q", about, a.State, want)
	}
	return a
}

func asVoid(target uint64) func(*journal.Event) {
	return func(e *journal.Event) {
		e.Kind, e.Verdict, e.Target, e.Reason = models.EventVoid, models.VerdictNone, target, "salah orang"
	}
}

func TestAReceiptTellsWhatBecameOfWhatWasRecorded(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil).saw(0, c.asExit(4*time.Hour)).saw(1, asVoid(2)).saw(2, func(e *journal.Event) {
			e.Enrollment, e.Verdict = uuid.Nil, models.VerdictUnlisted // by a roster that lacked the person
		})
		b.tell()
		in := c.wantReceipt("in", 0, c.receiptOf(b.events[0]), store.ReceiptCounts)
		if in.Direction != models.DirectionIn || in.Session.ID != c.session.ID || in.Attendance.Status != models.StatusPresent {
			t.Errorf("it says %+v", in)
		}
		out := c.wantReceipt("out", 0, c.receiptOf(b.events[2]), store.ReceiptCounts)
		if out.Direction != models.DirectionOut || out.At != b.events[2].Occurred {
			t.Errorf("it says %+v", out)
		}
		if undone := c.wantReceipt("undone", 1, c.receiptOf(b.events[1]), store.ReceiptUndone); undone.Reason != "salah orang" {
			t.Errorf("it says %+v", undone)
		}
		c.wantReceipt("by a ticket alone", 2, c.receiptOf(b.events[4]), store.ReceiptCounts)
		c.wantReceipt("another's", 1, c.receiptOf(b.events[0]), store.ReceiptUnknown)
		c.wantCases("receipts of what has arrived make no cases")
	})
}

func TestAReceiptOfWhatHasNotArrivedOpensACaseUntilItDoes(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil)
		_, err := b.send(0, 1, c.now)
		c.ok(err)
		code := c.receiptOf(b.events[1])
		owed := c.wantReceipt("not sent", 1, code, store.ReceiptOwed)
		if owed.Session.ID != c.session.ID || owed.Deadline != c.now.Add(store.ReceiptDue) || owed.At != b.events[1].Occurred {
			t.Errorf("it says %+v", owed)
		}
		c.wantReceipt("asked again", 1, code, store.ReceiptOwed)
		c.wantCases("one receipt is one case", "receipt_owed open")
		if a := c.attendance(1); a.Status != models.StatusAbsent || a.Final {
			t.Errorf("while the site owes it, the result is %+v; want a provisional one", a)
		}
		c.sound()
		_, err = b.send(1, 2, c.now)
		c.ok(err)
		c.wantCases("it has come", "receipt_owed settled")
		c.wantReceipt("then", 1, code, store.ReceiptCounts)
		if a := c.attendance(1); a.FirstIn == 0 || !a.Final {
			t.Errorf("then, the result is %+v", a)
		}
		c.sound()
	})
}

func TestTheOfficeDecidesAboutAReceiptWhoseEventNeverComes(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil)
		code := c.receiptOf(b.saw(1, nil).events[1])
		_, err := b.send(0, 1, c.now)
		c.ok(err)
		c.wantReceipt("not sent", 1, code, store.ReceiptOwed)
		k := c.caseOf("receipt_owed")
		c.ok(c.decide(k, models.CaseDismissed, nil))
		c.wantReceipt("the office does not believe it", 1, code, store.ReceiptRefused)
		if a := c.attendance(1); !a.Final {
			t.Errorf("decided, the result is still provisional: %+v", a)
		}
		c.ok(c.decide(k, models.CaseConfirmed, nil))
		c.correct(1, models.StatusPresent)
		if a := c.wantReceipt("it does", 1, code, store.ReceiptCorrected); a.Attendance.Status != models.StatusPresent {
			t.Errorf("it says %+v", a)
		}
		c.sound()
	})
}

// Who walked in has neither ticket nor place: their receipt says so until the office has said who it was.
func TestAReceiptOfSomebodyOnNoList(t *testing.T) {
	t.Parallel()
	onClass(t, func(_ *testing.T, c *class) {
		b := c.agent("meja").saw(0, func(e *journal.Event) { e.Kind, e.Enrollment, e.Ticket = models.EventWalkIn, uuid.Nil, models.Ref{} })
		code := c.receiptOf(b.events[0])
		c.wantReceipt("not sent", 0, code, store.ReceiptOwed)
		b.tell()
		c.wantReceipt("sent", 0, code, store.ReceiptWaits)
		place := c.places[0].Enrollment.ID
		c.ok(c.decide(c.caseOf("walk_in"), models.CaseConfirmed, &place))
		c.wantReceipt("the office has said whose it is", 0, code, store.ReceiptCounts)
		c.sound()
	})
}

// A phone on its own shows a receipt by its own time, and its desk may take the time for a little
// different one.
func TestAReceiptOfAPhoneOnItsOwn(t *testing.T) {
	t.Parallel()
	onClass(t, func(_ *testing.T, c *class) {
		b := c.agent("meja")
		shown := map[string]receipt.Code{}
		for place, off := range []models.Millis{70_000, 5 * 60_000, 5 * 3_600_000} {
			b.saw(place, func(e *journal.Event) {
				e.Phone, e.Happened, e.Age = uuid.New(), e.Occurred, 3_600_000
				e.Occurred, e.Wall = c.session.StartsAt+6*3_600_000, c.session.StartsAt+6*3_600_000
				if place == 2 {
					e.Doubt = journal.DoubtClock
				}
				before := *e
				before.Happened -= off
				shown[fmt.Sprint(place)] = c.receiptOf(before)
			})
		}
		c.now = c.now.Add(time.Hour)
		b.tell()
		c.wantReceipt("a minute off", 0, shown["0"], store.ReceiptCounts)
		c.wantReceipt("as of another time", 1, shown["1"], store.ReceiptOwed)
		c.wantReceipt("its clock was set meanwhile", 2, shown["2"], store.ReceiptCounts)
	})
}

// Whoever makes up a code, or holds that of another class, is told that it is none.
func TestMadeUpReceiptsAreRefused(t *testing.T) {
	t.Parallel()
	onClass(t, func(_ *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil)
		b.tell()
		e := b.events[0]
		e.Enrollment = c.places[1].Enrollment.ID
		foreign := receipt.OfEvent([]byte("the secret of another class"), e)
		c.wantReceipt("drawn with another secret", 1, foreign, store.ReceiptUnknown)
		e.Occurred = c.now.Add(100 * 24 * time.Hour)
		c.wantReceipt("of a time that has not been", 1, c.receiptOf(e), store.ReceiptUnknown)
		for i := range 40 {
			code := receipt.KeyOf([]byte(fmt.Sprint(i))).Of(receipt.Says{At: models.Millis(i)})
			c.wantReceipt("made up", 2, code, store.ReceiptUnknown)
		}
		c.wantCases("nobody is asked about codes that are none")
	})
}
