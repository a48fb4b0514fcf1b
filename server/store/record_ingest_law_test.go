package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// twoDesks see three people come and go, one void and one ticket that is not listed.
func twoDesks(c *class) [2]*book {
	out := func(e *journal.Event) {
		e.Kind, e.Verdict, e.Occurred = models.EventOut, models.VerdictAcceptedOut, c.session.EndsAt-1000
	}
	unlisted := func(e *journal.Event) { e.Verdict, e.Enrollment = models.VerdictUnlisted, [16]byte{} }
	void := func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, models.VerdictNone, 2 }
	return [2]*book{
		c.agent("satu").saw(0, nil).saw(1, nil).saw(1, void).saw(0, out),
		c.agent("dua").saw(2, unlisted).saw(0, nil).saw(2, out),
	}
}

// rows are the events and the attendance, without what depends on when they came.
func (c *class) rows() ([]models.Hash, []models.Attendance) {
	c.t.Helper()
	var hashes []models.Hash
	for _, e := range c.events() {
		hashes = append(hashes, e.Hash)
	}
	var people []models.Attendance
	c.ok(c.st.DB().Order("enrollment_id").Find(&people).Error)
	for i := range people {
		people[i].UpdatedAt = 0
	}
	return hashes, people
}

// forgetEvents takes the record back to where nobody has reported yet.
func (c *class) forgetEvents() {
	c.t.Helper()
	if !c.bare {
		c.ok(c.st.Unguard())
		c.bare = true
	}
	var all []string
	for _, table := range []string{"scan_events", "attendances", "journals", "log_records", "log_tiles", "boot_anchors", "tallies", "tally_places"} {
		all = append(all, "DELETE FROM "+table)
	}
	all = append(all, "UPDATE agents SET reported_until = 0", "UPDATE log_state SET size = 0")
	c.ok(c.st.DB().Transaction(func(db *gorm.DB) error {
		for _, statement := range all {
			if err := db.Exec(statement).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

// However two journals are cut, repeated and mixed, the record is the same.
//
//survives:plan Several site computers report in any order, in any parts, again and again | Attendance is the same
func TestNoOrderOfReportsChangesTheRecord(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		desks := twoDesks(c)
		for _, d := range desks {
			d.tell()
		}
		wantHashes, wantPeople := c.rows()
		if len(wantHashes) != 7 || len(wantPeople) != 3 {
			t.Fatalf("%d events and %d people, want 7 and 3", len(wantHashes), len(wantPeople))
		}
		rapid.Check(t, func(r *rapid.T) {
			c.forgetEvents()
			for sent := [2]int{}; sent[0] < len(desks[0].events) || sent[1] < len(desks[1].events); {
				i := rapid.IntRange(0, 1).Draw(r, "desk")
				d := desks[i]
				from := rapid.IntRange(0, sent[i]).Draw(r, "from")
				to := rapid.IntRange(from, len(d.events)).Draw(r, "to")
				asOf := c.now
				if to < len(d.events) {
					asOf = c.session.StartsAt
				}
				got, err := d.send(from, to, asOf)
				sent[i] = max(sent[i], to)
				if err != nil || got.Conflict != exchange.ConflictNone || got.Head.Seq != uint64(sent[i]) {
					r.Fatalf("desk %d, %d to %d: %q at %d (%v)", i, from, to, got.Conflict, got.Head.Seq, err)
				}
			}
			for _, d := range desks {
				d.tell()
			}
			hashes, people := c.rows()
			if diff := cmp.Diff(wantHashes, hashes) + cmp.Diff(wantPeople, people); diff != "" {
				r.Fatalf("in one piece (-) and in parts (+) differ:\n%s", diff)
			}
		})
	})
}

// Who came and lost the place afterwards is not in the room for ever.
func TestClosingASessionEndsTheStayOfWhoLostThePlace(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil)
		if _, err := b.send(0, 1, c.session.StartsAt+1); err != nil {
			t.Fatal(err)
		}
		if !c.attendance(0).Open {
			t.Fatal("nobody is in while the session runs")
		}
		gone := c.places[0].Enrollment
		gone.Status = models.EnrollmentCancelled
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveEnrollments([]models.Enrollment{gone}) }))
		b.tell()
		if a := c.attendance(0); a.Open || a.Status == models.StatusPending {
			t.Errorf("after the session was closed: %s, still in: %v", a.Status, a.Open)
		}
	})
}
