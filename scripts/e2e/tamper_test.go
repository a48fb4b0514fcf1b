package e2e

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/receipt"
	server "buktihadir/server/store"
	agent "buktihadir/site-agent/store"
)

// forger is somebody at a site who opens the agent's file with other tools.
type forger struct {
	*post
	db   *sql.DB
	head uint64
}

// forge closes the agent, takes the guards off its file, and lets somebody at it.
func (p *post) forge(change func(*forger)) {
	p.t.Helper()
	head, err := p.st.Head(p.t.Context())
	p.ok(err)
	p.ok(p.st.Close())
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "agent.db"))
	p.ok(err)
	f := &forger{p, db, head.Seq}
	f.do(`DROP TRIGGER journal_never_changes`)
	f.do(`DROP TRIGGER journal_never_shrinks`)
	change(f)
	f.do(`CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END`)
	f.do(`CREATE TRIGGER journal_never_shrinks BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never cut'); END`)
	p.ok(db.Close())
}

func (f *forger) do(query string, args ...any) {
	f.t.Helper()
	if _, err := f.db.Exec(query, args...); err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
}

func (f *forger) event(seq uint64) journal.Event {
	f.t.Helper()
	var raw []byte
	f.ok(f.db.QueryRow(`SELECT bytes FROM journal WHERE seq = ?`, seq).Scan(&raw))
	e, err := journal.Decode(raw)
	f.ok(err)
	return e
}

// edit changes an event, and nothing that would make it fit.
func (f *forger) edit(seq uint64, change func(*journal.Event)) {
	f.t.Helper()
	e := f.event(seq)
	change(&e)
	raw, err := e.Bytes()
	f.ok(err)
	f.do(`UPDATE journal SET bytes = ? WHERE seq = ?`, raw, seq)
}

// rewrite changes an event and gives it the hash of its new bytes.
func (f *forger) rewrite(seq uint64, change func(*journal.Event)) models.Hash {
	f.t.Helper()
	e := f.event(seq)
	change(&e)
	raw, err := e.Bytes()
	f.ok(err)
	hash := journal.HashOf(raw)
	f.do(`UPDATE journal SET bytes = ?, hash = ? WHERE seq = ?`, raw, hash[:], seq)
	return hash
}

// rewriteFrom changes an event and computes the chain again from there.
func (f *forger) rewriteFrom(seq uint64, change func(*journal.Event)) {
	f.t.Helper()
	prev := f.rewrite(seq, change)
	for next := seq + 1; next <= f.head; next++ {
		prev = f.rewrite(next, func(e *journal.Event) { e.Prev = prev })
	}
}

// deny turns an entry into a refusal; admit is its opposite.
func deny(e *journal.Event)  { e.Kind, e.Verdict = models.EventRefused, models.VerdictClosed }
func admit(e *journal.Event) { e.Enrollment, e.Ticket = uuid.New(), models.Ref{1} }

// These say who notices: the agent by itself, or the office when the agent calls next.
type noticed string

const (
	byAgent  noticed = "the agent"
	byOffice noticed = "the office"
	byNobody noticed = "nobody"
)

// notices says who finds the change first. If the office notices it, the agent continues
// in a new epoch, and both show it.
func (p *post) notices() noticed {
	p.t.Helper()
	st, err := agent.Open(p.t.Context(), p.dir)
	if err != nil {
		return byAgent
	}
	p.ok(st.Close())
	p.open()
	if _, err := p.st.Verify(p.t.Context()); errors.Is(err, agent.ErrTampered) {
		return byAgent
	}
	rep, err := p.up.Sync(p.t.Context())
	if err != nil || rep.NewEpoch {
		return byOffice
	}
	return byNobody
}

