package checkin

import (
	"strings"
	"testing"

	"buktihadir/site-agent/web/page"
)

func TestALongNameHasSmallLetters(t *testing.T) {
	for _, tc := range []struct {
		name string
		size page.LabelSize
		want string
	}{
		{"Agus", page.Tape, "letters-0"},
		{"Dewi Lestari", page.Tape, "letters-3"},
		{"Dewi Lestari", page.Wristband, "letters-1"},
		{"Dewi Lestari Kusumaningtyas Prawirodirdjo binti Raden Mas Sosrokartono", page.Tape, "letters-6"},
		{strings.Repeat("Kusumaningtyas", 4), page.Tape, "letters-6"},
		{strings.Repeat("Kusumaningtyas ", 40), page.Tape, "letters-8"},
	} {
		if got := lettersFor(tc.name, tc.size); got != tc.want {
			t.Errorf("%.40s on %s: %s, want %s", tc.name, tc.size, got, tc.want)
		}
	}
}
