//go:build linux

package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"
)

// smallDisk is a disk of its own with little room.
func smallDisk(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Fatalf("make a small disk: %v. That takes root; without, run the tests in a namespace: unshare --map-root-user --mount ./scripts/test ./scripts/e2e", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// moveTo copies an agent's data to another disk.
func moveTo(t *testing.T, from, to string) string {
	t.Helper()
	dir := filepath.Join(to, "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// scanAll feeds codes to a terminal and notes what it showed green. It gives the
// codes that had no answer, and what the terminal said at the end.
func scanAll(t *testing.T, agent Program, dir string, codes []string, shown map[uint64]uuid.UUID) (left []string, r Result) {
	t.Helper()
	r = agent.Run(t, strings.Join(codes, "\n"), "scan", "--json", "--data", dir, "--direction", "in")
	answers := Lines[green](t, r.Stdout)
	for _, g := range answers {
		if g.Verdict.Accepted() {
			shown[g.Seq] = g.Person.Enrollment
		} else if !g.Verdict.Repeated() {
			t.Fatalf("%s", g.Verdict)
		}
	}
	return codes[len(answers):], r
}

//survives:power A site computer's disk is full | It shows no green, says why, and goes on once there is room; nothing recorded is lost
func TestAFullDiskShowsNoGreenAndLosesNone(t *testing.T) {
	t.Parallel()
	const scans = 600
	agent := Build(t).Agent
	from, codes := fillAgent(t, scans)
	disk := smallDisk(t, "size=3m")
	dir := moveTo(t, from, disk)
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	shown := map[uint64]uuid.UUID{}
	left, r := scanAll(t, agent, dir, codes, shown)
	if len(left) == 0 || len(shown) == 0 || r.Code != 1 || strings.TrimSpace(r.Stderr) == "" {
		t.Fatalf("%d green, %d without an answer, exit code %d: %s", len(shown), len(left), r.Code, r.Stderr)
	}
	t.Logf("after %d scans: %s", len(shown), r.Stderr)
	if again, r := scanAll(t, agent, dir, left, shown); len(again) != len(left) || r.Code != 1 {
		t.Errorf("on the full disk %d of %d were answered, exit code %d", len(left)-len(again), len(left), r.Code)
	}
	if err := os.Truncate(ballast, 0); err != nil {
		t.Fatal(err)
	}
	// There is room again, and somebody made more of it.
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if left, r = scanAll(t, agent, dir, left, shown); len(left) > 0 || r.Code != 0 {
		t.Errorf("with room again %d are left, exit code %d: %s", len(left), r.Code, r.Stderr)
	}
	checkJournal(t, dir, shown, scans)
}

//survives:power A site computer's disk can't be written | It shows no green, says why, and goes on once it can; nothing recorded is lost
func TestAReadOnlyDiskShowsNoGreenAndLosesNone(t *testing.T) {
	t.Parallel()
	const scans = 40
	agent := Build(t).Agent
	from, codes := fillAgent(t, scans)
	disk := smallDisk(t, "size=64m")
	dir := moveTo(t, from, disk)
	shown := map[uint64]uuid.UUID{}
	if left, r := scanAll(t, agent, dir, codes[:scans/2], shown); len(left) > 0 {
		t.Fatalf("%d scans are left: %s", len(left), r.Stderr)
	}
	remount := func(flags uintptr) {
		t.Helper()
		if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(unix.MS_RDONLY)
	left, r := scanAll(t, agent, dir, codes[scans/2:], shown)
	if len(left) != scans/2 || r.Code != 1 || strings.TrimSpace(r.Stderr) == "" {
		t.Errorf("read-only: %d of %d have no answer, exit code %d: %s", len(left), scans/2, r.Code, r.Stderr)
	}
	t.Log(r.Stderr)
	remount(0)
	if left, r := scanAll(t, agent, dir, codes, shown); len(left) > 0 {
		t.Errorf("writable again: %d scans are left: %s", len(left), r.Stderr)
	}
	checkJournal(t, dir, shown, scans)
}

// The office's disk is full: the agent keeps what it has, and brings it later.
//
//survives:power The server's disk is full | The site computers keep what they have and bring it later
func TestAnOfficeWithAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	codes := []string{w.tickets("KINI")["P-1"].Token, w.tickets("KINI")["P-2"].Token, w.tickets("KINI")["P-3"].Token}
	w.programs.Agent.Run(t, strings.Join(codes, "\n"), "--data", w.desk, "scan", "--json")
	address := strings.TrimPrefix(w.server.URL, "http://")
	w.server.Stop()
	disk := smallDisk(t, "size=64m")
	w.office = moveTo(t, w.office, disk)
	w.openOffice(address)
	if err := fillDisk(filepath.Join(disk, "ballast")); err != nil {
		t.Fatal(err)
	}
	r := w.programs.Agent.Run(t, "", "--data", w.desk, "sync")
	if r.Code != 1 || strings.TrimSpace(r.Stderr) == "" {
		t.Errorf("sync with a full office: exit code %d: %s", r.Code, r.Stderr)
	}
	t.Log(r.Stderr)
	if err := os.Remove(filepath.Join(disk, "ballast")); err != nil {
		t.Fatal(err)
	}
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.deskIsEmpty()
}

// fillDisk writes until the disk has no room for another page.
func fillDisk(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	for {
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			if errors.Is(err, unix.ENOSPC) {
				err = nil
			}
			return errors.Join(err, f.Close())
		}
	}
}
