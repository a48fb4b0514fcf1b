package pilot_test

import (
	"log/slog"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"buktihadir/models"
	"buktihadir/scripts/e2e"
	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/proposal"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/web"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

// office is the whole server on a real socket, with a clock that the test sets.
type office struct {
	t     *testing.T
	url   string
	st    *store.Store
	first string // the way in of the first admin
	clock atomic.Int64
}

func (o *office) now() models.Millis     { return models.Millis(o.clock.Load()) }
func (o *office) goTo(now models.Millis) { o.clock.Store(int64(now)) }

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func newOffice(t *testing.T, now models.Millis) *office {
	t.Helper()
	o := &office{t: t}
	o.goTo(now)
	var err error
	o.st, err = store.Open(t.Context(), store.Config{Dir: t.TempDir(), Now: o.now})
	o.ok(err)
	t.Cleanup(func() { _ = o.st.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	accounts, err := account.New(o.st, o.now)
	o.ok(err)
	o.first, err = accounts.First(t.Context())
	o.ok(err)
	networks, err := webhook.ParseNetworks([]string{"127.0.0.0/8"})
	o.ok(err)
	jobs, err := imports.NewJobs(imports.New(o.st), log)
	o.ok(err)
	t.Cleanup(jobs.Close)
	proposals, err := proposal.NewProposals(proposal.New(o.st), log)
	o.ok(err)
	t.Cleanup(proposals.Close)
	set, err := templates.New()
	o.ok(err)
	server := httptest.NewUnstartedServer(nil)
	o.url = "http://" + server.Listener.Addr().String()
	public, err := url.Parse(o.url)
	o.ok(err)
	pages := web.New(web.Config{Store: o.st, Accounts: accounts, Imports: jobs, Proposals: proposals, Set: set, Log: log, Now: o.now,
		PublicURL: public, Bundles: exchange.NewService(o.st, log), Webhooks: webhook.NewService(o.st, networks), Subscriptions: subscription.NewService(o.st)})
	engine, err := pages.Engine()
	o.ok(err)
	exchange.NewHandler(o.st, o.now, log).Mount(engine)
	o.ok(api.New(api.Config{Store: o.st, Seating: seating.New(o.st), Accounts: accounts, Set: set, Log: log, Now: o.now}).Mount(engine))
	server.Config.Handler = pages.Handler(engine)
	server.Start()
	t.Cleanup(server.Close)
	var sending sync.WaitGroup
	sending.Go(func() { webhook.NewSender(o.st, log, o.now, networks).Run(t.Context()) })
	t.Cleanup(sending.Wait)
	return o
}

const password = "kopi susu gula aren 88"

// setUp chooses a password with a set-up link, which also signs in.
func (o *office) setUp(page *e2e.Page, link string, who map[string]string) {
	page.Open(link)
	page.Wait(`document.querySelectorAll("input[type=password]").length > 0`)
	who["password"] = password
	fill(page, `form:has(input[type=password])`, who)
	page.Wait(`!location.pathname.startsWith("/setup")`)
}
