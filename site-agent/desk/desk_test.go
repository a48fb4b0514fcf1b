package desk_test

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

// eight is Monday, 22 June 2026, 08.00 WIB, when the sample's sessions begin.
const eight = models.Millis(1782090000000)

// place is a real desk over a real file, with a clock that the test sets.
type place struct {
	*desk.Desk
	site  *sample.Site
	store *store.Store
	dir   string
	now   atomic.Int64
	asked atomic.Int64 // how often the clock was read
}

func (p *place) clock() desk.Reading {
	p.asked.Add(1)
	return desk.Reading{Wall: models.Millis(p.now.Load()), Mono: p.now.Load() - int64(eight) + 1e6, Boot: uuid.Max}
}

func newPlace(t *testing.T, people int, change func(*sample.Site)) *place {
	t.Helper()
	site, err := sample.New(people, eight)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(site)
	}
	dir := t.TempDir()
	st := openStore(t, dir)
	if err := site.Fill(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return openPlace(t, site, st, dir)
}

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() }) // a test may have closed it
	return st
}

func openPlace(t *testing.T, site *sample.Site, st *store.Store, dir string) *place {
	t.Helper()
	p := &place{site: site, store: st, dir: dir}
	p.now.Store(int64(eight))
	d, err := desk.Open(t.Context(), st, p.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.Desk = d
	t.Cleanup(d.Close)
	return p
}

func (p *place) code(t *testing.T, i int) string {
	t.Helper()
	code, err := p.site.Token(i)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (p *place) scan(t *testing.T, r roster.ScanRequest) roster.Outcome {
	t.Helper()
	if r.ID == uuid.Nil {
		r.ID = uuid.New()
	}
	r.Method = models.MethodCamera
	o, err := p.Scan(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// verified walks the journal and gives how many events it holds.
func verified(t *testing.T, st *store.Store) uint64 {
	t.Helper()
	if _, err := st.Verify(t.Context()); err != nil {
		t.Fatalf("journal: %v", err)
	}
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head.Seq
}

func TestEveryVerdictIsJournaled(t *testing.T) {
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	in, late := func(*sample.Site) {}, 0*time.Hour
	phase := func(f models.Phase) func(*sample.Site) {
		return func(s *sample.Site) { s.Classes[0].Body.Phase = f }
	}
	policy := func(f func(*models.Policy)) func(*sample.Site) {
		return func(s *sample.Site) { f(&s.Classes[0].Body.Policy) }
	}
	change := func(f func(*ticket.Ticket)) func(*testing.T, *place) roster.ScanRequest {
		return func(t *testing.T, p *place) roster.ScanRequest {
			code, err := p.site.Change(0, f)
			if err != nil {
				t.Fatal(err)
			}
			return roster.ScanRequest{Code: code}
		}
	}
	plain := func(t *testing.T, p *place) roster.ScanRequest { return roster.ScanRequest{Code: p.code(t, 0)} }
	picture := func(old int64) func(*testing.T, *place) roster.ScanRequest { // in steps
		return func(t *testing.T, p *place) roster.ScanRequest {
			code, err := p.site.Change(0, func(x *ticket.Ticket) { x.Live, x.Print = true, false })
			if err != nil {
				t.Fatal(err)
			}
			who := p.site.People[0].Ticket
			tail := ticket.TailAt(ticket.TailKey(p.site.Classes[0].Body.Secret, who), who, ticket.StepAt(eight)-old)
			return roster.ScanRequest{Code: code + tail.Text()}
		}
	}
	twice := func(d models.Direction) func(*testing.T, *place) roster.ScanRequest {
		return func(t *testing.T, p *place) roster.ScanRequest {
			r := roster.ScanRequest{Code: p.code(t, 0), Direction: d}
			p.scan(t, r)
			return r
		}
	}
	for _, c := range []struct {
		name string
		want models.Verdict
		site func(*sample.Site)
		late time.Duration
		scan func(*testing.T, *place) roster.ScanRequest
	}{
		{"a ticket at the start of the session", models.VerdictAcceptedIn, in, late, plain},
		{"a ticket that is shown to leave", models.VerdictAcceptedOut, in, 4 * time.Hour, func(t *testing.T, p *place) roster.ScanRequest {
			return roster.ScanRequest{Code: p.code(t, 0), Direction: models.DirectionOut}
		}},
		{"the same ticket twice", models.VerdictAlreadyIn, in, late, twice(models.DirectionIn)},
		{"leaving twice", models.VerdictAlreadyOut, in, 4 * time.Hour, twice(models.DirectionOut)},
		{"a ticket issued after the roster", models.VerdictUnlisted, in, late, change(func(x *ticket.Ticket) { x.ID = models.Ref{1} })},
		{"an ID card is asked for", models.VerdictSpotCheck, policy(func(p *models.Policy) { p.SpotCheck = 1000 }), late, plain},
		{"two hours before the session", models.VerdictTooEarly, in, -2 * time.Hour, plain},
		{"two hours into the session", models.VerdictClosed, in, 2 * time.Hour, plain},
		{"the day after", models.VerdictNoSession, in, 24 * time.Hour, plain},
		{"a class of another site", models.VerdictOtherSite, in, late, change(func(x *ticket.Ticket) { x.Class = models.Ref{9} })},
		{"a desk for another class", models.VerdictOtherClass, in, late, gate(1)},
		{"a gate for several classes, this one among them", models.VerdictAcceptedIn, in, late, gate(1, 0)},
		{"a gate for several others", models.VerdictOtherClass, in, late, gate(1, 2)},
		{"a cancelled person", models.VerdictRevoked, func(s *sample.Site) { s.People[0].Body.Cancelled = true }, late, plain},
		{"yesterday's ticket", models.VerdictExpired, in, late, change(func(x *ticket.Ticket) { x.ValidUntil = x.ValidFrom })},
		{"next week's ticket", models.VerdictNotYetValid, in, late, change(func(x *ticket.Ticket) { x.ValidFrom += 8 })},
		{"a printed ticket where only live ones are taken", models.VerdictStaticRefused,
			policy(func(p *models.Policy) { p.LiveOnly = true }), late, plain},
		{"an old picture of a live ticket", models.VerdictStaleCode, policy(func(p *models.Policy) { p.LiveOnly = true }), late, picture(60)},
		{"a picture of five minutes ago, the first live code of the day", models.VerdictStaleCode, policy(func(p *models.Policy) {
			p.LiveOnly = true
		}), late, picture(10)},
		{"a pilot that is suspended", models.VerdictPilotClosed, phase(models.PhaseSuspended), late, plain},
		{"somebody else's key", models.VerdictUnknownKey, in, late, func(t *testing.T, p *place) roster.ScanRequest {
			code, err := p.site.Sign(ticket.Ticket{ID: models.Ref{1}, Class: models.Ref{1}, ValidUntil: 1, Print: true}, stranger)
			if err != nil {
				t.Fatal(err)
			}
			return roster.ScanRequest{Code: code}
		}},
		{"a ticket with a changed signature", models.VerdictBadSignature, in, late, func(t *testing.T, p *place) roster.ScanRequest {
			code := []byte(p.code(t, 0))
			at := len(code) - 20
			code[at] = 'A' + (code[at]-'A'+1)%2 // another letter, A or B
			return roster.ScanRequest{Code: string(code)}
		}},
		{"a wall of bytes", models.VerdictMalformed, in, late, func(*testing.T, *place) roster.ScanRequest {
			return roster.ScanRequest{Code: string(make([]byte, 5000)) + "\xff"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t, 81, c.site)
			p.now.Add(c.late.Milliseconds())
			request := c.scan(t, p)
			alone := p.phoneSays(t, request)
			o := p.scan(t, request)
			if alone != o.Verdict {
				t.Errorf("a phone on its own says %q", alone)
			}
			if o.Verdict != c.want {
				t.Fatalf("%s, want %s", o.Verdict, c.want)
			}
			if n := verified(t, p.store); n != o.Seq {
				t.Errorf("the journal ends at %d, the answer is %d", n, o.Seq)
			}
		})
	}
}

func TestARetryRecordsNothingAndAnswersTheSame(t *testing.T) {
	p := newPlace(t, 2, nil)
	r := roster.ScanRequest{ID: uuid.New(), Code: p.code(t, 0)}
	first := p.scan(t, r)
	if again := p.scan(t, r); again.Seq != first.Seq || again.Verdict != first.Verdict || again.TicketName != first.TicketName {
		t.Errorf("scan: first %+v, again %+v", first, again)
	}
	v := desk.VoidRequest{ID: uuid.New(), Seq: first.Seq, Reason: "salah orang"}
	void, err := p.Void(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := p.Void(t.Context(), v); err != nil || again.Seq != void.Seq {
		t.Errorf("void: first %d, again %d, %v", void.Seq, again.Seq, err)
	}
	if o := p.scan(t, roster.ScanRequest{Code: r.Code}); o.Verdict != models.VerdictAcceptedIn {
		t.Errorf("after a void: %s", o.Verdict)
	}
	if n := verified(t, p.store); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

func TestManyWhoWaitShareACommit(t *testing.T) {
	p := newPlace(t, 40, nil)
	held, err := p.store.Begin(t.Context()) // as another process would
	if err != nil {
		t.Fatal(err)
	}
	before := p.asked.Load()
	var all sync.WaitGroup
	var queued atomic.Int64
	for i := range 40 {
		code := p.code(t, i)
		all.Go(func() {
			queued.Add(1)
			if o, err := p.Scan(context.Background(), roster.ScanRequest{ID: uuid.New(), Code: code}); err != nil || !o.Verdict.Accepted() {
				t.Errorf("scan %d: %s %v", i, o.Verdict, err)
			}
		})
	}
	for queued.Load() < 40 {
		runtime.Gosched()
	}
	held.Rollback()
	all.Wait()
	// The clock is read once for each batch and once for each scan.
	if batches := p.asked.Load() - before - 40; batches >= 20 {
		t.Errorf("%d commits for 40 scans that waited together", batches)
	}
	if n := verified(t, p.store); n != 40 {
		t.Errorf("%d events, want 40", n)
	}
}

func TestTwoProcessesKeepOneJournal(t *testing.T) {
	a := newPlace(t, 60, nil)
	b := openPlace(t, a.site, openStore(t, a.dir), a.dir)
	var all sync.WaitGroup
	var accepted, repeated atomic.Int64
	for _, p := range []*place{a, b} {
		for i := range 60 {
			code := a.code(t, i)
			all.Go(func() {
				o, err := p.Scan(context.Background(), roster.ScanRequest{ID: uuid.New(), Code: code})
				switch {
				case err != nil:
					t.Error(err)
				case o.Verdict.Accepted():
					accepted.Add(1)
				case o.Verdict.Repeated():
					repeated.Add(1)
				}
			})
		}
	}
	all.Wait()
	if accepted.Load() != 60 || repeated.Load() != 60 {
		t.Errorf("accepted %d, repeated %d, want 60 of each", accepted.Load(), repeated.Load())
	}
	if n := verified(t, a.store); n != 120 {
		t.Errorf("%d events, want 120", n)
	}
}

func TestNothingIsGreenThatIsNotRecorded(t *testing.T) {
	p := newPlace(t, 2, nil)
	db, err := sql.Open("sqlite", filepath.Join(p.dir, "agent.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	exec := func(text string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
	code := p.code(t, 0)
	if o, err := p.Scan(t.Context(), roster.ScanRequest{ID: uuid.New(), Code: code}); err == nil {
		t.Errorf("answered %s although nothing was recorded", o.Verdict)
	}
	exec(`DROP TRIGGER full`)
	if o := p.scan(t, roster.ScanRequest{Code: code}); o.Verdict != models.VerdictAcceptedIn || o.Seq != 1 {
		t.Errorf("after the disk has room again: %s, seq %d", o.Verdict, o.Seq)
	}
	verified(t, p.store)
}

//survives:plan Somebody enrolled after the last contact shows a valid ticket | They are let in, and their name is known once the roster comes
func TestWhoWasUnlistedIsKnownOnceTheRosterComes(t *testing.T) {
	late := exchange.Enrollment{}
	p := newPlace(t, 3, func(s *sample.Site) {
		late = s.People[2].Body
		s.People[2].Body.Ticket = nil
	})
	code := p.code(t, 2)
	if o := p.scan(t, roster.ScanRequest{Code: code}); o.Verdict != models.VerdictUnlisted {
		t.Fatalf("before: %s", o.Verdict)
	}
	p.site.People[2].Body = late
	page, err := p.site.Page(2)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.ApplyPage(t.Context(), page, eight); err != nil {
		t.Fatal(err)
	}
	if o := p.scan(t, roster.ScanRequest{Code: code, Direction: models.DirectionIn}); o.Verdict != models.VerdictAlreadyIn || o.Person == nil {
		t.Errorf("after: %s for %v", o.Verdict, o.Person)
	}
}

func TestOnlySupervisorsOverrideAndOnlyWhatMayBe(t *testing.T) {
	p := newPlace(t, 1, nil)
	p.now.Add((2 * time.Hour).Milliseconds())
	ask := func(supervisor uuid.UUID, code, reason string) (roster.Outcome, error) {
		return p.Override(t.Context(), desk.OverrideRequest{
			ScanRequest: roster.ScanRequest{ID: uuid.New(), Code: code}, Supervisor: supervisor, Reason: reason,
		})
	}
	for _, c := range []struct {
		name, code, reason string
		who                uuid.UUID
		want               error
	}{
		{"an officer who is no supervisor", p.code(t, 0), "macet", p.site.Officer, desk.ErrNotSupervisor},
		{"no reason", p.code(t, 0), " ", p.site.Supervisor, desk.ErrNoReason},
		{"what is no ticket", "nonsense", "macet", p.site.Supervisor, desk.ErrNotOverridable},
		{"a ticket that came too late", p.code(t, 0), "macet", p.site.Supervisor, nil},
	} {
		if o, err := ask(c.who, c.code, c.reason); !errors.Is(err, c.want) {
			t.Errorf("%s: %s, %v, want %v", c.name, o.Verdict, err, c.want)
		}
	}
	if n := verified(t, p.store); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}
