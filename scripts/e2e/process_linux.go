package e2e

import (
	"os/exec"
	"syscall"
)

// dieWithUs lets the kernel kill the child when the test binary ends, even when
// that is by a timeout, which runs no cleanup.
func dieWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
