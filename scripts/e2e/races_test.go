package e2e

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/scripts/e2e/database"
	server "buktihadir/server/store"
)

// A desk that has died is revoked: its silence no longer hides who was absent.
//
//survives:plan A site computer that never reports again is deactivated | What waited for it alone is closed
func TestRevokingTheLastSilentAgentClosesWhatItHeldOpen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		alive, dead := l.enrol("hidup"), l.enrol("mati")
		alive.happens(1, nil)
		if _, err := alive.up.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		id, err := dead.st.Identity(t.Context())
		l.ok(err)
		l.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return tx.RevokeAgent(id.Agent) }))
		for range 3 {
			if _, err := alive.up.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := alive.status(1); got != models.StatusAbsent {
			t.Errorf("%s after the silent agent was revoked, want absent", got)
		}
	})
}

// A statement with no events that comes late is a repeat, not another past.
func TestALateEmptyStatementIsNoFork(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	head, err := p.st.Head(t.Context())
	l.ok(err)
	p.happens(1, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := p.st.Identity(t.Context())
	l.ok(err)
	l.ok(l.office.Write(t.Context(), func(tx *server.Tx) error {
		a, err := tx.Agent(id.Agent)
		if err != nil {
			return err
		}
		got, err := tx.Ingest(a, nil, journal.Statement{Head: head, AsOf: l.now})
		if err == nil && got.Conflict != exchange.ConflictNone {
			t.Errorf("trouble %q for a true, older head", got.Conflict)
		}
		return err
	}))
}

// together runs two transactions that both finish their work before either commits. With
// a lock the second waits for the first.
func together(t *testing.T, st *server.Store, f [2]func(*server.Tx) error) {
	t.Helper()
	var wg sync.WaitGroup
	ready := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	for i := range 2 {
		wg.Go(func() {
			err := st.Write(t.Context(), func(tx *server.Tx) error {
				if err := f[i](tx); err != nil {
					close(ready[i])
					return err
				}
				close(ready[i])
				select {
				case <-ready[1-i]:
				case <-time.After(2 * time.Second):
				}
				return nil
			})
			if err != nil {
				t.Errorf("tx %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func (p *post) ingest(tx *server.Tx) error { return p.ingestAsOf(tx, p.now) }

func (p *post) ingestAsOf(tx *server.Tx, asOf models.Millis) error {
	id, err := p.st.Identity(p.t.Context())
	if err != nil {
		return err
	}
	a, err := tx.Agent(id.Agent)
	if err != nil {
		return err
	}
	events, err := p.st.Events(p.t.Context(), id.Epoch, 0, 1000)
	if err != nil {
		return err
	}
	b, err := exchange.NewBatch(journal.Head{Agent: id.Agent, Epoch: id.Epoch}, events, asOf, p.st.DeviceKey())
	if err != nil {
		return err
	}
	stored, s, err := b.Expand(a.PublicKey)
	if err != nil {
		return err
	}
	_, err = tx.Ingest(a, stored, s)
	return err
}

// Two desks see one person while the session runs: nothing closes here.
func TestTwoDesksThatReportAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	l := lineOn(t, database.Postgres(t))
	in, out := l.enrol("masuk"), l.enrol("keluar")
	l.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { _, _, err := tx.NoteKey(); return err }))
	in.happens(1, nil)
	out.happens(1, func(_ int, e *journal.Event) {
		e.Kind, e.Verdict, e.Occurred = models.EventOut, models.VerdictAcceptedOut, in.session.EndsAt-1
	})
	running := func(p *post) func(*server.Tx) error {
		return func(tx *server.Tx) error { return p.ingestAsOf(tx, l.session.StartsAt+1) }
	}
	together(t, l.office, [2]func(*server.Tx) error{running(in), running(out)})
	rows, err := l.office.Read(t.Context()).AttendanceOf(l.session)
	l.ok(err)
	for _, r := range rows {
		if r.Enrollment == l.places[0].Enrollment.ID && (r.FirstIn == 0 || r.LastOut == 0 || r.Accepted != 2) {
			t.Errorf("in %d, out %d, %d events count, want both of 2", r.FirstIn, r.LastOut, r.Accepted)
		}
	}
}

// Two desks pass the session's end at once, with nothing to tell: somebody must close it.
func TestTwoDesksThatPassTheEndAtOnceCloseTheSession(t *testing.T) {
	t.Parallel()
	l := lineOn(t, database.Postgres(t))
	one, two := l.enrol("satu"), l.enrol("dua")
	l.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { _, _, err := tx.NoteKey(); return err }))
	for _, p := range []*post{one, two} {
		l.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return p.ingestAsOf(tx, l.session.StartsAt+1) }))
	}
	together(t, l.office, [2]func(*server.Tx) error{one.ingest, two.ingest})
	for range 2 {
		for _, p := range []*post{one, two} {
			if _, err := p.up.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := one.status(1); got != models.StatusAbsent {
		t.Errorf("%s once both desks have reported, want absent", got)
	}
}

func TestACodeMakesOneAgentHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	l := lineOn(t, database.Postgres(t))
	var code string
	l.ok(l.office.Write(t.Context(), func(tx *server.Tx) (err error) { code, _, err = tx.NewAgentCode(l.site, "x"); return err }))
	var mu sync.Mutex
	made := map[uuid.UUID]bool{}
	ask := func(b byte) func(*server.Tx) error {
		return func(tx *server.Tx) error {
			key := make([]byte, 32)
			key[0] = b
			a, _, err := tx.EnrolAgent(exchange.EnrolRequest{Protocol: 1, Code: code, PublicKey: key, Epoch: models.Epoch{b}})
			if err == nil {
				mu.Lock()
				made[a.ID] = true
				mu.Unlock()
				return nil
			}
			return nil
		}
	}
	together(t, l.office, [2]func(*server.Tx) error{ask(1), ask(2)})
	if len(made) != 1 {
		t.Errorf("one code made %d agents", len(made))
	}
}
