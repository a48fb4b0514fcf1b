package store_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

func letter(name string) journal.Attachment {
	return journal.Attachment{Salt: bytes.Repeat([]byte{3}, journal.SaltSize), Name: name, Photo: []byte("\xff\xd8\xff\xe0a picture")}
}

func (c *class) attach(b *book, items ...[]byte) (held []models.Hash) {
	c.t.Helper()
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) (err error) { held, err = tx.KeepAttachments(b.agent, items); return err }))
	return held
}

func bytesOf(t *testing.T, a journal.Attachment) ([]byte, models.Hash) {
	t.Helper()
	raw, sum, err := a.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return raw, sum
}

func noteOf(status models.AttendanceStatus, sum models.Hash) func(*journal.Event) {
	return func(e *journal.Event) {
		e.Kind, e.Verdict, e.Method, e.Ticket = models.EventNote, models.VerdictNone, models.MethodManual, models.Ref{}
		e.Noted, e.Attached, e.Reason = status, sum, "demam"
	}
}

//survives:plan A doctor's letter arrives days after staff noted it, or never | The note counts from the moment the letter is there, not before
func TestSickCountsOnceTheLetterIsHere(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		raw, sum := bytesOf(t, letter(""))
		b := c.agent("meja").saw(0, noteOf(models.StatusSick, sum)).saw(1, nil)
		b.tell()
		if got := c.attendance(0); got.Status != models.StatusAbsent || got.Flags != "unproven" {
			t.Errorf("before the letter: %+v", got)
		}
		q := c.st.Read(t.Context())
		if wants, err := q.Wants(b.agent.ID); err != nil || !slices.Equal(wants, []models.Hash{sum}) {
			t.Errorf("it wants %v, %v", wants, err)
		}
		stranger := c.agent("lain")
		if held := c.attach(stranger, raw); len(held) > 0 {
			t.Error("another agent's attachment is taken for this one's")
		}
		for range 2 {
			if held := c.attach(b, raw, []byte("rubbish"), append(raw, 0)); !slices.Equal(held, []models.Hash{sum}) {
				t.Errorf("held %v", held)
			}
		}
		if got := c.attendance(0); got.Status != models.StatusSick || got.Flags != "noted" {
			t.Errorf("with the letter: %+v", got)
		}
		if wants, err := q.Wants(b.agent.ID); err != nil || len(wants) > 0 {
			t.Errorf("it still wants %v, %v", wants, err)
		}
		a, err := q.Attachment(c.events()[0])
		if d := cmp.Diff(letter(""), a); d != "" || err != nil {
			t.Errorf("the letter, %v:\n%s", err, d)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("the log's check says %v", found)
		}
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 {
			t.Errorf("the export says %+v", v.Differences)
		}
	})
}

func TestALetterIsErasedWithThePersonAndWhatItDecidedStays(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		raw, sum := bytesOf(t, letter(""))
		b := c.agent("meja").saw(0, noteOf(models.StatusSick, sum))
		b.tell()
		c.attach(b, raw)
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.ErasePerson(*c.places[0].Enrollment.ParticipantID) }))
		if _, err := c.st.Read(t.Context()).Attachment(c.events()[0]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after the erasure the letter is %v", err)
		}
		if wants, err := c.st.Read(t.Context()).Wants(b.agent.ID); err != nil || len(wants) > 0 {
			t.Errorf("what was erased is asked for again: %v, %v", wants, err)
		}
		c.attach(b, raw) // an older disk brings it once more
		if _, err := c.st.Read(t.Context()).Attachment(c.events()[0]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("it came back: %v", err)
		}
		if got := c.attendance(0); got.Status != models.StatusSick {
			t.Errorf("it decided, and the status is %s", got.Status)
		}
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 {
			t.Errorf("the export says %+v", v.Differences)
		}
	})
}

// walkIn makes an event of somebody on no list; target is the seq of the first visit.
func walkIn(verdict models.Verdict, target uint64, sum models.Hash) func(*journal.Event) {
	return func(e *journal.Event) {
		e.Kind, e.Verdict, e.Method, e.Ticket, e.Enrollment = models.EventWalkIn, verdict, models.MethodManual, models.Ref{}, uuid.Nil
		e.Target, e.Attached = target, sum
	}
}

func TestAWalkInCountsForWhomTheOfficeSays(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		raw, sum := bytesOf(t, letter("Budi"))
		b := c.agent("meja").saw(0, walkIn(models.VerdictUnlisted, 0, sum))
		b.tell()
		c.attach(b, raw)
		if got := c.attendance(1); got.Status != models.StatusAbsent {
			t.Errorf("before anybody said whose: %+v", got)
		}
		k := c.caseOf(models.CaseWalkIn)
		if err := c.decide(k, models.CaseConfirmed, nil); !errors.Is(err, store.ErrUndecidable) {
			t.Errorf("confirmed of nobody: %v", err)
		}
		whose := c.places[1].Enrollment.ID
		c.ok(c.decide(k, models.CaseConfirmed, &whose))
		if got := c.attendance(1); got.FirstIn == 0 || got.Flags != "walk_in" {
			t.Errorf("once it is said: %+v", got)
		}
		// The same person goes, and that is told later.
		b.saw(0, func(e *journal.Event) {
			walkIn(models.VerdictAcceptedOut, 1, models.Hash{})(e)
			e.Occurred = c.session.EndsAt
			e.Wall = e.Occurred
		})
		b.tell()
		if got := c.attendance(1); got.Status != models.StatusPresent || got.LastOut != c.session.EndsAt || got.Minutes != 240 {
			t.Errorf("after leaving: %+v", got)
		}
		if cases := c.cases(); len(cases) != 1 {
			t.Errorf("one person walked in, and the queue has %v", cases)
		}
		c.ok(c.decide(k, models.CaseDismissed, nil))
		if got := c.attendance(1); got.Status != models.StatusAbsent || got.Accepted != 0 {
			t.Errorf("taken back: %+v", got)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("the log's check says %v", found)
		}
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 {
			t.Errorf("the export says %+v", v.Differences)
		}
	})
}

func TestARowOfASheetIsJudgedByWhatItSays(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		row := func(at models.Millis) func(*journal.Event) {
			return func(e *journal.Event) {
				e.Kind, e.Method, e.Written, e.Confidence = models.EventManual, models.MethodPaper, at, models.ConfidenceUnsure
				e.Occurred = c.session.EndsAt.Add(20 * time.Hour)
				e.Wall, e.Boot, e.Mono = e.Occurred, uuid.UUID{9}, 1
			}
		}
		b := c.agent("meja").saw(0, row(c.session.StartsAt)).saw(1, row(c.session.EndsAt.Add(21*time.Hour)))
		b.saw(2, row(c.session.StartsAt.Add(-8*24*time.Hour)))
		b.tell()
		got := c.attendance(0)
		if got.FirstIn != c.session.StartsAt || got.Flags != "manual,paper" {
			t.Errorf("%+v", got)
		}
		for place, why := range map[int]string{1: "in the future", 2: "of long ago"} {
			if got := c.attendance(place); got.Accepted != 0 {
				t.Errorf("a sheet that says a time %s counts: %+v", why, got)
			}
		}
		if r := c.events()[0]; r.KeyedAt != r.Received && r.KeyedAt != c.session.EndsAt.Add(20*time.Hour) || r.Boot != nil {
			t.Errorf("the row: keyed in at %d, boot %v", r.KeyedAt, r.Boot)
		}
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 {
			t.Errorf("the export says %+v", v.Differences)
		}
	})
}
