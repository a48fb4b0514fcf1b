package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/ledger"
	"buktihadir/server/store"
)

func (c *class) sign() (head store.LogHead, err error) {
	return head, c.st.Write(c.t.Context(), func(tx *store.Tx) (err error) { head, err = tx.SignLog(); return err })
}

func (c *class) check() []store.LogProblem {
	c.t.Helper()
	var found []store.LogProblem
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) (err error) { found, err = tx.CheckLog(); return err }))
	return found
}

func (c *class) correct(place int, status models.AttendanceStatus) {
	c.t.Helper()
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) error {
		return tx.Correct(models.Correction{SessionID: c.session.ID, EnrollmentID: c.places[place].Enrollment.ID, Status: status, Reason: "surat",
			AuthorID: uuid.New()})
	}))
}

func TestEverythingRecordedHasItsLeafAndHeadsContinueEachOther(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		if _, err := c.sign(); !errors.Is(err, store.ErrEmptyLog) {
			t.Fatalf("an empty log was signed: %v", err)
		}
		b := c.agent("meja").saw(0, nil).saw(1, func(e *journal.Event) { e.Kind = "tomorrow" })
		b.tell()
		first, err := c.sign()
		c.ok(err)
		again, err := c.sign()
		c.ok(err)
		if first.Size != 2 || again.Root != first.Root || string(again.Note) != string(first.Note) {
			t.Errorf("heads %+v and %+v, want one of 2 records, quarantined ones too", first, again)
		}
		b.tell() // a repeat
		b.saw(2, nil).tell()
		c.correct(0, models.StatusSick)
		second, err := c.sign()
		c.ok(err)
		if second.Size != 4 {
			t.Fatalf("the log has %d records, want 4", second.Size)
		}
		proof, err := c.st.Read(t.Context()).LogHistory(first.Size, second.Size)
		c.ok(err)
		c.ok(ledger.CheckHistory(first.Checkpoint, second.Checkpoint, proof))
		verifier, err := note.NewVerifier(second.Verifier)
		c.ok(err)
		if opened, err := ledger.OpenCheckpoint(second.Note, verifier); err != nil || opened != second.Checkpoint {
			t.Errorf("the note says %v (%v), want %v", opened, err, second.Checkpoint)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("nobody changed anything, and the check says %v", found)
		}
	})
}

func TestADatabaseFromBeforeTheLogGetsItsLeavesAtTheNextStart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		c := newClass(t, cfg)
		c.agent("meja").saw(0, nil).saw(1, nil).tell()
		c.correct(0, models.StatusSick)
		for _, sql := range []string{"DELETE FROM log_records", "DELETE FROM log_tiles", "UPDATE log_state SET size = 0"} {
			c.ok(c.st.DB().Exec(sql).Error)
		}
		c.st = open(t, cfg)
		if head, err := c.sign(); err != nil || head.Size != 3 || len(c.check()) > 0 {
			t.Errorf("head %d (%v), problems %v; want 3 and none", head.Size, err, c.check())
		}
	})
}

// copied are the columns that an event put in takes from another.
const copied = "hash, bytes, received, occurred, corrected, confidence, kind, verdict, method, site_id, class_id, session_id, enrollment_id, " +
	"ticket_id, desk, staff_id, reason, target, spot, quarantine"

// whoHoldsTheDatabase changes what the server has recorded, by hand.
func whoHoldsTheDatabase() []struct {
	name, sql string
	what      store.LogFault
	unsigned  bool // signing the next head notices it, too
} {
	type row = struct {
		name, sql string
		what      store.LogFault
		unsigned  bool
	}
	return []row{
		{"an event's verdict is edited", "UPDATE scan_events SET verdict = 'accepted_out' WHERE seq = 1", store.LogColumnsChanged, false},
		{"an event's time is edited", "UPDATE scan_events SET occurred = occurred - 3600000 WHERE seq = 1", store.LogColumnsChanged, false},
		{"an event is given to another person", "UPDATE scan_events SET enrollment_id = session_id WHERE seq = 1", store.LogColumnsChanged, false},
		{"an event's bytes are edited", "UPDATE scan_events SET bytes = hash WHERE seq = 3", store.LogEventChanged, true},
		{"an event's bytes and hash are edited", "UPDATE scan_events SET bytes = (SELECT bytes FROM scan_events WHERE seq = 1), " +
			"hash = (SELECT hash FROM scan_events WHERE seq = 1) WHERE seq = 3", store.LogEventChanged, true},
		{"an event is deleted", "DELETE FROM scan_events WHERE seq = 3", store.LogEventMissing, true},
		{"an event is deleted with its record", "DELETE FROM log_records WHERE seq = 3; DELETE FROM scan_events WHERE seq = 3", store.LogRecordMissing, true},
		{"two events change places", "UPDATE scan_events SET seq = 9 WHERE seq = 3; " +
			"UPDATE scan_events SET seq = 3 WHERE seq = 2; UPDATE scan_events SET seq = 2 WHERE seq = 9", store.LogEventChanged, true},
		{"an event is put in", "INSERT INTO scan_events (agent_id, epoch, seq, " + copied + ") " +
			"SELECT agent_id, epoch, 99, " + copied + " FROM scan_events WHERE seq = 1", store.LogUnlogged, false},
		{"the corrected time of an event is edited", "UPDATE scan_events SET corrected = corrected - 3600000 WHERE seq = 1", store.LogColumnsChanged, false},
		{"a word on the clock is put in", "INSERT INTO boot_anchors SELECT agent_id, epoch, seq, session_id, 0, 0, TRUE FROM scan_events WHERE seq = 1",
			store.LogColumnsChanged, false},
		{"a correction is edited", "UPDATE corrections SET status = 'present'", store.LogCorrectionChanged, true},
		{"a correction is deleted", "DELETE FROM corrections", store.LogCorrectionMissing, true},
		{"a result is edited", "UPDATE attendances SET status = 'present', derived = 'present', minutes = 240", store.LogAttendanceChanged, false},
		{"a leaf of the tree is edited", "UPDATE log_tiles SET hashes = (SELECT hash FROM scan_events WHERE seq = 1) WHERE level = 0", store.LogTreeChanged, true},
		{"the tree is deleted", "DELETE FROM log_tiles", store.LogTreeChanged, true},
		{"the signed head is edited", "UPDATE log_heads SET size = size + 1", store.LogHeadChanged, true},
	}
}

//survives:hand Somebody with access to the server's database edits, deletes, inserts, reorders or re-hashes scans, decisions, results or the log itself | The check names it; where it is not signed yet, the server refuses to sign
func TestWhatIsChangedBehindTheServersBackIsNamed(t *testing.T) {
	t.Parallel()
	for _, x := range whoHoldsTheDatabase() {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			onClass(t, func(t *testing.T, c *class) {
				b := c.agent("meja").saw(0, nil).saw(1, nil)
				b.tell()
				_, err := c.sign()
				c.ok(err)
				b.saw(2, nil).tell()
				c.correct(0, models.StatusSick)
				c.ok(c.st.Unguard())
				for sql := range strings.SplitSeq(x.sql, "; ") {
					c.ok(c.st.DB().Exec(sql).Error)
				}
				found := c.check()
				if !slices.ContainsFunc(found, func(p store.LogProblem) bool { return p.What == x.what }) {
					t.Errorf("found %v, want %s", found, x.what)
				}
				var alarm *store.LogError
				if _, err := c.sign(); errors.As(err, &alarm) != x.unsigned {
					t.Errorf("signing the next head: %v, want refused: %v", err, x.unsigned)
				}
			})
		})
	}
}
