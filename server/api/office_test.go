package api_test

import (
	"bytes"
	"encoding/json"
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

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/web"
	"buktihadir/templates"
)

// office is the whole server with two institutions, over a real socket.
type fixture struct {
	t        testing.TB
	url      string
	at       atomic.Int64
	st       *store.Store
	accounts *account.Accounts
	api      *api.API
	own      models.Provider // of the classes A and B; C is another's
	sessions map[string][]models.Session
	places   map[string][]store.Place
}

func (o *fixture) now() models.Millis { return models.Millis(o.at.Load()) }

func (o *fixture) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

const (
	sitesCSV = "code,name,address,regency,capacity\nBDG,BLK Bandung,Jalan Gatot Subroto,32.73,80\nKPG,SMKN 3 Kupang,Jalan Perintis,53.71,80\n"
	planCSV  = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity," +
		"session,date,start,end,instructor_code,instructor_name\n" +
		"A,BAR,Barista,16,LPK,LPK Karya,BDG,40,1,2026-05-10,08:00,12:00,P1,Pak Budi\n" +
		"A,BAR,Barista,16,LPK,LPK Karya,BDG,40,2,2026-05-11,08:00,12:00,P1,Pak Budi\n" +
		"B,JHT,Menjahit,16,LPK,LPK Karya,KPG,4,1,2026-05-10,08:00,12:00,P2,Bu Ani\n" +
		"C,LAS,Las,16,BLK,BLK Sentani,KPG,40,1,2026-05-12,08:00,12:00,P3,Bu Sri\n"
)

func newOffice(t testing.TB) *fixture {
	t.Helper()
	return officeOn(t, database.SQLite(t))
}

func officeOn(t testing.TB, cfg store.Config) *fixture {
	t.Helper()
	o := &fixture{t: t, sessions: map[string][]models.Session{}, places: map[string][]store.Place{}}
	o.at.Store(time.Date(2026, 5, 11, 5, 0, 0, 0, time.UTC).UnixMilli())
	cfg.Now = o.now
	var err error
	o.st, err = store.Open(t.Context(), cfg)
	o.ok(err)
	t.Cleanup(func() { _ = o.st.Close() })
	planner := plan.New(o.st)
	o.plan(planner)
	o.accounts, err = account.New(o.st, o.now)
	o.ok(err)
	set, err := templates.New()
	o.ok(err)
	log := slog.New(slog.DiscardHandler)
	pages := web.New(web.Config{Store: o.st, Accounts: o.accounts, Set: set, Log: log, Now: o.now, PublicURL: &url.URL{Scheme: "http", Host: "localhost"}})
	engine, err := pages.Engine()
	o.ok(err)
	o.api = api.New(api.Config{Store: o.st, Seating: seating.New(o.st), Accounts: o.accounts, Set: set, Log: log, Now: o.now})
	o.ok(o.api.Mount(engine))
	srv := httptest.NewServer(pages.Handler(engine))
	t.Cleanup(srv.Close)
	o.url = srv.URL + api.Root
	return o
}

func (o *fixture) plan(p *plan.Service) {
	o.t.Helper()
	by, ctx := office.Actor{Name: "test"}, o.t.Context()
	pilot, err := p.AddPilot(ctx, by, models.Pilot{Code: "UJI", Name: "Uji", Quota: 100}, []models.PilotProvince{{Province: "32", Quota: 50}, {Province: "53"}})
	o.ok(err)
	o.ok(p.Decide(ctx, by, pilot.ID, plan.Decision{
		Number: "1", Date: "2026-01-01", FirstDay: "2026-01-01", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}))
	list := "number,nik,name,phone,class_code\n"
	for i := range 12 {
		list += fmt.Sprintf("P-%02d,32730001019000%02d,Orang %d,08120000%04d,%c\n", i, i+10, i, i, "AAAAAABBBCCC"[i])
	}
	list += "P-99,3273000101900099,Belum Terdaftar,081200009999,\n"
	for i, text := range []string{sitesCSV, planCSV, list} {
		_, err := imports.New(o.st).Import(ctx, by, imports.File{Kind: imports.Kinds()[i], Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, plan.Apply, nil)
		o.ok(err)
	}
	q := o.st.Read(ctx)
	for _, code := range []string{"A", "B", "C"} {
		class, err := q.ClassByCode(code)
		o.ok(err)
		o.sessions[code], err = q.SessionsOf(class.ID)
		o.ok(err)
		all, err := q.Places(class.ID)
		o.ok(err)
		for _, p := range all {
			if p.Enrollment.ParticipantID != nil { // instructors have a place too
				o.places[code] = append(o.places[code], p)
			}
		}
	}
	o.own, err = q.ProviderByCode("LPK")
	o.ok(err)
}

func onBoth(t *testing.T, test func(*testing.T, *fixture)) {
	t.Helper()
	database.OnBoth(t, func(t *testing.T, cfg store.Config) { test(t, officeOn(t, cfg)) })
}

// token makes a token with scopes; of an institution, or with the zero id of all.
func (o *fixture) token(provider uuid.UUID, scopes ...account.TokenScope) string {
	o.t.Helper()
	_, text, err := o.accounts.AddToken(o.t.Context(), account.NewToken{Name: "Platform", Scopes: scopes, Provider: provider, Days: 30},
		office.Actor{Name: "test"})
	o.ok(err)
	return text
}

func (o *fixture) correct(class string, session, place int, status models.AttendanceStatus) {
	o.t.Helper()
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error {
		return tx.Correct(models.Correction{SessionID: o.sessions[class][session].ID, EnrollmentID: o.places[class][place].Enrollment.ID,
			Status: status, Reason: "surat", AuthorID: uuid.New()})
	}))
}

// answer is what came back, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call asks the API; header are names and values in turn.
func (o *fixture) call(token, method, path string, body any, header ...string) answer {
	o.t.Helper()
	var sent io.Reader
	if body != nil {
		packed, err := json.Marshal(body)
		o.ok(err)
		sent = bytes.NewReader(packed)
	}
	req, err := http.NewRequestWithContext(o.t.Context(), method, o.url+path, sent)
	o.ok(err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	o.ok(err)
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	o.ok(err)
	return answer{res.StatusCode, res.Header, read}
}

// list is a list as a client reads it.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
	More  bool   `json:"more"`
}

// fetch asks for something that must be there.
func fetch[T any](o *fixture, token, path string) T {
	o.t.Helper()
	got := o.call(token, http.MethodGet, path, nil)
	var into T
	if got.status != http.StatusOK {
		o.t.Fatalf("%s: %d %s", path, got.status, got.body)
	}
	o.ok(json.Unmarshal(got.body, &into))
	return into
}

// walk reads a list to its end, page by page.
func walk[T any](o *fixture, token, path string, limit int) []T {
	o.t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var all []T
	for cursor := ""; ; {
		page := fetch[list[T]](o, token, fmt.Sprintf("%s%slimit=%d&cursor=%s", path, sep, limit, url.QueryEscape(cursor)))
		if len(page.Items) > limit {
			o.t.Fatalf("%s: %d items on a page of %d", path, len(page.Items), limit)
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}
