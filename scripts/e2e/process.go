package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Programs are the two binaries, built from the sources as they are shipped.
type Programs struct {
	Server, Agent Program
}

// Program is the path of a built binary.
type Program string

// built holds the programs of this test binary: every story needs them, one
// build is enough, and go test gives tests no other place in common.
var built = sync.OnceValues(func() (Programs, error) {
	module, err := moduleDir()
	if err != nil {
		return Programs{}, err
	}
	dir := filepath.Join(module, "dist", "test")
	build := exec.Command("go", "build", "-tags", "nomsgpack", "-o", dir+string(filepath.Separator), "./server", "./site-agent")
	build.Dir, build.Env = module, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return Programs{}, fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	suffix := ""
	if filepath.Separator == '\\' {
		suffix = ".exe"
	}
	return Programs{
		Server: Program(filepath.Join(dir, "server"+suffix)),
		Agent:  Program(filepath.Join(dir, "site-agent"+suffix)),
	}, nil
})

// Build builds both programs, once per test binary.
func Build(t testing.TB) Programs {
	t.Helper()
	p, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// moduleDir is the folder of go.mod.
func moduleDir() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// Result is what a command said and how it ended.
type Result struct {
	Stdout, Stderr string
	// Code is the exit code: 0 done, 1 refused or failed, 2 wrong usage.
	Code int
}

// Run runs a command to its end, with the text on its standard input.
func (p Program) Run(t testing.TB, stdin string, args ...string) Result {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), string(p), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s %q: %v", filepath.Base(string(p)), args, err)
	}
	return Result{Stdout: out.String(), Stderr: errs.String(), Code: cmd.ProcessState.ExitCode()}
}

// Must runs a command that has to succeed and returns its standard output.
func (p Program) Must(t testing.TB, args ...string) string {
	t.Helper()
	r := p.Run(t, "", args...)
	if r.Code != 0 {
		t.Fatalf("%s %q ended with %d\n%s%s", filepath.Base(string(p)), args, r.Code, r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// Lines decodes what a command with --json prints: one object a line.
func Lines[T any](t testing.TB, output string) []T {
	t.Helper()
	var list []T
	dec := json.NewDecoder(strings.NewReader(output))
	for {
		var v T
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatalf("line %d: %v\n%s", len(list)+1, err, output)
		}
		list = append(list, v)
	}
}

// Process is a running program.
type Process struct {
	// URL is where it listens.
	URL string

	t    testing.TB
	cmd  *exec.Cmd
	done chan struct{} // closed once it has ended

	mu  sync.Mutex
	log bytes.Buffer
}

// readyLine is the start of the line on standard output by which a program says that it
// serves now, and where.
const readyLine = "listening on "

// Serve starts a program that serves and waits until it is ready. The process is
// killed when the test ends, and its log shown when the test has failed.
func (p Program) Serve(t testing.TB, args ...string) *Process {
	t.Helper()
	proc := &Process{t: t, cmd: exec.Command(string(p), args...), done: make(chan struct{})}
	out, err := proc.cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("open the program's output: %v", err)
	}
	proc.cmd.Stderr = proc
	started, ready := make(chan error, 1), make(chan string, 1)
	go run(proc.cmd, started, proc.done, func() { proc.read(out, ready) })
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", filepath.Base(string(p)), err)
	}
	t.Cleanup(func() {
		proc.Kill()
		if t.Failed() {
			t.Logf("log of %s %q:\n%s", filepath.Base(string(p)), args, proc.Log())
		}
	})

	select {
	case proc.URL = <-ready:
		return proc
	case <-proc.done:
		t.Fatalf("%s %q ended (%v) before it was ready", filepath.Base(string(p)), args, proc.cmd.ProcessState)
	case <-time.After(patience):
		t.Fatalf("%s %q was not ready within %v", filepath.Base(string(p)), args, patience)
	}
	return nil
}

// run starts the command, reads its output to the end, and waits. The kernel ties
// the child's life to the thread that started it (dieWithUs), so the thread is
// held until the child has ended.
func run(cmd *exec.Cmd, started chan<- error, done chan<- struct{}, read func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	dieWithUs(cmd)
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}
	read()
	_ = cmd.Wait() // the caller looks at the state
	close(done)
}

// read logs the program's output and looks for the line that says it is ready.
func (p *Process) read(out io.Reader, ready chan<- string) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		_, _ = p.Write(append(lines.Bytes(), '\n'))
		if url, ok := strings.CutPrefix(lines.Text(), readyLine); ok {
			select {
			case ready <- strings.TrimSpace(url):
			default: // a second address: the first is the one to use
			}
		}
	}
}

// Write adds to the log. It makes Process the program's standard error.
func (p *Process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Log is all that the program has printed so far.
func (p *Process) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Kill ends the process as a power cut would: at once, with no word. It is
// harmless on a process that has ended.
func (p *Process) Kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Errorf("kill the program: %v", err)
	}
	<-p.done
}

// Stop asks the process to end, as systemd does, and expects it to end well.
func (p *Process) Stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatalf("stop the program: %v", err)
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("the program did not stop within %v", patience)
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("the program stopped with %v, want exit code 0", p.cmd.ProcessState)
	}
}
