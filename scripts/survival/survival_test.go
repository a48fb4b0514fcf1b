package main

import (
	"os"
	"strings"
	"testing"
)

func TestThePageSaysWhatTheTestsShow(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := updated("../..", string(text))
	if err != nil {
		t.Fatal(err)
	}
	if want != string(text) {
		t.Error("Page and tests differ. Run: go run ./scripts/survival")
	}
}

func TestALineIsReadOrRefused(t *testing.T) {
	for _, c := range []struct {
		name, line string
		refused    bool
	}{
		{"a row", "power The power fails | Nothing is lost", false},
		{"a part that the table lacks", "weather It rains | Nothing is lost", true},
		{"nothing that holds", "power The power fails", true},
		{"nothing that happens", "power  | Nothing is lost", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := add(nil, "TestX", c.line)
			if (err != nil) != c.refused || !c.refused && !strings.Contains(table(rows), "| The power fails | Nothing is lost | `TestX` |") {
				t.Errorf("%v, %+v", err, rows)
			}
		})
	}
	rows, err := add(nil, "TestY", "power The power fails | Nothing is lost")
	if err == nil {
		rows, err = add(rows, "TestX", "power The power fails | Nothing is lost")
	}
	if err != nil || !strings.Contains(table(rows), "`TestX`, `TestY`") {
		t.Errorf("two tests of one row: %v, %q", err, table(rows))
	}
}
