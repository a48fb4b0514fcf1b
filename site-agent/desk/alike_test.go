package desk_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/scripts/sample"
)

// A search for one of two people with nearly the same name also shows the other.
func TestNamesThatCanBeTakenForAnothersAreMarked(t *testing.T) {
	for _, c := range []struct {
		what, one, other string
		alike            bool
	}{
		{"the same name", "Siti Aminah", "Siti Aminah", true},
		{"other capitals and spaces", "Siti Aminah", "SITI-AMINAH", true},
		{"an old spelling", "Soekarno Djoko", "Sukarno Joko", true},
		{"letters that sound alike", "Achmad Rizky", "Ahmad Riski", true},
		{"a doubled letter", "Muhamad Yusuf", "Muhammad Yusuf", true},
		{"another letter", "Dewi Lestari", "Dewi Lestara", true},
		{"a letter too many", "Agus Salim", "Agus Salima", true},
		{"a letter too many in front", "Ani Wijaya", "Rani Wijaya", true},
		{"two other letters", "Dewi Lestari", "Desi Lestaro", false},
		{"another person", "Dewi Lestari", "Agus Salim", false},
		{"the same family", "Made Wirawan", "Putu Wirawan", false},
	} {
		t.Run(c.what, func(t *testing.T) {
			p := newPlace(t, 3, func(s *sample.Site) {
				s.People[0].Body.Name, s.People[1].Body.Name, s.People[2].Body.Name = c.one, c.other, "Yohanes Bonifasius"
			})
			for i, want := range []bool{c.alike, c.alike, false} {
				found := p.Search(p.site.People[i].Body.Number, uuid.Nil)
				if len(found) != 1 || found[0].Alike != want {
					t.Errorf("%q: found %+v, want alike %v", p.site.People[i].Body.Name, found, want)
				}
			}
		})
	}
}
