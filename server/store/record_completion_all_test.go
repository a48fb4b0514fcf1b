package store_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Whoever is asked about one by one is told the same as where all are gone through.
func TestAllCompletionsAreThoseOfEachPerson(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, nil).saw(1, nil).tell()
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.MarkTasks(c.places[0].Enrollment.ID, true) }))
		q := c.st.Read(t.Context())
		for _, scope := range []store.EnrollmentFilter{{}, {Provider: &c.places[0].Enrollment.ID}} {
			scope.Status = models.EnrollmentActive
			want, err := q.Completions(scope, store.Slice{Limit: 100})
			c.ok(err)
			got := []store.CompletionFact{}
			c.ok(q.EachCompletion(scope.Provider, func(f store.CompletionFact) { got = append(got, f) }))
			slices.SortFunc(got, func(a, b store.CompletionFact) int {
				return cmp.Compare(a.EnrollmentID.String(), b.EnrollmentID.String())
			})
			if diff := gocmp.Diff(want, got); diff != "" || scope.Provider == nil && len(got) != 4 {
				t.Errorf("%d (-one by one +all):\n%s", len(got), diff)
			}
		}
	})
}

// A session that is over waits until its site's agents have told of everything.
func TestASessionWaitsUntilItsSiteHasToldEverything(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		waiting := func() (listed, counted int64) {
			t.Helper()
			q := c.st.Read(t.Context())
			list, err := q.ListSessions(store.SessionFilter{WaitingAt: c.now}, store.Slice{Limit: 10})
			c.ok(err)
			n, err := q.WaitingSessions(nil, c.now)
			c.ok(err)
			return list.Total, n
		}
		agent := c.agent("meja")
		if listed, counted := waiting(); listed != 2 || counted != 2 { // and that of the site with no agent
			t.Errorf("before the report: %d listed, %d counted", listed, counted)
		}
		agent.saw(0, nil).tell()
		if listed, counted := waiting(); listed != 1 || counted != 1 {
			t.Errorf("after the report: %d listed, %d counted", listed, counted)
		}
		nobody := c.places[0].Enrollment.ID // no institution's id
		if n, err := c.st.Read(t.Context()).WaitingSessions(&nobody, c.now); err != nil || n != 0 {
			t.Errorf("another institution's: %d, %v", n, err)
		}
	})
}
