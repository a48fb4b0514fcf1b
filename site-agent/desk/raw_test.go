package desk_test

import (
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
)

// A damaged ticket's text may help the office; the password of somebody's Wi-Fi is kept
// nowhere.
func TestOfACodeThatIsNotOursAnEventKeepsNoText(t *testing.T) {
	p := newPlace(t, 2, nil)
	good := p.code(t, 0)
	for _, c := range []struct{ name, code, alt, want string }{
		{"a Wi-Fi's password", "WIFI:T:WPA;S:Warung;P:rahasia;;", "", ""},
		{"a payment", "00020101021126610014COM.GO-JEK.WWW01189360091430000000000215G00000000", "", ""},
		{"a torn ticket", good[:50], "", good[:50]},
		{"a torn ticket in small letters behind a scanner's mark", "]Q1" + strings.ToLower(good[:50]), "", "]Q1" + strings.ToLower(good[:50])},
		{"a torn row", "BHR1ABC", "", "BHR1ABC"},
		{"a torn ticket that another keyboard spelt", "bhé" + good[3:50], good[:50], good[:50]},
		{"a ticket with a long tail", good + strings.Repeat("X", 500), "", (good + strings.Repeat("X", 500))[:journal.MaxRaw]},
	} {
		if o := p.scan(t, roster.ScanRequest{Code: c.code, Alt: c.alt}); o.Verdict != models.VerdictMalformed {
			t.Errorf("%s: %s", c.name, o.Verdict)
		}
		rows, err := p.store.Rows(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(rows[len(rows)-1].Event.Raw); got != c.want {
			t.Errorf("%s: kept %q, want %q", c.name, got, c.want)
		}
	}
}
