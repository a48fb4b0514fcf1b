package e2e

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"buktihadir/models"
)

// A village's line has 20 kbit/s each way, 800 ms there and back, and loses one packet in
// twenty. The test runs it faster, with the same bytes and the same cuts; LINE_SPEED=1
// runs it as it is, which takes about two minutes.
const (
	lineRate    = 20_000 / 8 // bytes a second
	lineDelay   = 400 * time.Millisecond
	lineLoss    = 20 // one in so many
	lineResend  = time.Second
	linePacket  = 500
	usualFaster = 8
)

// slowLine is a bad line to a server, as a proxy before it.
type slowLine struct {
	t        *testing.T
	listener net.Listener
	server   string
	faster   int

	mu       sync.Mutex
	luck     *rand.Rand
	up, down int
	pulling  bool // the next bytes belong to a pull of the roster
	pulled   int
	every    int // bytes after which the line is cut; 0: it holds
	left     int // until the next cut
	cuts     int
}

func newSlowLine(t *testing.T, serverURL string) *slowLine {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &slowLine{t: t, listener: listener, server: strings.TrimPrefix(serverURL, "http://"), faster: usualFaster, luck: rand.New(rand.NewPCG(2, 20))}
	if text := os.Getenv("LINE_SPEED"); text != "" {
		if l.faster, err = strconv.Atoi(text); err != nil || l.faster < 1 {
			t.Fatalf("LINE_SPEED=%q: want how many times faster than the real line", text)
		}
	}
	var calls sync.WaitGroup
	calls.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			calls.Go(func() { l.call(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); calls.Wait() })
	return l
}

func (l *slowLine) url() string { return "http://" + l.listener.Addr().String() }

// call carries one connection until either end or a cut closes it.
func (l *slowLine) call(agent net.Conn) {
	server, err := (&net.Dialer{}).DialContext(l.t.Context(), "tcp", l.server)
	if err != nil {
		_ = agent.Close()
		return
	}
	hangUp := func() { _ = agent.Close(); _ = server.Close() }
	var ways sync.WaitGroup
	ways.Go(func() { l.carry(server, agent, &l.up); hangUp() })
	ways.Go(func() { l.carry(agent, server, &l.down); hangUp() })
	ways.Wait()
}

type packet struct {
	data []byte
	due  time.Time
}

// carry brings packets from one end to the other, each a while after it was sent.
func (l *slowLine) carry(to io.Writer, from io.Reader, count *int) {
	air := make(chan packet, 1000)
	var receiver sync.WaitGroup
	receiver.Go(func() {
		for p := range air {
			<-time.After(time.Until(p.due))
			if _, err := to.Write(p.data); err != nil {
				continue // the rest is lost
			}
		}
	})
	for {
		data := make([]byte, linePacket)
		n, err := from.Read(data)
		if n > 0 {
			busy, holds := l.pass(data[:n], count)
			<-time.After(busy)
			if !holds {
				break
			}
			air <- packet{data[:n], time.Now().Add(lineDelay / time.Duration(l.faster))}
		}
		if err != nil {
			break
		}
	}
	close(air)
	receiver.Wait()
}

// pass counts a packet and says how long it keeps the line busy, and whether the
// line holds.
func (l *slowLine) pass(data []byte, count *int) (busy time.Duration, holds bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(data)
	*count += n
	if count == &l.up && (bytes.HasPrefix(data, []byte("GET ")) || bytes.HasPrefix(data, []byte("POST "))) {
		l.pulling = data[0] == 'G'
	}
	if l.pulling {
		l.pulled += n
	}
	busy = time.Duration(n) * time.Second / lineRate
	if l.luck.IntN(lineLoss) == 0 {
		busy += lineResend
	}
	if l.every > 0 {
		if l.left -= n; l.left < 0 {
			l.left = l.every
			l.cuts++
			return 0, false
		}
	}
	return busy / time.Duration(l.faster), true
}

// cutEvery cuts the line whenever so many bytes have passed.
func (l *slowLine) cutEvery(bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.every, l.left = bytes, bytes
}

// meter gives what has passed since it was last read.
func (l *slowLine) meter() (up, down, pulled, cuts int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	up, down, pulled, cuts = l.up, l.down, l.pulled, l.cuts
	l.up, l.down, l.pulled = 0, 0, 0
	return up, down, pulled, cuts
}

