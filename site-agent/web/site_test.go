package web

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

const (
	officerPIN    = "246810"
	supervisorPIN = "135799"
)

// site is a real desk over a real store, with a roster of one class whose
// session begins at the desk's present moment.
type site struct {
	server     *Server
	store      *store.Store
	desk       *desk.Desk
	devices    *pairing.Registry
	data       string
	pages      *templates.Set
	now        atomic.Int64 // the true time
	machine    atomic.Pointer[clocks]
	key        ed25519.PrivateKey
	class      uuid.UUID
	classRef   models.Ref
	session    uuid.UUID
	officer    uuid.UUID
	supervisor uuid.UUID
	people     []member
	synced     atomic.Int64
}

type member struct {
	id     uuid.UUID
	name   string
	ticket models.Ref
	nik4   string
}

// clocks is what those of the desk's machine go by.
type clocks struct {
	boot  uuid.UUID
	since int64         // the true time of its boot
	off   time.Duration // its wall clock minus the true time
}

func (s *site) clock() desk.Reading {
	now, m := s.now.Load(), s.machine.Load()
	return desk.Reading{Wall: models.Millis(now).Add(m.off), Mono: now - m.since, Boot: m.boot}
}

func (s *site) pass(d time.Duration) { s.now.Add(d.Milliseconds()) }

// newSite opens the desk; change may alter the class before it is stored.
func newSite(t testing.TB, change func(*exchange.Class)) *site {
	t.Helper()
	ctx := context.Background()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{
		key: key, class: uuid.New(), session: uuid.New(), officer: uuid.New(), supervisor: uuid.New(),
		classRef: models.Ref{1, 2, 3, 4, 5, 6, 7, 8},
	}
	s.now.Store(time.Date(2026, 6, 22, 1, 0, 0, 0, time.UTC).UnixMilli()) // Monday, 08.00 WIB
	s.data = t.TempDir()
	s.machine.Store(&clocks{boot: uuid.Max, since: 1e12})
	if s.store, err = store.Open(ctx, s.data); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	place := exchange.Site{ID: uuid.New(), Code: "BLK-01", Name: "BLK Sleman", Zone: models.ZoneWIB}
	err = s.store.SaveIdentity(ctx, store.Identity{Agent: uuid.New(), Epoch: models.Epoch{9}, Name: "meja-1", Token: "t", Site: place})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.ApplyPage(ctx, s.roster(t, place, change), models.Millis(s.now.Load())); err != nil {
		t.Fatal(err)
	}
	now := s.clock() // another boot has met the server an hour ago: the clock is plausible
	met := store.Contact{Boot: uuid.New(), Mono: 1, Wall: now.Wall - 3_600_000, Server: now.Wall - 3_600_000}
	if err := s.store.NoteContact(ctx, met); err != nil {
		t.Fatal(err)
	}
	s.opens(t)
	if err := s.devices.SetPolicy(ctx, store.DevicePolicy{ScreenNames: true}, uuid.Nil); err != nil {
		t.Fatal(err) // TestOnlyPairedDevices… sets it otherwise
	}
	return s
}

