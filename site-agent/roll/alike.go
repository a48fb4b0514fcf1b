package roll

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// markAlike notes whose names can be taken for somebody else's of this site, so that
// staff are shown what tells them apart: names that are called out alike, and those
// that are one letter from it.
//
// Comparing each with each takes seconds for 10,000 names. So a name is filed as it is,
// and once for each letter with a hole in its place: two names that differ in that
// letter meet there. One with a letter too many is the other once that letter is gone.
func markAlike(people map[uuid.UUID]*person) {
	seed := maphash.MakeSeed()
	filed := map[uint64]*person{}
	meet := func(p *person, form string) {
		key := maphash.String(seed, form)
		if filed[key] == nil {
			filed[key] = p
		}
		pair(p, filed[key])
	}
	for _, p := range people {
		name := sounds(p.body.Name)
		if name == "" {
			continue // no letter that this can compare
		}
		meet(p, name)
		for i := range name {
			meet(p, name[:i]+"_"+name[i+1:])
		}
	}
	for _, p := range people {
		name := sounds(p.body.Name)
		for i := range name {
			if other := filed[maphash.String(seed, name[:i]+name[i+1:])]; other != nil {
				pair(p, other)
			}
		}
	}
}

// pair marks two enrollments, unless they are one participant's.
func pair(a, b *person) {
	if a.body.Number != b.body.Number {
		a.alike, b.alike = true, true
	}
}

// spelling makes one of the spellings that only the eye can tell apart: Soekarno and
// Sukarno, Djoko and Joko, Rizky and Riski, Achmad and Ahmad.
var spelling = strings.NewReplacer("oe", "u", "dj", "j", "tj", "c", "ch", "h", "kh", "h", "sy", "s", "ph", "f", "v", "f", "z", "s", "y", "i", "q", "k")

// sounds is what is left of a name when it is called out: plain letters, doubled ones once.
func sounds(name string) string {
	letters := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	return string(slices.Compact([]byte(spelling.Replace(letters))))
}
