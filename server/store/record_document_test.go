package store_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/ledger"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/document"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/templates"
)

func (c *class) printer() review.Printer {
	set, err := templates.New()
	c.ok(err)
	return review.Printer{Renderer: document.Renderer{Texts: set.Texts, Lang: templates.Indonesian},
		Proof: func(id uuid.UUID) string { return "https://contoh.id/proof/" + id.String() }}
}

var pmo = models.User{ID: uuid.UUID{7}, Name: "Ibu PMO", Role: models.RoleAdmin}

// close closes the class with whatever is open.
func (c *class) close() {
	c.t.Helper()
	now, err := review.Examine(c.st.Read(c.t.Context()), c.session.ClassID, c.now)
	c.ok(err)
	c.ok(review.Close(c.t.Context(), c.st, pmo, c.printer(), c.session.ClassID, now.Seen(), "cukup"))
}

func (c *class) issued() []store.Issued {
	c.t.Helper()
	rows, err := c.st.Read(c.t.Context()).IssuedOf(c.session.ClassID)
	c.ok(err)
	return rows
}

func (c *class) outdated() (n int) {
	c.t.Helper()
	for _, d := range c.issued() {
		if d.Outdated {
			n++
		}
	}
	return n
}

func (c *class) reissue() int {
	c.t.Helper()
	n, err := review.Reissue(c.t.Context(), c.st, pmo, c.printer(), c.session.ClassID)
	c.ok(err)
	return n
}

//survives:plan A class is closed, and one of its site computers reports later | What it brings is kept, and counts only once the programme office has said so
func TestAfterAClassIsClosedOnlyTheOfficeChangesItsAttendance(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja").saw(0, nil).saw(1, nil)
		b.tell()
		c.close()
		before := []models.Attendance{c.attendance(0), c.attendance(2)}
		b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict = models.EventVoid, ""; e.Target = 1 }).saw(2, nil).tell()
		if after := []models.Attendance{c.attendance(0), c.attendance(2)}; !slices.Equal(before, after) {
			t.Errorf("a late report changed %+v to %+v", before, after)
		}
		pilot, err := c.st.Read(t.Context()).PilotByCode("UJI")
		c.ok(err)
		policy := models.DefaultPolicy()
		policy.CheckOut, policy.LateAfter = false, 0
		c.ok(plan.New(c.st).SetPolicy(t.Context(), office.Actor{Name: "test"}, pilot.ID, policy))
		if after := []models.Attendance{c.attendance(0), c.attendance(2)}; before[0].Status != after[0].Status || before[1].Status != after[1].Status || c.outdated() != 0 {
			t.Errorf("the pilot's new rules changed %+v to %+v, or made %d papers outdated", before, after, c.outdated())
		}
		list, err := c.st.Read(t.Context()).ListCases(store.CaseFilter{Kind: models.CaseQuarantine}, store.Slice{Limit: 9})
		c.ok(err)
		if len(list.Rows) != 2 || list.Rows[0].Detail != "class_closed" {
			t.Fatalf("the queue has %+v, want both events", list.Rows)
		}
		for _, k := range list.Rows {
			c.ok(c.decide(k.Case, models.CaseConfirmed, nil))
		}
		if c.attendance(0).Accepted == before[0].Accepted || c.attendance(2).Accepted != 1 {
			t.Errorf("what the office has confirmed does not count: %+v, %+v", c.attendance(0), c.attendance(2))
		}
		if n := c.outdated(); n != 3 {
			t.Errorf("%d papers are outdated, want all of the class and the session", n)
		}
		if err := review.MarkTasks(t.Context(), c.st, pmo, c.places[0].Enrollment.ID, true, ""); err == nil {
			t.Error("a task was marked in a closed class")
		}
	})
}

