package journal_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

func TestAJournalGoesOnWithoutGapsOrForks(t *testing.T) {
	first := minimal()
	start := journal.Head{Agent: first.Agent, Epoch: first.Epoch}
	head, err := start.Follow(first, bytesOf(t, first))
	if err != nil || head.Seq != 1 || head.Hash != journal.HashOf(bytesOf(t, first)) {
		t.Fatalf("the first event: %+v, %v", head, err)
	}
	next := minimal()
	next.Seq, next.Prev = 2, head.Hash
	var gap *journal.GapError
	var fork *journal.ForkError
	for _, c := range []struct {
		name   string
		change func(e *journal.Event)
		is     func(err error) bool
	}{
		{"the next event", func(*journal.Event) {}, func(err error) bool { return err == nil }},
		{"an event missing", func(e *journal.Event) { e.Seq = 3 },
			func(err error) bool {
				return errors.As(err, &gap) && *gap == journal.GapError{Agent: next.Agent, Want: 2, Got: 3}
			}},
		{"the same event again", func(e *journal.Event) { e.Seq = 1 }, func(err error) bool { return errors.As(err, &gap) && gap.Got == 1 }},
		{"another past", func(e *journal.Event) { e.Prev[0] ^= 1 },
			func(err error) bool {
				return errors.As(err, &fork) && *fork == journal.ForkError{Agent: next.Agent, Seq: 2}
			}},
		{"no past", func(e *journal.Event) { e.Prev = models.Hash{} }, func(err error) bool { return errors.As(err, &fork) }},
		{"another agent's", func(e *journal.Event) { e.Agent = uuid.UUID{9} }, func(err error) bool { return errors.Is(err, journal.ErrEvent) }},
		{"another epoch's", func(e *journal.Event) { e.Epoch[0]++ }, func(err error) bool { return errors.Is(err, journal.ErrEvent) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := next
			c.change(&e)
			got, err := head.Follow(e, bytesOf(t, e))
			if !c.is(err) {
				t.Errorf("Follow: %v", err)
			}
			if err != nil && (got != head || !strings.Contains(err.Error(), "journal")) {
				t.Errorf("after %v the head is %+v, want %+v", err, got, head)
			}
		})
	}
}

func TestAChainShowsEveryChangeOfItsPast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 10).Draw(t, "events")
		changed := rapid.IntRange(0, n-2).Draw(t, "changed")
		head := journal.Head{Agent: uuid.UUID{1}, Epoch: models.Epoch{2}}
		var events []journal.Event
		for i := range n {
			e := minimal()
			e.Seq, e.Prev, e.Occurred = head.Seq+1, head.Hash, models.Millis(i)
			b, err := e.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if head, err = head.Follow(e, b); err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
		events[changed].Occurred += models.Millis(rapid.Int64Range(1, 1e9).Draw(t, "by"))
		at := journal.Head{Agent: head.Agent, Epoch: head.Epoch}
		for i, e := range events {
			b, err := e.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			next, err := at.Follow(e, b)
			var fork *journal.ForkError
			if i <= changed && err != nil || i == changed+1 && !errors.As(err, &fork) {
				t.Fatalf("event %d of %d, %d changed: %v", i, n, changed, err)
			}
			if err != nil {
				return
			}
			at = next
		}
	})
}

func agentKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed([]byte(strings.Repeat("a", 32))) }

func statement() journal.Statement {
	return journal.Statement{Head: journal.Head{Agent: full().Agent, Epoch: full().Epoch, Seq: 12, Hash: models.Hash{1, 2}}, AsOf: 1_655_686_800_000}
}

func TestAStatementIsTheAgentsAndOfItsHeadAlone(t *testing.T) {
	key := agentKey()
	pub := ed25519.PublicKey(key[32:])
	signature := statement().Sign(key)
	if got, want := hex.EncodeToString(signature), golden(t)["statement, signature"]; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if err := statement().Verify(pub, signature); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		name   string
		change func(s *journal.Statement)
	}{
		{"another agent", func(s *journal.Statement) { s.Agent[0]++ }},
		{"another epoch", func(s *journal.Statement) { s.Epoch[0]++ }},
		{"another number", func(s *journal.Statement) { s.Seq++ }},
		{"another hash", func(s *journal.Statement) { s.Hash[31]++ }},
		{"another time", func(s *journal.Statement) { s.AsOf++ }},
		{"a digit moved from one number to the other", func(s *journal.Statement) { s.Seq, s.AsOf = 121, 655_686_800_000 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := statement()
			c.change(&s)
			if err := s.Verify(pub, signature); !errors.Is(err, journal.ErrStatement) {
				t.Errorf("Verify: %v, want ErrStatement", err)
			}
		})
	}
	if err := statement().Verify(nil, signature); !errors.Is(err, journal.ErrStatement) {
		t.Errorf("with no key: %v", err)
	}
}

// noteKeys are the server's keys for notes, from a fixed seed.
func noteKeys(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(strings.NewReader(strings.Repeat("s", 64)), "server.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func TestAReceiptIsTheServersWordForAHead(t *testing.T) {
	signer, verifier := noteKeys(t)
	want := journal.Receipt{Head: statement().Head, At: 1_655_686_801_234}
	signed, err := want.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	if string(signed) != golden(t)["receipt"] {
		t.Errorf("the note is\n%s\nwant\n%s", signed, golden(t)["receipt"])
	}
	if got, err := journal.OpenReceipt(signed, verifier); err != nil || got != want {
		t.Errorf("opened as %+v, %v, want %+v", got, err, want)
	}
	for i := range signed {
		changed := append([]byte(nil), signed...)
		changed[i] ^= 1
		if got, err := journal.OpenReceipt(changed, verifier); err == nil && got != want {
			t.Errorf("byte %d may be changed: %q", i, changed)
		}
	}
}

func TestWhatIsNoReceipt(t *testing.T) {
	signer, verifier := noteKeys(t)
	good := []string{"bukti-hadir/receipt/1", full().Agent.String(), full().Epoch.String(), "12",
		"AQIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "5"}
	line := func(i int, text string) string {
		lines := append([]string(nil), good...)
		lines[i] = text
		return strings.Join(lines, "\n") + "\n"
	}
	for _, c := range []struct{ name, text string }{
		{"a note about something else", line(0, "bukti-hadir/tree/1")},
		{"no agent", line(1, "nobody")},
		{"half an epoch", line(2, "e1e1")},
		{"an epoch that is no hex", line(2, strings.Repeat("x", 32))},
		{"a negative number", line(3, "-1")},
		{"a hash cut off", line(4, "AQI=")},
		{"a hash that is no Base64", line(4, "!")},
		{"no time", line(5, "")},
		{"a line too many", line(5, "5\n6")},
		{"a line too few", strings.Join(good[:5], "\n") + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			signed, err := note.Sign(&note.Note{Text: c.text}, signer)
			if err != nil {
				t.Fatal(err)
			}
			if r, err := journal.OpenReceipt(signed, verifier); !errors.Is(err, journal.ErrReceipt) {
				t.Errorf("opened as %+v, %v", r, err)
			}
		})
	}
	signed, err := note.Sign(&note.Note{Text: line(3, "12")}, signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.OpenReceipt(signed, verifier); err != nil {
		t.Errorf("the good one: %v", err)
	}
	for _, page := range []string{"", "<html>Login</html>", fmt.Sprintf("%s\n", line(3, "12"))} {
		if _, err := journal.OpenReceipt([]byte(page), verifier); !errors.Is(err, journal.ErrReceipt) {
			t.Errorf("%q: %v", page, err)
		}
	}
}
