package e2e

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/scripts/sample"
	server "buktihadir/server/store"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	agent "buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
)

//survives:network There was no network for days | The backlog arrives once and in order, judged by when it happened
func TestABacklogOfThreeBatchesArrivesOnceAndInOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(2500, nil)
		rep, err := p.up.Sync(t.Context())
		if err != nil || rep.Sent != 2500 || rep.Unsent != 0 {
			t.Fatalf("sync gave %+v, %v", rep, err)
		}
		p.sameAsServer()
		if _, err := p.up.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.sameAsServer()
	})
}

//survives:network The server's answer is lost | The site computer sends again, and nothing counts twice
func TestAnAnswerThatIsLostAfterTheCommitCountsNothingTwice(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(3, nil)
		p.wire.set(lost)
		if _, err := p.up.Sync(t.Context()); !errors.Is(err, uplink.ErrOffline) {
			t.Fatalf("sync gave %v, want %v", err, uplink.ErrOffline)
		}
		p.wire.set(nil)
		p.happens(2, nil)
		if _, err := p.up.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.sameAsServer()
	})
}

//survives:network A Wi-Fi's sign-in page answers in the server's place | Nothing counts as delivered
func TestAWiFiSignInPageIsNotTakenForTheServer(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, nil)
	p.wire.set(captive)
	if _, err := p.up.Sync(t.Context()); !errors.Is(err, uplink.ErrNotOurServer) {
		t.Fatalf("sync gave %v, want %v", err, uplink.ErrNotOurServer)
	}
	if acked, err := p.st.Acked(t.Context()); err != nil || acked.Seq != 0 {
		t.Errorf("delivered up to %d, %v; nothing was", acked.Seq, err)
	}
	p.wire.set(nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.sameAsServer()
}

//survives:power An older copy of a site computer's disk is put back | Server and site computer notice; both histories are kept and never merged, and scanning goes on
func TestARestoredDiskIsSeenAndNeverMerged(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	backup := copyDir(t, p)
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := &post{line: l, dir: backup}
	old.open()
	old.happens(1, func(_ int, e *journal.Event) { e.Reason = "another past" })
	rep, err := old.up.Sync(t.Context())
	if err != nil || !rep.NewEpoch || rep.Unsent != 0 {
		t.Fatalf("sync of the restored disk gave %+v, %v; want a new epoch", rep, err)
	}
	p.sameAsServer()   // the first past stands as it was
	old.sameAsServer() // and what the restored disk recorded stands beside it
	if head, err := old.st.Head(t.Context()); err != nil || head.Seq != 1 {
		t.Errorf("the new epoch has %d events, %v; want the one after the backup", head.Seq, err)
	}
	for _, x := range []*post{p, old} { // two disks of one agent: each goes on in its own epoch
		x.happens(1, nil)
		if _, err := x.up.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		x.sameAsServer()
	}
}

func TestARestoredDiskWithNothingNewStartsAnEpochToo(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	backup := copyDir(t, p)
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := &post{line: p.line, dir: backup}
	old.open()
	rep, err := old.up.Sync(t.Context())
	if err != nil || !rep.NewEpoch {
		t.Fatalf("sync of the rewound disk gave %+v, %v; want a new epoch", rep, err)
	}
	if rep, err = old.up.Sync(t.Context()); err != nil || rep.NewEpoch {
		t.Errorf("the next sync gave %+v, %v; want no other epoch", rep, err)
	}
	old.happens(1, nil)
	if _, err := old.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	old.sameAsServer()
}

// copyDir copies an agent's data, as a backup does.
func copyDir(t *testing.T, p *post) string {
	t.Helper()
	p.ok(p.st.Close())
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "copy"), os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	p.open()
	return filepath.Join(dir, "copy")
}

