package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// eventAtOffice is one event as the server lists it.
type eventAtOffice struct {
	Agent      uuid.UUID
	Seq        uint64
	Hash       string
	Verdict    models.Verdict
	Enrollment uuid.UUID
}

// An agent that scans and an agent that sends are killed at any moment: in the end the
// office has every scan that showed green exactly once.
//
//survives:power The power fails while a site computer scans and sends | The server ends with every scan that showed green, once
func TestTheOfficeHasEachGreenOnceAfterEveryKill(t *testing.T) {
	t.Parallel()
	const scans, kills = 200, 20
	w := newTown(t)
	w.crowd(scans)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	tickets := w.tickets("KINI")
	var codes []string
	for _, x := range tickets {
		if strings.HasPrefix(x.Participant.Number, "R-") {
			codes = append(codes, x.Token)
		}
	}
	if len(codes) != scans {
		t.Fatalf("%d tickets, want %d", len(codes), scans)
	}
	luck := rand.New(rand.NewPCG(48, 2022))
	shown, next := map[uint64]uuid.UUID{}, 0
	for life := range kills + 1 {
		enough := scans - next
		if life < kills {
			enough = min(enough, 1+luck.IntN(scans/kills))
		}
		for _, g := range scanUntilKilled(t, w.programs.Agent, w.desk, codes[next:], enough, luck) {
			if g.Verdict.Accepted() {
				shown[g.Seq] = g.Person.Enrollment
			} else if !g.Verdict.Repeated() { // a repeat was recorded just before a kill
				t.Fatalf("code %d: %s", next, g.Verdict)
			}
			next++
		}
		w.sendUntilKilled(time.Duration(luck.IntN(120)) * time.Millisecond)
	}
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.holdsEachOnce(shown, scans)
	for _, m := range Lines[townMark](t, w.do("attendance", "--class", "KINI", "--json")) {
		if want := strings.HasPrefix(m.Person.Number, "R-"); (m.First != nil) != want {
			t.Errorf("%s seen: %v, want %v", m.Person.Number, !want, want)
		}
	}
}

// crowd adds participants R-1… to the class that takes check-ins now.
func (w *town) crowd(people int) {
	w.t.Helper()
	var rows strings.Builder
	rows.WriteString("number,nik,name,class_code\n")
	luck := rand.New(rand.NewPCG(1, uint64(people)))
	for i := range people {
		fmt.Fprintf(&rows, "R-%d,327300020190%04d,%s,KINI\n", i, i+1, someName(luck))
	}
	path := filepath.Join(w.office, "crowd.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.do("import", "participants", path, "--pilot", "UJI")
}

// someName is as long, and compresses as badly, as a name in life.
func someName(luck *rand.Rand) string {
	var name strings.Builder
	for word := range 2 + luck.IntN(2) {
		if word > 0 {
			name.WriteByte(' ')
		}
		for range 2 + luck.IntN(2) {
			name.WriteByte("bcdghjklmnprstwy"[luck.IntN(16)])
			name.WriteByte("aiueo"[luck.IntN(5)])
		}
	}
	return name.String()
}

// sendUntilKilled kills an agent a moment after it has begun to send.
func (w *town) sendUntilKilled(after time.Duration) {
	w.t.Helper()
	cmd := exec.Command(string(w.programs.Agent), "sync", "--data", w.desk)
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // it may have ended by itself
	_ = cmd.Wait()                                           // it was killed
}

// holdsEachOnce compares the office's events with the agent's journal and with
// what the desk showed.
func (w *town) holdsEachOnce(shown map[uint64]uuid.UUID, people int) {
	w.t.Helper()
	desk := Lines[struct {
		Head, Acked uint64
		Verified    bool `json:"journal_verified"`
	}](w.t, w.programs.Agent.Must(w.t, "--data", w.desk, "status", "--json"))[0]
	if !desk.Verified || desk.Acked != desk.Head {
		w.t.Errorf("the journal verifies: %v; %d of its %d events are countersigned", desk.Verified, desk.Acked, desk.Head)
	}
	times, accepted := map[string]int{}, map[uuid.UUID]int{}
	for _, e := range Lines[eventAtOffice](w.t, w.do("events", "--json")) {
		if times[e.Hash]++; times[e.Hash] > 1 {
			w.t.Errorf("event %d of %s stands there twice", e.Seq, e.Agent)
		}
		if !e.Verdict.Accepted() {
			continue
		}
		accepted[e.Enrollment]++
		if who, ok := shown[e.Seq]; ok && who != e.Enrollment {
			w.t.Errorf("event %d is about %s, the desk showed %s", e.Seq, e.Enrollment, who)
		}
		delete(shown, e.Seq)
	}
	if uint64(len(times)) != desk.Head {
		w.t.Errorf("the office has %d events, the desk %d", len(times), desk.Head)
	}
	if len(shown) > 0 {
		w.t.Errorf("%d scans showed green and are not at the office", len(shown))
	}
	if len(accepted) != people {
		w.t.Errorf("%d people were admitted, want %d", len(accepted), people)
	}
	for who, n := range accepted {
		if n != 1 {
			w.t.Errorf("%s was admitted %d times", who, n)
		}
	}
}
