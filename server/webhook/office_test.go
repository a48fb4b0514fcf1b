package webhook_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"buktihadir/models"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

// office is a server's database with a class of some people, and a clock.
type fixture struct {
	t       testing.TB
	cfg     store.Config
	st      *store.Store
	mu      sync.Mutex
	at      models.Millis
	session models.Session
	places  []store.Place
}

func (o *fixture) now() models.Millis {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

func (o *fixture) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = o.at.Add(d)
}

func (o *fixture) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

const people = 5

func newOffice(t testing.TB, url string) *fixture {
	t.Helper()
	o := &fixture{t: t, at: models.MillisOf(time.Date(2026, 5, 11, 5, 0, 0, 0, time.UTC))}
	o.cfg = store.Config{Dir: t.TempDir(), URL: url, Now: o.now}
	o.open()
	t.Cleanup(func() { _ = o.st.Close() })
	p, by, ctx := plan.New(o.st), office.Actor{Name: "test"}, t.Context()
	pilot, err := p.AddPilot(ctx, by, models.Pilot{Code: "UJI", Name: "Uji"}, nil)
	o.ok(err)
	o.ok(p.Decide(ctx, by, pilot.ID, plan.Decision{
		Number: "1", Date: "2026-01-01", FirstDay: "2026-01-01", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}))
	list := "number,nik,name,class_code\n"
	for i := range people {
		list += "P-" + strconv.Itoa(i) + ",32732301019000" + strconv.Itoa(10+i) + ",Orang " + strconv.Itoa(i) + ",A\n"
	}
	for i, text := range []string{
		"code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,80\n",
		"class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n" +
			"A,K,Kursus,4,LP,Lembaga,T-1,40,1,2026-05-10,08:00,12:00\n",
		list,
	} {
		_, err := imports.New(o.st).Import(ctx, by, imports.File{Kind: imports.Kinds()[i], Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, plan.Apply, nil)
		o.ok(err)
	}
	q := o.st.Read(ctx)
	class, err := q.ClassByCode("A")
	o.ok(err)
	sessions, err := q.SessionsOf(class.ID)
	o.ok(err)
	o.session = sessions[0]
	o.places, err = q.Places(class.ID)
	o.ok(err)
	return o
}

func onBoth(t *testing.T, test func(*testing.T, *fixture)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newOffice(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newOffice(t, pg.New(t))) })
}

// open opens the database, as a server that starts does.
func (o *fixture) open() {
	o.t.Helper()
	st, err := store.Open(o.t.Context(), o.cfg)
	o.ok(err)
	o.st = st
}

// networks are those in which the tests' receivers are.
func networks(t testing.TB) webhook.Networks {
	t.Helper()
	n, err := webhook.ParseNetworks([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (o *fixture) sender() *webhook.Sender {
	return webhook.NewSender(o.st, slog.New(slog.DiscardHandler), o.now, networks(o.t))
}

func (o *fixture) service() *webhook.Service { return webhook.NewService(o.st, networks(o.t)) }

// add registers a receiver for changes of attendance.
func (o *fixture) add(url string) (models.Webhook, string) {
	o.t.Helper()
	h, secret, err := o.service().Add(o.t.Context(), webhook.New{Name: "Pembayaran", URL: url, Topics: models.Topics()}, office.Actor{Name: "test"})
	o.ok(err)
	return h, secret
}

// correct makes a change that webhooks are told of.
func (o *fixture) correct(place int, status models.AttendanceStatus) {
	o.t.Helper()
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error {
		return tx.Correct(models.Correction{SessionID: o.session.ID, EnrollmentID: o.places[place].Enrollment.ID, Status: status, Reason: "surat",
			AuthorID: uuid.New()})
	}))
}

func (o *fixture) deliveries(h models.Webhook) []models.Delivery {
	o.t.Helper()
	list, err := o.st.Read(o.t.Context()).ListDeliveries(store.DeliveryFilter{Webhook: h.ID}, store.Slice{Limit: 1000})
	o.ok(err)
	return list.Rows
}

// message is what a receiver read.
type message struct {
	id   string
	at   time.Time
	body string
	Type string `json:"type"`
	Data struct {
		Attendance []webhook.Attendance `json:"attendance"`
	} `json:"data"`
}

// receiver is another system on a real socket. It checks signatures as the library of
// Standard Webhooks has it.
type receiver struct {
	*httptest.Server
	t      testing.TB
	mu     sync.Mutex
	secret string
	got    []message
	answer func(w http.ResponseWriter, r *http.Request)
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{t: t, answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }}
	r.Server = httptest.NewServer(http.HandlerFunc(r.take))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		r.t.Error(err)
	}
	m := message{id: req.Header.Get("webhook-id"), body: string(body)}
	seconds, err := strconv.ParseInt(req.Header.Get("webhook-timestamp"), 10, 64)
	if err != nil {
		r.t.Error(err)
	}
	m.at = time.Unix(seconds, 0)
	if err := json.Unmarshal(body, &m); err != nil {
		r.t.Errorf("%s: %v", body, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.secret != "" {
		check, err := standardwebhooks.NewWebhook(r.secret)
		if err != nil {
			r.t.Error(err)
		} else if err := check.VerifyIgnoringTimestamp(body, req.Header); err != nil {
			r.t.Errorf("message %s: %v", m.id, err)
		}
		forged := req.Header.Clone()
		if check.VerifyIgnoringTimestamp([]byte(strings.Replace(m.body, "sick", "late", 1)+" "), forged) == nil {
			r.t.Error("a changed message verifies too")
		}
	}
	r.got = append(r.got, m)
	answer := r.answer
	r.mu.Unlock()
	answer(w, req)
	r.mu.Lock()
}

func (r *receiver) messages() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]message(nil), r.got...)
}

func (r *receiver) answers(f func(w http.ResponseWriter, req *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func status(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
