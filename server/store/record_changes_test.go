package store_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

func correction(session, enrollment uuid.UUID, status models.AttendanceStatus) models.Correction {
	return models.Correction{SessionID: session, EnrollmentID: enrollment, Status: status, Reason: "surat", AuthorID: uuid.New()}
}

// follower is another system that keeps a copy of attendance by what has changed.
type follower struct {
	at   int64
	copy map[[2]uuid.UUID]models.AttendanceStatus
	last int64
}

func (f *follower) read(t *testing.T, q store.Queries) {
	t.Helper()
	for {
		rows, next, more, err := q.Changes(store.ChangeFilter{}, f.at, 3)
		if err != nil {
			t.Error(err)
			return
		}
		for _, r := range rows {
			if r.Revision <= f.last {
				t.Errorf("revision %d after %d", r.Revision, f.last)
			}
			f.last = r.Revision
			f.copy[[2]uuid.UUID{r.SessionID, r.EnrollmentID}] = r.Status
		}
		if f.at = next; !more {
			return
		}
	}
}

func TestWhoFollowsChangesMissesNoneOfConcurrentWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 25
	onClass(t, func(t *testing.T, c *class) {
		q := c.st.Read(t.Context())
		other, err := q.ClassByCode("B")
		c.ok(err)
		theirs, err := q.SessionsOf(other.ID)
		c.ok(err)
		places, err := q.Places(other.ID)
		c.ok(err)
		who := [][2]uuid.UUID{{theirs[0].ID, places[0].Enrollment.ID}}
		for _, p := range c.places {
			who = append(who, [2]uuid.UUID{c.session.ID, p.Enrollment.ID})
		}
		statuses := []models.AttendanceStatus{models.StatusPresent, models.StatusSick, models.StatusAbsent, models.StatusExcused}
		var wait sync.WaitGroup
		for w := range writers {
			dice := rand.New(rand.NewPCG(1, uint64(w)))
			wait.Go(func() {
				for range each {
					x := who[dice.IntN(len(who))]
					if err := c.st.Write(t.Context(), func(tx *store.Tx) error {
						return tx.Correct(correction(x[0], x[1], statuses[dice.IntN(len(statuses))]))
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { wait.Wait(); close(done) }()
		f := follower{copy: map[[2]uuid.UUID]models.AttendanceStatus{}}
		for reading := true; reading; {
			select {
			case <-done:
				reading = false
			default:
			}
			f.read(t, q)
		}
		want := map[[2]uuid.UUID]models.AttendanceStatus{}
		var rows []models.Attendance
		c.ok(c.st.DB().Find(&rows).Error)
		for _, a := range rows {
			want[[2]uuid.UUID{a.SessionID, a.EnrollmentID}] = a.Status
		}
		if diff := cmp.Diff(want, f.copy); diff != "" {
			t.Errorf("the database (-) and the copy (+) differ:\n%s", diff)
		}
	})
}

// hook adds a webhook, of all topics unless they are given.
func (c *class) hook(name string, provider *uuid.UUID, topics string) models.Webhook {
	c.t.Helper()
	if topics == "" {
		topics = "attendance.changed completion.changed class.completed"
	}
	h := models.Webhook{ID: uuid.New(), Name: name, URL: "https://contoh.id", Topics: topics, ProviderID: provider, Active: true}
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) error { return tx.AddWebhook(h, []byte("rahasia")) }))
	return h
}

// told is how many facts of each topic wait for a webhook.
func (c *class) told(h models.Webhook) map[models.Topic]int {
	c.t.Helper()
	list, err := c.st.Read(c.t.Context()).ListDeliveries(store.DeliveryFilter{Webhook: h.ID}, store.Slice{Limit: 100})
	c.ok(err)
	out := map[models.Topic]int{}
	for _, d := range list.Rows {
		var facts []json.RawMessage
		c.ok(json.Unmarshal(d.Facts, &facts))
		out[d.Topic] += len(facts)
	}
	return out
}

func TestAMessageIsThereIfAndOnlyIfItsChangeIs(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		own, err := c.st.Read(t.Context()).Class(c.session.ClassID)
		c.ok(err)
		foreign := models.Provider{ID: uuid.New(), Code: "LX", Name: "Lain"}
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveProviders([]models.Provider{foreign}) }))
		every, theirs, others := c.hook("semua", nil, ""), c.hook("lembaga", &own.ProviderID, ""), c.hook("lain", &foreign.ID, "")
		classes, off := c.hook("kelas", nil, "class.completed"), c.hook("mati", nil, "")
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.SetWebhookActive(off.ID, false) }))
		want := func(name string, attendance, closed int) {
			t.Helper()
			for h, n := range map[*models.Webhook][2]int{&every: {attendance, closed}, &theirs: {attendance, closed}, &others: {}, &classes: {0, closed}, &off: {}} {
				got := c.told(*h)
				if got[models.TopicAttendance] != n[0] || got[models.TopicClass] != n[1] {
					t.Errorf("%s: %s was told %v, want attendance %d and classes %d", name, h.Name, got, n[0], n[1])
				}
			}
		}
		errStop := errors.New("power cut")
		err = c.st.Write(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.Correct(correction(c.session.ID, c.places[0].Enrollment.ID, models.StatusSick)), errStop)
		})
		if !errors.Is(err, errStop) {
			t.Fatal(err)
		}
		want("a change that was never made", 0, 0)
		c.correct(0, models.StatusSick)
		want("one changed", 1, 0)
		c.correct(0, models.StatusSick)
		want("the same decision again changes nothing", 1, 0)
		b := c.agent("meja").saw(0, nil).saw(1, nil)
		b.tell()
		want("a report: two were seen, and the third is absent", 4, 0)
		b.tell()
		want("the same report again", 4, 0)
		for range 2 {
			own.ClosedAt = c.now
			c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveClasses([]models.Class{own}) }))
		}
		want("a class is closed, once", 4, 1)
	})
}

