package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
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

const password = "kopi tubruk pagi"

// office is the whole server's pages over a real store, on a real socket.
type fixture struct {
	*seeded
	url   string
	dir   string
	st    *store.Store
	pages *web.Pages
	acc   *account.Accounts
}

func newOffice(t testing.TB) *fixture {
	t.Helper()
	return newOfficeOn(t, "")
}

// newOfficeOn keeps the office in a PostgreSQL; an empty address is SQLite.
func newOfficeOn(t testing.TB, address string) *fixture {
	t.Helper()
	dir, now := t.TempDir(), models.MillisOf(time.Date(2026, 6, 22, 3, 0, 0, 0, time.UTC)) // Monday, 10.00 WIB
	clock := func() models.Millis { return now }
	st, err := store.Open(t.Context(), store.Config{Dir: dir, URL: address, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	acc, err := account.New(st, clock)
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	o := &fixture{dir: dir, st: st, acc: acc, seeded: newPlan(t, dir, address, st.Vault(), now)}
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
	o.pages = web.New(web.Config{Store: st, Accounts: acc, Imports: jobs, Proposals: proposals, Set: set, Log: slog.New(slog.DiscardHandler), Now: clock, PublicURL: public,
		Bundles: exchange.NewService(st, slog.New(slog.DiscardHandler)), Webhooks: webhook.NewService(st, nil),
		Subscriptions: subscription.NewService(st), Dispatcher: subscription.NewDispatcher(st, set, slog.New(slog.DiscardHandler), clock, public), MailOn: true})
	engine, err := o.pages.Engine()
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = o.pages.Handler(engine)
	srv.Start()
	t.Cleanup(srv.Close)
	o.url = srv.URL
	return o
}

// browser is one visitor with cookies, who doesn't follow redirects unasked.
type browser struct {
	t      testing.TB
	o      *fixture
	client *http.Client
}

func (o *fixture) guest(t testing.TB) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, o, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as signs in somebody of a role; a coordinator is bound to the plan's own institution.
func (o *fixture) as(t testing.TB, role models.Role) *browser {
	t.Helper()
	b := o.guest(t)
	if role == "" {
		return b
	}
	invitation := account.Invitation{Email: string(role) + "@contoh.id", Name: "Orang " + string(role), Role: role}
	if role == models.RoleCoordinator {
		invitation.Provider = o.own.ID
	}
	if _, token, err := o.acc.Invite(t.Context(), invitation, office.Actor{Name: "test"}); err == nil {
		if _, err := o.acc.Complete(t.Context(), token, account.Setup{Name: invitation.Name, Password: password}); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.post("/login", "email", invitation.Email, "password", password); got.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d\n%s", role, got.status, got.body)
	}
	return b
}

// answer is what came back, read whole.
type answer struct {
	status int
	body   string
	header http.Header
}

func (b *browser) do(req *http.Request) answer {
	b.t.Helper()
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, string(body), res.Header}
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.o.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	return req
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.do(b.request(http.MethodGet, path, nil))
}

func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := b.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// follow goes where a redirect points.
func (b *browser) follow(a answer) answer {
	b.t.Helper()
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("no redirect but %d:\n%s", a.status, a.body)
	}
	return b.get(strings.TrimPrefix(a.header.Get("Location"), b.o.url))
}
