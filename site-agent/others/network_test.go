package others

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

const eight = models.Millis(1782090000000) // Monday, 22 June 2026, 08.00 WIB

// venue is a site whose agents have no server.
type venue struct {
	t     *testing.T
	site  *sample.Site
	clock atomic.Int64
	rev   uint64
	boxes []*box
}

// box is one of its agents, which answers on loopback.
type box struct {
	*venue
	id      uuid.UUID
	st      *store.Store
	desk    *desk.Desk
	net     *Network
	address string
}

func newVenue(t *testing.T, names ...string) *venue {
	t.Helper()
	v := &venue{t: t}
	var err error
	v.site, err = sample.New(3, eight)
	v.ok(err)
	v.clock.Store(int64(eight))
	for _, name := range names {
		v.boxes = append(v.boxes, v.opens(name))
	}
	v.publish(v.boxes...)
	return v
}

func (v *venue) ok(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *venue) opens(name string) *box {
	v.t.Helper()
	b := &box{venue: v, id: uuid.New()}
	var err error
	b.st, err = store.Open(v.t.Context(), v.t.TempDir())
	v.ok(err)
	v.t.Cleanup(func() { _ = b.st.Close() })
	v.ok(b.st.SaveIdentity(v.t.Context(), store.Identity{Agent: b.id, Epoch: models.Epoch(uuid.New()), Name: name, Token: "none", Site: v.site.Place}))
	boot, log := uuid.New(), slog.New(slog.DiscardHandler)
	b.desk, err = desk.Open(v.t.Context(), b.st, func() desk.Reading {
		return desk.Reading{Wall: models.Millis(v.clock.Load()), Mono: v.clock.Load(), Boot: boot}
	}, log)
	v.ok(err)
	v.t.Cleanup(b.desk.Close)
	listener, err := (&net.ListenConfig{}).Listen(v.t.Context(), "tcp", "127.0.0.1:0")
	v.ok(err)
	b.address = listener.Addr().String()
	at, err := net.ResolveTCPAddr("tcp", b.address)
	v.ok(err)
	b.net, err = NewNetwork(b.desk, b.st, at.Port, log)
	v.ok(err)
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "pages") })
	v.serve(listener, b.net.Handler(pages), b.net.Behind(v.pages()))
	return b
}

// pages is a certificate as the pages have one.
func (v *venue) pages() *tls.Config {
	v.t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	v.ok(err)
	cert, err := ownCertificate(key)
	v.ok(err)
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}
}

func (v *venue) serve(listener net.Listener, h http.Handler, c *tls.Config) {
	server := &http.Server{Handler: h, TLSConfig: c, ReadHeaderTimeout: time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	v.t.Cleanup(func() { _ = server.Close() })
}

// publish gives every agent a roster that names some.
func (v *venue) publish(named ...*box) {
	v.t.Helper()
	v.rev++
	page, err := v.site.Page(v.rev)
	v.ok(err)
	for i, b := range named {
		pub, _ := b.st.DeviceKey().Public().(ed25519.PublicKey)
		it, err := exchange.NewItem(exchange.KindAgent, b.id[:], exchange.Agent{Name: string(rune('A' + i)), Public: pub})
		v.ok(err)
		page.Items = append(page.Items, it)
		page.Digest.Add(it)
	}
	for _, b := range v.boxes {
		v.ok(b.st.ApplyPage(v.t.Context(), page, eight))
		v.ok(b.desk.Refresh(v.t.Context()))
	}
}

func (b *box) comes(i int, asked models.Direction) roster.Outcome {
	b.t.Helper()
	o, err := b.desk.ManualCheckIn(context.Background(), roster.ManualCheckIn{ID: uuid.New(), Enrollment: b.site.People[i].ID, Direction: asked,
		Reason: "HP mati", Desk: "Pintu"})
	b.ok(err)
	return o
}

//survives:network Two computers at one site, and no server to be reached | They tell each other over the site's own network
func TestAgentsTellEachOtherWithoutAServer(t *testing.T) {
	t.Parallel()
	v := newVenue(t, "barat", "timur")
	a, b := v.boxes[0], v.boxes[1]
	first := a.comes(0, models.DirectionAuto)
	v.ok(b.st.AddOtherAddress(t.Context(), a.address))
	changed := b.desk.Changed()
	began := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { b.net.Run(ctx); close(done) }()
	select {
	case <-changed:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing is heard within 20 s")
	}
	cancel()
	<-done
	t.Logf("heard over the network after %v", time.Since(began))
	v.clock.Add(5 * 60_000)
	o := b.comes(0, models.DirectionAuto)
	if o.Verdict != models.VerdictAlreadyIn || o.Earlier.Where() != "Pintu · A" || o.Earlier.At != first.Occurred || !o.Overridable {
		t.Errorf("in there, comes here: %s, %+v", o.Verdict, o.Earlier)
	}
	if got := b.desk.Others(); len(got) != 1 || got[0].Network == 0 || got[0].Server != 0 {
		t.Errorf("B has heard of A: %+v", got)
	}
	if got := a.net.addresses(t.Context()); !slices.Contains(got, b.address) {
		t.Errorf("A knows where B answers: %v, want %s", got, b.address)
	}
	v.ok(a.net.Meet(t.Context(), b.address))
	_, err := a.desk.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: first.Seq, Reason: "salah orang", Desk: "Pintu"})
	v.ok(err)
	v.ok(b.net.Meet(t.Context(), a.address))
	if o := b.comes(0, models.DirectionAuto); o.Verdict != models.VerdictAcceptedIn {
		t.Errorf("undone there: %s", o.Verdict)
	}
	head, err := b.st.Head(t.Context())
	v.ok(err)
	events, err := b.st.Events(t.Context(), head.Epoch, 0, 100)
	v.ok(err)
	for _, e := range events {
		if e.Agent != b.id {
			t.Errorf("event %d of %s is in B's journal", e.Seq, e.Agent)
		}
	}
}

