package ticket_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

func keyOf(seed byte) ed25519.PrivateKey {
	s := make([]byte, ed25519.SeedSize)
	s[0] = seed
	return ed25519.NewKeyFromSeed(s)
}

func public(key ed25519.PrivateKey) ed25519.PublicKey {
	return ed25519.PublicKey(key[ed25519.SeedSize:])
}

// longest is a ticket with the longest name there is.
func longest() ticket.Ticket {
	return ticket.Ticket{Live: true, ID: models.Ref{1, 2, 3}, Class: models.Ref{4, 5, 6},
		ValidFrom: 19163, ValidUntil: 19170, Name: strings.Repeat("W", ticket.MaxName)}
}

func sign(t testing.TB, tk ticket.Ticket, key ed25519.PrivateKey) string {
	t.Helper()
	text, err := ticket.Sign(tk, key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// vector is one line of the format's contract: a second implementation that
// agrees with all of them reads and writes our tickets.
type vector struct {
	Name        string `json:"name"`
	Seed        string `json:"seed"` // of the signing key, hex
	Key         string `json:"key"`
	Print       bool   `json:"print"`
	Live        bool   `json:"live"`
	Ticket      string `json:"ticket"`
	Class       string `json:"class"`
	ValidFrom   uint16 `json:"valid_from"`
	ValidUntil  uint16 `json:"valid_until"`
	DisplayName string `json:"display_name"`
	Text        string `json:"text"`
	ClassSecret string `json:"class_secret"` // hex; empty for no tail
	Step        int64  `json:"step"`
	Tail        string `json:"tail"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "tickets.v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(b, &vs); err != nil || len(vs) == 0 {
		t.Fatalf("%d vectors, %v", len(vs), err)
	}
	return vs
}

func TestTheTicketFormatNeverChanges(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			key, tk := v.ticket(t)
			if got := sign(t, tk, key); got != v.Text {
				t.Errorf("signed as %s, want %s", got, v.Text)
			}
			if v.ClassSecret != "" {
				tail := ticket.TailAt(ticket.TailKey(unhex(t, v.ClassSecret), tk.ID), tk.ID, v.Step)
				if tail.Text() != v.Tail {
					t.Errorf("tail at step %d is %s, want %s", v.Step, tail.Text(), v.Tail)
				}
			}
			s, err := ticket.Parse(v.Text + v.Tail)
			if err != nil || s.Ticket != tk || (s.Tail != nil) != (v.Tail != "") {
				t.Errorf("read as %+v, tail %v, %v; want %+v", s.Ticket, s.Tail, err, tk)
			}
			if err := ticket.NewKeys(public(key)).Verify(s); err != nil {
				t.Error(err)
			}
		})
	}
}

func drawTicket(t *rapid.T) ticket.Ticket {
	var tk ticket.Ticket
	id := rapid.SliceOfN(rapid.Byte(), 8, 8).Filter(func(b []byte) bool { return models.Ref(b) != models.Ref{} })
	tk.ID, tk.Class = models.Ref(id.Draw(t, "id")), models.Ref(id.Draw(t, "class"))
	tk.Print, tk.Live = rapid.Bool().Draw(t, "print"), rapid.Bool().Draw(t, "live")
	tk.ValidFrom = ticket.Day(rapid.Uint16().Draw(t, "from"))
	tk.ValidUntil = ticket.Day(rapid.Uint16Range(uint16(tk.ValidFrom), 1<<16-1).Draw(t, "until"))
	tk.Name = rapid.String().Draw(t, "name")
	return tk
}

func TestASignedTicketReadsBackAndVerifies(t *testing.T) {
	old, now := keyOf(1), keyOf(2)
	keys := ticket.NewKeys(public(old), public(now))
	rapid.Check(t, func(t *rapid.T) {
		want := drawTicket(t)
		key := rapid.SampledFrom([]ed25519.PrivateKey{old, now}).Draw(t, "key")
		text, err := ticket.Sign(want, key)
		if err != nil {
			t.Fatal(err)
		}
		want.Key, want.Name = ticket.KeyIDOf(public(key)), ticket.ShortName(want.Name)
		got, err := ticket.Parse(text)
		if err != nil || got.Ticket != want || got.Tail != nil {
			t.Fatalf("%s reads as %+v, %v; want %+v", text, got.Ticket, err, want)
		}
		if err := keys.Verify(got); err != nil {
			t.Fatal(err)
		}
		if err := ticket.NewKeys(public(keyOf(3))).Verify(got); !errors.Is(err, ticket.ErrUnknownKey) {
			t.Fatalf("with another key: %v", err)
		}
		if len(text) > 178 || strings.Trim(text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
			t.Fatalf("%d characters: %s", len(text), text)
		}
	})
}

func TestATicketReadsHoweverItWasTyped(t *testing.T) {
	key := keyOf(1)
	text := sign(t, longest(), key)
	lookAlikes := strings.NewReplacer("0", "O", "1", "I")
	for _, c := range []struct{ name, typed string }{
		{"as it is", text},
		{"in lower case", strings.ToLower(text)},
		{"with O for 0 and I for 1", "BH1" + lookAlikes.Replace(text[3:])},
		{"with l for 1, in lower case", strings.ToLower(strings.ReplaceAll(text, "1", "L"))},
		{"with an I in the prefix", "BHI" + text[3:]},
		{"after a scanner's symbology mark", "]Q1" + text},
		{"after the mark of a keyboard with caps lock on", strings.ToLower("]Q1" + text)},
		{"with blanks and a line's end around it", " \t" + text + "\r\n"},
		{"after another symbology mark", "]Q6" + text},
		{"after a mark whose bracket was lost", "Q1" + text},
		{"after an ECI", `]Q2\000026` + text},
		{"after a group separator", "\x1d" + text + "\x1d"},
		{"between start and end of text", "\x02" + text + "\x03\r"},
		{"after a byte order mark", "\ufeff" + text},
		{"in quotes", `"` + text + `"`},
		{"in quotes as phones write them", "“" + text + "”"},
		{"after a letter of the scanner's own", "A" + text},
		{"after a word, before a sign", "SCAN" + text + "~;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ticket.Parse(c.typed)
			if err != nil {
				t.Fatalf("%q: %v", c.typed, err)
			}
			if err := ticket.NewKeys(public(key)).Verify(s); err != nil {
				t.Errorf("%q: %v", c.typed, err)
			}
		})
	}
}

func TestEveryOtherTextIsMalformed(t *testing.T) {
	text := sign(t, longest(), keyOf(1))
	tail := ticket.TailAt([]byte("k"), longest().ID, 5).Text()
	for _, c := range []struct{ name, text string }{
		{"nothing", ""},
		{"blanks", "  \n"},
		{"the prefix alone", "BH1"},
		{"a symbology mark alone", "]Q1"},
		{"more before it than a scanner puts there", "https://contoh.id/" + text},
		{"a letter after it", text + "X"},
		{"another version", "BH2" + text[3:]},
		{"a web address", "https://example.com/BH1"},
		{"a character short", text[:len(text)-1]},
		{"a character long", text + "0"},
		{"a tail cut off", text + tail[:12]},
		{"two tails", text + tail + tail},
		{"a tail with spare bits set", text + tail[:12] + "Z"},
		{"a U, which the alphabet leaves out", text[:60] + "U" + text[61:]},
		{"a line's end inside", text[:60] + "\n" + text[60:]},
		{"a blank inside", text[:60] + " " + text[60:]},
		{"padding at the end", text + "========"},
		{"a letter that only looks Latin", text[:60] + "А" + text[62:]},
		{"a megabyte", strings.Repeat("BH1", 1<<19)},
		{"the header cut off", text[:9]},
	} {
		t.Run(c.name, func(t *testing.T) {
			if s, err := ticket.Parse(c.text); !errors.Is(err, ticket.ErrMalformed) {
				t.Errorf("Parse = %+v, %v, want ErrMalformed", s.Ticket, err)
			}
		})
	}
}

// Every single changed character ends in a refusal: the last one's spare bits too.
func TestNoCharacterOfATicketCanBeChanged(t *testing.T) {
	key := keyOf(1)
	text, keys := sign(t, longest(), key), ticket.NewKeys(public(key))
	for i := range text {
		for _, c := range "0123456789ABCDEFGHJKMNPQRSTVWXYZU-" {
			changed := text[:i] + string(c) + text[i+1:]
			if changed == text {
				continue
			}
			if s, err := ticket.Parse(changed); err == nil && keys.Verify(s) == nil {
				t.Errorf("character %d may be %q", i, c)
			}
		}
	}
}

func TestWhatCannotBeSigned(t *testing.T) {
	change := func(f func(tk *ticket.Ticket)) ticket.Ticket {
		tk := longest()
		f(&tk)
		return tk
	}
	for _, c := range []struct {
		name string
		tk   ticket.Ticket
		key  ed25519.PrivateKey
	}{
		{"with no key", longest(), nil},
		{"with half a key", longest(), keyOf(1)[:32]},
		{"with a key and more", longest(), append(keyOf(1), 0)},
		{"no ticket id", change(func(tk *ticket.Ticket) { tk.ID = models.Ref{} }), keyOf(1)},
		{"no class id", change(func(tk *ticket.Ticket) { tk.Class = models.Ref{} }), keyOf(1)},
		{"ends before it starts", change(func(tk *ticket.Ticket) { tk.ValidUntil = tk.ValidFrom - 1 }), keyOf(1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if text, err := ticket.Sign(c.tk, c.key); err == nil {
				t.Errorf("signed as %s", text)
			}
		})
	}
	day := change(func(tk *ticket.Ticket) { tk.ValidUntil = tk.ValidFrom })
	if _, err := ticket.Sign(day, keyOf(1)); err != nil {
		t.Errorf("a ticket of one day: %v", err)
	}
}

func TestAKeyOfTheWrongSizeVerifiesNothing(t *testing.T) {
	s, err := ticket.Parse(sign(t, longest(), keyOf(1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := (ticket.Keys{s.Key: []byte{1}}).Verify(s); !errors.Is(err, ticket.ErrUnknownKey) {
		t.Errorf("a short key: %v", err)
	}
	if err := (ticket.Keys{s.Key: public(keyOf(2))}).Verify(s); !errors.Is(err, ticket.ErrBadSignature) {
		t.Errorf("another key under the same id: %v", err)
	}
}

func TestShortNames(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"what fits stays", "Siti Nurhaliza", "Siti Nurhaliza"},
		{"exactly 20 bytes stay", "Abdurrahman Wahiduddi", "Abdurrahman"},
		{"20 bytes with two words", "Muhammad Hidayatulla", "Muhammad Hidayatulla"},
		{"whole words where the cut is at a blank", "Muhammad Hidayatulla h", "Muhammad Hidayatulla"},
		{"a word is cut where whole words would leave too little", "Siti Hidayatullahwatiningsih", "Siti Hidayatullahwat"},
		{"a blank in the very middle is too early", "Siti Aminah Hidayatullah", "Siti Aminah"},
		{"one long word", strings.Repeat("x", 30), strings.Repeat("x", 20)},
		{"never half a rune", strings.Repeat("é", 11), strings.Repeat("é", 10)},
		{"a rune of three bytes across the limit", "Aaaaaaaaaaaaaaaaaaa€", "Aaaaaaaaaaaaaaaaaaa"},
		{"blanks and control characters become one blank", " Siti\t\n \x00Aminah\u200b ", "Siti Aminah"},
		{"bytes that are not UTF-8 go", "Si\xffti", "Siti"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ticket.ShortName(c.in); got != c.want {
				t.Errorf("ShortName(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "name")
		got := ticket.ShortName(in)
		if len(got) > ticket.MaxName || !utf8.ValidString(got) || ticket.ShortName(got) != got || strings.TrimSpace(got) != got {
			t.Fatalf("ShortName(%q) = %q", in, got)
		}
	})
}

func TestADayIsTheZonesOwn(t *testing.T) {
	at := time.Date(2022, 6, 19, 16, 0, 0, 0, time.UTC)
	for zone, want := range map[models.Zone]ticket.Day{models.ZoneWIB: 19162, models.ZoneWITA: 19163, models.ZoneWIT: 19163} {
		if got := ticket.DayOf(at.In(zone.Location())); got != want {
			t.Errorf("23.00 WIB on 19 June 2022 is day %d in %s, want %d", got, zone, want)
		}
	}
}
