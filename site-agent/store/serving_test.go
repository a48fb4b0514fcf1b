package store_test

import (
	"errors"
	"testing"

	"buktihadir/site-agent/store"
)

func TestADataDirectoryIsServedByOneProgram(t *testing.T) {
	dir := t.TempDir()
	first, err := store.Serve(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := store.Serve(t.Context(), dir); !errors.Is(err, store.ErrServed) {
		t.Errorf("a second program serves it too: %v, %v", second, err)
	}
	if other, err := store.Serve(t.Context(), t.TempDir()); err != nil {
		t.Errorf("another directory: %v", err)
	} else if err := other.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Serve(t.Context(), dir)
	if err != nil {
		t.Fatalf("after it has ended: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