//survives:plan A site computer is deactivated with scans still on it | They arrive, flagged, and then it erases the roster
func TestARevokedAgentBringsItsJournalAndForgetsTheRoster(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.happens(3, nil)
	id, err := p.st.Identity(t.Context())
	p.ok(err)
	p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return tx.RevokeAgent(id.Agent) }))
	rep, err := p.up.Sync(t.Context())
	if err != nil || !rep.Revoked || rep.Unsent != 0 {
		t.Fatalf("sync gave %+v, %v", rep, err)
	}
	p.sameAsServer()
	if c, err := p.st.Cursor(t.Context()); err != nil || c.Count != 0 {
		t.Errorf("%d items of the roster are left, %v", c.Count, err)
	}
	clock := func() desk.Reading { return desk.Reading{Wall: l.now, Mono: 1e6, Boot: uuid.New()} }
	d, err := desk.Open(t.Context(), p.st, clock, slog.New(slog.DiscardHandler))
	p.ok(err)
	t.Cleanup(d.Close)
	site, err := sample.New(1, l.now)
	p.ok(err)
	code, err := site.Token(0) // of a key that the desk lacks, as it lacks all of them now
	p.ok(err)
	if got, err := d.Scan(t.Context(), roster.ScanRequest{ID: uuid.New(), Code: code}); err != nil || got.Verdict != models.VerdictWithdrawn {
		t.Errorf("a scan afterwards gets %s, %v", got.Verdict, err)
	}
	if rep, err := p.up.Sync(t.Context()); err != nil || rep.Sent == 0 || rep.Unsent != 0 {
		t.Errorf("it is not brought home: %+v, %v", rep, err)
	}
	p.sameAsServer()
}

//survives:plan A site computer hasn't reported yet, or one of its phones is not back | Nobody is called absent before that
func TestAbsentIsSaidOnlyWhenEveryAgentHasReported(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		first, second := l.enrol("meja 1"), l.enrol("meja 2")
		first.happens(1, nil)
		if _, err := first.up.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := first.status(1); got != models.StatusPending {
			t.Errorf("%s before the second agent has reported, want pending", got)
		}
		phone := agent.Phone{ID: uuid.New(), Clear: l.session.EndsAt - 1, Boot: uuid.New(), Waiting: 1}
		for _, step := range []struct {
			name string
			with []agent.Phone
			want models.AttendanceStatus
		}{{"the second has a phone that is not back", []agent.Phone{phone}, models.StatusPending}, {"it is back", nil, models.StatusAbsent}} {
			l.ok(second.st.KeepPhones(t.Context(), step.with))
			_, err := second.up.Sync(t.Context())
			l.ok(err)
			if got := first.status(1); got != step.want {
				t.Errorf("%s, %s; want %s", got, step.name, step.want)
			}
		}
		if got := first.status(0); got == models.StatusAbsent || got == models.StatusPending {
			t.Errorf("%s for who came", got)
		}
	})
}

func TestAVoidUndoesAndAnUnlistedTicketFindsItsOwner(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(2, func(i int, e *journal.Event) {
			if i == 1 { // the roster did not know this ticket yet
				e.Verdict, e.Enrollment = models.VerdictUnlisted, uuid.Nil
			}
		})
		p.happens(1, func(_ int, e *journal.Event) {
			e.Kind, e.Verdict, e.Target, e.Reason = models.EventVoid, models.VerdictNone, 1, "salah orang"
		})
		if _, err := p.up.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := p.status(0); got != models.StatusAbsent {
			t.Errorf("%s for a voided scan, want absent", got)
		}
		if got := p.status(1); got == models.StatusAbsent || got == models.StatusPending {
			t.Errorf("%s for an unlisted ticket of somebody enrolled", got)
		}
	})
}

//survives:plan The server can't make sense of a report | It is kept aside as a case, and holds nothing else back
func TestAnEventThatMakesNoSenseIsKeptAndHoldsNothingBack(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, func(i int, e *journal.Event) {
		if i == 1 {
			e.Kind = "from a newer agent"
		}
	})
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.sameAsServer()
	events, err := p.office.Read(t.Context()).Events(server.EventFilter{})
	p.ok(err)
	kept := 0
	for _, e := range events {
		if e.Quarantine != "" {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d events are in quarantine, want 1", kept)
	}
}

//survives:network The same message comes many times at once | Each scan is stored once
func TestManyEqualPushesAtOnceStoreEachEventOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(20, nil)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := p.up.Sync(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		p.sameAsServer()
	})
}
