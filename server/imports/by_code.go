package imports

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// byCode holds entries by their code: as the store has them, and as the file changes
// them.
type byCode[T any] struct {
	was, now map[string]T
	named    map[string]bool // by the file
	same     func(a, b T) bool
}

func newByCode[T any](rows []T, code func(T) string, same func(a, b T) bool) byCode[T] {
	was := index(rows, code)
	return byCode[T]{was: was, now: maps.Clone(was), named: map[string]bool{}, same: same}
}

func index[T any](rows []T, key func(T) string) map[string]T {
	m := make(map[string]T, len(rows))
	for _, r := range rows {
		m[key(r)] = r
	}
	return m
}

// getOrMake returns the entry with a code, or a new one with a new id.
func getOrMake[T any](s byCode[T], code string, id func(*T) *uuid.UUID) (T, error) {
	v, ok := s.now[code]
	if ok {
		return v, nil
	}
	made, err := store.NewID()
	*id(&v) = made
	return v, err
}

// put stores the entry of a file under a code. agrees is false if an earlier row of the
// file said something else. other is true if the store does not have the same.
func (s byCode[T]) put(code string, v T) (agrees, other bool) {
	agrees = !s.named[code] || s.same(s.now[code], v)
	s.now[code], s.named[code] = v, true
	was, known := s.was[code]
	return agrees, !known || !s.same(was, v)
}

// changed lists the entries that the store lacks or has with other values.
func (s byCode[T]) changed() []T {
	var out []T
	for _, code := range slices.Sorted(maps.Keys(s.named)) {
		if was, known := s.was[code]; !known || !s.same(was, s.now[code]) {
			out = append(out, s.now[code])
		}
	}
	return out
}

// put keeps what a row says of a code in one of its columns, and tells whether what is
// stored says otherwise. Where a row before it does, that is wrong.
func put[T any](r reading, s byCode[T], column, code string, v T) (other bool) {
	agrees, other := s.put(code, v)
	if !agrees {
		r.wrong(column, "import.differs", code)
	}
	return other
}

func same[T comparable](a, b T) bool { return a == b }

// sameClass compares what a file can say of a class.
func sameClass(a, b models.Class) bool {
	return a.ID == b.ID && a.CourseID == b.CourseID && a.ProviderID == b.ProviderID && a.SiteID == b.SiteID && a.Capacity == b.Capacity
}
