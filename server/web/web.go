// Package web is every page of the server: those of the programme office and of
// the providers' coordinators, and those that participants open.
//
// A handler parses, asks a domain package or the store once, and renders; it
// holds no business word. All addresses stand in routes.go, each with the
// permission it asks for: what stands there can't be reached without it. Lists
// are limited by the visitor's [account.Scope], single things are checked
// against it (see scope.go).
//
// A form answers with a redirect and a message, or comes back with what was
// typed and a sentence at each field (see form.go).
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/klauspost/compress/gzhttp"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/agents"
	"buktihadir/server/bulk"
	"buktihadir/server/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/privacy"
	"buktihadir/server/proposal"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

// Config is what the pages are made of.
type Config struct {
	Store     *store.Store
	Accounts  *account.Accounts
	Imports   *imports.Jobs
	Proposals *proposal.Proposals
	Bundles   *exchange.Clerk
	Webhooks  *webhook.Keeper
	// What is sent regularly, and whether there is a mail server to send it.
	Subscriptions *subscription.Keeper
	Dispatcher    *subscription.Dispatcher
	MailOn        bool
	Set           *templates.Set
	Log           *slog.Logger
	Now           func() models.Millis
	PublicURL     *url.URL // where people reach the server; https makes cookies secure
	Proxies       []string // networks whose word about a visitor's address counts
}

// Pages are the server's pages.
type Pages struct {
	Config
	Plan     *plan.Service
	Seating  *seating.Service
	Privacy  *privacy.Service
	Agents   *agents.Service
	sessions *scs.SessionManager
	enrolled enrolledCounts
	bulk     *bulk.Changes
}

// New makes the pages.
func New(cfg Config) *Pages {
	sm := scs.New()
	sm.Store = sessionStore{store: cfg.Store.HTTPSessions(), now: cfg.Now}
	sm.HashTokenInStore = true
	sm.Lifetime, sm.IdleTimeout = 12*time.Hour, 2*time.Hour
	sm.Cookie.Name = "bukti_hadir"
	sm.Cookie.SameSite = http.SameSiteLaxMode
	sm.Cookie.Secure = cfg.PublicURL.Scheme == "https"
	p := &Pages{
		Config: cfg, Plan: plan.New(cfg.Store), Seating: seating.New(cfg.Store), Privacy: privacy.New(cfg.Store), Agents: agents.New(cfg.Store),
		sessions: sm, bulk: bulk.New(cfg.Store, bulkWorks), enrolled: enrolledCounts{counts: map[uuid.UUID]enrolledCount{}}}
	sm.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		if r.Context().Err() != nil {
			return // nobody waits for the answer
		}
		cfg.Log.Error("session", "error", err)
		http.Error(w, "500", http.StatusInternalServerError)
	}
	return p
}

// Engine is the router with every page mounted. More may be mounted on it: what
// is not under the pages' addresses knows no sessions.
func (p *Pages) Engine() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	if err := e.SetTrustedProxies(p.Proxies); err != nil {
		return nil, err
	}
	e.Use(p.logged, p.recovered)
	e.NoRoute(func(c *gin.Context) { p.lost(c, http.StatusNotFound, "not_found") })
	e.NoMethod(func(c *gin.Context) { p.lost(c, http.StatusMethodNotAllowed, "bad_request") })
	e.GET(templates.AssetRoot+"*path", gin.WrapH(p.Set.Assets))
	e.HEAD(templates.AssetRoot+"*path", gin.WrapH(p.Set.Assets))
	for _, r := range p.routes() {
		e.Handle(r.method, r.path, limitBody(r.body), p.guard(r.asks), r.handle)
		if r.method == http.MethodGet {
			e.Handle(http.MethodHead, r.path, limitBody(r.body), p.guard(r.asks), r.handle)
		}
	}
	return e, nil
}

// Handler puts around the router what every answer passes: security headers,
// the refusal of requests that another site's page makes, compression, sessions.
func (p *Pages) Handler(engine http.Handler) http.Handler {
	inner := p.sessions.LoadAndSave(engine)
	route := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stateless(r.URL.Path) {
			engine.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		inner.ServeHTTP(w, r)
	})
	// Requests with neither Origin nor Sec-Fetch-Site come from no browser: agents pass.
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(p.refuseStranger))
	guarded := origin.Handler(route)
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{"text/html", "text/csv", "text/calendar", "application/json"}))
	if err != nil { // its options are constants
		zip = func(h http.Handler) http.HandlerFunc { return h.ServeHTTP }
	}
	packed := zip(guarded)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		templates.SecurityHeaders(w.Header())
		packed.ServeHTTP(w, r)
	})
}

// lost answers what leads nowhere. Programs get no page but a problem (RFC 9457).
func (p *Pages) lost(c *gin.Context, status int, kind string) {
	if !strings.HasPrefix(c.Request.URL.Path, "/api/") {
		p.showError(c, status, kind)
		return
	}
	c.Header("Content-Type", "application/problem+json")
	c.JSON(status, struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
	}{http.StatusText(status), status})
}

// refuseStranger answers a form that a page of another site sent.
func (p *Pages) refuseStranger(w http.ResponseWriter, r *http.Request) {
	title := templates.Say("error.forbidden.title")
	f := templates.Frame{Lang: templates.ChooseLang(w, r), Title: title, URL: r.URL, Now: p.Now()}
	body := templates.Empty{Icon: "circle-alert", Title: title, Text: templates.Say("error.stranger.text"), Href: "/", Button: "error.back"}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	if err := p.Set.Render(w, "server/error", templates.Page[templates.Empty]{Frame: f, Body: body}); err != nil {
		p.Log.Error("show an error", "error", err)
	}
}

// stateless says which addresses have no sign-in: files, agents, participants, calendar programs.
func stateless(path string) bool {
	return strings.HasPrefix(path, templates.AssetRoot) || strings.HasPrefix(path, "/api/") ||
		strings.HasPrefix(path, participantRoot) || strings.HasPrefix(path, feedRoot) || path == "/healthz"
}

// sessionStore is the store of signed-in browsers as the session library wants it.
type sessionStore struct {
	store store.HTTPSessions
	now   func() models.Millis
}

func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.store.Find(ctx, token, s.now())
}

func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.store.Commit(ctx, token, data, models.MillisOf(expiry))
}

func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.store.Delete(ctx, token)
}

func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