// opens starts the desk, also once more.
func (s *site) opens(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	if s.desk, err = desk.Open(ctx, s.store, s.clock, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.desk.Close)
	if s.devices, err = pairing.Open(ctx, s.store, func() models.Millis { return models.Millis(s.now.Load()) }, time.Now); err != nil {
		t.Fatal(err)
	}
	if s.pages == nil {
		if s.pages, err = templates.New(); err != nil {
			t.Fatal(err)
		}
	}
	s.server, err = New(ctx, page.Config{
		Desk: s.desk, Devices: s.devices, Store: s.store, Pages: s.pages, Log: log, Now: func() models.Millis {
			return models.Millis(s.now.Load())
		}, Data: s.data, TLSAddr: ":8443",
		Sync: func(context.Context) error { s.synced.Add(1); return nil },
		Carry: &page.Carrier{
			Export: func(context.Context) ([]byte, error) { return []byte("bundle"), nil },
			Import: func(_ context.Context, file []byte) ([]templates.Text, error) {
				if string(file) != "reply" {
					return nil, errors.New("no reply")
				}
				return []templates.Text{templates.Say("bundle.taken", "Count", 3)}, nil
			},
			Explain: func(error) templates.Text { return templates.Say("bundle.error_no_bundle") },
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.server.Close)
}

func (s *site) roster(t testing.TB, place exchange.Site, change func(*exchange.Class)) exchange.RosterPage {
	t.Helper()
	class := exchange.Class{
		Ref: s.classRef, Code: "LAS-01", Course: "Las Dasar", Provider: "LPK Maju", Phase: models.PhaseRunning,
		Policy: models.DefaultPolicy(), Secret: []byte("class secret"),
	}
	if change != nil {
		change(&class)
	}
	start := models.Millis(s.now.Load())
	pub := s.key.Public().(ed25519.PublicKey) //nolint:errcheck // ed25519 by construction
	keyID := ticket.KeyIDOf(pub)
	page := exchange.RosterPage{Scope: []byte("scope"), To: 1, Latest: 1, Reset: true, Digest: &exchange.Digest{}}
	page.Items = append(page.Items,
		item(t, exchange.KindSite, place.ID[:], place),
		item(t, exchange.KindKey, keyID[:], exchange.TicketKey{Public: pub}),
		item(t, exchange.KindClass, s.class[:], class),
		item(t, exchange.KindSession, s.session[:], exchange.Session{Class: s.class, Seq: 1, Start: start, End: start.Add(4 * time.Hour), Room: "Ruang A"}),
		item(t, exchange.KindOfficer, s.officer[:], exchange.Officer{Name: "Sari Wulandari", PINHash: hash(t, officerPIN)}),
		item(t, exchange.KindOfficer, s.supervisor[:], exchange.Officer{Name: "Bambang Pengawas", PINHash: hash(t, supervisorPIN), Supervisor: true}),
	)
	for i, name := range []string{"Dewi Lestari", "Agus Salim", "Ni Luh Ayu", "Yohanes Wanggai", "Siti Aminah", "Muhammad Rizki"} {
		m := member{uuid.New(), name, models.Ref{7, 7, 7, 7, 7, 7, 7, byte(i + 1)}, fmt.Sprintf("%04d", 1234+i)}
		s.people = append(s.people, m)
		page.Items = append(page.Items, item(t, exchange.KindEnrollment, m.id[:], exchange.Enrollment{
			Class: s.class, Role: models.PersonParticipant, Name: name, Number: fmt.Sprintf("PK-2026-%03d", i+1), NIK4: m.nik4, Ticket: m.ticket[:],
		}))
	}
	for _, it := range page.Items {
		page.Digest.Add(it)
	}
	return page
}

func item[B exchange.Body](t testing.TB, kind exchange.ItemKind, key []byte, body B) exchange.Item {
	t.Helper()
	it, err := exchange.NewItem(kind, key, body)
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func hash(t testing.TB, pin string) string {
	t.Helper()
	h, err := argon2id.CreateHash(pin, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// token is the code that a member's paper ticket carries.
func (s *site) token(t testing.TB, m member) string {
	t.Helper()
	day := ticket.DayOf(s.server.Now().Time())
	code, err := ticket.Sign(ticket.Ticket{ID: m.ticket, Class: s.classRef, ValidFrom: day - 1, ValidUntil: day + 30, Name: m.name, Print: true}, s.key)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// request is one that a phone on the network sends over HTTPS.
func request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "https://192.168.43.10:8443"+path, strings.NewReader(body))
	r.RemoteAddr = "192.168.43.77:50000"
	return r
}

func (s *site) do(r *http.Request, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.server.Handler().ServeHTTP(w, r)
	return w
}

func signInRequest(officer uuid.UUID, pin string) *http.Request {
	r := request(http.MethodPost, "/sign-in", url.Values{"officer": {officer.String()}, "pin": {pin}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// signedIn gives the cookie of a sign-in that succeeds.
func (s *site) signedIn(t testing.TB, officer uuid.UUID, pin string) *http.Cookie {
	t.Helper()
	w := s.do(signInRequest(officer, pin))
	cookies := w.Result().Cookies()
	for _, c := range cookies {
		if c.Name == "__Host-desk" {
			return c
		}
	}
	t.Fatalf("sign in: %d, cookies %v", w.Code, cookies)
	return nil
}
