package desk_test

import (
	"testing"

	"buktihadir/site-agent/desk"
)

// What staff confirm on the command line counts for the desk that serves beside it, and
// for its next start.
func TestTwoProgramsOfOneBootNameItAlike(t *testing.T) {
	first, err1 := desk.SystemClock()
	second, err2 := desk.SystemClock()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if a, b := first(), second(); a.Boot != b.Boot || b.Mono < a.Mono || b.Mono-a.Mono > 60_000 {
		t.Errorf("%+v and %+v", a, b)
	}
}
