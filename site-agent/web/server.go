package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"buktihadir/site-agent/web/certificate"
	"buktihadir/site-agent/web/checkin"
	"buktihadir/site-agent/web/kiosk"
	"buktihadir/site-agent/web/page"
	"buktihadir/site-agent/web/phone"
	"buktihadir/site-agent/web/station"
	"buktihadir/templates"
)

// Server is the desk's web application.
type Server struct {
	*page.Kit
	checkin   *checkin.Handlers
	station   *station.Handlers
	kiosk     *kiosk.Handlers
	phone     *phone.Handlers
	engine    http.Handler
	authority *certificate.Authority // nil without HTTPS
}

// New makes the application, and a certificate authority if there is none yet.
func New(ctx context.Context, cfg page.Config) (*Server, error) {
	kit, err := page.NewKit(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s, port := &Server{Kit: kit, checkin: checkin.New(kit), kiosk: kiosk.New(kit), phone: phone.New(kit)}, ""
	if cfg.TLSAddr != "" {
		if _, port, err = net.SplitHostPort(cfg.TLSAddr); err != nil {
			return nil, fmt.Errorf("address for HTTPS: %w", err)
		}
		if s.authority, err = certificate.OpenAuthority(cfg.Data, cfg.Now); err != nil {
			return nil, err
		}
	}
	s.station = station.New(kit, s.authority, port)
	s.engine, err = s.router() //nolint:contextcheck // its handlers have the contexts of their requests
	return s, err
}

// TLS is the configuration of the HTTPS listener; nil without one.
func (s *Server) TLS() *tls.Config {
	if s.authority == nil {
		return nil
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.authority.Certificate}
}

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
		e.Handle(r.Method, r.Path, s.Guard(r))
		if r.Method == http.MethodGet && !page.IsStream(r.Path) {
			e.Handle(http.MethodHead, r.Path, s.Guard(r))
		}
	}
	e.NoRoute(func(c *gin.Context) { s.ShowError(c, http.StatusNotFound, "not_found") })
	e.NoMethod(func(c *gin.Context) { s.ShowError(c, http.StatusMethodNotAllowed, "bad_request") })
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

// enter sends who comes over the network without HTTPS to the page that says
// how to come with it: no PIN, no name and no ticket crosses the air in clear.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, templates.AssetRoot) {
		w.Header().Set("Cache-Control", "no-store")
	}
	if s.authority == nil || r.TLS != nil || page.AtMachine(r) || plainAllowed(r.URL.Path) {
		s.engine.ServeHTTP(w, r)
		return
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, "/connect", http.StatusSeeOther)
		return
	}
	http.Error(w, s.Pages.Texts.T(templates.ChooseLang(w, r), "desk.plain_post"), http.StatusForbidden)
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
				s.ShowError(c, http.StatusInternalServerError, "internal")
			}
		}
	}()
	c.Next()
}