// However the meetings fall between what happens, who was met in the end knows who is in.
func TestMeetingsLoseNothing(t *testing.T) {
	t.Parallel()
	v := newVenue(t, "barat", "timur")
	a, b := v.boxes[0], v.boxes[1]
	rapid.Check(t, func(r *rapid.T) {
		clear(a.net.asked) // a test asks more often than an agent may
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			v.clock.Add(61_000)
			asked := rapid.SampledFrom([]models.Direction{models.DirectionIn, models.DirectionOut}).Draw(r, "asked")
			o := a.comes(rapid.IntRange(0, 2).Draw(r, "who"), asked)
			if o.Verdict.Accepted() && rapid.IntRange(0, 3).Draw(r, "undone") == 0 {
				_, err := a.desk.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: o.Seq, Reason: "salah", Desk: "Pintu"})
				v.ok(err)
			}
			if rapid.Bool().Draw(r, "meet") {
				v.ok(b.net.Meet(t.Context(), a.address))
			}
		}
		v.ok(b.net.Meet(t.Context(), a.address))
		mine, err := a.st.Head(t.Context())
		v.ok(err)
		if got := b.net.heads[a.id][mine.Epoch]; got != mine {
			r.Fatalf("B knows %+v, A is at %+v", got, mine)
		}
	})
}

func TestWhoHasNoKeyOfTheSiteIsNotMet(t *testing.T) {
	t.Parallel()
	v := newVenue(t, "barat", "timur")
	a, b := v.boxes[0], v.boxes[1]
	elsewhere := newVenue(t, "lain", "kedua")
	stranger := elsewhere.boxes[0]
	a.comes(0, models.DirectionAuto)
	if err := stranger.net.Meet(t.Context(), a.address); err == nil {
		t.Error("an agent of another site is answered")
	}
	if err := a.net.Meet(t.Context(), stranger.address); !errors.Is(err, ErrStranger) {
		t.Errorf("an agent of another site is believed: %v", err)
	}
	if err := a.net.Meet(t.Context(), a.address); !errors.Is(err, ErrStranger) {
		t.Errorf("an agent meets itself: %v", err)
	}
	v.ok(b.net.Meet(t.Context(), a.address)) // on a connection that stays
	v.publish(a)
	if err := b.net.Meet(t.Context(), a.address); !errors.Is(err, ErrTail) {
		t.Errorf("a revoked agent is answered: %v", err)
	}
	plain := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	res, err := plain.Post("https://"+a.address+exchange.PathTail, exchange.ContentType, nil) //nolint:noctx // a test
	v.ok(err)
	defer func() { _ = res.Body.Close() }()
	if body, _ := io.ReadAll(res.Body); string(body) != "pages" {
		t.Errorf("a browser gets %q", body)
	}
}

// liar has a key of the site, and answers whatever it likes.
func (v *venue) liar(b *box, answer func() []byte) string {
	v.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(v.t.Context(), "tcp", "127.0.0.1:0")
	v.ok(err)
	v.serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer()) }), b.net.config())
	return listener.Addr().String()
}

