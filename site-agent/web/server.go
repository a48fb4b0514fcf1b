package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/klauspost/compress/gzhttp"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// Config is what a Server is made of.
type Config struct {
	Desk    *desk.Desk
	Devices *pairing.Registry
	Store   *store.Store // keeps who is signed in
	Pages   *templates.Set
	Log     *slog.Logger
	Now     func() models.Millis
	Disk    func() models.Disk // measures the disk of the agent's data; nil: unknown
	Data    string             // folder that keeps the certificate authority
	// TLSAddr is where the HTTPS listener will listen (":8443"); empty: there is none.
	TLSAddr string
	// Battery says how full this computer's is; nil: nobody knows.
	Battery func() desk.Battery
	// Sync sends the journal and fetches the roster now; nil: the pages don't offer it.
	Sync func(context.Context) error
	// Carry does without a network what Sync does; nil: the pages don't offer it.
	Carry *Carrier
}

// Server is the desk's web application.
type Server struct {
	Config
	engine    http.Handler
	authority *Authority // nil without HTTPS
	tlsPort   string
	sessions  *sessions
	phones    *phones
	tries     *tries
	guesses   *tries // of pairing codes
	live      liveCache
	closing   chan struct{}
	close     sync.Once
}

// New makes the application, and the certificate authority where there is none yet.
func New(ctx context.Context, cfg Config) (*Server, error) {
	s := &Server{Config: cfg, sessions: newSessions(time.Now, cfg.Desk.Moment), phones: &phones{clock: cfg.Desk.Moment, all: map[uuid.UUID]*phone{}},
		tries: newTries(time.Now), guesses: newTries(time.Now), closing: make(chan struct{})}
	if cfg.TLSAddr != "" {
		_, port, err := net.SplitHostPort(cfg.TLSAddr)
		if err != nil {
			return nil, fmt.Errorf("address for HTTPS: %w", err)
		}
		if s.authority, err = OpenAuthority(cfg.Data, cfg.Now); err != nil {
			return nil, err
		}
		s.tlsPort = port
	}
	kept, err := cfg.Store.SignIns(ctx)
	if err != nil { // staff sign in again
		cfg.Log.Error("take up who was signed in", "error", err)
	}
	s.sessions.load(kept)
	known, err := cfg.Store.Phones(ctx)
	if err != nil {
		return nil, err
	}
	s.phones.load(known)
	engine, err := s.router() //nolint:contextcheck // its handlers have the contexts of their requests
	if err != nil {
		return nil, err
	}
	s.engine = engine
	return s, nil
}

// TLS is what the HTTPS listener needs; nil without one.
func (s *Server) TLS() *tls.Config {
	if s.authority == nil {
		return nil
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.authority.Certificate}
}

// Close ends the streams of live news, which would keep http.Server.Shutdown
// waiting; give it to RegisterOnShutdown.
func (s *Server) Close() { s.close.Do(func() { close(s.closing) }) }

func (s *Server) router() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("desk router: %w", err)
	}
	e.Use(s.recovered)
	assets := gin.WrapH(s.Pages.Assets)
	e.GET(templates.AssetRoot+"*path", assets)
	e.HEAD(templates.AssetRoot+"*path", assets)
	for _, r := range s.routes() {
		e.Handle(r.method, r.path, s.guard(r))
		if r.method == http.MethodGet && !isStream(r.path) {
			e.Handle(http.MethodHead, r.path, s.guard(r))
		}
	}
	e.NoRoute(func(c *gin.Context) { s.showError(c, http.StatusNotFound, "not_found") })
	e.NoMethod(func(c *gin.Context) { s.showError(c, http.StatusMethodNotAllowed, "bad_request") })
	return e, nil
}

// Handler puts around the router what every answer passes: security headers,
// the refusal of other sites' requests, compression.
func (s *Server) Handler() http.Handler {
	guarded := http.NewCrossOriginProtection().Handler(http.HandlerFunc(s.enter))
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{"text/html", "application/json"}))
	if err != nil { // its options are constants
		zip = func(h http.Handler) http.HandlerFunc { return h.ServeHTTP }
	}
	packed := zip(guarded)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		templates.SecurityHeaders(w.Header())
		if direct(r.URL.Path) {
			guarded.ServeHTTP(w, r)
			return
		}
		packed.ServeHTTP(w, r)
	})
}

// direct says which addresses go without compression: files that bring their
// own, answers too small for it, and the stream.
func direct(path string) bool {
	return strings.HasPrefix(path, templates.AssetRoot) || strings.HasPrefix(path, apiRoot) && path != contactPath || isStream(path)
}

// enter sends who comes over the network without HTTPS to the page that says
// how to come with it: no PIN, no name and no ticket crosses the air in clear.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, templates.AssetRoot) {
		w.Header().Set("Cache-Control", "no-store")
	}
	if s.authority == nil || r.TLS != nil || atMachine(r) || plainAllowed(r.URL.Path) {
		s.engine.ServeHTTP(w, r)
		return
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, "/connect", http.StatusSeeOther)
		return
	}
	http.Error(w, s.Pages.Texts.T(templates.ChooseLang(w, r), "desk.plain_post"), http.StatusForbidden)
}

func plainAllowed(path string) bool {
	return strings.HasPrefix(path, templates.AssetRoot) || path == "/connect" || path == "/connect.png" || path == "/ca.crt"
}

// atMachine says that the request comes from this very machine, by a name that
// no other site's page can borrow (DNS rebinding).
func atMachine(r *http.Request) bool {
	remote, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(remote).IsLoopback() {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// recovered answers with a page when a handler panicked.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		r := recover()
		if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(r) // net/http's own way to cut a connection
		}
		if r != nil {
			s.Log.Error("panic", "route", c.FullPath(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			c.Abort()
			if !c.Writer.Written() {
				s.showError(c, http.StatusInternalServerError, "internal")
			}
		}
	}()
	c.Next()
}
