package ticket_test

import (
	"strings"
	"testing"

	"buktihadir/models/ticket"
)

// typed is what a US computer reads of a scanner that types on another keyboard.
var typed = map[ticket.Layout]*strings.Replacer{
	"":            strings.NewReplacer(),
	ticket.German: strings.NewReplacer("Y", "Z", "Z", "Y"),
	ticket.French: strings.NewReplacer("A", "Q", "Q", "A", "W", "Z", "Z", "W", "M", ":",
		"1", "!", "2", "@", "3", "#", "4", "$", "5", "%", "6", "^", "7", "&", "8", "*", "9", "(", "0", ")"),
}

// frenchHost is what a French computer reads of a scanner that types on a US keyboard.
var frenchHost = strings.NewReplacer("A", "Q", "Q", "A", "W", "Z", "Z", "W", "M", "?",
	"1", "&", "2", "é", "3", `"`, "4", "'", "5", "(", "6", "-", "7", "è", "8", "_", "9", "ç", "0", "à")

func TestATicketIsReadFromAScannerOfAnotherKeyboard(t *testing.T) {
	key := keyOf(1)
	keys := ticket.NewKeys(public(key))
	text := sign(t, longest(), key)
	row := ticket.Row{Session: [16]byte{1, 0x7f, 0xff, 0x9c}, Enrollment: [16]byte{2, 0xfe, 0xd0}}
	genuine := func(texts ...string) (found []ticket.Layout) {
		for reading, layout := range ticket.Readings(texts...) {
			if s, err := ticket.Parse(reading); err == nil && keys.Verify(s) == nil {
				found = append(found, layout)
			}
		}
		return found
	}
	for layout, garbled := range typed {
		for _, given := range []string{garbled.Replace(text), strings.ToLower(garbled.Replace(text)), "]Q1" + garbled.Replace(text) + "\r"} {
			if got := genuine(given); len(got) != 1 || got[0] != layout {
				t.Errorf("of a scanner set to %q, %q reads as a ticket of %q", layout, given, got)
			}
		}
		if !readsRow(garbled.Replace(row.Text()), row) {
			t.Errorf("a row from a scanner set to %q can't be read", layout)
		}
	}
	if got := genuine(frenchHost.Replace(text)); len(got) != 1 || got[0] != ticket.French {
		t.Errorf("on a French computer: %q", got)
	}
	if got := genuine("nothing", frenchHost.Replace(text), text); len(got) == 0 || got[0] != "" {
		t.Errorf("the physical keys of a US scanner on a French computer: %q, want what needs no other keyboard first", got)
	}
	if got := genuine(text[:len(text)-1]+"\x00", strings.Repeat("Y", 100_000)); got != nil {
		t.Errorf("nonsense is a ticket: %q", got)
	}
}

func readsRow(text string, want ticket.Row) bool {
	for reading := range ticket.Readings(text) {
		if got, err := ticket.ParseRow(reading); err == nil && got == want {
			return true
		}
	}
	return false
}
