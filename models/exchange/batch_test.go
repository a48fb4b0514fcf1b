package exchange_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

func drawID(t *rapid.T, label string) uuid.UUID {
	var id uuid.UUID
	if rapid.Bool().Draw(t, label+" is set") {
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label))
	}
	return id
}

// drawEvent draws what a journal may hold, likely or not.
func drawEvent(t *rapid.T) journal.Event {
	at := rapid.Int64()
	e := journal.Event{
		Format: rapid.Uint8Range(1, 255).Draw(t, "format"), Occurred: models.Millis(at.Draw(t, "occurred")),
		Wall: models.Millis(at.Draw(t, "wall")), Boot: drawID(t, "boot"), Mono: at.Draw(t, "mono"),
		Confidence: rapid.SampledFrom(models.Confidences()).Draw(t, "confidence"),
		Kind:       rapid.SampledFrom(models.EventKinds()).Draw(t, "kind"),
		Verdict:    rapid.SampledFrom(models.Verdicts()).Draw(t, "verdict"),
		Method:     rapid.SampledFrom(models.Methods()).Draw(t, "method"),
		Class:      drawID(t, "class"), Session: drawID(t, "session"), Enrollment: drawID(t, "enrollment"), Staff: drawID(t, "staff"),
		Desk: rapid.StringN(0, 20, 60).Draw(t, "desk"), Reason: rapid.StringN(0, 40, 120).Draw(t, "reason"),
		Target: rapid.Uint64().Draw(t, "target"), Spot: rapid.SampledFrom(models.SpotOutcomes()).Draw(t, "spot"),
		RosterRev: rapid.Uint64().Draw(t, "roster"), RosterAge: at.Draw(t, "age"),
		Raw:       rapid.SliceOfN(rapid.Byte(), 0, journal.MaxRaw).Draw(t, "raw"),
		Overrules: rapid.SampledFrom(models.Verdicts()).Draw(t, "overrules"), Bounds: rapid.Uint8().Draw(t, "bounds"),
	}
	ref := drawID(t, "ticket")
	copy(e.Ticket[:], ref[:])
	if rapid.Bool().Draw(t, "a phone held it") {
		e.Happened, e.Phone = models.Millis(at.Draw(t, "happened")), drawID(t, "phone")
		e.Doubt, e.Age, e.Other = journal.Doubt(rapid.Uint8().Draw(t, "doubt")), at.Draw(t, "held for"), rapid.SampledFrom(models.Verdicts()).Draw(t, "other")
	}
	if rapid.Bool().Draw(t, "has an unknown key") {
		e.Extra = map[uint64]cbor.RawMessage{rapid.Uint64Range(47, 1<<40).Draw(t, "unknown key"): {0x82, 0x01, 0x41, 0xff}}
	}
	return e
}

func drawJournal(t *rapid.T) (journal.Head, []journal.Event) {
	head := journal.Head{Agent: uuid.UUID{1}, Epoch: models.Epoch{2}, Seq: rapid.Uint64Range(0, 1<<40).Draw(t, "seq")}
	if head.Seq > 0 {
		head.Hash = models.Hash{byte(head.Seq), 3}
	}
	events, at := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 12).Draw(t, "events"), head
	for i := range events {
		e := &events[i]
		e.Agent, e.Epoch, e.Seq, e.Prev = at.Agent, at.Epoch, at.Seq+1, at.Hash
		b, err := e.Bytes()
		if err != nil {
			t.Fatalf("%+v: %v", *e, err)
		}
		if at, err = at.Follow(*e, b); err != nil {
			t.Fatal(err)
		}
	}
	return head, events
}

