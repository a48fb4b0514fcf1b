package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/store"
)

// green is what the terminal of a desk showed.
type green struct {
	Verdict models.Verdict `json:"verdict"`
	Seq     uint64         `json:"seq"`
	Person  struct {
		Enrollment uuid.UUID `json:"enrollment"`
	} `json:"person"`
}

// Killed with no warning at fifty random moments of a run of 1,000 scans, the
// agent has every scan that it ever showed green, each once, in a chain without gaps.
//
//survives:power The power fails at a site computer, at any moment of a thousand scans | Every scan that showed green is in the journal, once
func TestWhatShowedGreenOutlivesEveryKill(t *testing.T) {
	t.Parallel()
	const scans, kills = 1000, 50
	agent := Build(t).Agent
	dir, codes := fillAgent(t, scans)
	luck := rand.New(rand.NewPCG(20, 26))
	shown := map[uint64]uuid.UUID{}
	next := 0 // the first code without an answer
	for life := range kills + 1 {
		until := scans
		if life < kills {
			until = min(scans, next+luck.IntN(scans*3/2/kills))
		}
		for _, g := range scanUntilKilled(t, agent, dir, codes[next:], until-next, luck) {
			if !g.Verdict.Accepted() && !g.Verdict.Repeated() { // a repeat was recorded just before a kill
				t.Fatalf("code %d: %s", next, g.Verdict)
			}
			if g.Verdict.Accepted() {
				shown[g.Seq] = g.Person.Enrollment
			}
			next++
		}
	}
	if next != scans {
		t.Fatalf("%d of %d scans were answered", next, scans)
	}
	checkJournal(t, dir, shown, scans)
}

// fillAgent makes the data of an enrolled agent with a ticket for each scan.
func fillAgent(t *testing.T, people int) (dir string, codes []string) {
	t.Helper()
	site, dir := fullAgent(t, people)
	for i := range people {
		code, err := site.Token(i)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	return dir, codes
}

// fullAgent makes the data of an enrolled agent with so many people on its roster.
func fullAgent(t testing.TB, people int) (site *sample.Site, dir string) {
	t.Helper()
	site, err := sample.New(people, models.MillisOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(site.Fill(t.Context(), st), st.Close()); err != nil {
		t.Fatal(err)
	}
	return site, dir
}

// scanUntilKilled feeds codes to a terminal desk and kills it a random moment
// after enough answers have come. It gives every answer that was shown.
func scanUntilKilled(t *testing.T, agent Program, dir string, codes []string, enough int, luck *rand.Rand) []green {
	t.Helper()
	cmd := exec.Command(string(agent), "scan", "--json", "--data", dir, "--direction", "in")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(codes, "\n")), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var answers []green
	kill := func() { _ = cmd.Process.Kill() } // it may have ended by itself
	if enough == 0 {
		time.AfterFunc(time.Duration(luck.IntN(200))*time.Millisecond, kill)
	}
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) || errors.Is(err, os.ErrClosed) {
			break // half a line was not shown
		}
		if err != nil {
			t.Fatal(err)
		}
		var g green
		if err := json.Unmarshal(line, &g); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if answers = append(answers, g); len(answers) == enough && enough < len(codes) {
			time.AfterFunc(time.Duration(luck.IntN(1000))*time.Microsecond, kill)
		}
	}
	_ = cmd.Wait() // it was killed
	return answers
}

func checkJournal(t *testing.T, dir string, shown map[uint64]uuid.UUID, people int) {
	t.Helper()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := st.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := st.Rows(t.Context(), 0, 10*people)
	if err != nil {
		t.Fatal(err)
	}
	accepted := map[uuid.UUID]int{}
	for _, r := range rows {
		if !r.Event.Verdict.Accepted() {
			continue
		}
		accepted[r.Event.Enrollment]++
		if who, ok := shown[r.Event.Seq]; ok && who != r.Event.Enrollment {
			t.Errorf("event %d is about %s, the desk showed %s", r.Event.Seq, r.Event.Enrollment, who)
		}
		delete(shown, r.Event.Seq)
	}
	if len(shown) > 0 {
		t.Errorf("%d scans showed green and are not in the journal", len(shown))
	}
	if len(accepted) != people {
		t.Errorf("%d people were admitted, want %d", len(accepted), people)
	}
	for who, n := range accepted {
		if n != 1 {
			t.Errorf("%s was admitted %d times", who, n)
		}
	}
}
