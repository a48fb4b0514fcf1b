package e2e

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	door "buktihadir/server/exchange"
	"buktihadir/server/office"
	server "buktihadir/server/store"
	"buktihadir/site-agent/uplink"
)

// counter is where bundles are handed in.
func (l *line) counter() *door.Service {
	return door.NewService(l.office, slog.New(slog.DiscardHandler))
}

// handIn gives a bundle to the office.
func (l *line) handIn(file []byte) models.CarriedBundle {
	l.t.Helper()
	got, err := l.counter().Import(l.t.Context(), office.Program("test"), file)
	l.ok(err)
	return got
}

func (p *post) export() uplink.Bundle {
	p.t.Helper()
	b, err := p.up.Export(p.t.Context())
	p.ok(err)
	return b
}

func (p *post) take(reply []byte) uplink.Taken {
	p.t.Helper()
	got, err := p.up.Import(p.t.Context(), reply)
	p.ok(err)
	return got
}

// record is all that a repeat must leave as it is.
type record struct {
	Events     []server.EventAtSite
	Attendance []server.AttendanceRow
	Agents     []server.AgentEntry
}

func (l *line) record() record {
	l.t.Helper()
	q := l.office.Read(l.t.Context())
	events, err1 := q.Events(server.EventFilter{})
	rows, err2 := q.AttendanceOf(l.session)
	agents, err3 := q.ListAgents(server.AgentFilter{}, server.Slice{Limit: 100})
	l.ok(errors.Join(err1, err2, err3))
	return record{events, rows, agents.Rows}
}

func (l *line) agentOf(p *post) models.Agent {
	l.t.Helper()
	id, err := p.st.Identity(l.t.Context())
	l.ok(err)
	a, err := l.office.Read(l.t.Context()).Agent(id.Agent)
	l.ok(err)
	return a
}

//survives:file A site never has a network; its journal comes as a file, on a stick or by messenger | The server has what a network would have brought
func TestABundleThereAndBackDoesWhatANetworkDoes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		before := l.agentOf(p)
		p.happens(2, nil)
		b := p.export()
		if b.Events != 2 || b.Left != 0 || p.acked() != 0 {
			t.Fatalf("the bundle has %d events, %d are left, %d delivered before it was handed in", b.Events, b.Left, p.acked())
		}
		got := l.handIn(b.File)
		if got.Events != 2 || got.Rejected != 0 || got.Conflict != "" || got.Items == 0 {
			t.Errorf("the office took %+v", got)
		}
		if after := l.agentOf(p); after.ClockOffset != before.ClockOffset || after.ReportedUntil == 0 {
			t.Errorf("the agent's clock is off by %d, before by %d; told until %d", after.ClockOffset, before.ClockOffset, after.ReportedUntil)
		}
		if p.status(0) == models.StatusPending || p.status(2) != models.StatusAbsent {
			t.Errorf("who came is %s, who didn't %s", p.status(0), p.status(2))
		}
		taken := p.take(got.Reply)
		cursor, err := p.st.Cursor(t.Context())
		p.ok(err)
		if taken.Sent != 2 || taken.Unsent != 0 || taken.Stale || p.acked() != 2 || cursor.Count == 0 || cursor.Confirmed == 0 {
			t.Errorf("the reply brought %+v; %d delivered, %d items", taken, p.acked(), cursor.Count)
		}
		p.sameAsServer()
		if size, rival := p.witnessed(); size != 2 || rival {
			t.Errorf("the reply's head of the log: %d records (another history: %v), want 2", size, rival)
		}
		p.happens(1, nil)
		p.take(l.handIn(p.export().File).Reply)
		if size, rival := p.witnessed(); size != 3 || rival {
			t.Errorf("the next reply's head of the log: %d records (another history: %v), want 3", size, rival)
		}
	})
}

//survives:file A file is imported twice | Nothing counts twice
func TestABundleOrAReplyTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(3, nil)
		b := p.export()
		first := l.handIn(b.File)
		before := l.record()
		second := l.handIn(b.File)
		if second.Events != 0 || !cmp.Equal(before, l.record()) {
			t.Errorf("twice: %+v\n%s", second, cmp.Diff(before, l.record()))
		}
		if _, err := l.office.Read(t.Context()).Reply(first.ID); !errors.Is(err, server.ErrNotFound) {
			t.Errorf("the first reply is still there: %v", err)
		}
		p.take(second.Reply)
		cursor, err := p.st.Cursor(t.Context())
		p.ok(err)
		for _, again := range [][]byte{second.Reply, first.Reply} {
			taken := p.take(again)
			now, err := p.st.Cursor(t.Context())
			p.ok(err)
			if taken.Sent != 0 || taken.Items != 0 || p.acked() != 3 || !cmp.Equal(cursor, now) {
				t.Errorf("again: %+v, %d delivered\n%s", taken, p.acked(), cmp.Diff(cursor, now))
			}
		}
	})
}

func TestABundleThatComesAfterTheNetworkIsHarmless(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(2, nil)
		late := p.export()
		p.happens(2, nil)
		_, err := p.up.Sync(t.Context())
		p.ok(err)
		before := l.record()
		got := l.handIn(late.File)
		if got.Events != 0 || !cmp.Equal(before, l.record()) {
			t.Errorf("the late bundle: %+v\n%s", got, cmp.Diff(before, l.record()))
		}
		cursor, err := p.st.Cursor(t.Context())
		p.ok(err)
		taken := p.take(got.Reply)
		now, err := p.st.Cursor(t.Context())
		p.ok(err)
		if taken.Sent != 0 || p.acked() != 4 || now.Since != cursor.Since || now.Count != cursor.Count {
			t.Errorf("its reply: %+v, %d delivered, cursor %+v, before %+v", taken, p.acked(), now, cursor)
		}
		p.happens(1, nil)
		if b := p.export(); b.Events != 1 {
			t.Errorf("the next bundle has %d events, want 1", b.Events)
		}
		_, err = p.up.Sync(t.Context())
		p.ok(err)
		p.sameAsServer()
	})
}

