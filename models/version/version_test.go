package version

import (
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
)

func TestAStampComesBeforeWhatTheGoToolFound(t *testing.T) {
	built := func(version string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Path: "buktihadir", Version: version}}
	}
	for _, c := range []struct {
		name, stamp string
		info        *debug.BuildInfo
		want        string
	}{
		{"a release is stamped", "v1.2.3", built("v0.0.0-20261130150000-abcdef012345"), "v1.2.3"},
		{"a build in a clone names its commit", "", built("v0.0.0-20261130150000-abcdef012345+dirty"), "v0.0.0-20261130150000-abcdef012345+dirty"},
		{"a build without git", "", built("(devel)"), unknown},
		{"a build without a module's version", "", built(""), unknown},
		{"a program without build information", "", nil, unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := choose(c.stamp, c.info); got != c.want {
				t.Errorf("choose(%q, %+v) = %q, want %q", c.stamp, c.info, got, c.want)
			}
		})
	}
}

// The linker says nothing when a stamp names a variable that doesn't exist.
func TestTheLinkerSetsTheStamp(t *testing.T) {
	out, err := exec.Command("go", "run", "-ldflags", "-X buktihadir/models/version.stamped=v9.8.7", "./testdata/print").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "program v9.8.7 (go") {
		t.Errorf("a stamped program printed %q (%v), want program v9.8.7 (go…)", out, err)
	}
}
