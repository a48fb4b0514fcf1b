package e2e

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/models/parcel"
	door "buktihadir/server/exchange"
	server "buktihadir/server/store"
	"buktihadir/site-agent/uplink"
)

// counter is where bundles are handed in.
func (l *line) counter() *door.Clerk { return door.NewClerk(l.office, slog.New(slog.DiscardHandler)) }

// handIn gives a bundle to the office.
func (l *line) handIn(file []byte) models.CarriedBundle {
	l.t.Helper()
	got, err := l.counter().Import(l.t.Context(), models.HistoryEntry{Actor: "test"}, file)
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
	events, err1 := q.Events(uuid.Nil)
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

//survives:file A site never has a network; its journal comes as a file, on a stick or by messenger | The office has what a network would have brought
func TestABundleThereAndBackDoesWhatANetworkDoes(t *testing.T) {
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		before := l.agentOf(p)
		p.happens(2, nil)
		b := p.export()
		if b.Events != 2 || b.Left != 0 || p.acked() != 0 {
			t.Fatalf("the bundle has %d events, %d are left, %d delivered before it was handed in", b.Events, b.Left, p.acked())
		}
		got := l.handIn(b.File)
		if got.Events != 2 || got.Strays != 0 || got.Trouble != "" || got.Items == 0 {
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
	})
}

//survives:file A file is handed in twice | Nothing counts twice
func TestABundleOrAReplyTwiceChangesNothing(t *testing.T) {
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

// Whatever is sent, carried, lost, repeated or late, both ends are the same once a
// last exchange gets through.
//
//survives:file Files and network are mixed, in any order | The result is the same
func TestAnyMixOfNetworkAndBundlesEndsTheSame(t *testing.T) {
	l := newLine(t, "")
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

// refusedBundle hands in what must be refused, and must leave no trace in the record.
func (l *line) refusedBundle(name, code string, file []byte) {
	l.t.Helper()
	before := l.record()
	_, err := l.counter().Import(l.t.Context(), models.HistoryEntry{Actor: "test"}, file)
	refused, ok := errors.AsType[*door.RefusedError](err)
	if !ok || refused.Code != code {
		l.t.Errorf("%s: %v, want %s", name, err, code)
	}
	if d := cmp.Diff(before, l.record()); d != "" {
		l.t.Errorf("%s changed the record:\n%s", name, d)
	}
}

func TestWhatIsNoBundleForThisServerIsRefusedInWords(t *testing.T) {
	onBoth(t, func(t *testing.T, l *line) {
		other := newLine(t, "")
		p, foreign := l.enrol("meja"), other.enrol("meja")
		p.happens(2, nil)
		mine := p.export().File
		id, err := p.st.Identity(t.Context())
		p.ok(err)
		content := exchange.Bundle{Protocol: exchange.Protocol, Agent: id.Agent, Recipient: p.st.BundleKey().Recipient}
		sealed := func(b exchange.Bundle, signer *post) []byte {
			plain, err := b.Sign(signer.st.DeviceKey())
			l.ok(err)
			file, err := parcel.Seal(plain, id.Recipient)
			l.ok(err)
			return file
		}
		newer, nobody, mute, stranger := content, content, content, content
		newer.Protocol, nobody.Agent, mute.Recipient, stranger.Enrol = 99, uuid.New(), "age1x", []byte("x")
		noBundle, err := parcel.Seal([]byte("hello"), id.Recipient)
		l.ok(err)
		l.refusedBundle("nothing", "no_bundle", nil)
		l.refusedBundle("a spreadsheet", "no_bundle", []byte("PK\x03\x04"))
		l.refusedBundle("another server's bundle", "not_for_us", foreign.export().File)
		l.refusedBundle("a reply", "not_for_us", l.handIn(p.export().File).Reply)
		l.refusedBundle("half a bundle", "incomplete", mine[:len(mine)-9])
		l.refusedBundle("a letter to this server", "unreadable", noBundle)
		l.refusedBundle("a newer program's bundle", "protocol", sealed(newer, p))
		l.refusedBundle("an unknown agent's bundle", "unknown_agent", sealed(nobody, p))
		l.refusedBundle("another agent's signature", "unverified", sealed(content, foreign))
		l.refusedBundle("no way to answer", "unreadable", sealed(mute, p))
		l.refusedBundle("no request", "unreadable", sealed(stranger, p))
		p.take(l.handIn(p.export().File).Reply)
		p.sameAsServer()
	})
}

func TestAReplyForAnotherAgentIsRefused(t *testing.T) {
	l := newLine(t, "")
	first, second := l.enrol("meja 1"), l.enrol("meja 2")
	first.happens(1, nil)
	reply := l.handIn(first.export().File).Reply
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"another agent's reply": {reply, parcel.ErrNotForUs}, "a bundle": {first.export().File, parcel.ErrNotForUs},
		"half a reply": {l.handIn(second.export().File).Reply[:300], parcel.ErrIncomplete}, "a picture": {[]byte("\x89PNG"), parcel.ErrNoParcel},
	} {
		if _, err := second.up.Import(t.Context(), c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	// A server that is not this agent's knows its recipient and signs by itself.
	other := newLine(t, "")
	forged := exchange.Reply{Protocol: exchange.Protocol, Now: other.now}
	id, err := second.st.Identity(t.Context())
	second.ok(err)
	forged.Agent = id.Agent
	var plain []byte
	other.ok(other.office.Write(t.Context(), func(tx *server.Tx) error {
		signer, _, err := tx.NoteKey()
		if err != nil {
			return err
		}
		plain, err = forged.Sign(signer)
		return err
	}))
	file, err := parcel.Seal(plain, second.st.BundleKey().Recipient)
	second.ok(err)
	if _, err := second.up.Import(t.Context(), file); !errors.Is(err, uplink.ErrNotAReply) {
		t.Errorf("another server's reply: %v", err)
	}
}

//survives:file A withdrawn desk brings its last file | What it recorded counts, and the reply makes it forget the roster
func TestARevokedAgentsBundleCountsAndItsReplyErasesTheRosterForGood(t *testing.T) {
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
	l := newLine(t, "")
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
	if got.Trouble != string(exchange.TroubleGap) || got.Events != 0 {
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

func TestAFileThatWasChangedOnItsWayIsNeverTaken(t *testing.T) {
	l := newLine(t, "")
	p := l.enrol("meja")
	p.happens(1, nil)
	file := p.export().File
	reply := l.handIn(file).Reply
	clerk := l.counter()
	for i := 0; i < len(file); i += 7 {
		changed := bytes.Clone(file)
		changed[i] ^= 1
		if got, err := clerk.Import(t.Context(), models.HistoryEntry{}, changed); err == nil {
			t.Fatalf("byte %d of the bundle: %+v", i, got)
		}
	}
	for i := 0; i < len(reply); i += 7 {
		changed := bytes.Clone(reply)
		changed[i] ^= 1
		if got, err := p.up.Import(t.Context(), changed); err == nil {
			t.Fatalf("byte %d of the reply: %+v", i, got)
		}
	}
	if strings.Contains(string(file), "P-1") || p.acked() != 0 {
		t.Error("a bundle can be read, or something was taken")
	}
}

// A reply that was lost on its way and found again must not bring back what the
// network has told to forget since.
func TestAReplyFromBeforeARevocationBringsNoRosterBack(t *testing.T) {
	l := newLine(t, "")
	p := l.enrol("meja")
	lost := l.handIn(p.export().File) // a full copy, for an agent that has none
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