func TestADishonestAgentIsNotBelieved(t *testing.T) {
	t.Parallel()
	v := newVenue(t, "barat", "timur", "utara")
	a, b, c := v.boxes[0], v.boxes[1], v.boxes[2]
	for i := range 3 {
		a.comes(i, models.DirectionAuto)
		c.comes(i, models.DirectionAuto)
	}
	old, err := a.net.tail(t.Context(), nil)
	v.ok(err)
	theirs, err := c.net.tail(t.Context(), nil)
	v.ok(err)
	a.comes(0, models.DirectionOut)
	v.ok(b.net.Meet(t.Context(), a.address))
	unpacked := func(change func(*exchange.Batch)) []byte {
		m, err := exchange.Unpack[exchange.Batch](old)
		v.ok(err)
		change(&m)
		packed, err := exchange.Pack(m)
		v.ok(err)
		return packed
	}
	for name, answer := range map[string][]byte{
		"an old tail again":           old,
		"another agent's tail":        theirs,
		"a wrong signature":           unpacked(func(m *exchange.Batch) { m.Epoch[0]++; m.Signature[0] ^= 1 }),
		"a row taken out":             unpacked(func(m *exchange.Batch) { m.Epoch[0]++; m.Rows = m.Rows[1:] }),
		"another epoch with old rows": unpacked(func(m *exchange.Batch) { m.Epoch[0]++ }),
		"nothing":                     nil,
		"a page":                      []byte("<html>Selamat datang"),
		"too much":                    bytes.Repeat([]byte{1}, exchange.MaxBatchBytes+1),
	} {
		t.Run(name, func(t *testing.T) {
			before := b.net.heads[a.id]
			err := b.net.Meet(t.Context(), v.liar(a, func() []byte { return answer }))
			if !errors.Is(err, ErrTail) && !errors.Is(err, exchange.ErrMessage) {
				t.Errorf("it is taken: %v", err)
			}
			if len(b.net.heads[a.id]) != len(before) || len(b.net.heads[c.id]) != 0 {
				t.Errorf("it is remembered: %+v", b.net.heads)
			}
		})
	}
	t.Run("epochs without end", func(t *testing.T) {
		address := v.liar(c, func() []byte {
			m, err := exchange.NewBatch(journal.Head{Agent: c.id, Epoch: models.Epoch(uuid.New())}, nil, 0, c.st.DeviceKey())
			v.ok(err)
			packed, err := exchange.Pack(m)
			v.ok(err)
			return packed
		})
		var err error
		for range mostEpochs + 1 {
			err = b.net.Meet(t.Context(), address)
		}
		if !errors.Is(err, ErrTail) || len(b.net.heads[c.id]) > mostEpochs {
			t.Errorf("%d epochs are remembered, %v", len(b.net.heads[c.id]), err)
		}
	})
}

func TestAnswersHaveBounds(t *testing.T) {
	t.Parallel()
	v := newVenue(t, "barat", "timur")
	a, b := v.boxes[0], v.boxes[1]
	post := func(path string, body io.Reader) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+a.address+path, body)
		v.ok(err)
		res, err := b.net.client.Do(req)
		v.ok(err)
		defer func() { _ = res.Body.Close() }()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	if got := post("/", nil); got != http.StatusNotFound {
		t.Errorf("another agent gets pages: %d", got)
	}
	if got := post(exchange.PathTail, strings.NewReader("?")); got != http.StatusBadRequest {
		t.Errorf("nonsense: %d", got)
	}
	if got := post(exchange.PathTail, bytes.NewReader(make([]byte, askLimit+1))); got != http.StatusRequestEntityTooLarge {
		t.Errorf("a long question: %d", got)
	}
	limited := 0
	for range inARow + 20 {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, exchange.PathTail, nil)
		r.TLS = &tls.ConnectionState{PeerCertificates: leaf(t, b.net.cert)}
		if a.net.Handler(nil).ServeHTTP(w, r); w.Code == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited == 0 {
		t.Error("an agent may ask without end")
	}
}

func TestOnlyTheSitesAgentsAreFound(t *testing.T) {
	t.Parallel()
	v := newVenue(t, "barat", "timur")
	a, b := v.boxes[0], v.boxes[1]
	from := &net.UDPAddr{IP: net.IPv4(192, 168, 1, 7), Port: 8442}
	here := func(agent uuid.UUID, port uint16, key ed25519.PrivateKey) []byte {
		return exchange.Announcement{Agent: agent, Port: port}.Sign(key)
	}
	_, other, err := ed25519.GenerateKey(rand.Reader)
	v.ok(err)
	good := here(a.id, 8443, a.st.DeviceKey())
	changed := slices.Clone(good)
	changed[21]++ // the port
	for name, said := range map[string][]byte{
		"by another key": here(a.id, 8443, other), "of nobody": here(uuid.New(), 8443, a.st.DeviceKey()), "changed": changed, "cut": good[:60],
		"long": append(slices.Clone(good), 0), "no port": here(a.id, 0, a.st.DeviceKey()), "its own": here(b.id, 8443, b.st.DeviceKey()), "nothing": nil,
	} {
		if b.net.Hear(said, from); len(b.net.addresses(t.Context())) != 0 {
			t.Errorf("%s: %v", name, b.net.addresses(t.Context()))
		}
	}
	for i := range byte(9) {
		b.net.Hear(good, &net.UDPAddr{IP: net.IPv4(192, 168, 1, i), Port: 8442})
	}
	if b.net.Hear(good, from); len(b.net.addresses(t.Context())) != mostFound || b.net.found[a.id][0] != "192.168.1.7:8443" {
		t.Errorf("found at %v", b.net.found)
	}
}

func leaf(t *testing.T, c tls.Certificate) []*x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return []*x509.Certificate{cert}
}