func TestACompletionIsToldWheneverItChanges(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		h, who := c.hook("bayar", nil, "completion.changed"), c.places[0].Enrollment.ID
		mark := func(done bool) func() {
			return func() {
				c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.MarkTasks(who, done) }))
			}
		}
		for _, s := range []struct {
			name string
			do   func()
			done bool
			told int
		}{
			{"present, but the tasks aren't done", func() { c.correct(0, models.StatusPresent) }, false, 0},
			{"the tasks are done", mark(true), true, 1},
			{"they are done still", mark(true), true, 1},
			{"somebody else is present", func() { c.correct(1, models.StatusPresent) }, true, 1},
			{"late is present enough", func() { c.correct(0, models.StatusLate) }, true, 1},
			{"a correction to absent takes it away", func() { c.correct(0, models.StatusAbsent) }, false, 2},
			{"and another gives it back", func() { c.correct(0, models.StatusPresent) }, true, 3},
			{"the tasks weren't done after all", mark(false), false, 4},
		} {
			s.do()
			p, err := c.st.Read(t.Context()).Progress(c.session.ClassID, who)
			c.ok(err)
			if got := p[who]; got.Completed != s.done || (got.CompletedAt != 0) != s.done || c.told(h)[models.TopicCompletion] != s.told {
				t.Errorf("%s: %+v, told %v; want completed %t, told %d", s.name, got, c.told(h), s.done, s.told)
			}
		}
	})
}

func TestACursorFromBeforeARestoreIsRefused(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		q := c.st.Read(t.Context())
		cursor, err := q.ChangeCursor(300)
		c.ok(err)
		if got, err := q.OpenChangeCursor(cursor); err != nil || got != 300 {
			t.Errorf("the cursor of 300 is %d (%v)", got, err)
		}
		for _, bad := range [][]byte{nil, {1}, cursor[:6], append(cursor[:6:6], 0xff), append([]byte{cursor[0] ^ 1}, cursor[1:]...),
			append(cursor[:len(cursor):len(cursor)], 0)} {
			if _, err := q.OpenChangeCursor(bad); !errors.Is(err, store.ErrCursor) {
				t.Errorf("%x: %v, want ErrCursor", bad, err)
			}
		}
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.Restored("cli", "latihan") }))
		if _, err := q.OpenChangeCursor(cursor); !errors.Is(err, store.ErrCursor) {
			t.Errorf("after a restore: %v, want ErrCursor", err)
		}
	})
}
