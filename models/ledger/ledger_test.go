package ledger_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"buktihadir/models/ledger"
)

// shelf keeps tiles like a database does.
type shelf map[string][]byte

func (s shelf) read(level int, n int64) ([]byte, error) { return s[fmt.Sprint(level, n)], nil }

func (s shelf) grow(t interface{ Fatal(...any) }, size int64, records [][]byte) int64 {
	tiles, err := ledger.Grow(size, records, s.read)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range tiles {
		s[fmt.Sprint(x.Level, x.N)] = x.Data
	}
	return size + int64(len(records))
}

func records(from, n int64) [][]byte {
	var out [][]byte
	for i := range n {
		out = append(out, fmt.Appendf(nil, "record %d\n", from+i))
	}
	return out
}

// obvious is the definition of RFC 9162 §2.1.1, word for word.
func obvious(records [][]byte) tlog.Hash {
	if len(records) == 1 {
		return tlog.RecordHash(records[0])
	}
	k := 1
	for k*2 < len(records) {
		k *= 2
	}
	return tlog.NodeHash(obvious(records[:k]), obvious(records[k:]))
}

func TestAnySplitIntoBatchesGivesTheTreeOfTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, size := shelf{}, int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			size = s.grow(t, size, records(size, rapid.Int64Range(1, 300).Draw(t, "records")))
		}
		root, err := ledger.Root(size, s.read)
		if err != nil {
			t.Fatal(err)
		}
		if root != obvious(records(0, size)) {
			t.Fatalf("another root than the definition's at size %d", size)
		}
		now := ledger.Checkpoint{Size: size, Root: root}
		n := rapid.Int64Range(0, size-1).Draw(t, "n")
		proof, err := ledger.ProveRecord(size, n, s.read)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger.CheckRecord(now, n, records(n, 1)[0], proof); err != nil {
			t.Fatal(err)
		}
		if err := ledger.CheckRecord(now, n, []byte("another\n"), proof); err == nil {
			t.Fatal("a changed record passes")
		}
		past := rapid.Int64Range(1, size).Draw(t, "past")
		before := ledger.Checkpoint{Size: past, Root: obvious(records(0, past))}
		history, err := ledger.ProveHistory(past, size, s.read)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger.CheckHistory(before, now, history); err != nil {
			t.Fatal(err)
		}
		before.Root[0] ^= 1
		if err := ledger.CheckHistory(before, now, history); !errors.Is(err, ledger.ErrTree) {
			t.Fatalf("another history passes: %v", err)
		}
	})
}

func TestATileThatWasChangedOrCutIsNoticed(t *testing.T) {
	s := shelf{}
	size := s.grow(t, 0, records(0, 700))
	want, err := ledger.Root(size, s.read)
	if err != nil {
		t.Fatal(err)
	}
	for name := range s {
		kept := s[name]
		s[name] = append(bytes.Clone(kept[:len(kept)-1]), kept[len(kept)-1]^1)
		leaves, err := ledger.Leaves(0, size, s.read)
		if err != nil {
			t.Fatal(err)
		}
		root, err := ledger.Root(size, s.read)
		same := err == nil && root == want
		for i, r := range records(0, size) {
			same = same && leaves[i] == tlog.RecordHash(r)
		}
		if same {
			t.Errorf("tile %s: nobody noticed the change", name)
		}
		s[name] = kept[:len(kept)-tlog.HashSize]
		if _, err := ledger.Leaves(0, size, s.read); err == nil && name[0] == '0' {
			t.Errorf("tile %s: nobody noticed the cut", name)
		}
		s[name] = kept
	}
}

func TestACheckpointIsReadBackOnlyAsItWasSigned(t *testing.T) {
	skey, vkey, err := note.GenerateKey(rand.Reader, "bukti-hadir")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Checkpoint{Size: 7, Root: tlog.RecordHash([]byte("x"))}
	signed, err := want.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ledger.OpenCheckpoint(signed, verifier)
	if err != nil || got != want {
		t.Fatalf("got %v, %v", got, err)
	}
	for i := range signed {
		changed := bytes.Clone(signed)
		changed[i] ^= 1
		if got, err := ledger.OpenCheckpoint(changed, verifier); err == nil && got != want {
			t.Fatalf("byte %d changed, and it reads %v", i, got)
		}
	}
	if _, err := (ledger.Checkpoint{}).Sign(signer); !errors.Is(err, ledger.ErrTree) {
		t.Fatalf("the empty tree was signed: %v", err)
	}
}
