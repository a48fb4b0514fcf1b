package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/sample"
)

const (
	crowdDesks  = 4
	crowdPeople = 500
	crowdSpan   = 10 * time.Minute // in which they come
	hurried     = 75               // how much faster the test lets them come
)

// Everybody of a big site comes within ten minutes. An agent that has a tenth of a core
// left records each of them once, though phones send again and some people are
// scanned at two desks.
func TestFiveHundredThroughFourDesksWithATenthOfACore(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, crowdPeople)
	agent := Build(t).Agent.Serve(t, "--data", dir, "serve", "--listen", "127.0.0.1:0", "--listen-tls", "off")
	desks := make([]*crowdDesk, crowdDesks)
	for i := range desks {
		desks[i] = openCrowdDesk(t, agent.URL, site, fmt.Sprintf("meja %d", i+1))
	}
	t.Log("held to a tenth of a core by: ", agent.tenth())
	var all sync.WaitGroup
	for i, d := range desks {
		all.Go(func() { d.work(t, i, site) })
	}
	all.Wait()
	agent.Kill()

	var took []time.Duration
	for _, d := range desks {
		took = append(took, d.took...)
	}
	slices.Sort(took)
	t.Logf("%d scans, half answered within %v, 95 of 100 within %v, the last within %v", len(took),
		took[len(took)/2].Round(time.Millisecond), took[len(took)*95/100].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
	checkJournal(t, dir, nil, crowdPeople)
}

// crowdDesk is one phone at a desk.
type crowdDesk struct {
	name, address string
	client        *http.Client
	took          []time.Duration
}

func openCrowdDesk(t *testing.T, address string, site *sample.Site, name string) *crowdDesk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &crowdDesk{name: name, address: address, client: &http.Client{Jar: jar, Timeout: patience}}
	answer, err := d.client.PostForm(address+"/sign-in", url.Values{"officer": {site.Officer.String()}, "pin": {site.PIN}})
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.Request.URL.Path == "/sign-in" {
		t.Fatalf("not signed in: at %s, %v", answer.Request.URL, err)
	}
	return d
}

// work lets a desk's share of the people come, each after a while that is now short,
// now long, as people come. Every tenth answer is lost, and the phone sends the same
// again; every seventh person has been scanned at the desk beside before.
func (d *crowdDesk) work(t *testing.T, desk int, site *sample.Site) {
	luck := rand.New(rand.NewPCG(4, uint64(desk)))
	gap := float64(crowdSpan/hurried) / (crowdPeople / crowdDesks)
	for i := desk; i < crowdPeople; i += crowdDesks {
		wait := time.NewTimer(time.Duration(luck.ExpFloat64() * gap))
		<-wait.C
		d.scan(t, luck, site, i)
		if i%7 == 0 && i > 0 {
			d.scan(t, luck, site, i-1)
		}
	}
}

func (d *crowdDesk) scan(t *testing.T, luck *rand.Rand, site *sample.Site, i int) {
	code, err := site.Token(i)
	if err != nil {
		t.Error(err)
		return
	}
	id, err := uuid.NewV7()
	if err != nil {
		t.Error(err)
		return
	}
	body, err := json.Marshal(map[string]string{"id": id.String(), "code": code, "method": "camera", "direction": "in", "desk": d.name})
	if err != nil {
		t.Error(err)
		return
	}
	times := 1
	if luck.IntN(10) == 0 {
		times = 2
	}
	for range times {
		began := time.Now()
		answer, err := d.client.Post(d.address+"/api/scan", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		var outcome struct{ Verdict models.Verdict }
		err = json.NewDecoder(answer.Body).Decode(&outcome)
		_ = answer.Body.Close() // it has been read
		if err != nil || !outcome.Verdict.Accepted() && !outcome.Verdict.Repeated() {
			t.Errorf("person %d at %s: %s, %v", i, d.name, outcome.Verdict, err)
		}
		d.took = append(d.took, time.Since(began))
	}
}

const (
	manyPeople = 10_000
	mostMemory = 96 << 20 // bytes, with so many on the roster
	slowerBy   = 3        // times an agent may take longer to start with them than without
)

// An old laptop has little memory, and people do not like to wait for it.
func TestTenThousandOnTheRosterCostLittleMemoryAndTime(t *testing.T) {
	site, full := fullAgent(t, manyPeople)
	_, empty := fullAgent(t, 0)
	agent := Build(t).Agent
	start := func(dir string) (*Process, time.Duration) {
		began := time.Now()
		p := agent.Serve(t, "--data", dir, "serve", "--listen", "127.0.0.1:0", "--listen-tls", "off")
		return p, time.Since(began)
	}
	// The best of several starts counts: other work of the machine only makes a start
	// slower.
	best := map[string]time.Duration{}
	for range 3 {
		for _, dir := range []string{empty, full} {
			p, took := start(dir)
			p.Kill()
			if best[dir] == 0 || took < best[dir] {
				best[dir] = took
			}
		}
	}
	t.Logf("starts within %v, with %d on the roster %v", best[empty], manyPeople, best[full])
	if best[full] > slowerBy*best[empty] {
		t.Errorf("with %d on the roster it starts within %v, want at most %d times the %v without", manyPeople, best[full], slowerBy, best[empty])
	}

	p, _ := start(full)
	d := openCrowdDesk(t, p.URL, site, "meja 1")
	luck := rand.New(rand.NewPCG(1, 1))
	for i := range 200 {
		d.scan(t, luck, site, i*(manyPeople/200))
	}
	for _, path := range []string{"/", "/search?q=siti", "/sessions"} {
		answer, err := d.client.Get(p.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close() // only what it costs is looked at
	}
	now, most := p.memory()
	t.Logf("%d MB of memory, at most %d MB", now>>20, most>>20)
	if most > mostMemory {
		t.Errorf("it took up to %d MB of memory with %d on the roster, want at most %d MB", most>>20, manyPeople, mostMemory>>20)
	}
}

func statusField(t testing.TB, status, name string) int64 {
	t.Helper()
	_, rest, _ := strings.Cut(status, name)
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		t.Fatalf("%s in the process's status: %v", name, err)
	}
	return kilobytes << 10
}
