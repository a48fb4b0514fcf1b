package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spelling makes one of the spellings that only the eye can tell apart: Soekarno and Sukarno,
// Djoko and Joko, Jusuf and Yusuf, Rizky and Riski, Achmad and Ahmad, Yosef and Yosep. Longer
// ones stand first.
var spelling = strings.NewReplacer("oe", "u", "ou", "u", "dj", "i", "tj", "c", "sj", "s", "sy", "s", "sh", "s", "dz", "s", "ch", "h", "kh", "h", "gh", "g",
	"dh", "d", "th", "t", "ph", "f", "ck", "k", "x", "ks", "q", "k", "p", "f", "v", "f", "z", "s", "j", "i", "y", "i", "o", "u",
	"đ", "d", "ð", "d", "ø", "u", "ł", "l", "ı", "i", "ß", "s", "æ", "ae")

// muhammad is how the name sounds that is written in most ways, and shorts are those of them
// that don't sound so.
const muhammad = "muhamad"

var shorts = []string{"m", "md", "mhd", "muh", "muhd", "mhmd", "muhamed", "muhamet", "muhamat"}

// word is one of a text: plain are its small letters and digits without any signs, and sound
// is how it is called out.
type word struct{ plain, sound string }

// words takes a text apart. An apostrophe joins, whatever its sign, and any other sign parts.
func words(s string) (all []word) {
	letters := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		case unicode.In(r, unicode.Mn, unicode.Lm, unicode.Cf), strings.ContainsRune("'`´‘’‛′", r):
			return -1
		}
		return ' '
	}, norm.NFKD.String(s))
	for plain := range strings.FieldsSeq(letters) {
		w := word{plain, plain}
		if !strings.ContainsFunc(plain, unicode.IsDigit) {
			w.sound = string(slices.Compact([]rune(spelling.Replace(plain))))
		}
		all = append(all, w)
	}
	return all
}

// sounds are a name's words as they are called out, every way to write Muhammad as one.
func sounds(name string) []string {
	var all []string
	for _, w := range words(name) {
		if slices.Contains(shorts, w.sound) {
			w.sound = muhammad
		}
		all = append(all, w.sound)
	}
	return all
}

// Sound is how a whole name sounds when it is called out.
func Sound(name string) string { return strings.Join(sounds(name), "") }

// mark stands between the parts of an index, and at its end: no word has it.
const mark = "#"

// Index is the text by which a search finds somebody: the name as it sounds, as it is
// written, and the number as a whole and in its parts. Each word has a blank before it.
func Index(name, number string) string {
	var index strings.Builder
	for _, s := range sounds(name) {
		index.WriteString(" " + s)
	}
	index.WriteString(" " + mark)
	for _, w := range words(name) {
		index.WriteString(" " + w.plain)
	}
	index.WriteString(" " + mark)
	parts, whole := "", ""
	for _, w := range words(number) {
		parts, whole = parts+" "+w.plain, whole+w.plain
	}
	index.WriteString(" " + whole)
	if parts != " "+whole {
		index.WriteString(parts)
	}
	return index.String() + mark
}

// Query is what was typed to find somebody: beginnings of words of the name in any order, the
// registration number or a part of it, or the ID card's last digits.
type Query struct {
	words []word
	name  string // as it sounds, if it may be one
}

// mostWords bounds what a query costs, and a name.
const mostWords = 12

// Ask reads what was typed.
func Ask(text string) Query {
	q := Query{words: words(text)}
	q.words = q.words[:min(len(q.words), mostWords)]
	for i, w := range q.words {
		if slices.Contains(shorts, w.sound) && !strings.HasPrefix(muhammad, w.sound) {
			q.words[i].sound = muhammad
		}
		q.name += q.words[i].sound
	}
	if len(q.name) < shortest || strings.ContainsFunc(q.name, unicode.IsDigit) {
		q.name = ""
	}
	return q
}

// Empty says that it asks for nobody.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Match is how well somebody fits a query; the smallest is the best.
type Match int

// The kinds of a match.
const (
	Exact  Match = iota // the name as it is written, the number or its end, or the ID card's digits
	Spelt               // every word begins as it is written
	Heard               // every word begins so as it sounds
	Nearly              // with one letter that is wrong, missing, too many or swapped, or with other blanks
	None
)

// Matches says how well somebody fits who has an index. last4 are the last digits of the ID
// card.
func (q Query) Matches(index, last4 string) Match {
	for _, w := range q.words {
		if !w.heard(index, last4) {
			return q.nearly(index, last4)
		}
	}
	return q.spelt(index, last4)
}

func (w word) heard(index, last4 string) bool {
	return strings.Contains(index, " "+w.sound) || strings.Contains(index, " "+w.plain) || w.known(index, last4)
}

// known says that it is the end of the number, or of the ID card's.
func (w word) known(index, last4 string) bool {
	return w.plain == last4 || strings.HasSuffix(index, w.plain+mark)
}

// spelt tells who is written so from who only sounds so.
func (q Query) spelt(index, last4 string) Match {
	_, written, _ := strings.Cut(index, mark)
	how, whole := Exact, " "
	for _, w := range q.words {
		whole += w.plain
		switch {
		case w.known(index, last4), strings.Contains(written, " "+w.plain+" "):
		case strings.Contains(written, " "+w.plain):
			how = max(how, Spelt)
		default:
			how = Heard
		}
	}
	if strings.Contains(written, mark+whole+" ") || strings.HasSuffix(written, whole+mark) {
		return Exact // the number, however it is parted
	}
	return how
}

// nearly allows one wrong letter in each longer word, or other blanks than the name has.
func (q Query) nearly(index, last4 string) Match {
	sound, _, _ := strings.Cut(index, mark)
	stored := strings.Fields(sound)
	stored = stored[:min(len(stored), mostWords)]
	if q.name != "" {
		for i := range stored {
			if begins(strings.Join(stored[i:], ""), q.name) {
				return Nearly
			}
		}
	}
	for _, w := range q.words {
		if !w.heard(index, last4) && (!w.tolerant() || !slices.ContainsFunc(stored, func(s string) bool { return begins(s, w.sound) })) {
			return None
		}
	}
	return Nearly
}

// shortest is how long a word is in which one letter may be wrong.
const shortest = 5

func (w word) tolerant() bool {
	return utf8.RuneCountInString(w.plain) >= shortest && len(w.sound) >= shortest-1 && !strings.ContainsFunc(w.plain, unicode.IsDigit)
}

// begins says whether a word begins with what was typed but for one letter.
func begins(word, typed string) bool {
	i := 0
	for i < len(word) && i < len(typed) && word[i] == typed[i] {
		i++
	}
	w, t := word[i:], typed[i:]
	switch {
	case len(t) <= 1: // it does, or the last letter is wrong or too many
		return true
	case w == "":
		return false
	}
	swapped := len(w) > 1 && w[0] == t[1] && w[1] == t[0]
	return strings.HasPrefix(w[1:], t[1:]) || strings.HasPrefix(w[1:], t) || strings.HasPrefix(w, t[1:]) || swapped && strings.HasPrefix(w[2:], t[2:])
}

// Pattern is what LIKE looks for, for one word that was typed. None of it needs an escape.
type Pattern struct {
	Sound, Plain, End string // in an index: one of them must be there
	Within            string // in any other small letters
}

// Patterns are those of a query's words, without what Nearly allows.
func (q Query) Patterns() (all []Pattern) {
	for _, w := range q.words {
		all = append(all, Pattern{"% " + w.sound + "%", "% " + w.plain + "%", "%" + w.plain + mark, "%" + w.plain + "%"})
	}
	return all
}
