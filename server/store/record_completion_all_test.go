package store_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

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

// told is what one reader says of somebody at a session.
type told struct {
	Status, Derived  models.AttendanceStatus
	Corrected, Final bool
	Minutes          int
	First, Last      models.Millis
	Flags            string
}

func toldBy(a models.Attendance) told {
	return told{a.Status, a.Derived, a.Corrected, a.Final, a.Minutes, a.FirstIn, a.LastOut, a.Flags}
}

// Whatever was recorded, moved, decided and corrected: whoever reads a result reads the same.
func TestEveryReaderTellsTheSame(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		b := c.agent("meja")
		for _, p := range c.places {
			c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.MarkTasks(p.Enrollment.ID, true) }))
		}
		rapid.Check(t, func(r *rapid.T) {
			b.happens(r, []uuid.UUID{uuid.New()})
			q := c.st.Read(t.Context())
			want := map[uuid.UUID]told{}
			rows, err := q.AttendanceMatrix(c.session.ClassID)
			c.ok(err)
			for _, a := range rows {
				want[a.EnrollmentID] = toldBy(a)
			}
			same := func(reader string, got map[uuid.UUID]told) {
				for id := range want {
					if _, ok := got[id]; !ok {
						delete(got, id)
					}
				}
				if diff := gocmp.Diff(want, got); diff != "" {
					r.Fatalf("%s (-stored +read):\n%s", reader, diff)
				}
			}
			s, err := q.Session(c.session.ID)
			c.ok(err)
			page, changes := map[uuid.UUID]told{}, map[uuid.UUID]told{}
			people, err := q.AttendanceOf(s)
			c.ok(err)
			for _, p := range people {
				if p.Known {
					page[p.Enrollment] = toldBy(p.Attendance)
				}
			}
			same("the session's page", page)
			facts, _, _, err := q.Changes(store.ChangeFilter{Class: c.session.ClassID}, 0, 100)
			c.ok(err)
			for _, f := range facts {
				changes[f.EnrollmentID] = told{f.Status, f.Derived, f.Corrected, f.Final, f.Minutes, f.FirstIn, f.LastOut, f.Flags}
			}
			same("the API and webhooks", changes)
			listed := map[models.AttendanceStatus]int64{}
			for _, a := range want {
				if a.Final {
					listed[a.Status]++
				}
			}
			if s.Status == models.SessionPlanned {
				tallies, err := q.Tallies(uuid.Nil, models.ByClass)
				c.ok(err)
				for _, status := range models.AttendanceStatuses() {
					if n := tallies[c.session.ClassID.String()][models.Measure(status)]; n != listed[status] {
						r.Fatalf("%d are counted %s, want %d", n, status, listed[status])
					}
				}
			}
			c.sameCompletions(r)
		})
	})
}

// sameCompletions compares who has completed, one by one, all at once, and on the person's own page.
func (c *class) sameCompletions(r *rapid.T) {
	q := c.st.Read(c.t.Context())
	var ids []uuid.UUID
	for _, p := range c.places {
		ids = append(ids, p.Enrollment.ID)
	}
	one, err := q.Progress(c.session.ClassID, ids...)
	c.ok(err)
	all := map[uuid.UUID]store.Progress{}
	c.ok(q.EachCompletion(nil, func(f store.CompletionFact) {
		if f.ClassID == c.session.ClassID {
			all[f.EnrollmentID] = f.Progress
		}
	}))
	if diff := gocmp.Diff(one, all); diff != "" {
		r.Fatalf("progress (-one by one +all):\n%s", diff)
	}
	for _, p := range c.places {
		passes, err := q.TicketPagesOf(*p.Enrollment.ParticipantID, c.now)
		c.ok(err)
		if got := passes[0].Progress; got != one[p.Enrollment.ID] {
			r.Fatalf("their page says %+v, want %+v", got, one[p.Enrollment.ID])
		}
	}
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
