// Package webtest is the whole office for tests of its pages: every wing mounted over
// a real store that holds a small plan, on a real socket, with browsers to visit it.
// Only tests import it.
package webtest

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/account"
	"buktihadir/server/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/proposal"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/web"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

// Password is everybody's.
const Password = "kopi tubruk pagi"

// Office is the server's pages at an address, with what they are made of.
type Office struct {
	*Seeded
	URL      string
	Dir      string
	Store    *store.Store
	Pages    *web.Pages
	Accounts *account.Accounts
}

// New is an office on SQLite.
func New(t testing.TB) *Office {
	t.Helper()
	return On(t, database.SQLite(t))
}

// On is an office on a database.
func On(t testing.TB, cfg store.Config) *Office {
	t.Helper()
	now := models.MillisOf(time.Date(2026, 6, 22, 3, 0, 0, 0, time.UTC)) // Monday, 10.00 WIB
	cfg.Now = func() models.Millis { return now }
	st, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	acc, err := account.New(st, cfg.Now)
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	o := &Office{Dir: cfg.Dir, Store: st, Accounts: acc, Seeded: seed(t, cfg, st.Vault())}
	srv := httptest.NewUnstartedServer(nil)
	public := &url.URL{Scheme: "http", Host: srv.Listener.Addr().String()}
	jobs, err := imports.NewJobs(imports.New(st), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(jobs.Close)
	proposals, err := proposal.NewProposals(proposal.New(st), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proposals.Close)
	o.Pages = web.New(
		web.Config{Store: st, Accounts: acc, Imports: jobs, Proposals: proposals, Set: set, Log: slog.New(slog.DiscardHandler), Now: cfg.Now, PublicURL: public,
			Bundles: exchange.NewService(st, slog.New(slog.DiscardHandler)), Webhooks: webhook.NewService(st, nil),
			Subscriptions: subscription.NewService(
				st,
			), Dispatcher: subscription.NewDispatcher(st, set, slog.New(slog.DiscardHandler), cfg.Now, public), MailOn: true},
	)
	engine, err := o.Pages.Engine()
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = o.Pages.Handler(engine)
	srv.Start()
	t.Cleanup(srv.Close)
	o.URL = srv.URL
	return o
}

// Browser is one visitor with cookies, who doesn't follow redirects unasked.
type Browser struct {
	T      testing.TB
	o      *Office
	client *http.Client
}

// Guest is who has not signed in.
func (o *Office) Guest(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{t, o, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As signs in somebody of a role; a coordinator is bound to the plan's own institution.
func (o *Office) As(t testing.TB, role models.Role) *Browser {
	t.Helper()
	b := o.Guest(t)
	if role == "" {
		return b
	}
	invitation := account.Invitation{Email: string(role) + "@contoh.id", Name: "Orang " + string(role), Role: role}
	if role == models.RoleCoordinator {
		invitation.Provider = o.Own.ID
	}
	if _, token, err := o.Accounts.Invite(t.Context(), invitation, office.Actor{Name: "test"}); err == nil {
		if _, err := o.Accounts.Complete(t.Context(), token, account.Setup{Name: invitation.Name, Password: Password}); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.Post("/login", "email", invitation.Email, "password", Password); got.Status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d\n%s", role, got.Status, got.Body)
	}
	return b
}

// Answer is what came back, read whole.
type Answer struct {
	Status int
	Body   string
	Header http.Header
}

// Do sends a request and reads the answer.
func (b *Browser) Do(req *http.Request) Answer {
	b.T.Helper()
	res, err := b.client.Do(req)
	if err != nil {
		b.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	return Answer{res.StatusCode, string(body), res.Header}
}

// Request makes a request as the browser would send it.
func (b *Browser) Request(method, path string, body io.Reader) *http.Request {
	b.T.Helper()
	req, err := http.NewRequestWithContext(b.T.Context(), method, b.o.URL+path, body)
	if err != nil {
		b.T.Fatal(err)
	}
	return req
}

// Get opens an address.
func (b *Browser) Get(path string) Answer {
	b.T.Helper()
	return b.Do(b.Request(http.MethodGet, path, nil))
}

// Post sends a form: names and values in turn.
func (b *Browser) Post(path string, pairs ...string) Answer {
	b.T.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := b.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(req)
}

// Follow goes where a redirect points.
func (b *Browser) Follow(a Answer) Answer {
	b.T.Helper()
	if a.Status != http.StatusSeeOther {
		b.T.Fatalf("no redirect but %d:\n%s", a.Status, a.Body)
	}
	return b.Get(strings.TrimPrefix(a.Header.Get("Location"), b.o.URL))
}

// Upload posts a form with one file, or with none where no field has it.
func (b *Browser) Upload(path, field, name string, content []byte, pairs ...string) Answer {
	b.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			b.T.Fatal(err)
		}
	}
	if field != "" {
		part, err := w.CreateFormFile(field, name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			b.T.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.T.Fatal(err)
	}
	req := b.Request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(req)
}
