// Package names has the one form in which people's names are kept, and the one form in
// which they are looked for.
//
// Clean makes the form that is kept, at every door where a name comes in. Index makes the
// text that a search looks through, of name and registration number, and Ask what is typed
// into one: a Query is asked of texts in memory by Matches, and of a database by Patterns.
// Names are compared as they sound, because Soekarno, Sukarno and Soukarno are one person at
// a desk.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean is a text as it is kept: composed letters (NFC), nothing that can't be seen or that
// turns the writing direction, and single blanks only, of any kind before.
func Clean(s string) string {
	seen := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.Fields(seen), " ")
}