func TestABatchBringsTheEventsAndTheirHashesUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := agentKey()
		head, events := drawJournal(t)
		asOf := models.Millis(rapid.Int64().Draw(t, "as of"))
		b, err := exchange.NewBatch(head, events, asOf, key)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := exchange.Pack(b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := exchange.Unpack[exchange.Batch](packed)
		if err != nil {
			t.Fatal(err)
		}
		stored, said, err := got.Expand(public(key))
		if err != nil || len(stored) != len(events) || said.AsOf != asOf {
			t.Fatalf("%d of %d events as of %d, %v", len(stored), len(events), said.AsOf, err)
		}
		for i, s := range stored {
			want, err := events[i].Bytes()
			if err != nil || string(s.Canonical) != string(want) || s.Hash != journal.HashOf(want) {
				t.Errorf("event %d: %x, want %x (%v)", i, s.Canonical, want, err)
			}
			if again, err := journal.Decode(s.Canonical); err != nil || again.Seq != events[i].Seq {
				t.Errorf("event %d doesn't decode: %v", i, err)
			}
			head = journal.Head{Agent: head.Agent, Epoch: head.Epoch, Seq: s.Seq, Hash: s.Hash}
		}
		if said.Head != head {
			t.Errorf("the statement is of %+v, want %+v", said.Head, head)
		}
	})
}

