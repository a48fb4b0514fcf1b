package exchange_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

func compress(t testing.TB, raw []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(raw, nil)
}

// stream compresses without saying the size in the frame's header.
func stream(t testing.TB, chunk []byte, times int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	for range times {
		if _, err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAMessageThatGrowsTooLargeIsRefusedInLittleMemory(t *testing.T) {
	mebi := make([]byte, 1<<20)
	for _, c := range []struct {
		name  string
		input []byte
	}{
		{"a frame that says 256 MiB", compress(t, make([]byte, 256<<20))},
		{"a stream that doesn't say its 256 MiB", stream(t, mebi, 256)},
		{"many small frames, 256 MiB in all", bytes.Repeat(compress(t, mebi), 256)},
		{"a frame one byte too large", compress(t, make([]byte, exchange.MaxMessage+1))},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := exchange.Unpack[exchange.Batch](c.input)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, exchange.ErrMessage) {
				t.Errorf("%d bytes: %v, want ErrMessage", len(c.input), err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 6*exchange.MaxMessage {
				t.Errorf("%d bytes took %d bytes of memory", len(c.input), used)
			}
		})
	}
}

func TestManyTinyRowsDontFillMemory(t *testing.T) {
	const rows = 300_000
	row := append([]byte{0x98, 24}, make([]byte, 24)...)
	raw := append([]byte{0xa1, 0x05, 0x9a, 0, byte(rows >> 16), byte(rows >> 8 & 0xff), byte(rows & 0xff)}, bytes.Repeat(row, rows)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := exchange.Unpack[exchange.Batch](compress(t, raw))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("%d rows: %v, want ErrMessage", rows, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 8*exchange.MaxMessage {
		t.Errorf("%d rows took %d bytes of memory", rows, used)
	}
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
	}{
		{"nothing", nil},
		{"a captive portal's page", []byte("<html><title>Login Wi-Fi</title>")},
		{"CBOR that was not compressed", []byte{0xa1, 0x00, 0x01}},
		{"compressed nothing", compress(t, nil)},
		{"compressed text", compress(t, []byte("hello"))},
		{"two maps", compress(t, []byte{0xa0, 0xa0})},
		{"a key twice", compress(t, []byte{0xa2, 0x00, 0x01, 0x00, 0x02})},
		{"a map of unknown length", compress(t, []byte{0xbf, 0x00, 0x01, 0xff})},
		{"a tag", compress(t, []byte{0xa1, 0x08, 0xc1, 0x00})},
		{"text that is not UTF-8", compress(t, []byte{0xa1, 0x08, 0x61, 0xff})},
		{"arrays in arrays without end", compress(t, bytes.Repeat([]byte{0x81}, 100_000))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if m, err := exchange.Unpack[exchange.Batch](c.b); !errors.Is(err, exchange.ErrMessage) {
				t.Errorf("Unpack = %+v, %v, want ErrMessage", m, err)
			}
		})
	}
	if _, err := exchange.ReadMessage[exchange.Batch](strings.NewReader(strings.Repeat("x", exchange.MaxMessage+10))); !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("ReadMessage of too much: %v", err)
	}
}

func TestEveryMessageArrivesAsItWasSent(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	site := exchange.Site{ID: randomID(r, 0), Code: "JKT-01", Name: "BLK Jakarta", Zone: models.ZoneWIB}
	arrives(t, exchange.EnrolRequest{Protocol: 1, Code: "ABCD-EFGH", PublicKey: []byte{1}, Version: "1", Epoch: models.Epoch{9}})
	arrives(t, exchange.EnrolAnswer{Protocol: 1, Agent: randomID(r, 0), Name: "n", Token: "t", ServerKey: "k", Site: site, Now: 5})
	arrives(t, goldenBatch(t))
	arrives(t, exchange.PushAnswer{Protocol: 1, Seq: 3, Receipt: []byte("note"), Conflict: exchange.ConflictGap, Now: 9, Revoked: true,
		Quarantined: []exchange.Quarantined{{Seq: 2, Reason: "session"}}})
	arrives(t, exchange.OthersAsk{Protocol: 1, Agent: randomID(r, 0), Known: []exchange.Known{{Agent: randomID(r, 0), Epoch: models.Epoch{3}, Seq: 7}}})
	arrives(t, exchange.OthersAnswer{Protocol: 1, Now: 9, More: true, Heard: []exchange.Heard{{Agent: randomID(r, 0), At: 8}},
		Tails: []exchange.Tail{{Agent: randomID(r, 0), Epoch: models.Epoch{3}, Seq: 9, Marks: []exchange.Mark{
			{Seq: 8, Out: true, At: 7, Session: []byte{1}, Enrollment: []byte{2}, Ticket: []byte{3}, Desk: "Meja 1"}, {Seq: 9, Voids: 8, VoidsIn: []byte{4}}}}}})
	arrives(t, exchange.TailAsk{Protocol: 1, Port: 8443, Known: []exchange.KnownHead{{Epoch: models.Epoch{3}, Seq: 7, Hash: models.Hash{8}}}})
	arrives(t, exchange.RosterPage{Protocol: 1, Scope: []byte{1}, From: 1, To: 2, Latest: 3, Items: participants(t, r, 3),
		Digest: &exchange.Digest{Count: 3, Sum: models.Hash{4}}, Reset: true, Now: 6, Revoked: true})
}

