package page

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A word of the menu is a folder of pages, of templates and of texts, so that who knows
// where a page is in the menu knows where its code is.
func TestTheMenuIsTheHouse(t *testing.T) {
	var words []string
	for _, w := range menu() {
		words = append(words, w.word)
		for _, pattern := range []string{"../" + w.word + "/*.go", "../../../templates/pages/server/" + w.word + "/*.html", "../../../templates/texts/" + w.word + ".*.json"} {
			if found, err := filepath.Glob(pattern); err != nil || len(found) == 0 {
				t.Errorf("the menu has %q, but nothing is at %s (%v)", w.word, pattern, err)
			}
		}
	}
	folders, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.IsDir() && !slices.Contains(append(words, "page", "ticket", "webtest"), f.Name()) {
			t.Errorf("server/web/%s is no word of the menu", f.Name())
		}
	}
}