func TestIssuedPapersStandInTheLogAndGetVersions(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, nil).saw(1, nil).tell()
		c.correct(1, models.StatusSick)
		c.close()
		first := c.issued()
		if len(first) != 3 || c.outdated() != 0 {
			t.Fatalf("issued %+v, want report, class sheet and session sheet", first)
		}
		c.correct(1, models.StatusSick) // the same once more changes no status, and is a correction nevertheless
		if n := c.outdated(); n != 3 {
			t.Fatalf("%d papers are outdated after a correction", n)
		}
		if n := c.reissue(); n != 3 || len(c.issued()) != 6 || c.outdated() != 0 {
			t.Fatalf("%d were issued anew, there are %d, %d outdated", n, len(c.issued()), c.outdated())
		}
		if _, err := review.Reissue(t.Context(), c.st, pmo, c.printer(), c.session.ClassID); err == nil {
			t.Error("papers that are current were issued anew")
		}
		p, err := c.st.Prove(t.Context(), first[0].ID)
		if err != nil || p.Newest.Version != 2 || p.Newest.ID == first[0].ID || p.Pos != first[0].Pos {
			t.Errorf("the first version's proof is %+v (%v)", p, err)
		}
		if found := c.check(); len(found) > 0 {
			t.Errorf("nobody changed anything, and the check says %v", found)
		}
		for name, scope := range map[string]store.Scope{"all": {}, "the class": {Class: c.session.ClassID}} {
			if v := c.verify(c.export(scope), ""); len(v.Differences) > 0 || v.Corrections != 8 {
				t.Errorf("%s: %+v", name, v)
			}
		}
		forged := bytes.Replace(c.export(store.Scope{}), []byte(first[2].SHA256.String()), []byte(strings.Repeat("0", 64)), 1)
		if v := c.verify(forged, ""); !slices.ContainsFunc(v.Differences, func(d ledger.Difference) bool { return d.What == ledger.FoundRecord }) {
			t.Errorf("an export with another hash of a paper is proven: %+v", v)
		}
		for _, sql := range []string{"UPDATE documents SET version = 9", "UPDATE documents SET content = sha256",
			"UPDATE documents SET file_name = '', content = ''", "DELETE FROM documents"} {
			if err := c.st.DB().Exec(sql).Error; err == nil {
				t.Errorf("the database lets a paper be changed: %s", sql)
			}
		}
	})
}

//survives:hand Somebody with access to the server's database edits or deletes an issued paper | The check names it, and its public proof no longer confirms it
func TestAPaperThatIsChangedBehindTheServersBackIsNamed(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, sql string
		what      store.LogFault
	}{
		{"its bytes are edited", "UPDATE documents SET content = sha256", store.LogDocumentChanged},
		{"its hash is edited with its bytes' like", "UPDATE documents SET sha256 = (SELECT hash FROM scan_events WHERE seq = 1)", store.LogDocumentChanged},
		{"its version is edited", "UPDATE documents SET version = version + 1", store.LogDocumentChanged},
		{"it is deleted", "DELETE FROM documents WHERE entity = 'session'", store.LogDocumentMissing},
		{"its record is deleted", "DELETE FROM log_records WHERE document_id IS NOT NULL", store.LogUnlogged},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := newClass(t, database.SQLite(t))
			c.agent("meja").saw(0, nil).tell()
			c.close()
			sheet := c.issued()[2]
			_, err := c.sign()
			c.ok(err)
			c.ok(c.st.Unguard())
			c.ok(c.st.DB().Exec(x.sql).Error)
			if found := c.check(); !slices.ContainsFunc(found, func(p store.LogProblem) bool { return p.What == x.what }) {
				t.Errorf("found %v, want %s", found, x.what)
			}
			if _, err := c.st.Prove(t.Context(), sheet.ID); err == nil {
				t.Error("its proof still says that all is well")
			}
		})
	}
	c := newClass(t, database.SQLite(t))
	if _, err := c.st.Prove(t.Context(), uuid.New()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the proof of nothing: %v", err)
	}
}
