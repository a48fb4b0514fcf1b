package document

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// letters says which characters the font draws. Bold has the same.
var letters = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(goregular.TTF) })

// readable is a text in letters that the font has. A letter that the font lacks loses its
// marks (Nguyễn becomes Nguyên); without a base letter it becomes "?". The number beside
// a name never changes.
func readable(text string) string {
	font, err := letters()
	if err != nil { // it is part of the program
		return text
	}
	var buf sfnt.Buffer
	has := func(r rune) bool {
		i, err := font.GlyphIndex(&buf, r)
		return err == nil && i != 0
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\n' || has(r):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Mn, unicode.Cf, unicode.Cc):
		default:
			b.WriteString(plainest(r, has))
		}
	}
	return b.String()
}

// Writable is a name as it is printed. It is not whole if the font lacks a letter of it
// and has no similar one; then the caller must not print a row of "?" as a name.
func Writable(name string) (written string, whole bool) {
	written = readable(name)
	return written, strings.Count(written, "?") == strings.Count(name, "?")
}

// plainest takes marks off a letter, the outermost first, until the font has it.
func plainest(r rune, has func(rune) bool) string {
	parts := []rune(norm.NFD.String(string(r)))
	for n := len(parts) - 1; n > 0; n-- {
		rest := []rune(norm.NFC.String(string(parts[:n])))
		if len(rest) == 1 && has(rest[0]) {
			return string(rest)
		}
	}
	if whole := norm.NFKC.String(string(r)); whole != string(r) {
		return readable(whole)
	}
	return "?"
}
