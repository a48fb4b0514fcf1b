package templates

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

// A text is found by its first word: all keys with it stand in one file, whose name
// begins with the wing of the office's menu, with desk or ticket, or with shared.
func TestTextsLieInTheirWing(t *testing.T) {
	wings := []string{"plan", "people", "sites", "attendance", "admin", "ticket", "desk", "shared"}
	for _, lang := range Langs() {
		home := map[string]string{}
		for _, file := range textFiles(t, lang) {
			wing, _, named := strings.Cut(strings.TrimSuffix(path.Base(file), "."+string(lang)+".json"), ".")
			if !named || !slices.Contains(wings, wing) {
				t.Errorf("%s names no wing: want one of %v first", file, wings)
			}
			for key := range mustTexts(t, file) {
				first, _, _ := strings.Cut(key, ".")
				if was := home[first]; was != "" && was != file {
					t.Errorf("%s has %q, whose first word stands in %s", file, key, was)
				}
				home[first] = file
			}
		}
	}
}

// The languages have the same files, and the office's pages lie in their wings.
func TestPagesLieInTheirWing(t *testing.T) {
	for _, file := range textFiles(t, Indonesian) {
		if other := strings.TrimSuffix(file, ".id.json") + ".en.json"; !slices.Contains(textFiles(t, English), other) {
			t.Errorf("%s has no %s", file, other)
		}
	}
	loose, err := fs.Glob(files, "pages/server/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range loose {
		if name := path.Base(file); name != "error.html" && name != "sure.html" { // every wing's
			t.Errorf("%s lies in no wing", file)
		}
	}
}