// Six events; the office has countersigned the first four.
//
//survives:hand Somebody edits, deletes, inserts, reorders or re-hashes scans in a site computer's file | The site computer or the server notices; what the server has countersigned stands, even against somebody with the site computer's key
func TestWhoNoticesThatAJournalWasForged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*forger)
		want   noticed
	}{
		{"a countersigned event is edited", func(f *forger) { f.edit(2, deny) }, byAgent},
		{"an unsent event is edited", func(f *forger) { f.edit(5, deny) }, byAgent},
		{"a hash is changed", func(f *forger) { f.do(`UPDATE journal SET hash = zeroblob(32) WHERE seq = 3`) }, byAgent},
		{"an event is edited and hashed again", func(f *forger) { f.rewrite(3, deny) }, byAgent},
		{"an event is deleted from the middle", func(f *forger) { f.do(`DELETE FROM journal WHERE seq = 3`) }, byAgent},
		{"an event is deleted and the rest renumbered", func(f *forger) {
			f.do(`DELETE FROM journal WHERE seq = 3`)
			f.do(`UPDATE journal SET seq = -seq WHERE seq > 3`)
			f.do(`UPDATE journal SET seq = -seq - 1 WHERE seq < 0`)
		}, byAgent},
		{"two events change places", func(f *forger) {
			f.do(`UPDATE journal SET seq = 100 WHERE seq = 2`)
			f.do(`UPDATE journal SET seq = 2 WHERE seq = 3`)
			f.do(`UPDATE journal SET seq = 3 WHERE seq = 100`)
		}, byAgent},
		{"an event is inserted with no link to the one before", func(f *forger) {
			e := f.event(f.head)
			e.Seq++
			raw, err := e.Bytes()
			f.ok(err)
			hash := journal.HashOf(raw)
			f.do(`INSERT INTO journal (epoch, seq, hash, bytes) VALUES (?, ?, ?, ?)`, e.Epoch[:], e.Seq, hash[:], raw)
		}, byAgent},
		{"what was countersigned is edited, and all after it linked and signed anew with the device's key", func(f *forger) { f.rewriteFrom(2, deny) }, byOffice},
		{"somebody is admitted in what was countersigned, with the device's key", func(f *forger) { f.rewriteFrom(4, admit) }, byOffice},
		{"the end is cut off behind what was countersigned", func(f *forger) { f.do(`DELETE FROM journal WHERE seq > 3`) }, byOffice},
		{"the whole journal is deleted", func(f *forger) { f.do(`DELETE FROM journal`) }, byOffice},
		{"the receipt is deleted and the countersigned past rewritten", func(f *forger) { f.do(`DELETE FROM receipts`); f.rewriteFrom(2, deny) }, byOffice},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newLine(t).enrol("meja")
			p.happens(4, nil)
			_, err := p.up.Sync(t.Context())
			p.ok(err)
			p.happens(2, nil)
			id, err := p.st.Identity(t.Context())
			p.ok(err)
			p.forge(c.change)
			if got := p.notices(); got != c.want {
				t.Errorf("%s noticed, want %s", got, c.want)
			}
			p.officeStillHas(id.Epoch, 4)
		})
	}
}

// Any bit of any event or hash, one at a time.
//
//survives:hand A single bit of a site computer's journal changes | It is noticed
func TestEveryFlippedBitIsNoticed(t *testing.T) {
	t.Parallel()
	const flips = 2000
	p := newLine(t).enrol("meja")
	p.happens(6, nil)
	luck := rand.New(rand.NewPCG(10, 1))
	var found int
	p.forge(func(f *forger) {
		st, err := agent.Open(t.Context(), p.dir)
		p.ok(err)
		defer func() { p.ok(st.Close()) }()
		for range flips {
			column, seq := []string{"bytes", "hash"}[luck.IntN(2)], 1+luck.IntN(6)
			var whole []byte
			f.ok(f.db.QueryRow(`SELECT `+column+` FROM journal WHERE seq = ?`, seq).Scan(&whole))
			flipped := slices.Clone(whole)
			flipped[luck.IntN(len(flipped))] ^= 1 << luck.IntN(8)
			f.do(`UPDATE journal SET `+column+` = ? WHERE seq = ?`, flipped, seq)
			if _, err := st.Verify(t.Context()); err != nil {
				found++
			} else {
				t.Errorf("a flipped bit in the %s of event %d went unnoticed", column, seq)
			}
			f.do(`UPDATE journal SET `+column+` = ? WHERE seq = ?`, whole, seq)
		}
	})
	t.Logf("%d of %d noticed", found, flips)
}

// officeStillHas expects that the office still has the first events as they were
// countersigned, whatever was done to the disk.
func (p *post) officeStillHas(epoch models.Epoch, events int) {
	p.t.Helper()
	rows, err := p.office.Read(p.t.Context()).Events(server.EventFilter{})
	p.ok(err)
	var first []uint64
	for _, r := range rows {
		if r.Epoch == epoch && r.Verdict == models.VerdictAcceptedIn {
			first = append(first, uint64(r.Seq))
		}
	}
	slices.Sort(first)
	for i := range events {
		if i >= len(first) || first[i] != uint64(i+1) {
			p.t.Fatalf("the office has the entries %v, want all up to %d", first, events)
		}
	}
}