func arrives[M exchange.Message](t *testing.T, m M) {
	t.Helper()
	packed, err := exchange.Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := exchange.ReadMessage[M](bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, got); d != "" {
		t.Errorf("%T arrived differently (-sent +got):\n%s", m, d)
	}
}

func TestEveryItemCarriesItsBody(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	class := randomID(r, 0)
	carries(t, exchange.KindSite, exchange.Site{ID: class, Code: "c", Name: "n", Zone: models.ZoneWIT})
	carries(t, exchange.KindKey, exchange.TicketKey{Public: []byte{1, 2}})
	carries(t, exchange.KindClass, exchange.Class{Ref: models.Ref{1}, Code: "c", Course: "k", Provider: "p", Phase: models.PhaseRunning,
		Policy: models.DefaultPolicy(), Secret: []byte{3}})
	carries(t, exchange.KindSession, exchange.Session{Class: class, Seq: 2, Start: 5, End: 6, Room: "r", Cancelled: true})
	carries(t, exchange.KindEnrollment, exchange.Enrollment{Class: class, Role: models.PersonInstructor, Name: "n", Number: "1", NIK4: "0012"})
	carries(t, exchange.KindRevocation, exchange.Revocation{Class: class, At: 7, Enrollment: class})
	carries(t, exchange.KindElsewhere, exchange.Elsewhere{Class: uuid.New(), Seq: 2, Start: 1, End: 2, Cancelled: true, Site: "Balai", Room: "R1"})
	carries(t, exchange.KindOfficer, exchange.Officer{Name: "o", PINHash: "$argon2id$", Supervisor: true})
	carries(t, exchange.KindAgent, exchange.Agent{Name: "Pintu timur", Public: []byte{1, 2}})
	carries(t, exchange.KindRhythm, exchange.Rhythm{Rhythm: models.RhythmWeekly})
	if _, err := exchange.BodyOf[exchange.Site](exchange.Item{Kind: exchange.KindSite}); !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("a tombstone has no body: %v", err)
	}
}

func carries[B exchange.Body](t *testing.T, kind exchange.ItemKind, body B) {
	t.Helper()
	it, err := exchange.NewItem(kind, []byte{1}, body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := exchange.BodyOf[B](it)
	if err != nil || it.Gone() || !(exchange.Item{Kind: kind, Key: it.Key}).Gone() {
		t.Fatalf("%T: gone is %v, %v", body, it.Gone(), err)
	}
	if d := cmp.Diff(body, got); d != "" {
		t.Errorf("%T differs (-want +got):\n%s", body, d)
	}
}

func TestADigestKnowsTheItemsAndNotTheirHistory(t *testing.T) {
	item := rapid.Custom(func(t *rapid.T) exchange.Item {
		id := uuid.UUID{rapid.Byte().Draw(t, "key")}
		return exchange.Item{Kind: exchange.ItemKind(rapid.Uint8Range(1, 8).Draw(t, "kind")), Key: id[:rapid.IntRange(1, 16).Draw(t, "length")],
			Body: rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, "body")}
	})
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfNDistinct(item, 1, 20, func(it exchange.Item) string { return string(it.Key) + string(rune(it.Kind)) }).Draw(t, "items")
		var want, other exchange.Digest
		for _, it := range items {
			want.Add(it)
		}
		passing := rapid.Permutation(items).Draw(t, "order")
		gone := item.Draw(t, "gone again")
		other.Add(gone)
		for _, it := range passing {
			other.Add(it)
		}
		if want == other {
			t.Fatalf("one more item isn't noticed: %+v", gone)
		}
		other.Remove(gone)
		if want != other {
			t.Fatalf("%+v, want %+v", other, want)
		}
		changed := slices.Clone(passing)[0]
		other.Remove(changed)
		changed.Body = append(slices.Clone(changed.Body), 0)
		if other.Add(changed); want == other || want.Count != other.Count {
			t.Fatalf("a changed body isn't noticed: %+v", changed)
		}
	})
}

func TestAnAnnouncementIsItsAgents(t *testing.T) {
	agent, key := uuid.UUID{7}, agentKey()
	keyOf := func(id uuid.UUID) ed25519.PublicKey {
		if id == agent {
			return public(key)
		}
		return nil
	}
	good := exchange.Announcement{Agent: agent, Port: 8443}.Sign(key)
	if a, err := exchange.OpenAnnouncement(good, keyOf); err != nil || a.Agent != agent || a.Port != 8443 || len(good) != exchange.AnnouncementSize {
		t.Errorf("%+v, %v", a, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := slices.Clone(good)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= byte(1) << rapid.IntRange(0, 7).Draw(t, "bit")
		if a, err := exchange.OpenAnnouncement(b, keyOf); !errors.Is(err, exchange.ErrAnnouncement) {
			t.Fatalf("a flipped bit is believed: %+v, %v", a, err)
		}
	})
}
