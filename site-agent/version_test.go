package main

import (
	"os"
	"path/filepath"
	"testing"

	"buktihadir/models/version"
)

func TestTheVersionNeedsNoAgent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{{"version"}, {"--version"}} {
		out, errs, code := call(t, "", append([]string{"--data", dir}, args...)...)
		if code != exitDone || out != version.Line("site-agent")+"\n" || errs != "" {
			t.Errorf("%v ended with %d: %q, %q", args, code, out, errs)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("asking for the version made a data folder: %v", err)
	}
}