// This is the limit, stated where people look for it: only the disk knows events that the
// office has not countersigned yet. Neither end notices, see the test after this one for who does.
//
//survives:hand Somebody who holds a site computer's disk and key rewrites what the server has not seen yet, and nobody kept a receipt of it | **Not noticed.** Send often, and guard the machine
func TestWhatTheOfficeHasNotSeenCanBeRewrittenWithTheDevicesKey(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(4, nil)
	_, err := p.up.Sync(t.Context())
	p.ok(err)
	p.happens(2, nil)
	p.forge(func(f *forger) { f.rewriteFrom(5, deny) })
	if got := p.notices(); got != byNobody {
		t.Errorf("%s noticed: say so in the README, which promises less", got)
	}
}

// Each of five hundred is dropped once: those with an odd number in one journal, the others in another.
//
//survives:hand Somebody with a site computer's disk and key drops a scan that the server has not seen yet, and the participant has its receipt | Their ticket page says that the site owes it, the office has a case with a deadline, and the result stays provisional
func TestWhoHoldsAReceiptLearnsThatItsScanWasDropped(t *testing.T) {
	t.Parallel()
	const scans = 500
	for odd := range uint64(2) {
		l := newLine(t)
		p := l.enrol("meja")
		q := l.office.Read(t.Context())
		secret, err := q.ClassSecret(p.class)
		p.ok(err)
		var events []journal.Event
		p.happens(scans, func(i int, e *journal.Event) {
			e.Occurred = p.session.StartsAt + models.Millis(i)*60_000
			e.Wall = e.Occurred
			events = append(events, *e)
		})
		p.forge(func(f *forger) {
			var prev models.Hash
			for seq := uint64(1); seq <= f.head; seq++ {
				prev = f.rewrite(seq, func(e *journal.Event) {
					if e.Prev = prev; seq%2 == odd {
						deny(e)
					}
				})
			}
		})
		p.open()
		if _, err := p.up.Sync(t.Context()); err != nil {
			t.Fatalf("the office noticed: %v", err)
		}
		for _, e := range events {
			want := server.ReceiptCounts
			if e.Seq%2 == odd {
				want = server.ReceiptOwed
			}
			place, err := q.Enrollment(e.Enrollment)
			p.ok(err)
			p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error {
				got, err := tx.Receipt([]models.Enrollment{place}, receipt.OfEvent(secret, e))
				if err == nil && got.State != want {
					t.Errorf("event %d, dropped %t: its holder is told %q", e.Seq, e.Seq%2 == odd, got.State)
				}
				return err
			}))
		}
		open, err := q.CaseCounts()
		if p.ok(err); open[models.CaseOwed] != scans/2 {
			t.Errorf("the office has %d cases about receipts, want %d", open[models.CaseOwed], scans/2)
		}
	}
}

// A receipt is the office's signed word: a forged one makes nothing count as sent.
//
//survives:hand Somebody forges a receipt on a site computer's disk to hide scans | They arrive all the same
func TestAForgedReceiptHidesNothingFromTheOffice(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(2, nil)
	_, err := p.up.Sync(t.Context())
	p.ok(err)
	p.happens(3, nil)
	p.forge(func(f *forger) {
		f.do(`UPDATE receipts SET seq = 5, hash = (SELECT hash FROM journal WHERE seq = 5)`)
	})
	p.open()
	for range 3 { // it may be noticed, and it may take a call to be mended
		_, _ = p.up.Sync(t.Context())
	}
	p.sameAsServer()
}

//survives:hand A site computer's disk is opened with another key | It doesn't open
func TestANewKeyOpensNoOldDisk(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(2, nil)
	_, err := p.up.Sync(t.Context())
	p.ok(err)
	p.ok(p.st.Close())
	other := strings.Repeat("5e", 32) + "\n"
	p.ok(os.WriteFile(filepath.Join(p.dir, "agent.key"), []byte(other), 0o600))
	st, err := agent.Open(t.Context(), p.dir)
	if err == nil {
		_, err = st.Identity(t.Context())
		p.ok(st.Close())
	}
	if !errors.Is(err, agent.ErrSealed) {
		t.Errorf("opened with another key: %v, want %v", err, agent.ErrSealed)
	}
}
