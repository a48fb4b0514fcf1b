//go:build !linux

package e2e

import "os/exec"

// dieWithUs has no equivalent here: a test binary that is killed leaves the
// program running.
func dieWithUs(*exec.Cmd) {}
