package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCompiledRulebookIsOfTheseSources(t *testing.T) {
	root := filepath.Join("..", "..")
	want, err := digest(root)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(filepath.Join(root, folder, sources))
	if err != nil || strings.TrimSpace(string(have)) != want {
		t.Errorf("phones would judge by another rulebook than desks: it was compiled from %q, the sources are %s now (%v). Run: go run ./scripts/rulebook", have,
			want, err)
	}
}
