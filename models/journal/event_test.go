package journal_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"math"
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
	"buktihadir/models/journal"
)

func minimal() journal.Event {
	return journal.Event{Format: 1, Agent: uuid.UUID{1}, Epoch: models.Epoch{2}, Seq: 1, Occurred: 3, Wall: 4, Kind: models.EventNote}
}

func full() journal.Event {
	id := func(b byte) (u uuid.UUID) {
		for i := range u {
			u[i] = b
		}
		return u
	}
	return journal.Event{
		Format: 1, Agent: id(0xa1), Epoch: models.Epoch(id(0xe1)), Seq: 70_000, Prev: models.Hash{31: 0xff},
		Occurred: 1_655_686_800_000, Wall: 1_655_686_799_999, Boot: id(0xb1), Mono: 3_600_000, Confidence: models.ConfidenceBounded,
		Kind: models.EventOverride, Verdict: models.VerdictAcceptedIn, Method: models.MethodCamera,
		Class: id(0xc1), Session: id(0x51), Enrollment: id(0xe2), Ticket: models.Ref{1, 2, 3, 4, 5, 6, 7, 8},
		Desk: "Meja 1", Staff: id(0x57), Reason: "KTP tertinggal, dikenal pelatih", Target: 69_999, Spot: models.SpotPassed,
		RosterRev: 4711, RosterAge: -5, Raw: []byte{0, 0xff}, Overrules: models.VerdictStaleCode, Bounds: journal.StaleTail,
	}
}

// withUnknown is an event of a newer agent, one of whose values is not in its
// shortest form: it stays as it came.
func withUnknown() journal.Event {
	e := minimal()
	e.Format = 2
	e.Extra = map[uint64]cbor.RawMessage{27: {0xf6}, 300: {0xa1, 0x61, 'a', 0x18, 0x01}}
	return e
}

// held is an event that an offline phone recorded an hour before it met its agent again.
func held() journal.Event {
	e := full()
	e.Kind, e.Target, e.Overrules, e.Raw = models.EventIn, 0, "", nil
	e.Happened, e.Phone, e.Doubt = e.Occurred-3_600_000, uuid.UUID{0xf0, 15: 0x0f}, journal.DoubtClock
	e.Age, e.Other = 3_600_000, models.VerdictRevoked
	return e
}

// noted says that a person is ill, and by which document.
func noted() journal.Event {
	e := minimal()
	e.Noted, e.Attached = models.StatusSick, models.Hash{0xaa, 31: 0xbb}
	return e
}

// keyedIn is a row of a sheet, an hour later.
func keyedIn() journal.Event {
	e := full()
	e.Kind, e.Method, e.Target, e.Overrules, e.Raw = models.EventManual, models.MethodPaper, 0, "", nil
	e.Written = e.Occurred - 3_600_000
	return e
}

