package receipt

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

var secret = []byte("a class's secret of thirty-two b")

// The same words at the same minute are the same receipt for ever: paper lasts.
func TestCodeStays(t *testing.T) {
	who := uuid.MustParse("018f2f6e-0000-7000-8000-00000000002a")
	key := KeyOf(secret)
	for want, s := range map[Code]Says{
		"HM1NDXP8": {OfPerson(who), models.DirectionIn, 1_655_686_800_000},
		"DBV5DSFB": {OfPerson(who), models.DirectionOut, 1_655_686_859_999},
		"81VJE3T9": {OfTicket(models.Ref{1, 2, 3, 4, 5, 6, 7, 8}), models.DirectionIn, 1_655_686_800_000},
	} {
		if got := key.Of(s); got != want {
			t.Errorf("%v: %s, want %s", s, got, want)
		}
	}
}

func TestEventsThatRecordNothingHaveNoReceipt(t *testing.T) {
	e := journal.Event{Kind: models.EventIn, Verdict: models.VerdictAcceptedIn, Enrollment: uuid.New(), Occurred: 1_655_686_800_123}
	if got := OfEvent(secret, e); got == "" {
		t.Fatal("a check-in has no receipt")
	}
	for name, change := range map[string]func(*journal.Event){
		"refused": func(e *journal.Event) { e.Kind, e.Verdict = models.EventRefused, models.VerdictTooEarly },
		"again":   func(e *journal.Event) { e.Kind, e.Verdict = models.EventRefused, models.VerdictAlreadyIn },
		"undone":  func(e *journal.Event) { e.Kind, e.Verdict = models.EventVoid, "" },
	} {
		other := e
		change(&other)
		if got := OfEvent(secret, other); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func drawSays(t *rapid.T) Says {
	s := Says{OfPerson(uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "person"))), models.DirectionIn,
		models.Millis(rapid.Int64Range(0, 4e12).Draw(t, "at"))}
	if rapid.Bool().Draw(t, "out") {
		s.Direction = models.DirectionOut
	}
	return s
}

// People write letters for digits, in small letters and in groups; a wrong character and two
// in the wrong order are noticed.
func TestTyping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := KeyOf(secret).Of(drawSays(t))
		spoken := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(code.String()))
		for _, text := range []string{string(code), code.String(), " " + spoken + " ", "https://hadir.example.id/t/r#" + code.String()} {
			if got, err := Parse(text); err != nil || got != code {
				t.Fatalf("%q: %s, %v, want %s", text, got, err, code)
			}
		}
		b := []byte(code)
		at := rapid.IntRange(0, len(b)-1).Draw(t, "place")
		b[at] = models.CodeAlphabet[(strings.IndexByte(models.CodeAlphabet, b[at])+rapid.IntRange(1, 31).Draw(t, "by"))%32]
		if got, err := Parse(string(b)); !errors.Is(err, ErrMistyped) {
			t.Fatalf("%s for %s: %s, %v", b, code, got, err)
		}
		b = []byte(code)
		at = rapid.IntRange(0, len(b)-2).Draw(t, "pair")
		b[at], b[at+1] = b[at+1], b[at]
		if got, err := Parse(string(b)); err == nil && got != code {
			t.Fatalf("%s for %s", got, code)
		}
	})
}

// What a receipt says is found by whoever has the class's secret, and by nobody else.
func TestFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := drawSays(t)
		code := KeyOf(secret).Of(said)
		near := []Span{{said.At.Add(-0), said.At + minute}, {said.At - 5*minute, said.At + 5*minute}}[rapid.IntRange(0, 1).Draw(t, "span")]
		others := []Whose{OfPerson(uuid.New()), said.Whose}
		got, ok := KeyOf(secret).Find(code, others, []Span{near})
		if !ok || got.Whose != said.Whose || got.Direction != said.Direction || got.At != said.At-said.At%minute {
			t.Fatalf("%s: %v, %v, want %v", code, got, ok, said)
		}
		if got, ok := KeyOf([]byte("the secret of another class")).Find(code, others, []Span{near}); ok {
			t.Fatalf("found with another secret: %v", got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("K7PM-3X2Q")
	f.Add("https://hadir.example.id/t/r#00000000")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(code.String()); err != nil || again != code {
			t.Fatalf("%q is %s, which is %s: %v", text, code, again, err)
		}
	})
}

// BenchmarkFind is the longest search that a wrong code can ask for: two months of one person with two tickets.
func BenchmarkFind(b *testing.B) {
	key, whose := KeyOf(secret), []Whose{OfPerson(uuid.New()), OfTicket(models.Ref{1}), OfTicket(models.Ref{2})}
	for b.Loop() {
		key.Find("00000000", whose, []Span{{0, 60 * 24 * 60 * minute}})
	}
}
