package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestABudgetIsSetAndShownOnTheCommandLine(t *testing.T) {
	data := filepath.Join(t.TempDir(), "kantor")
	do := func(args ...string) ran { return command(t, append([]string{"--data", data}, args...)...) }
	if got := do("pilot", "add", "--code", "UJI", "--name", "Uji"); got.code != exitDone {
		t.Fatal(got.stderr)
	}
	for _, c := range []struct {
		name string
		args []string
		says string
	}{
		{"no reason", []string{"--set", "total=1000"}, "Tulis alasannya"},
		{"a number that a budget doesn't have", []string{"--set", "bonus=1", "--reason", "uji"}, "bonus=1"},
		{"a fraction", []string{"--set", "total=1.5", "--reason", "uji"}, "total=1.5"},
		{"a province that doesn't exist", []string{"--set", "00=140", "--reason", "uji"}, "00=140"},
		{"more than all", []string{"--set", "warn_at=101", "--reason", "uji"}, "paling banyak 100"},
	} {
		if got := do(append([]string{"pilot", "budget", "--code", "UJI"}, c.args...)...); got.code != exitRefused || !strings.Contains(got.stderr, c.says) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	do("pilot", "budget", "--code", "UJI", "--set", "total=5.000.000", "--set", "onsite_fee=1000", "--set", "91=140", "--reason", "awal")
	got := do("pilot", "budget", "--code", "UJI", "--set", "onsite_fee=2000", "--set", "refuse=true", "--reason", "naik", "--json")
	var whole struct {
		Pilot                string
		Version              int
		Total, Left, Planned int64
	}
	if err := json.Unmarshal([]byte(got.stdout), &whole); err != nil || whole.Version != 2 || whole.Total != 5_000_000 || whole.Left != 5_000_000 ||
		whole.Pilot != "UJI" {
		t.Errorf("%+v %+v (%v)", got, whole, err)
	}
	if got := do("pilot", "budget", "--code", "UJI"); got.code != exitDone || !strings.Contains(got.stdout, "Rp5.000.000") {
		t.Errorf("%+v", got)
	}
}
