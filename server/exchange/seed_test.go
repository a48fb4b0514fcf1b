package exchange_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // to count rows

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/scripts/e2e/pg"
	door "buktihadir/server/exchange"
	"buktihadir/server/store"
)

// desk is an agent with its own key, and the API that it calls.
type desk struct {
	t     testing.TB
	dir   string
	url   string
	st    *store.Store
	http  http.Handler
	now   models.Millis
	site  models.Site
	key   ed25519.PrivateKey
	agent uuid.UUID
	epoch models.Epoch
	token string
}

func onBoth(t *testing.T, f func(*testing.T, *desk)) {
	t.Run("sqlite", func(t *testing.T) { f(t, newDesk(t, "")) })
	t.Run("postgres", func(t *testing.T) { f(t, newDesk(t, pg.New(t))) })
}

func newDesk(t testing.TB, url string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), url: url, now: 1_700_000_000_000, epoch: models.Epoch{1}}
	clock := func() models.Millis { return d.now }
	st, err := store.Open(t.Context(), store.Config{Dir: d.dir, URL: url, Now: clock})
	d.ok(err)
	t.Cleanup(func() { _ = st.Close() })
	d.st, d.site = st, models.Site{ID: uuid.New(), Code: "T-1", Name: "Balai Uji", Zone: models.ZoneWIB}
	d.ok(st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSites([]models.Site{d.site}) }))
	_, d.key, err = ed25519.GenerateKey(rand.Reader)
	d.ok(err)
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	d.ok(engine.SetTrustedProxies(nil))
	door.NewHandler(st, clock, slog.New(slog.DiscardHandler)).Mount(engine)
	d.http = engine
	return d
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// call knocks; header is what Authorization says.
func (d *desk) call(method, path, header string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if header != "" {
		r.Header.Set("Authorization", header)
	}
	w := httptest.NewRecorder()
	d.http.ServeHTTP(w, r)
	return w
}

func (d *desk) push(body []byte) *httptest.ResponseRecorder {
	return d.call(http.MethodPost, exchange.PathEvents, "Bearer "+d.token, body)
}

func (d *desk) code() string {
	d.t.Helper()
	var code string
	d.ok(d.st.Write(d.t.Context(), func(tx *store.Tx) (err error) { code, _, err = tx.NewAgentCode(d.site.ID, "meja"); return err }))
	return code
}

func (d *desk) request(code string) []byte {
	d.t.Helper()
	pub, _ := d.key.Public().(ed25519.PublicKey)
	return packed(d.t, exchange.EnrolRequest{Protocol: exchange.Protocol, Code: code, PublicKey: pub, Version: "1", Epoch: d.epoch})
}

func (d *desk) enrol() *desk {
	d.t.Helper()
	w := d.call(http.MethodPost, exchange.PathEnrol, "", d.request(d.code()))
	ans := message[exchange.EnrolAnswer](d.t, w)
	d.agent, d.token = ans.Agent, ans.Token
	return d
}

func (d *desk) revoke() {
	d.t.Helper()
	d.ok(d.st.Write(d.t.Context(), func(tx *store.Tx) error { return tx.RevokeAgent(d.agent) }))
}

// batch is the first n events of the desk's journal; f changes each before it is chained.
func (d *desk) batch(n int, f func(*journal.Event)) exchange.Batch {
	d.t.Helper()
	start := journal.Head{Agent: d.agent, Epoch: d.epoch}
	head, events := start, []journal.Event{}
	for i := range n {
		e := journal.Event{Format: journal.Format, Agent: d.agent, Epoch: d.epoch, Seq: head.Seq + 1, Prev: head.Hash,
			Kind: models.EventNote, Occurred: d.now + models.Millis(i), Wall: d.now + models.Millis(i)}
		if f != nil {
			f(&e)
		}
		canonical, err := e.Bytes()
		d.ok(err)
		head, err = head.Follow(e, canonical)
		d.ok(err)
		events = append(events, e)
	}
	b, err := exchange.NewBatch(start, events, d.now, d.key)
	d.ok(err)
	b.Version, b.Now = "1", d.now
	return b
}

// strays looks at the table itself: the program only ever adds to it.
func (d *desk) strays() int {
	d.t.Helper()
	driver, source := "sqlite", filepath.Join(d.dir, "server.db")
	if d.url != "" {
		driver, source = "pgx", d.url
	}
	db, err := sql.Open(driver, source)
	d.ok(err)
	defer func() { _ = db.Close() }()
	var n int
	d.ok(db.QueryRow("SELECT count(*) FROM stray_batches").Scan(&n))
	return n
}

func packed[M exchange.Message](t testing.TB, m M) []byte {
	t.Helper()
	b, err := exchange.Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func message[M exchange.Message](t testing.TB, w *httptest.ResponseRecorder) M {
	t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != exchange.ContentType {
		t.Fatalf("answer %d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	m, err := exchange.Unpack[M](w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func refusal(t testing.TB, w *httptest.ResponseRecorder) exchange.Problem {
	t.Helper()
	var p exchange.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("answer %d is no problem: %s", w.Code, w.Body)
	}
	return p
}
