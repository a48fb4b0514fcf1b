package models_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"buktihadir/models"
)

func TestAnInstantKeepsItsMilliseconds(t *testing.T) {
	at := time.Date(2022, 6, 20, 8, 0, 0, 123_999_999, models.ZoneWIT.Location())
	m := models.MillisOf(at)
	if got, want := m.Time(), time.Date(2022, 6, 19, 23, 0, 0, 123_000_000, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("%s, want %s", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := models.Millis(rapid.Int64Range(-1<<42, 1<<42).Draw(t, "a"))
		b := models.Millis(rapid.Int64Range(-1<<42, 1<<42).Draw(t, "b"))
		if b.Add(a.Sub(b)) != a || models.MillisOf(a.Time()) != a || (a < b) != a.Time().Before(b.Time()) {
			t.Errorf("%d and %d: difference %s, %s", a, b, a.Sub(b), a.Time())
		}
	})
}

func TestAReferenceReadsBackFromTextAndDatabase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := models.Ref(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "ref"))
		if got, err := models.ParseRef(strings.ToUpper(want.String())); err != nil || got != want {
			t.Errorf("from text: %s, %v, want %s", got, err, want)
		}
		v, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		var got models.Ref
		if err := got.Scan(v); err != nil || got != want {
			t.Errorf("from the database: %s, %v, want %s", got, err, want)
		}
		if want.IsZero() != (want.String() == "0000000000000000") {
			t.Errorf("%s: IsZero is %v", want, want.IsZero())
		}
	})
	for _, c := range []struct{ name, text string }{
		{"nothing", ""}, {"too short", "0123456789abcde"}, {"too long", "0123456789abcdef0"}, {"no hex", "0123456789abcdeg"},
	} {
		if got, err := models.ParseRef(c.text); err == nil {
			t.Errorf("%s: ParseRef(%q) = %s", c.name, c.text, got)
		}
	}
}

func TestAHashAndAnEpochReadBackFromTheDatabase(t *testing.T) {
	hash, epoch := models.Hash{1, 31: 2}, models.Epoch{3, 15: 4}
	for _, c := range []struct {
		name string
		scan func(src any) error
		want int // bytes
	}{
		{"hash", new(models.Hash).Scan, 32}, {"epoch", new(models.Epoch).Scan, 16}, {"reference", new(models.Ref).Scan, 8},
	} {
		if err := c.scan(make([]byte, c.want)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, bad := range []any{nil, "text", int64(1), make([]byte, c.want-1), make([]byte, c.want+1), []byte(nil)} {
			if c.scan(bad) == nil {
				t.Errorf("%s: %T of another size is taken", c.name, bad)
			}
		}
	}
	var gotHash models.Hash
	v, err := hash.Value()
	if err != nil || gotHash.Scan(v) != nil || gotHash != hash {
		t.Errorf("hash %s, %v, want %s", gotHash, err, hash)
	}
	var gotEpoch models.Epoch
	v, err = epoch.Value()
	if err != nil || gotEpoch.Scan(v) != nil || gotEpoch != epoch {
		t.Errorf("epoch %s, %v, want %s", gotEpoch, err, epoch)
	}
	if text, err := hash.MarshalText(); err != nil || string(text) != "01"+strings.Repeat("00", 30)+"02" {
		t.Errorf("hash as text: %s, %v", text, err)
	}
	if text, err := epoch.MarshalText(); err != nil || string(text) != "03"+strings.Repeat("00", 14)+"04" {
		t.Errorf("epoch as text: %s, %v", text, err)
	}
}