func TestNothingInABatchCanBeChangedUnseen(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	key := agentKey()
	head := newHead(r)
	good, err := exchange.NewBatch(head, chain(t, head, morning(r, 5)), 99, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(b *exchange.Batch)
	}{
		{"an event left out", func(b *exchange.Batch) { b.Rows = append(b.Rows[:2:2], b.Rows[3:]...) }},
		{"the last event left out", func(b *exchange.Batch) { b.Rows = b.Rows[:4] }},
		{"an event twice", func(b *exchange.Batch) { b.Rows = append(b.Rows[:5:5], b.Rows[4]) }},
		{"two events changed places", func(b *exchange.Batch) { b.Rows[1], b.Rows[2] = b.Rows[2], b.Rows[1] }},
		{"another time", func(b *exchange.Batch) { b.Rows[3].Occurred++ }},
		{"another reading of the clock", func(b *exchange.Batch) { b.Rows[3].Wall++ }},
		{"another verdict", func(b *exchange.Batch) { b.Rows[0].Verdict = models.VerdictUnlisted }},
		{"another person", func(b *exchange.Batch) { b.Rows[2].Enrollment = make([]byte, 16) }},
		{"half an identifier", func(b *exchange.Batch) { b.Rows[2].Enrollment = b.Rows[2].Enrollment[:8] }},
		{"an event with no kind", func(b *exchange.Batch) { b.Rows[2].Kind = "" }},
		{"an unknown key that has a meaning", func(b *exchange.Batch) {
			b.Rows[2].Late = map[uint64]cbor.RawMessage{3: {1}}
		}},
		{"another first number", func(b *exchange.Batch) { b.First++ }},
		{"the number before the first", func(b *exchange.Batch) { b.First = 0 }},
		{"another past", func(b *exchange.Batch) { b.Prev[31] ^= 1 }},
		{"another agent", func(b *exchange.Batch) { b.Agent[0] ^= 1 }},
		{"another epoch", func(b *exchange.Batch) { b.Epoch[0] ^= 1 }},
		{"a later word for it", func(b *exchange.Batch) { b.AsOf++ }},
		{"no signature", func(b *exchange.Batch) { b.Signature = nil }},
		{"more events than a batch may have", func(b *exchange.Batch) {
			for len(b.Rows) <= exchange.MaxBatch {
				b.Rows = append(b.Rows, b.Rows...)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := good
			b.Rows = append(b.Rows[:0:0], good.Rows...)
			c.change(&b)
			if _, _, err := b.Expand(public(key)); !errors.Is(err, exchange.ErrBatch) {
				t.Errorf("Expand: %v, want ErrBatch", err)
			}
		})
	}
	if _, _, err := good.Expand(public(key)); err != nil {
		t.Errorf("the batch itself: %v", err)
	}
	if _, _, err := good.Expand(nil); !errors.Is(err, journal.ErrStatement) {
		t.Errorf("with no key: %v", err)
	}
}

func TestABatchIsOneJournalsNextRun(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	head := newHead(r)
	events := chain(t, head, morning(r, 3))
	var gap *journal.GapError
	if _, err := exchange.NewBatch(head, events[1:], 0, agentKey()); !errors.As(err, &gap) || gap.Want != 1 || gap.Got != 2 {
		t.Errorf("a batch with its first event missing: %v", err)
	}
	if _, err := exchange.NewBatch(head, make([]journal.Event, exchange.MaxBatch+1), 0, agentKey()); !errors.Is(err, exchange.ErrBatch) {
		t.Errorf("a batch too long: %v", err)
	}
	empty, err := exchange.NewBatch(head, nil, 5, agentKey())
	if err != nil {
		t.Fatal(err)
	}
	if stored, s, err := empty.Expand(public(agentKey())); err != nil || len(stored) != 0 || s.Head != head || s.AsOf != 5 {
		t.Errorf("an empty batch tells %v %+v, %v", stored, s, err)
	}
}

// A journal event must always fit into a batch, otherwise it would never arrive. An event
// that a journal cannot hold must not arrive.
func TestABatchCarriesWhatAJournalHolds(t *testing.T) {
	for depth := range 20 {
		head := journal.Head{Agent: uuid.UUID{1}, Epoch: models.Epoch{2}}
		e := journal.Event{Format: 2, Kind: models.EventNote, Extra: map[uint64]cbor.RawMessage{
			27: append(bytes.Repeat([]byte{0x81}, depth), 0),
		}}
		events := chain(t, head, []journal.Event{e})
		canonical, err := events[0].Bytes()
		if err != nil {
			t.Fatal(err)
		}
		_, held := journal.Decode(canonical)
		b, err := exchange.NewBatch(head, events, 0, agentKey())
		if err != nil {
			t.Fatal(err)
		}
		packed, err := exchange.Pack(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := exchange.Unpack[exchange.Batch](packed); (err == nil) != (held == nil) {
			t.Errorf("%d arrays in each other: the batch says %v, the journal %v", depth, err, held)
		}
	}
}

// goldenBatch has two events, one with everything.
func goldenBatch(t *testing.T) exchange.Batch {
	t.Helper()
	r := rand.New(rand.NewPCG(9, 10))
	head := newHead(r)
	events := morning(r, 2)
	events[1].Reason, events[1].Extra = "KTP tertinggal", map[uint64]cbor.RawMessage{40: {0x18, 0x2a}}
	b, err := exchange.NewBatch(head, chain(t, head, events), events[1].Occurred, agentKey())
	if err != nil {
		t.Fatal(err)
	}
	b.Version, b.Unsent, b.Now, b.Roster = "1.0.0", 7, events[1].Occurred+1, 4711
	return b
}

func TestTheBatchFormatNeverChanges(t *testing.T) {
	withDisk := goldenBatch(t)
	withDisk.Disk = &exchange.Disk{Free: 3_141_592_653, Total: 31_415_926_535}
	for file, want := range map[string]exchange.Batch{"batch.v1.hex": goldenBatch(t), "batch.v1.disk.hex": withDisk} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		packed, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := exchange.Unpack[exchange.Batch](packed)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s reads differently (-want +got):\n%s", file, d)
		}
		if _, _, err := got.Expand(public(agentKey())); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// A program of before knows two elements of an ended epoch, and takes no third.
func TestAnEndedEpochIsToldToOlderProgramsToo(t *testing.T) {
	said := []exchange.Past{{Epoch: models.Epoch{1}, Until: 7, Hash: models.Hash{2}}}
	var b exchange.Batch
	b.SetPast(said)
	raw, err := cbor.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var older struct {
		Past []struct {
			_     struct{} `cbor:",toarray"`
			Epoch models.Epoch
			Until uint64
		} `cbor:"14,keyasint"`
	}
	if err := cbor.Unmarshal(raw, &older); err != nil || len(older.Past) != 1 || older.Past[0].Until != 7 {
		t.Errorf("an older program reads %v, %v", older, err)
	}
	var now exchange.Batch
	if err := cbor.Unmarshal(raw, &now); err != nil || !slices.Equal(now.Ended(), said) {
		t.Errorf("it says %v, %v, want %v", now.Ended(), err, said)
	}
	now.PastHashes = nil // of an older program
	now.Past[0].Hash = models.Hash{}
	if got := now.Ended(); got[0].Until != 7 || !got[0].Hash.IsZero() {
		t.Errorf("of an older program: %v", got)
	}
}
