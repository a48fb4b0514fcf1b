package exchange_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models/exchange"
)

// The server's note key of these tests.
const (
	noteSecret   = "PRIVATE+KEY+bukti-hadir+fa08c9c0+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	noteVerifier = "bukti-hadir+fa08c9c0+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
)

func notary(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	signer, err := note.NewSigner(noteSecret)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(noteVerifier)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func goldenBundle(t testing.TB) exchange.Bundle {
	t.Helper()
	packed, err := hex.DecodeString(golden(t, "batch.v1.hex"))
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Bundle{Protocol: 1, Agent: uuid.UUID{1, 2, 3}, Batches: [][]byte{packed}, Since: 4711, Scope: []byte{9, 8},
		Recipient: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", Made: 1_655_686_800_000}
}

func goldenReply() exchange.Reply {
	return exchange.Reply{Protocol: 1, Agent: uuid.UUID{1, 2, 3}, Answers: [][]byte{{1}, {2, 3}}, Since: 4711, Scope: []byte{9, 8},
		Pages: [][]byte{{4}}, Now: 1_655_686_900_000}
}

func goldenInvite() exchange.Invite {
	return exchange.Invite{Server: "https://hadir.example.id", Code: "ABCD-EFGH-JKMN-PQRS",
		Recipient: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", ServerKey: noteVerifier}
}

// golden reads a stored vector.
func golden(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func signedBundle(t testing.TB, b exchange.Bundle) []byte {
	t.Helper()
	plain, err := b.Sign(agentKey())
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func signedReply(t testing.TB, r exchange.Reply) []byte {
	t.Helper()
	signer, _ := notary(t)
	plain, err := r.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestTheFormatsOfBundlesNeverChange(t *testing.T) {
	for name, plain := range map[string][]byte{
		"bundle.v1.hex": signedBundle(t, goldenBundle(t)), "reply.v1.hex": signedReply(t, goldenReply()), "invite.v1.hex": []byte(goldenInvite().String()),
	} {
		if got := hex.EncodeToString(plain); got != golden(t, name) {
			t.Errorf("%s is now\n%s", name, got)
		}
	}
}

func TestABundleIsBelievedOnlyWithItsAgentsKey(t *testing.T) {
	want := goldenBundle(t)
	plain := signedBundle(t, want)
	got, proof, err := exchange.ReadBundle(plain)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Fatalf("%v\n%s", err, d)
	}
	if err := proof.Verify(public(agentKey())); err != nil {
		t.Error(err)
	}
	for _, other := range []ed25519.PublicKey{nil, {1}, public(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)))} {
		if err := proof.Verify(other); !errors.Is(err, exchange.ErrProof) {
			t.Errorf("key %x: %v", other, err)
		}
	}
	for i := range plain {
		changed := bytes.Clone(plain)
		changed[i] ^= 1
		if _, proof, err := exchange.ReadBundle(changed); err == nil && proof.Verify(public(agentKey())) == nil {
			t.Fatalf("byte %d changed and the bundle is believed", i)
		}
	}
}

func TestAReplyIsBelievedOnlyWithItsServersKey(t *testing.T) {
	want := goldenReply()
	plain := signedReply(t, want)
	_, verifier := notary(t)
	got, err := exchange.OpenReply(plain, verifier)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Fatalf("%v\n%s", err, d)
	}
	for i := range plain {
		changed := bytes.Clone(plain)
		changed[i] ^= 1
		got, err := exchange.OpenReply(changed, verifier)
		if err == nil && !cmp.Equal(want, got) {
			t.Fatalf("byte %d changed and the reply is believed: %+v", i, got)
		}
	}
	if _, err := exchange.OpenReply(signedBundle(t, goldenBundle(t)), verifier); !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("a bundle is no reply: %v", err)
	}
	if _, _, err := exchange.ReadBundle(plain); !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("a reply is no bundle: %v", err)
	}
}

func TestABundleTooLargeIsNeitherMadeNorRead(t *testing.T) {
	huge := exchange.Bundle{Batches: [][]byte{make([]byte, exchange.MaxBundle)}}
	if _, err := huge.Sign(agentKey()); !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("made: %v", err)
	}
	if _, _, err := exchange.ReadBundle(make([]byte, exchange.MaxBundle+1)); !errors.Is(err, exchange.ErrMessage) {
		t.Errorf("read: %v", err)
	}
}

func TestAnInvitationSurvivesMessengersAndEditors(t *testing.T) {
	want := goldenInvite()
	text := want.String()
	for name, changed := range map[string]string{
		"as written": text, "Windows lines": strings.ReplaceAll(text, "\n", "\r\n"), "no last line end": strings.TrimSpace(text),
		"a mark before and blanks after": "\ufeff" + strings.ReplaceAll(text, "\n", "  \n\n"),
	} {
		if got, err := exchange.ParseInvite(changed); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, wrong := range map[string]string{
		"nothing": "", "a newer form": strings.Replace(text, "invite/1", "invite/2", 1), "no address": strings.Replace(text, "https://", "ftp://", 1),
		"another key": strings.Replace(text, "fa08c9c0", "00000000", 1), "too long": text + strings.Repeat(" ", 4<<10),
	} {
		if got, err := exchange.ParseInvite(wrong); !errors.Is(err, exchange.ErrMessage) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzReadBundle(f *testing.F) {
	f.Add(signedBundle(f, goldenBundle(f)))
	f.Add(signedReply(f, goldenReply()))
	f.Add([]byte{0x83, 0x60, 0x40, 0x40})
	f.Fuzz(func(t *testing.T, plain []byte) {
		b, proof, err := exchange.ReadBundle(plain)
		if err != nil {
			if !errors.Is(err, exchange.ErrMessage) {
				t.Errorf("%x: %v", plain, err)
			}
			return
		}
		again, err := b.Sign(agentKey())
		if err != nil {
			t.Fatalf("%x: can't be made again: %v", plain, err)
		}
		if proof.Verify(public(agentKey())) == nil && !bytes.Equal(again, plain) {
			t.Errorf("%x is believed and not what was signed", plain)
		}
	})
}

func FuzzOpenReply(f *testing.F) {
	f.Add(signedReply(f, goldenReply()))
	f.Add(signedBundle(f, goldenBundle(f)))
	f.Fuzz(func(t *testing.T, plain []byte) {
		_, verifier := notary(t)
		r, err := exchange.OpenReply(plain, verifier)
		if err == nil && !cmp.Equal(r, goldenReply()) {
			t.Errorf("%x is believed: %+v", plain, r)
		}
		if err != nil && !errors.Is(err, exchange.ErrMessage) && !errors.Is(err, exchange.ErrProof) {
			t.Errorf("%x: %v", plain, err)
		}
	})
}

func FuzzParseInvite(f *testing.F) {
	f.Add(goldenInvite().String())
	f.Add("bukti-hadir/invite/1\n")
	f.Fuzz(func(t *testing.T, text string) {
		i, err := exchange.ParseInvite(text)
		if err != nil {
			return
		}
		if again, err := exchange.ParseInvite(i.String()); err != nil || again != i {
			t.Errorf("%q: %+v, then %+v, %v", text, i, again, err)
		}
	})
}
