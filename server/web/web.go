// Package web is the server's pages: it mounts the wings on the router and puts
// around them what every answer passes.
//
// routes.go has every address, with its permission and the package that answers it. The
// packages have the names of the office's menu: plan, people, sites, attendance, admin;
// ticket has the participants' pages. Each is built with the kit in package page. A
// handler parses the request, makes one call of the domain for a change or reads the
// store, and renders.
package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/store"
	"buktihadir/server/web/admin"
	"buktihadir/server/web/attendance"
	"buktihadir/server/web/page"
	"buktihadir/server/web/people"
	"buktihadir/server/web/plan"
	"buktihadir/server/web/sites"
	"buktihadir/server/web/ticket"
	"buktihadir/templates"
)

// Config is what the pages are made of.
type Config = page.Config

// Pages are the server's pages: the kit and the wings that are built with it.
type Pages struct {
	*page.Kit
	attendance *attendance.Pages
	plan       *plan.Pages
	people     *people.Pages
	sites      *sites.Pages
	admin      *admin.Pages
	ticket     *ticket.Pages
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
	kit := page.New(cfg, sm, bulk.New(cfg.Store, bulkWorks))
	sm.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		if r.Context().Err() != nil {
			return // the client has gone
		}
		cfg.Log.Error("session", "error", err)
		http.Error(w, "500", http.StatusInternalServerError)
	}
	return &Pages{Kit: kit, attendance: attendance.New(kit), plan: plan.New(kit), people: people.New(kit), sites: sites.New(kit),
		admin: admin.New(kit), ticket: ticket.New(kit)}
}

// Engine is the router with every page mounted. More may be mounted on it: paths outside
// the pages have no sessions.
func (p *Pages) Engine() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	if err := e.SetTrustedProxies(p.Proxies); err != nil {
		return nil, err
	}
	e.Use(p.Logged, p.Recovered)
	e.NoRoute(func(c *gin.Context) { p.lost(c, http.StatusNotFound, "not_found") })
	e.NoMethod(func(c *gin.Context) { p.lost(c, http.StatusMethodNotAllowed, "bad_request") })
	e.GET(templates.AssetRoot+"*path", gin.WrapH(p.Set.Assets))
	e.HEAD(templates.AssetRoot+"*path", gin.WrapH(p.Set.Assets))
	for _, r := range p.routes() {
		handlers := []gin.HandlerFunc{page.LimitBody(r.body), p.Guard(r.asks)}
		if r.method == http.MethodGet && !r.stream {
			handlers = append(handlers, p.oneMoment)
		}
		handlers = append(handlers, r.handle)
		e.Handle(r.method, r.path, handlers...)
		if r.method == http.MethodGet {
			e.Handle(http.MethodHead, r.path, handlers...)
		}
	}
	return e, nil
}

// Handler puts around the router what every answer passes: security headers,
// the refusal of requests that another site's page makes, compression, sessions.
func (p *Pages) Handler(engine http.Handler) http.Handler {
	inner := p.Sessions.LoadAndSave(engine)
	route := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page.Stateless(r.URL.Path) {
			engine.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		inner.ServeHTTP(w, r)
	})
	// Requests with neither Origin nor Sec-Fetch-Site do not come from a browser: agents
	// pass.
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

// oneMoment lets all that a page reads be of one moment. The moment ends with the first
// byte of the answer: then all is read, and a slow line holds no connection.
func (p *Pages) oneMoment(c *gin.Context) {
	asked, line := c.Request, c.Writer
	defer func() { c.Request, c.Writer = asked, line }()
	_ = p.Store.View(asked.Context(), func(ctx context.Context) error { // its only error is this function's
		c.Request, c.Writer = asked.WithContext(ctx), viewed{line, func() { p.Store.EndView(ctx) }}
		c.Next()
		return nil
	})
}

// viewed ends a view before it sends anything.
type viewed struct {
	gin.ResponseWriter
	end func()
}

func (w viewed) Write(b []byte) (int, error)       { w.end(); return w.ResponseWriter.Write(b) }
func (w viewed) WriteString(s string) (int, error) { w.end(); return w.ResponseWriter.WriteString(s) }

// Unwrap lets http.ResponseController find the connection.
func (w viewed) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// lost answers what leads nowhere. Programs get no page but a problem (RFC 9457).
func (p *Pages) lost(c *gin.Context, status int, kind string) {
	if !strings.HasPrefix(c.Request.URL.Path, "/api/") {
		p.ShowError(c, status, kind)
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