// Messages may be sent, carried, lost, repeated or late: both ends are equal once a last
// exchange succeeds.
//
//survives:file Files and network are mixed, in any order | The result is the same
func TestAnyMixOfNetworkAndBundlesEndsTheSame(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := l.enrol("meja")
		var bundles, replies [][]byte
		steps := map[string]func(*rapid.T){
			"something happens": func(rt *rapid.T) { p.happens(rapid.IntRange(1, 4).Draw(rt, "events"), nil) },
			"the plan changes": func(rt *rapid.T) {
				site, err := l.office.Read(t.Context()).Site(l.site)
				p.ok(err)
				site.Name = "Balai " + rapid.StringMatching("[A-Z][a-z]{3}").Draw(rt, "name")
				p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return tx.SaveSites([]models.Site{site}) }))
			},
			"the network works": func(*rapid.T) {
				_, err := p.up.Sync(t.Context())
				p.ok(err)
			},
			"a bundle is written": func(*rapid.T) { bundles = append(bundles, p.export().File) },
			"a bundle is handed in": func(rt *rapid.T) {
				if len(bundles) > 0 {
					replies = append(replies, l.handIn(rapid.SampledFrom(bundles).Draw(rt, "bundle")).Reply)
				}
			},
			"a reply is taken": func(rt *rapid.T) {
				if len(replies) > 0 {
					before := p.acked()
					p.take(rapid.SampledFrom(replies).Draw(rt, "reply"))
					if p.acked() < before {
						rt.Fatalf("%d delivered, %d before", p.acked(), before)
					}
				}
			},
		}
		rt.Repeat(steps)
		if rapid.Bool().Draw(rt, "by network") {
			_, err := p.up.Sync(t.Context())
			p.ok(err)
		} else {
			p.take(l.handIn(p.export().File).Reply)
		}
		p.sameAsServer()
		head, err := p.st.Head(t.Context())
		p.ok(err)
		if p.acked() != head.Seq {
			rt.Fatalf("%d of %d delivered", p.acked(), head.Seq)
		}
		agents := l.record().Agents
		if c, err := p.st.Cursor(t.Context()); err != nil || c.Count == 0 || c.Alarm != "" || c.Since != uint64(agents[0].Revision) {
			rt.Fatalf("the roster stands at %+v, %v, the office's at %d", c, err, agents[0].Revision)
		}
	})
}

func TestARevokedAgentsBundleCountsAndItsReplyErasesTheRosterForGood(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		early := l.handIn(p.export().File)
		p.take(early.Reply)
		p.happens(3, nil)
		id, err := p.st.Identity(t.Context())
		p.ok(err)
		backlog := p.export()
		p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return tx.RevokeAgent(id.Agent) }))
		got := l.handIn(backlog.File)
		if got.Events != 3 || !got.Revoked {
			t.Fatalf("the office took %+v", got)
		}
		if taken := p.take(got.Reply); !taken.Revoked || taken.Unsent != 0 {
			t.Errorf("the reply brought %+v", taken)
		}
		p.take(early.Reply)
		if c, err := p.st.Cursor(t.Context()); err != nil || c.Count != 0 {
			t.Errorf("%d items of the roster are left, %v", c.Count, err)
		}
		p.sameAsServer()
	})
}

func TestAServerThatLostEventsGetsThemWithTheNextBundle(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	p.happens(3, nil)
	head, err := p.st.Head(t.Context())
	p.ok(err)
	// The server has said that it holds them, and was restored from a backup since.
	p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error {
		signer, _, err := tx.NoteKey()
		if err != nil {
			return err
		}
		r := journal.Receipt{Head: head, At: l.now}
		signed, err := r.Sign(signer)
		return errors.Join(err, p.st.SaveReceipt(t.Context(), signed, r))
	}))
	p.happens(1, nil)
	got := l.handIn(p.export().File)
	if got.Conflict != string(exchange.ConflictGap) || got.Events != 0 {
		t.Fatalf("the office took %+v", got)
	}
	if taken := p.take(got.Reply); !taken.Resend {
		t.Errorf("the reply brought %+v", taken)
	}
	b := p.export()
	if b.Events != 4 {
		t.Fatalf("the next bundle has %d events, want 4", b.Events)
	}
	if taken := p.take(l.handIn(b.File).Reply); taken.Resend || p.acked() != 4 {
		t.Errorf("the reply brought %+v, %d delivered", taken, p.acked())
	}
	p.sameAsServer()
}

// A reply that was lost on its way and found again must not bring back what the
// network has told to forget since.
func TestAReplyFromBeforeARevocationBringsNoRosterBack(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	lost := l.handIn(p.export().File) // a full copy, for an agent without a roster
	p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return tx.RevokeAgent(lost.AgentID) }))
	if rep, err := p.up.Sync(t.Context()); err != nil || !rep.Revoked {
		t.Fatalf("the network brought %+v, %v", rep, err)
	}
	if taken := p.take(lost.Reply); !taken.Stale || taken.Items != 0 {
		t.Errorf("the reply brought %+v", taken)
	}
	if c, err := p.st.Cursor(t.Context()); err != nil || c.Count != 0 {
		t.Errorf("%d items of the roster are back, %v", c.Count, err)
	}
}