// took tells how long something would have taken on the real line.
func (l *slowLine) took(since time.Time) time.Duration {
	return (time.Since(since) * time.Duration(l.faster)).Round(time.Second)
}

//survives:network The line is a village's: 20 kbit/s, 800 ms, one packet in twenty lost | A roster of 500 and a day's scans get through, at most 45 bytes a person and 110 a scan
func TestAVillageLineBringsTheRosterAndTheJournalThrough(t *testing.T) {
	t.Parallel()
	const crowd, wantPerson, wantEvent = 500, 45.0, 110.0
	w, line := newVillage(t)
	w.crowd(crowd)
	start := time.Now()
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	up, down, pulled, _ := line.meter()
	each := float64(pulled) / crowd
	t.Logf("a call with a roster of %d in %s: %d bytes up, %d down; the pull had %d, %.1f a participant", crowd, line.took(start), up, down, pulled, each)
	roster := Lines[struct{ Roster struct{ People int } }](t, w.programs.Agent.Must(t, "--data", w.desk, "status", "--json"))[0].Roster.People
	if roster < crowd || each > wantPerson {
		t.Errorf("%d people at %.1f bytes each, all in all; want at least %d at %.0f", roster, each, crowd, wantPerson)
	}

	events := w.aDay()
	start = time.Now()
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	up, down, _, _ = line.meter()
	each = float64(up+down) / float64(events)
	t.Logf("a day's %d events in %s: %d bytes up, %d down, %.1f an event", events, line.took(start), up, down, each)
	if each > wantEvent {
		t.Errorf("%.1f bytes an event, all in all; want %.0f", each, wantEvent)
	}
	w.deskIsEmpty()
}

// The line is cut again and again, each time long before a day's journal is
// through: every call gets further.
//
//survives:network The line is cut again and again | Every attempt gets further, until everything is there
func TestALineThatIsCutAgainAndAgainBringsTheJournalThrough(t *testing.T) {
	t.Parallel()
	w, line := newVillage(t)
	w.crowd(500)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.aDay()
	line.meter()
	line.faster = 100
	line.cutEvery(4_000)
	calls := 1
	for w.programs.Agent.Run(t, "", "--data", w.desk, "sync").Code != 0 && calls < 40 {
		calls++
	}
	up, down, _, cuts := line.meter()
	t.Logf("%d calls, %d cuts, %d bytes up, %d down", calls, cuts, up, down)
	if cuts < 3 {
		t.Errorf("the line was cut %d times", cuts)
	}
	w.deskIsEmpty()
}

// newVillage is a town whose agent has only a slow line to the office.
func newVillage(t *testing.T) (*town, *slowLine) {
	t.Helper()
	w := newTown(t)
	line := newSlowLine(t, w.server.URL)
	w.desk = t.TempDir()
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-1", "--json"))[0].Code
	w.programs.Agent.Must(t, "--data", w.desk, "enroll", "--server", line.url(), "--code", code)
	line.meter()
	return w, line
}

// aDay scans everybody in and out, in a terminal.
func (w *town) aDay() (events int) {
	w.t.Helper()
	var codes []string
	for _, x := range w.tickets("KINI") {
		if strings.HasPrefix(x.Participant.Number, "R-") {
			codes = append(codes, x.Token)
		}
	}
	for _, way := range []models.Direction{models.DirectionIn, models.DirectionOut} {
		r := w.programs.Agent.Run(w.t, strings.Join(codes, "\n"), "--data", w.desk, "scan", "--json", "--direction", string(way))
		answers := Lines[green](w.t, r.Stdout)
		for _, a := range answers {
			if !a.Verdict.Accepted() {
				w.t.Fatalf("%s: %s", way, a.Verdict)
			}
		}
		events += len(answers)
	}
	if events != 2*len(codes) {
		w.t.Fatalf("%d events of %d people", events, len(codes))
	}
	return events
}

// deskIsEmpty expects that the office has countersigned all.
func (w *town) deskIsEmpty() {
	w.t.Helper()
	s := Lines[struct{ Head, Acked, Unsent uint64 }](w.t, w.programs.Agent.Must(w.t, "--data", w.desk, "status", "--json"))[0]
	have := len(Lines[eventAtOffice](w.t, w.do("events", "--json")))
	if s.Unsent != 0 || s.Acked != s.Head || uint64(have) != s.Head {
		w.t.Errorf("%+v at the desk, %d events at the office", s, have)
	}
}
