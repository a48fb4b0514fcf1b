package scripts

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxLine is the largest number of characters of a line of source.
const maxLine = 160

// unbroken are lines that cannot be broken: a row of the survival table, and a field
// with a struct tag.
var unbroken = regexp.MustCompile("^\\s*//survives:|`[a-z]+:\".*`")

func TestLinesOfSourceAreNotTooLong(t *testing.T) {
	for _, name := range tree(t) {
		if !slices.Contains([]string{".go", ".html", ".css", ".js"}, path.Ext(name)) ||
			strings.Contains("/"+name, "/vendor/") || strings.Contains("/"+name, "/testdata/") {
			continue
		}
		source, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(source), "\n") {
			if n := utf8.RuneCountInString(line); n > maxLine && !unbroken.MatchString(line) {
				t.Errorf("%s:%d has %d characters, more than %d", name, i+1, n, maxLine)
			}
		}
	}
}
