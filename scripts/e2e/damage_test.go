package e2e

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pageSize = 4096

// A desk's file is damaged. The office has some of its scans, but not all.
//
//survives:power A site computer's file is damaged: pages overwritten, the end cut off | The site computer says so and doesn't open it; one command saves what can be verified, and the server keeps all that it had
func TestADamagedFileIsSaidAndSaved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, file string)
	}{
		{"pages are overwritten", func(t *testing.T, file string) { overwrite(t, file, 0.5, 0.7) }},
		{"the end is cut off", func(t *testing.T, file string) { cutOff(t, file, 0.7) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			const crowd, sent = 300, 200 // enough that the file is more than the pages that every file begins with
			w := newTown(t)
			w.crowd(crowd)
			w.programs.Agent.Must(t, "--data", w.desk, "sync")
			var codes []string
			for _, x := range w.tickets("KINI") {
				codes = append(codes, x.Token)
			}
			scan := func(codes []string) Result {
				return w.programs.Agent.Run(t, strings.Join(codes, "\n"), "--data", w.desk, "scan", "--json", "--direction", "in")
			}
			if r := scan(codes[:sent]); r.Code != 0 {
				t.Fatal(r.Stderr)
			}
			w.programs.Agent.Must(t, "--data", w.desk, "sync")
			before := w.held()
			if r := scan(codes[sent:]); r.Code != 0 {
				t.Fatal(r.Stderr)
			}
			c.damage(t, filepath.Join(w.desk, "agent.db"))

			r := scan(codes[:1])
			if r.Code != 1 || r.Stdout != "" || !strings.Contains(r.Stderr, "salvage") {
				t.Fatalf("on the damaged file: exit code %d, %q, %s", r.Code, r.Stdout, r.Stderr)
			}
			t.Log(strings.TrimSpace(r.Stderr))
			t.Log(strings.TrimSpace(w.programs.Agent.Must(t, "--data", w.desk, "salvage")))
			w.programs.Agent.Must(t, "--data", w.desk, "sync")
			if r := scan(codes); r.Code != 0 {
				t.Fatalf("after the rescue: %s", r.Stderr)
			}
			w.programs.Agent.Must(t, "--data", w.desk, "sync")
			after := w.held()
			for hash := range before {
				if !after[hash] {
					t.Errorf("the office has lost event %s", hash)
				}
			}
			for _, m := range Lines[townMark](t, w.do("attendance", "--class", "KINI", "--json")) {
				if m.First == nil {
					t.Errorf("%s was scanned, and nobody knows", m.Person.Number)
				}
			}
		})
	}
}

// Hardly anything is left of a desk's file. The agent says what to do, and the
// computer can be enrolled again; the office has all that was sent.
//
//survives:power So little is left of a site computer's file that nobody can tell whose it was | The computer asks for a new enrolment and keeps the file; the server keeps all that it had, and scanning goes on
func TestAFileOfWhichNothingIsLeftIsBegunAnew(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	var codes []string
	for _, x := range w.tickets("KINI") {
		codes = append(codes, x.Token)
	}
	scan := func() Result {
		return w.programs.Agent.Run(t, strings.Join(codes, "\n"), "--data", w.desk, "scan", "--json", "--direction", "in")
	}
	if r := scan(); r.Code != 0 {
		t.Fatal(r.Stderr)
	}
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	before := w.held()
	cutOff(t, filepath.Join(w.desk, "agent.db"), 0.2)

	r := w.programs.Agent.Run(t, "", "--data", w.desk, "salvage")
	if r.Code != 1 || !strings.Contains(r.Stdout, "damaged-") || !strings.Contains(r.Stderr, "kode baru") {
		t.Fatalf("exit code %d, %q, %s", r.Code, r.Stdout, r.Stderr)
	}
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-1", "--json"))[0].Code
	w.programs.Agent.Must(t, "--data", w.desk, "enroll", "--server", w.server.URL, "--code", code)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	if r := scan(); r.Code != 0 {
		t.Fatalf("after enrolling again: %s", r.Stderr)
	}
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	after := w.held()
	for hash := range before {
		if !after[hash] {
			t.Errorf("the office has lost event %s", hash)
		}
	}
	if len(after) <= len(before) {
		t.Error("nothing has come to the office since")
	}
}

// held names the events that the office has.
func (w *town) held() map[string]bool {
	w.t.Helper()
	out := map[string]bool{}
	for _, e := range Lines[eventAtOffice](w.t, w.do("events", "--json")) {
		out[e.Hash] = true
	}
	return out
}

// overwrite puts noise over whole pages, from one share of the file to another.
func overwrite(t *testing.T, file string, from, to float64) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pages := len(raw) / pageSize
	luck := rand.New(rand.NewPCG(4, 96))
	for i := int(float64(pages)*from) * pageSize; i < int(float64(pages)*to)*pageSize; i++ {
		raw[i] = byte(luck.UintN(256))
	}
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func cutOff(t *testing.T, file string, at float64) {
	t.Helper()
	info, err := os.Stat(file)
	if err == nil {
		err = os.Truncate(file, int64(float64(info.Size())*at)/pageSize*pageSize)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The write-ahead log of a desk that was killed loses its end: the disk forgets
// what the office holds. Both notice, and nothing that was sent is lost.
//
//survives:power A site computer lost power, and its database log lost its end | Server and site computer notice what the disk lost; the server keeps it, and scanning goes on
func TestALogThatLostItsEndIsNoticed(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.openDesk()
	log := filepath.Join(w.desk, "agent.db-wal")
	code := w.tickets("KINI")["P-1"].Token
	size := func() int64 {
		info, err := os.Stat(log)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	kept := size()
	w.programs.Agent.Run(t, code, "--data", w.desk, "scan", "--json", "--direction", "in")
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	before := w.held()
	if len(before) == 0 {
		t.Fatal("nothing has reached the office")
	}
	w.agent.Kill()
	if err := os.Truncate(log, kept); err != nil {
		t.Fatal(err)
	}
	r := w.programs.Agent.Run(t, w.tickets("KINI")["P-2"].Token, "--data", w.desk, "scan", "--json", "--direction", "in")
	if r.Code != 0 {
		t.Fatalf("after the loss: %s", r.Stderr)
	}
	first := w.programs.Agent.Run(t, "", "--data", w.desk, "sync")
	t.Log(strings.TrimSpace(first.Stdout + first.Stderr))
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	after := w.held()
	for hash := range before {
		if !after[hash] {
			t.Errorf("the office has lost event %s", hash)
		}
	}
	for _, number := range []string{"P-1", "P-2"} {
		if m := w.mark("KINI", number); m.First == nil {
			t.Errorf("%s was scanned, and nobody knows", number)
		}
	}
}
