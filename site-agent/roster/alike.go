package roster

import (
	"hash/maphash"
	"slices"
	"sync"

	"github.com/google/uuid"

	"buktihadir/models/names"
)

// alikes are computed when a person is first shown, or before: the start of an agent does
// not wait for them.
type alikes struct {
	once   sync.Once
	people map[uuid.UUID]*person
}

func (a *alikes) mark() { a.once.Do(func() { markAlike(a.people) }) }

// MarkAlike finds the names that can be taken for each other, once for each roster.
func (r *Roster) MarkAlike() {
	if r.alikes != nil {
		r.alikes.mark()
	}
}

// markAlike notes people whose names can be mistaken for another person's at this site,
// so that staff see what tells them apart: names that sound alike, and names that differ
// in one letter.
//
// Comparing each name with each takes seconds for 10,000 names. So a name is indexed as
// it is, and once for each letter with a hole in its place: two names that differ in one
// letter meet at that entry. A name with one letter too many equals the other once that
// letter is removed. The index is a sorted list, because a map of all these forms would
// take most of the memory of a site's old laptop.
func markAlike(people map[uuid.UUID]*person) {
	var f filing
	f.hash.SetSeed(maphash.MakeSeed())
	forms := 0
	for _, p := range people {
		if name := names.Sound(p.body.Name); name != "" { // otherwise there is no letter to compare
			f.people, f.names = append(f.people, p), append(f.names, name)
			forms += 1 + len(name)
		}
	}
	f.forms = make([]form, 0, forms)
	for who, name := range f.names {
		f.file(f.key(name), who)
		for i := range name {
			f.file(f.key(name[:i], "_", name[i+1:]), who)
		}
	}
	slices.Sort(f.forms)
	for rest := f.forms; len(rest) > 0; {
		met := same(rest, rest[0].key())
		for _, other := range met[1:] {
			f.pair(met[0].who(), other.who())
		}
		rest = rest[len(met):]
	}
	for who, name := range f.names {
		for i := range name {
			key := f.key(name[:i], name[i+1:])
			if !f.filed[key%filedBits] { // almost always empty
				continue
			}
			at, _ := slices.BinarySearch(f.forms, form(key))
			for _, other := range same(f.forms[at:], key) {
				f.pair(who, other.who())
			}
		}
	}
}

// filing is the names of a site under all the forms in which two can meet.
type filing struct {
	hash   maphash.Hash
	people []*person
	names  []string // of people, as they sound
	forms  []form   // sorted
	filed  [filedBits]bool
}

// filedBits is the size of a bitmap that shows quickly that a key has no entry. It is a
// prime, so that all bits of a key matter.
const filedBits = 1<<20 - 3

// form is one entry of a name in the index: a key, and in its lowest bits the person. Two
// names may share a key by chance, at one in thousands of sites; then staff only see more
// details than needed.
type form uint64

const whoBits = 20

func (f form) key() uint64 { return uint64(f) &^ (1<<whoBits - 1) }
func (f form) who() int    { return int(f & (1<<whoBits - 1)) }

func (f *filing) file(key uint64, who int) {
	f.forms = append(f.forms, form(key|uint64(who)&(1<<whoBits-1))) //nolint:gosec // counts from 0
	f.filed[key%filedBits] = true
}

func (f *filing) key(parts ...string) uint64 {
	f.hash.Reset()
	for _, part := range parts {
		_, _ = f.hash.WriteString(part) // it never fails
	}
	return f.hash.Sum64() &^ (1<<whoBits - 1)
}

// same is the forms in front that have a key.
func same(forms []form, key uint64) []form {
	n := 0
	for n < len(forms) && forms[n].key() == key {
		n++
	}
	return forms[:n]
}

// pair marks two enrollments, unless they are one participant's.
func (f *filing) pair(one, other int) {
	if a, b := f.people[one], f.people[other]; a.body.Number != b.body.Number {
		a.alike, b.alike = true, true
	}
}
