package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

// payer is another system that pays by attendance: it is told by webhook, keeps each
// message once, and refuses each the first time that it comes.
type payer struct {
	t      *testing.T
	mu     sync.Mutex
	secret *standardwebhooks.Webhook
	seen   map[string]int
	known  map[string]webhook.Attendance // the newest, by place
}

func (p *payer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender was killed
	}
	if err := p.secret.Verify(body, r.Header); err != nil {
		p.t.Errorf("message %s: %v", r.Header.Get("webhook-id"), err)
	}
	var m struct {
		Data struct{ Attendance []webhook.Attendance }
	}
	if err := json.Unmarshal(body, &m); err != nil {
		p.t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := r.Header.Get("webhook-id")
	if p.seen[id]++; p.seen[id] == 1 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, a := range m.Data.Attendance {
		if key := a.Enrollment.String(); a.Revision > p.known[key].Revision {
			p.known[key] = a
		}
	}
}

// call asks the office's API and reads the answer.
func call[T any](w *town, token, method, path string, body any) T {
	w.t.Helper()
	packed, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+"/api/v1"+path, bytes.NewReader(packed))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var into T
	if err := json.NewDecoder(res.Body).Decode(&into); err != nil || res.StatusCode >= http.StatusBadRequest {
		w.t.Fatalf("%s %s: %d %+v (%v)", method, path, res.StatusCode, into, err)
	}
	return into
}

//survives:power The server is killed between a change and telling another system of it, again and again | The other system has every change in the end; what comes twice has the same number
func TestAnotherSystemIsToldOfEveryChangeHoweverOftenTheOfficeIsKilled(t *testing.T) {
	t.Parallel()
	const ours = "127.0.0.0/8"
	w := newTown(t)
	w.serves = []string{"--webhook-network", ours}
	w.reopens()
	p := &payer{t: t, seen: map[string]int{}, known: map[string]webhook.Attendance{}}
	receiver := httptest.NewServer(p)
	defer receiver.Close()
	networks, err := webhook.ParseNetworks([]string{ours})
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Config{Dir: w.office})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := webhook.NewService(st, networks).Add(t.Context(), webhook.New{Name: "Bayar", URL: receiver.URL, Topics: models.Topics()},
		office.Actor{Name: "test"})
	if err == nil {
		p.secret, err = standardwebhooks.NewWebhook(secret)
	}
	if err != nil || st.Close() != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(w.do("token", "add", "--name", "Bayar", "--scope", "attendance:read", "--scope", "classes:read", "--scope", "corrections:write"))
	type thing struct {
		ID        string
		ClassCode string `json:"class_code"`
	}
	sessions := call[struct{ Items []thing }](w, token, http.MethodGet, "/sessions", nil).Items
	now := sessions[slices.IndexFunc(sessions, func(s thing) bool { return s.ClassCode == "KINI" })]
	tickets := w.tickets("KINI")
	address := strings.TrimPrefix(w.server.URL, "http://")
	luck := rand.New(rand.NewPCG(4, 11))
	for range officeKills(t, 6) {
		for _, number := range []string{"P-1", "P-2", "P-3"} {
			call[webhook.Attendance](w, token, http.MethodPost, "/corrections", map[string]string{"session": now.ID, "reason": "surat",
				"enrollment": tickets[number].Participant.Enrollment.String(), "status": []string{"present", "late", "sick", "absent"}[luck.IntN(4)]})
		}
		<-time.After(time.Duration(luck.IntN(3000)) * time.Millisecond)
		w.server.Kill()
		w.openOffice(address)
	}
	want := map[string]webhook.Attendance{}
	for _, a := range call[struct{ Items []webhook.Attendance }](w, token, http.MethodGet, "/attendance", nil).Items {
		want[a.Enrollment.String()] = a
	}
	eventually(t, "the other system knows what the office knows", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for key, a := range want {
			if got := p.known[key]; got.Revision != a.Revision || got.Status != a.Status {
				return false
			}
		}
		return len(p.known) == len(want) && len(want) == 3
	})
}
