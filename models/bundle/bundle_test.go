package bundle_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"buktihadir/models/bundle"
)

func newKey(t testing.TB) bundle.Key {
	t.Helper()
	k, err := bundle.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func seal(t testing.TB, plain []byte, to string) []byte {
	t.Helper()
	sealed, err := bundle.Seal(plain, to)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

const limit = 1 << 20

func TestABundleOpensForWhomItIsMade(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "seed")
		k, err := bundle.KeyFrom(seed)
		if err != nil {
			rt.Fatal(err)
		}
		again, err := bundle.KeyFrom(seed)
		if err != nil || k != again || !bundle.ValidRecipient(k.Recipient) {
			rt.Fatalf("one seed makes %v and %v: %v", k, again, err)
		}
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(rt, "plain")
		got, err := bundle.Open(seal(t, plain, k.Recipient), limit, newKey(t), k)
		if err != nil || !bytes.Equal(got, plain) {
			rt.Fatalf("got %x, %v, want %x", got, err, plain)
		}
	})
	if _, err := bundle.KeyFrom(make([]byte, 31)); err == nil {
		t.Error("a seed of 31 bytes makes a key")
	}
}

func TestWhatIsNoWholeBundleOfOursGivesNothing(t *testing.T) {
	k := newKey(t)
	plain := bytes.Repeat([]byte("presensi "), 20_000) // three chunks of age
	whole := seal(t, plain, k.Recipient)
	for _, c := range []struct {
		name   string
		sealed []byte
		want   error
	}{
		{"nothing", nil, bundle.ErrNoBundle},
		{"a picture", []byte("\x89PNG\r\n"), bundle.ErrNoBundle},
		{"another version of age", []byte("age-encryption.org/v9\n"), bundle.ErrNoBundle},
		{"a bundle for somebody else", seal(t, plain, newKey(t).Recipient), bundle.ErrNotForUs},
		{"the head alone", whole[:60], bundle.ErrIncomplete},
		{"one cut at a chunk's end", whole[:len(whole)-len(plain)%(64<<10)-16], bundle.ErrIncomplete},
		{"one cut in a chunk", whole[:len(whole)-1], bundle.ErrIncomplete},
		{"one with a byte more", append(bytes.Clone(whole), 0), bundle.ErrIncomplete},
		{"more than the limit", seal(t, make([]byte, limit+1), k.Recipient), bundle.ErrTooLarge},
	} {
		if got, err := bundle.Open(c.sealed, limit, k); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %d bytes, %v, want %v", c.name, len(got), err, c.want)
		}
	}
	if _, err := bundle.Open(whole, limit); !errors.Is(err, bundle.ErrNotForUs) {
		t.Errorf("without a key: %v", err)
	}
	for i := 0; i < len(whole); i += 997 {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		if got, err := bundle.Open(changed, limit, k); err == nil {
			t.Errorf("byte %d changed and %d bytes come out", i, len(got))
		}
	}
}

func TestAFileIsWholeOrNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.age")
	for _, content := range []string{"one", "another, longer"} {
		if err := bundle.Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("%q, %v, want %q", got, err, content)
		}
	}
	if err := bundle.Write(filepath.Join(filepath.Dir(path), "no folder", "b.age"), nil); err == nil {
		t.Error("a file in no folder is written")
	}
	if err := bundle.Write(filepath.Dir(path), []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left, %v, want 1", len(left), err)
	}
}

func FuzzOpen(f *testing.F) {
	k := newKey(f)
	whole := seal(f, []byte("presensi"), k.Recipient)
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add([]byte("age-encryption.org/v1\n-> X25519 x\n"))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := bundle.Open(sealed, limit, k); err != nil && got != nil {
			t.Errorf("%d bytes and %v", len(got), err)
		}
	})
}
