package ticket

import (
	"iter"
	"slices"
	"strings"
)

// Layout is the keyboard that a scanner is set to type on. It is empty for one that the
// scanner and the computer agree on.
type Layout string

// These are the layouts that are told apart.
const (
	German Layout = "german" // QWERTZ
	French Layout = "french" // AZERTY
)

// layouts turn back what becomes of a code where a computer and its scanner disagree: the
// scanner presses the keys of its own layout, and the computer reads them in a US one, or
// the other way round.
var layouts = []struct {
	name Layout
	back *strings.Replacer
}{
	{German, strings.NewReplacer("Y", "Z", "Z", "Y")},
	{French, strings.NewReplacer("A", "Q", "Q", "A", "W", "Z", "Z", "W", ";", "M", ":", "M",
		"!", "1", "@", "2", "#", "3", "$", "4", "%", "5", "^", "6", "&", "7", "*", "8", "(", "9", ")", "0")},
	{French, strings.NewReplacer("A", "Q", "Q", "A", "W", "Z", "Z", "W", ",", "M", "?", "M",
		"&", "1", "É", "2", `"`, "3", "'", "4", "(", "5", "-", "6", "È", "7", "_", "8", "Ç", "9", "À", "0")},
}

// maxReading is longer than any code with what a scanner may put around it.
const maxReading = 2 * MaxText

// Readings lists what a scanner may have meant by what a computer read: first the texts as
// they are, then each as another keyboard's. A scan may have several texts, such as the
// characters and the physical keys. At most one reading is a genuine ticket.
func Readings(texts ...string) iter.Seq2[string, Layout] {
	texts = slices.DeleteFunc(slices.Compact(texts), func(text string) bool { return text == "" })
	return func(yield func(string, Layout) bool) {
		for _, text := range texts {
			if !yield(text, "") {
				return
			}
		}
		for _, layout := range layouts {
			for _, text := range texts {
				if !yield(layout.back.Replace(strings.ToUpper(text[:min(len(text), maxReading)])), layout.name) {
					return
				}
			}
		}
	}
}
