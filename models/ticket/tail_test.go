package ticket_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (v vector) ticket(t testing.TB) (ed25519.PrivateKey, ticket.Ticket) {
	t.Helper()
	key := keyOf(unhex(t, v.Seed)[0])
	if got := hex.EncodeToString(key.Seed()); got != v.Seed {
		t.Fatalf("seed %s, want %s", got, v.Seed)
	}
	tk := ticket.Ticket{Print: v.Print, Live: v.Live, ID: models.Ref(unhex(t, v.Ticket)), Class: models.Ref(unhex(t, v.Class)),
		ValidFrom: ticket.Day(v.ValidFrom), ValidUntil: ticket.Day(v.ValidUntil), Name: v.DisplayName}
	copy(tk.Key[:], unhex(t, v.Key))
	return key, tk
}

func TestATailSaysHowOldItIs(t *testing.T) {
	id := models.Ref{7}
	key := ticket.TailKey([]byte("class secret"), id)
	for _, c := range []struct {
		name       string
		drawn, now int64
		want       int
	}{
		{"drawn now", 55_189_560, 55_189_560, 0},
		{"one step old", 55_189_559, 55_189_560, -1},
		{"one step ahead", 55_189_561, 55_189_560, 1},
		{"ten minutes old", 55_189_540, 55_189_560, -20},
		{"old across the wrap of 16 bits", 1<<16 - 1, 1 << 16, -1},
		{"ahead across the wrap of 16 bits", 3 << 16, 3<<16 - 2, 2},
		{"as old as 16 bits can tell", 0, 1 << 15, -1 << 15},
		{"as far ahead as 16 bits can tell", 1<<15 - 1, 0, 1<<15 - 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := ticket.TailAt(key, id, c.drawn).Offset(key, id, c.now); !ok || got != c.want {
				t.Errorf("Offset = %d, %v, want %d", got, ok, c.want)
			}
		})
	}
}

func TestATailIsItsTicketsAndItsStepsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := models.Ref(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "id"))
		key := ticket.TailKey([]byte("class secret"), id)
		step := rapid.Int64Range(0, 1<<40).Draw(t, "step")
		tail := ticket.TailAt(key, id, step)
		if _, ok := tail.Offset(key, id, step); !ok {
			t.Fatal("its own tail isn't known")
		}
		other := id
		other[rapid.IntRange(0, 7).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, ok := tail.Offset(key, other, step); ok {
			t.Error("it passes for another ticket")
		}
		if _, ok := tail.Offset(ticket.TailKey([]byte("other secret"), id), id, step); ok {
			t.Error("it passes for another class")
		}
		later := tail
		later.Step++
		if _, ok := later.Offset(key, id, step); ok {
			t.Error("it passes for another step")
		}
		changed := tail
		changed.MAC[rapid.IntRange(0, 5).Draw(t, "MAC byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "MAC bit")
		if _, ok := changed.Offset(key, id, step); ok {
			t.Error("a changed MAC passes")
		}
	})
}

func TestALiveTicketReadsWithItsTail(t *testing.T) {
	text := sign(t, longest(), keyOf(1))
	want := ticket.TailAt([]byte("key"), longest().ID, 70_000)
	s, err := ticket.Parse(text + want.Text())
	if err != nil || s.Tail == nil || *s.Tail != want {
		t.Fatalf("tail %v, %v, want %v", s.Tail, err, want)
	}
	if err := ticket.NewKeys(public(keyOf(1))).Verify(s); err != nil {
		t.Error(err)
	}
}

func TestAStepIsThirtySeconds(t *testing.T) {
	for at, want := range map[models.Millis]int64{0: 0, 29_999: 0, 30_000: 1, 1_655_686_800_000: 55_189_560} {
		if got := ticket.StepAt(at); got != want {
			t.Errorf("StepAt(%d) = %d, want %d", at, got, want)
		}
	}
}

// The library switches to alphanumeric mode by itself; in byte mode neither
// text would fit.
func TestTheLongestTextsFitASmallCode(t *testing.T) {
	text := sign(t, longest(), keyOf(1))
	live := text + ticket.TailAt([]byte("key"), longest().ID, 1).Text()
	if len(text) != 178 || len(live) != 191 || ticket.MaxText != 191 {
		t.Errorf("%d characters in print, %d live, at most %d; want 178 and 191", len(text), len(live), ticket.MaxText)
	}
	if _, err := qrcode.NewWithForcedVersion(text, 7, qrcode.Medium); err != nil {
		t.Errorf("in print: %v", err)
	}
	if _, err := qrcode.NewWithForcedVersion(live, 7, qrcode.Low); err != nil {
		t.Errorf("live: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Text + v.Tail)
		f.Add("]q1" + v.Text + "\n")
	}
	keys, asTyped := ticket.NewKeys(public(keyOf(1))), strings.NewReplacer("O", "0", "I", "1", "L", "1")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ticket.Parse(text)
		if err != nil {
			if !errors.Is(err, ticket.ErrMalformed) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if err := keys.Verify(s); err != nil && !errors.Is(err, ticket.ErrBadSignature) && !errors.Is(err, ticket.ErrUnknownKey) {
			t.Errorf("%q: %v", text, err)
		}
		canonical := s.Text()
		if want := asTyped.Replace(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "]Q1")); canonical != want {
			t.Errorf("%q reads as %q, want %q", text, canonical, want)
		}
		again, err := ticket.Parse(canonical)
		if err != nil || again.Ticket != s.Ticket || again.Text() != canonical {
			t.Errorf("%q is %q, which reads as %+v, %v", text, canonical, again.Ticket, err)
		}
	})
}
