package e2e

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	server "buktihadir/server/store"
	agent "buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
)

// line is both ends with real stores, and a wire between them that a test may cut.
type line struct {
	t       *testing.T
	dir     string // of the office's data
	office  *server.Store
	door    *httptest.Server
	site    uuid.UUID
	class   models.Class
	session models.Session
	places  []server.Place
	now     models.Millis
}

func newLine(t *testing.T) *line {
	t.Helper()
	return lineOn(t, database.SQLite(t))
}

// lineOn plans one class whose session ended an hour ago.
func lineOn(t *testing.T, cfg server.Config) *line {
	t.Helper()
	l := &line{t: t, dir: cfg.Dir, now: models.MillisOf(time.Now())}
	behind := 72 * time.Hour // the class is planned before it meets
	now := cfg.Now
	if now == nil {
		now = func() models.Millis { return models.MillisOf(time.Now()) }
	}
	cfg.Now = func() models.Millis { return now().Add(-behind) }
	var err error
	l.office, err = server.Open(t.Context(), cfg)
	l.ok(err)
	t.Cleanup(func() { _ = l.office.Close() })
	p, by := plan.New(l.office), office.Actor{Name: "test"}
	pilot, err := p.AddPilot(t.Context(), by, models.Pilot{Code: "UJI", Name: "Uji"}, nil)
	l.ok(err)
	l.ok(p.Decide(t.Context(), by, pilot.ID, plan.Decision{
		Number: "1", Date: "2022-01-01", FirstDay: "2022-01-01", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}))
	start := l.now.Time().In(models.ZoneWIB.Location()).Add(-26 * time.Hour)
	day := start.Format(time.DateOnly)
	for i, k := range imports.Kinds() {
		text := []string{
			"code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,80\n",
			"class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n" +
				"A,K,Kursus,4,LP,Lembaga,T-1,40,1," + day + ",00:00,23:59\n",
			"number,nik,name,class_code\nP-1,3273000101900001,Siti,A\nP-2,3273000101900002,Budi,A\nP-3,3273000101900003,Agus,A\n",
		}[i]
		_, err := imports.New(l.office).Import(t.Context(), by, imports.File{Kind: k, Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, plan.Apply, nil)
		l.ok(err)
	}
	q := l.office.Read(t.Context())
	l.class, err = q.ClassByCode("A")
	l.ok(err)
	sessions, err := q.SessionsOf(l.class.ID)
	l.ok(err)
	l.session, l.site = sessions[0], l.class.SiteID
	l.places, err = q.Places(l.class.ID)
	l.ok(err)
	behind = 0
	l.opens()
	return l
}

// opens starts the office's API for agents.
func (l *line) opens() {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	exchange.NewHandler(l.office, func() models.Millis { return models.MillisOf(time.Now()) }, slog.New(slog.NewTextHandler(l.t.Output(), nil))).Mount(engine)
	l.door = httptest.NewServer(engine)
	l.t.Cleanup(l.door.Close)
}

func (l *line) ok(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// post is an enrolled agent with its uplink.
type post struct {
	*line
	dir  string
	st   *agent.Store
	up   *uplink.Uplink
	wire *wire
}

// wire is an agent's network: a test may spoil the answers.
type wire struct {
	mu    sync.Mutex
	spoil func(*http.Response) (*http.Response, error)
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil || w.spoil == nil {
		return res, err
	}
	return w.spoil(res)
}

func (w *wire) set(f func(*http.Response) (*http.Response, error)) {
	w.mu.Lock()
	w.spoil = f
	w.mu.Unlock()
}

func (l *line) enrol(name string) *post {
	l.t.Helper()
	var code string
	l.ok(l.office.Write(l.t.Context(), func(tx *server.Tx) (err error) {
		code, _, err = tx.NewAgentCode(l.site, name)
		return err
	}))
	p := &post{line: l, dir: l.t.TempDir()}
	p.open()
	_, err := p.up.Enrol(l.t.Context(), l.door.URL, code)
	l.ok(err)
	return p
}

func (p *post) open() {
	p.t.Helper()
	var err error
	p.st, err = agent.Open(p.t.Context(), p.dir)
	p.ok(err)
	p.t.Cleanup(func() { _ = p.st.Close() })
	p.wire = &wire{}
	boot := uuid.New()
	p.up = uplink.New(p.st, &http.Client{Transport: p.wire}, func() (models.Millis, int64, uuid.UUID) {
		now := models.MillisOf(time.Now())
		return now, int64(now), boot
	}, slog.New(slog.DiscardHandler))
}

// happens adds events to the agent's journal; f changes each of them.
func (p *post) happens(n int, f func(i int, e *journal.Event)) {
	p.t.Helper()
	ctx := context.Background()
	head, err := p.st.Head(ctx)
	p.ok(err)
	b, err := p.st.Begin(ctx)
	p.ok(err)
	defer b.Rollback()
	for i := range n {
		place := p.places[i%len(p.places)]
		e := journal.Event{
			Format: journal.Format, Agent: head.Agent, Epoch: head.Epoch, Seq: head.Seq + 1, Prev: head.Hash, Kind: models.EventIn,
			Verdict: models.VerdictAcceptedIn, Method: models.MethodCamera, Class: p.class.ID, Session: p.session.ID, Enrollment: place.Enrollment.ID,
			Ticket: place.Tickets[0].ID, Occurred: p.session.StartsAt + models.Millis(i), Wall: p.session.StartsAt + models.Millis(i),
			Confidence: models.ConfidenceSynced,
		}
		if f != nil {
			f(i, &e)
		}
		canonical, err := e.Bytes()
		p.ok(err)
		_, err = b.Append(e, canonical, uuid.Nil)
		p.ok(err)
		head, err = head.Follow(e, canonical)
		p.ok(err)
	}
	p.ok(b.Commit())
}

// sameAsServer compares what both ends hold of this agent.
func (p *post) sameAsServer() {
	p.t.Helper()
	head, err := p.st.Head(p.t.Context())
	p.ok(err)
	mine, err := p.st.Events(p.t.Context(), head.Epoch, 0, 100_000)
	p.ok(err)
	events, err := p.office.Read(p.t.Context()).Events(server.EventFilter{})
	p.ok(err)
	theirs := map[uint64]models.Hash{}
	for _, e := range events {
		if e.AgentID == head.Agent && e.Epoch == head.Epoch {
			theirs[uint64(e.Seq)] = e.Hash
		}
	}
	if len(theirs) != len(mine) {
		p.t.Errorf("the server has %d events, the journal %d", len(theirs), len(mine))
	}
	for _, e := range mine {
		canonical, err := e.Bytes()
		p.ok(err)
		if theirs[e.Seq] != journal.HashOf(canonical) {
			p.t.Errorf("event %d differs", e.Seq)
		}
	}
}

func (p *post) status(i int) models.AttendanceStatus {
	p.t.Helper()
	rows, err := p.office.Read(p.t.Context()).AttendanceOf(p.session)
	p.ok(err)
	at := slices.IndexFunc(rows, func(r server.AttendanceRow) bool { return r.Enrollment == p.places[i].Enrollment.ID })
	if at < 0 || !rows[at].Known {
		return models.StatusPending
	}
	return rows[at].Status
}

func onBoth(t *testing.T, f func(*testing.T, *line)) {
	t.Helper()
	database.OnBoth(t, func(t *testing.T, cfg server.Config) { f(t, lineOn(t, cfg)) })
}

func lost(res *http.Response) (*http.Response, error) {
	_ = res.Body.Close()
	return nil, errors.New("cut off")
}

func captive(res *http.Response) (*http.Response, error) {
	_ = res.Body.Close()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}},
		Body: io.NopCloser(strings.NewReader("<h1>Selamat datang di Wi-Fi</h1>"))}, nil
}