func bytesOf(t testing.TB, e journal.Event) []byte {
	t.Helper()
	b, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// golden is the contract of the event's bytes.
func golden(t testing.TB) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "journal.v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var g map[string]string
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTheEventFormatNeverChanges(t *testing.T) {
	for name, e := range map[string]journal.Event{
		"minimal event": minimal(), "full event": full(), "event with unknown keys": withUnknown(), "event that a phone held": held(),
		"note with evidence": noted(), "row of a sheet": keyedIn()} {
		t.Run(name, func(t *testing.T) {
			want := golden(t)[name]
			if got := hex.EncodeToString(bytesOf(t, e)); got != want {
				t.Errorf("bytes %s, want %s", got, want)
			}
			raw, err := hex.DecodeString(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := journal.Decode(raw)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(e, got); d != "" {
				t.Errorf("reads differently (-want +got):\n%s", d)
			}
			if got := journal.HashOf(raw).String(); got != golden(t)[name+", hash"] {
				t.Errorf("hash %s, want %s", got, golden(t)[name+", hash"])
			}
		})
	}
}

// A field with no value has no bytes: an event says only what is known.
func TestAMinimalEventHasOnlyWhatItNeeds(t *testing.T) {
	var m map[uint64]cbor.RawMessage
	if err := cbor.Unmarshal(bytesOf(t, minimal()), &m); err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(m)), []uint64{0, 1, 2, 3, 5, 6, 10}; !slices.Equal(got, want) {
		t.Errorf("keys %v, want %v", got, want)
	}
	e := minimal()
	e.Raw, e.Extra = []byte{}, map[uint64]cbor.RawMessage{}
	if string(bytesOf(t, e)) != string(bytesOf(t, minimal())) {
		t.Error("an empty code makes other bytes than none")
	}
}

func TestWhatIsNoEventHasNoBytes(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(e *journal.Event)
	}{
		{"no format", func(e *journal.Event) { e.Format = 0 }},
		{"no agent", func(e *journal.Event) { e.Agent = uuid.Nil }},
		{"no number", func(e *journal.Event) { e.Seq = 0 }},
		{"no kind", func(e *journal.Event) { e.Kind = "" }},
		{"a code longer than 256 bytes", func(e *journal.Event) { e.Raw = make([]byte, journal.MaxRaw+1) }},
		{"a reason too long", func(e *journal.Event) { e.Reason = strings.Repeat("x", journal.MaxText+1) }},
		{"a desk's name too long", func(e *journal.Event) { e.Desk = strings.Repeat("x", journal.MaxText+1) }},
		{"a name that is not UTF-8 is not read back", func(e *journal.Event) { e.Desk = "\xff" }},
		{"an unknown key that has a meaning", func(e *journal.Event) { e.Extra = map[uint64]cbor.RawMessage{26: {1}} }},
		{"an unknown key too large for a decoder", func(e *journal.Event) { e.Extra = map[uint64]cbor.RawMessage{1 << 63: {1}} }},
		{"more than an event may hold", func(e *journal.Event) {
			e.Extra = map[uint64]cbor.RawMessage{99: append([]byte{0x59, 0x10, 0x00}, make([]byte, journal.MaxEvent)...)}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := full()
			c.change(&e)
			b, err := e.Bytes()
			if err == nil {
				_, err = journal.Decode(b)
			}
			if !errors.Is(err, journal.ErrEvent) {
				t.Errorf("%v, want ErrEvent", err)
			}
		})
	}
	longest := full()
	longest.Raw, longest.Reason, longest.Desk = make([]byte, journal.MaxRaw), strings.Repeat("x", journal.MaxText), strings.Repeat("y", journal.MaxText)
	if _, err := journal.Decode(bytesOf(t, longest)); err != nil {
		t.Errorf("as long as it may be: %v", err)
	}
}

// The same event never has two hashes: each other encoding is refused.
func TestOnlyTheDeterministicEncodingIsAnEvent(t *testing.T) {
	good := hex.EncodeToString(bytesOf(t, minimal()))
	agent, epoch := "0150"+"01"+strings.Repeat("00", 15), "0250"+"02"+strings.Repeat("00", 15)
	if want := "a70001" + agent + epoch + "03010503060" + "40a646e6f7465"; good != want {
		t.Fatalf("the minimal event is %s, want %s", good, want)
	}
	body := strings.TrimPrefix(good, "a7")
	for _, c := range []struct{ name, hex string }{
		{"nothing", ""},
		{"not a map", "80"},
		{"an empty map", "a0"},
		{"two keys changed places", "a7" + agent + "0001" + strings.TrimPrefix(body, "0001"+agent)},
		{"an integer not in its shortest form", strings.Replace(good, "0301", "031801", 1)},
		{"a key not in its shortest form", strings.Replace(good, "0301", "180301", 1)},
		{"a length not in its shortest form", strings.Replace(good, "0a646e6f7465", "0a78046e6f7465", 1)},
		{"a map's size not in its shortest form", "b807" + body},
		{"a key twice", "a80001" + body},
		{"a key twice, the second unknown", "a9" + body + "181b01181b02"},
		{"a map of indefinite length", "bf" + body + "ff"},
		{"a text of indefinite length", strings.Replace(good, "646e6f7465", "7f646e6f7465ff", 1)},
		{"bytes after the end", good + "00"},
		{"cut off", good[:len(good)-2]},
		{"a zero field written down", "a8" + strings.Replace(body, "0a646e6f7465", "0800"+"0a646e6f7465", 1)},
		{"an empty code written down", "a8" + body + "181840"},
		{"a null", "a8" + body + "1818f6"},
		{"a key that is a text", "a8" + body + "616101"},
		{"a negative key", "a8" + body + "2001"},
		{"a tag", strings.Replace(good, "0301", "03c001", 1)},
		{"a float for an integer", strings.Replace(good, "0301", "03f93c00", 1)},
		{"an agent of 15 bytes", strings.Replace(good, agent, "014f01"+strings.Repeat("00", 14), 1)},
		{"an epoch of 15 bytes", strings.Replace(good, epoch, "024f02"+strings.Repeat("00", 14), 1)},
		{"an epoch of 17 bytes", strings.Replace(good, epoch, "025102"+strings.Repeat("00", 16), 1)},
		{"an unknown value of indefinite length", "a8" + body + "181b9f01ff"},
		{"too long", good + strings.Repeat("00", journal.MaxEvent)},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, err := hex.DecodeString(c.hex)
			if err != nil {
				t.Fatal(err)
			}
			if c.hex == good {
				t.Fatal("the case changes nothing")
			}
			if e, err := journal.Decode(raw); !errors.Is(err, journal.ErrEvent) {
				t.Errorf("Decode = %+v, %v, want ErrEvent", e, err)
			}
		})
	}
}

func TestAnEventsBytesReadBackToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := full()
		e.Seq = rapid.Uint64Min(1).Draw(t, "seq")
		e.Occurred, e.Wall = models.Millis(rapid.Int64().Draw(t, "occurred")), models.Millis(rapid.Int64().Draw(t, "wall"))
		e.Mono, e.RosterAge = rapid.Int64().Draw(t, "mono"), rapid.Int64().Draw(t, "age")
		e.Reason = rapid.StringN(0, 60, journal.MaxText).Draw(t, "reason")
		if rapid.Bool().Draw(t, "late") {
			e.TargetEpoch, e.Server, e.Confirmed = models.Epoch{9}, models.Millis(rapid.Int64().Draw(t, "server")), 5
		}
		if rapid.Bool().Draw(t, "held") {
			e.Happened, e.Phone = models.Millis(rapid.Int64().Draw(t, "happened")), uuid.UUID{8}
			e.Doubt = journal.Doubt(rapid.Uint8().Draw(t, "doubt"))
			e.Age, e.Other = rapid.Int64().Draw(t, "held for"), rapid.SampledFrom(models.Verdicts()).Draw(t, "other")
		}
		if rapid.Bool().Draw(t, "attached") {
			e.Attached, e.Noted, e.Written = models.Hash{7}, models.StatusExcused, models.Millis(rapid.Int64().Draw(t, "written"))
		}
		e.Raw = rapid.SliceOfN(rapid.Byte(), 1, journal.MaxRaw).Draw(t, "raw")
		e.Verdict = rapid.SampledFrom(models.Verdicts()).Draw(t, "verdict")
		values := rapid.SampledFrom([]cbor.RawMessage{{0}, {0xf6}, {0x18, 1}, {0x41, 0xff}, {0x82, 1, 0xa0}, {0xfb, 0, 0, 0, 0, 0, 0, 0, 0}})
		if extra := rapid.MapOfN(rapid.Uint64Range(47, math.MaxInt64), values, 0, 400).Draw(t, "extra"); len(extra) > 0 {
			e.Extra = extra
		}
		b, err := e.Bytes()
		if err != nil {
			if len(e.Extra) < 200 {
				t.Fatal(err)
			}
			t.Skip("too long")
		}
		got, err := journal.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(e, got); d != "" {
			t.Fatalf("reads differently (-want +got):\n%s", d)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, e := range []journal.Event{minimal(), full(), withUnknown(), noted(), keyedIn()} {
		f.Add(bytesOf(f, e))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := journal.Decode(b)
		if err != nil {
			if !errors.Is(err, journal.ErrEvent) {
				t.Errorf("%x: %v", b, err)
			}
			return
		}
		again, err := e.Bytes()
		if err != nil || string(again) != string(b) {
			t.Errorf("%x is encoded as %x, %v", b, again, err)
		}
	})
}
