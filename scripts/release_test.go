package scripts

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// A release with a wrong name or without notes is refused before anything is built.
func TestAReleaseIsNamedAndDescribedFirst(t *testing.T) {
	for _, c := range []struct{ name, version, want string }{
		{"a version without its v", "1.2.3", "looks like v1.2.3"},
		{"a version of two numbers", "v1.2", "looks like v1.2.3"},
		{"a version that would be another option of the linker", "v1.2.3 -s", "looks like v1.2.3"},
		{"a version that the changelog lacks", "v999.0.0", "no chapter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := exec.Command("bash", "release", c.version).CombinedOutput()
			if err == nil || !strings.Contains(string(out), c.want) {
				t.Errorf("release %s: %v, %q; want a refusal that says %q", c.version, err, out, c.want)
			}
		})
	}
}

// models/version tests that the linker sets the variable; the script must name the same one.
func TestAReleaseStampsTheVariableThatProgramsPrint(t *testing.T) {
	script, err := os.ReadFile("release")
	if err != nil {
		t.Fatal(err)
	}
	test, err := os.ReadFile("../models/version/version_test.go")
	if err != nil {
		t.Fatal(err)
	}
	stamp := regexp.MustCompile(`-X \S+\.\w+=`)
	if got, want := stamp.FindString(string(script)), stamp.FindString(string(test)); got == "" || got != want {
		t.Errorf("scripts/release says %q, the tested variable is %q", got, want)
	}
}
