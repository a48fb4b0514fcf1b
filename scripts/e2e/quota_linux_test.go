package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

const (
	quotaPeriod = 100 * time.Millisecond
	quotaShare  = quotaPeriod / 10
)

// tenth holds a running program to a tenth of one core until the test ends, and says
// by what: a control group where this machine allows one, else by stopping the program
// for nine tenths of the time.
func (p *Process) tenth() (by string) {
	p.t.Helper()
	pid := strconv.Itoa(p.cmd.Process.Pid)
	name := fmt.Sprintf("bukti-hadir-%d", os.Getpid())
	for _, g := range []struct{ by, dir, file, limit string }{
		{"control group v2", "/sys/fs/cgroup", "cpu.max", fmt.Sprintf("%d %d", quotaShare.Microseconds(), quotaPeriod.Microseconds())},
		{"control group v1", "/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", strconv.FormatInt(quotaShare.Microseconds(), 10)}, // of 100 ms unless set
	} {
		dir := filepath.Join(g.dir, name)
		if os.Mkdir(dir, 0o750) != nil {
			continue
		}
		p.t.Cleanup(func() {
			p.Kill() // an empty group can be removed
			if err := os.Remove(dir); err != nil {
				p.t.Log(err)
			}
		})
		// WriteFile would truncate, which not every such file allows.
		if errors.Join(put(filepath.Join(dir, g.file), g.limit), put(filepath.Join(dir, "cgroup.procs"), pid)) == nil {
			return g.by
		}
	}
	dutyCycle(p.t, p.cmd.Process)
	return "stopping it nine tenths of the time"
}

func put(path, text string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString(text)
	return err
}

// dutyCycle lets a process run for its share of each period.
func dutyCycle(t testing.TB, process *os.Process) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run := time.NewTicker(quotaPeriod)
		defer run.Stop()
		for ctx.Err() == nil {
			hold := time.NewTimer(quotaShare)
			<-hold.C
			_ = process.Signal(syscall.SIGSTOP) // it may have ended
			select {
			case <-run.C:
			case <-ctx.Done():
			}
			_ = process.Signal(syscall.SIGCONT)
		}
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
}

// memory is how much of the machine's memory the process holds, and the most it has, in bytes.
func (p *Process) memory() (now, most int64) {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	return statusField(p.t, string(status), "VmRSS:"), statusField(p.t, string(status), "VmHWM:")
}
