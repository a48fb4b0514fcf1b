package store_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

func onClass(t *testing.T, f func(*testing.T, *class)) {
	onBoth(t, func(t *testing.T, cfg store.Config) { f(t, newClass(t, cfg)) })
}

func TestABatchContinuesTheJournalOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil).saw(2, nil)
		other := &book{class: c, agent: b.agent, key: b.key, heads: b.heads[:1:1]}
		other.saw(0, func(e *journal.Event) { e.Reason = "another past" }).saw(1, nil).saw(2, nil).saw(0, nil)
		for _, s := range []struct {
			name     string
			book     *book
			from, to int
			conflict exchange.Conflict
			head     uint64
		}{
			{"the middle first", b, 1, 2, exchange.ConflictGap, 0},
			{"the start", b, 0, 1, exchange.ConflictNone, 1},
			{"the start again", b, 0, 1, exchange.ConflictNone, 1},
			{"a repeat that goes on", b, 0, 2, exchange.ConflictNone, 2},
			{"a gap", b, 3, 3, exchange.ConflictGap, 2},
			{"another start", other, 0, 1, exchange.ConflictFork, 2},
			{"another end", other, 2, 3, exchange.ConflictFork, 2},
			{"another past with a tail", other, 0, 4, exchange.ConflictFork, 2},
			{"another head with no events", other, 2, 2, exchange.ConflictFork, 2},
			{"the end", b, 2, 3, exchange.ConflictNone, 3},
			{"an old head with no events", b, 1, 1, exchange.ConflictNone, 3},
		} {
			got, err := s.book.send(s.from, s.to, c.now)
			if err != nil || got.Conflict != s.conflict || got.Head.Seq != s.head || got.Head.Hash != b.heads[s.head].Hash {
				t.Errorf("%s: conflict %q at %d (%v), want %q at %d", s.name, got.Conflict, got.Head.Seq, err, s.conflict, s.head)
			}
			if n := len(c.events()); n != int(s.head) {
				t.Errorf("%s: %d events are stored, want %d", s.name, n, s.head)
			}
		}
		for range 2 {
			c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.KeepRejected(b.agent.ID, "fork", []byte("x")) }))
		}
		var strays int64
		if err := c.st.DB().Table("stray_batches").Count(&strays).Error; err != nil || strays != 1 {
			t.Errorf("%d strays are kept (%v), want 1", strays, err)
		}
	})
}

// After a backup another copy of an agent's disk may have taken the place of its events.
func TestAPastIsHereOnlyWithItsOwnEvents(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil)
		other := &book{class: c, agent: b.agent, key: b.key, heads: b.heads[:2:2]}
		other.saw(2, nil)
		if _, err := b.send(0, 2, c.now); err != nil {
			t.Fatal(err)
		}
		for _, s := range []struct {
			name  string
			past  journal.Head
			lacks bool
		}{
			{"all of it", b.heads[2], false},
			{"a part of it", b.heads[1], false},
			{"nothing in common", b.heads[0], false},
			{"another event in that place", other.heads[2], true},
			{"more than is here", journal.Head{Epoch: b.heads[2].Epoch, Seq: 3, Hash: b.heads[2].Hash}, true},
			{"another epoch", journal.Head{Epoch: models.Epoch{9}, Seq: 2, Hash: b.heads[2].Hash}, true},
		} {
			lacks, err := c.st.Read(t.Context()).Lacks(b.agent.ID, []exchange.Past{{Epoch: s.past.Epoch, Until: s.past.Seq, Hash: s.past.Hash}})
			if err != nil || (len(lacks) == 1) != s.lacks {
				t.Errorf("%s: lacks %v, %v", s.name, lacks, err)
			}
		}
	})
}

func TestWhatMakesNoSenseIsKeptWithAReasonAndTheHeadMovesOn(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		q := c.st.Read(t.Context())
		other, err := q.ClassByCode("B")
		c.ok(err)
		theirs, err := q.SessionsOf(other.ID)
		c.ok(err)
		b := c.agent("meja")
		b.saw(0, func(e *journal.Event) { e.Kind = "tomorrow" })
		b.saw(0, func(e *journal.Event) { e.Verdict = "tomorrow" })
		b.saw(0, func(e *journal.Event) { e.Session = uuid.Nil })
		b.saw(0, func(e *journal.Event) { e.Session = theirs[0].ID })
		b.saw(1, nil)
		got := b.tell()
		want := []string{"unknown_kind", "unknown_kind", "unknown_session", "enrollment_of_another_class", ""}
		if got.Head.Seq != 5 || len(got.Quarantined) != 4 {
			t.Errorf("head %d, quarantined %v", got.Head.Seq, got.Quarantined)
		}
		for i, e := range c.events() {
			if e.Quarantine != want[i] || len(e.Bytes) == 0 {
				t.Errorf("event %d: quarantine %q, want %q", e.Seq, e.Quarantine, want[i])
			}
		}
		if a, b := c.attendance(0), c.attendance(1); a.Status != models.StatusAbsent || b.Accepted != 1 {
			t.Errorf("%s with %d events that count, and %d; want absent with none, and 1", a.Status, a.Accepted, b.Accepted)
		}
	})
}

func TestEventsOutliveTheirSession(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil)
		if _, err := b.send(0, 1, c.session.StartsAt); err != nil {
			t.Fatal(err)
		}
		c.ok(c.st.DB().Exec("DELETE FROM sessions WHERE id = ?", c.session.ID).Error)
		if got := b.tell(); got.Head.Seq != 2 || len(got.Quarantined) != 0 || len(c.events()) != 2 {
			t.Errorf("head %d, quarantined %v, %d events", got.Head.Seq, got.Quarantined, len(c.events()))
		}
	})
}

func TestACorrectionWinsAndBothStayVisible(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil)
		b.tell()
		derived := c.attendance(0).Derived
		for _, s := range []models.AttendanceStatus{models.StatusSick, models.StatusExcused} {
			c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error {
				return tx.Correct(models.Correction{SessionID: c.session.ID, EnrollmentID: c.places[0].Enrollment.ID, Status: s, Reason: "surat", AuthorID: uuid.New()})
			}))
			if a := c.attendance(0); a.Status != s || a.Derived != derived {
				t.Errorf("%s over %s, want %s over %s", a.Status, a.Derived, s, derived)
			}
		}
		b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut }).tell()
		if a := c.attendance(0); a.Status != models.StatusExcused || a.Accepted != 2 {
			t.Errorf("%s with %d events after a late one, want excused with 2", a.Status, a.Accepted)
		}
	})
}

func TestATicketUsedAfterItsEndIsFlagged(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil)
		today := c.now
		c.now = c.session.StartsAt - 1
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RevokeTickets("hilang", c.places[0].Enrollment.ID) }))
		c.now = today
		b.tell()
		for place, want := range []bool{true, false} {
			if got := strings.Contains(c.attendance(place).Flags, string(models.FlagAfterRevocation)); got != want {
				t.Errorf("place %d: flagged %v, want %v", place, got, want)
			}
		}
	})
}

func TestSixtyFourEqualPushesStoreEachEventOnce(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil).saw(2, nil)
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				if got, err := b.send(0, 3, c.now); err != nil || got.Conflict != exchange.ConflictNone || got.Head.Seq != 3 {
					t.Errorf("push: %+v, %v", got.Conflict, err)
				}
			})
		}
		wg.Wait()
		if n, a := len(c.events()), c.attendance(0); n != 3 || a.Accepted != 1 {
			t.Errorf("%d events, %d count for one person; want 3 and 1", n, a.Accepted)
		}
	})
}
