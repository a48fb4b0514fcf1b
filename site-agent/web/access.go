package web

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
)

// access is who may use a route.
type access int

const (
	// anyone: what leads to signing in, and the certificate.
	anyone access = iota
	// setting: whoever sits at this very computer, and who is signed in.
	setting
	// officer: signed in with a PIN.
	officer
	// supervisor: signed in with a supervisor's PIN.
	supervisor
	// stander: a sign-in that is a kiosk, and can use nothing else.
	stander
	// watcher: who is signed in, and a device that is a screen.
	watcher
	// host: a supervisor, and whoever sits at this very computer.
	host
)

const (
	apiRoot    = "/api/"
	eventsPath = "/events"
	bundlePath = "/bundle"
	// maxBody bounds every request but those with a reply and of a hand-over; a ticket has some 200 characters.
	maxBody = 16 << 10
)

// visitor is who asks; the zero value is nobody.
type visitor struct {
	desk.Officer
	key    signKey        // of the session
	device pairing.Device // zero: one that is not paired
	kiosk  bool           // the sign-in stands there for everybody
}

func (v visitor) signedIn() bool { return v.key != signKey{} }

type route struct {
	method, path string
	who          access
	serve        func(*gin.Context, visitor)
}

// routes is the one table of what there is and who may use it.
func (s *Server) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return append(slices.Concat(s.aloneRoutes(), s.deviceRoutes(), s.standRoutes(), s.kioskRoutes(), s.labelRoutes(), s.paperRoutes()), []route{
		{get, "/sign-in", anyone, s.signInPage},
		{post, "/sign-in", anyone, s.signIn},
		{post, "/logout", anyone, s.signOut},
		{get, "/connect", anyone, s.connectPage},
		{get, "/connect.png", anyone, s.connectCode},
		{get, "/ca.crt", anyone, s.certificate},
		{get, "/setup", setting, s.setupPage},
		{get, "/try", setting, s.tryPage},
		{get, "/try.png", setting, s.tryImage},
		{post, apiRoot + "try", setting, s.postTry},
		{get, "/", officer, s.scanPage},
		{get, "/clock", officer, s.clockPage},
		{post, "/clock", officer, s.setClock},
		{get, "/search", officer, s.searchPage},
		{get, "/sessions", officer, s.sessionsPage},
		{get, "/sessions/:id", officer, s.sessionPage},
		{get, "/recent", officer, s.recentPage},
		{get, "/station", officer, s.stationPage},
		{post, "/sync", officer, s.sync},
		{get, bundlePath, supervisor, s.bundlePage},
		{post, bundlePath, supervisor, s.importReply},
		{get, bundlePath + "/export", supervisor, s.exportBundle},
		{get, "/live", officer, s.livePart},
		{get, eventsPath, officer, s.events},
		{post, apiRoot + "scan", officer, s.postScan},
		{post, apiRoot + "check-in", officer, s.postManual},
		{post, apiRoot + "override", officer, s.postOverride},
		{post, apiRoot + "void", officer, s.postVoid},
		{post, notePath, officer, s.postNote},
		{post, walkInPath, officer, s.postWalkIn},
		{post, "/lock-all", supervisor, s.lockAll},
	}...)
}

// guard lets in who the table names.
func (s *Server) guard(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		limit := int64(maxBody)
		switch r.path {
		case bundlePath:
			limit = MaxReply + maxBody
		case handOverPath:
			limit = maxHandOver
		case notePath, walkInPath:
			limit = maxNote
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
		v := s.identify(c.Request)
		switch {
		case v.kiosk && !forKiosk(r):
			s.backToKiosk(c, r)
		case r.who == anyone,
			r.who == setting && (v.signedIn() || atMachine(c.Request)),
			r.who == stander && v.kiosk,
			r.who == officer && v.signedIn(),
			r.who == supervisor && v.Supervisor,
			r.who == watcher && (v.signedIn() || v.device.Use == store.UseScreen),
			r.who == host && (v.Supervisor || atMachine(c.Request)):
			if v.signedIn() && !byItself(r.path) {
				s.sessions.touch(v.key)
			}
			r.serve(c, v)
		case r.who == setting, v.signedIn():
			s.showError(c, http.StatusForbidden, "forbidden")
		case forScripts(r.path):
			c.JSON(http.StatusUnauthorized, problem{"signin"})
		case c.GetHeader("HX-Request") != "":
			c.Header("HX-Redirect", "/sign-in")
			c.Status(http.StatusUnauthorized)
		case c.Request.Method == http.MethodGet && r.path != "/":
			c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		case v.device.Use == store.UseScreen:
			c.Redirect(http.StatusSeeOther, screenPath)
		default:
			c.Redirect(http.StatusSeeOther, "/sign-in")
		}
	}
}

func forScripts(path string) bool {
	return strings.HasPrefix(path, apiRoot) || strings.HasSuffix(path, "/live") || isStream(path)
}

// isStream says that an answer goes on for as long as the page is open.
func isStream(path string) bool { return strings.HasSuffix(path, eventsPath) }

// identify finds out who asks. An officer who was taken off the roster, or whose PIN
// is another by now, is nobody from then on, whatever the session says, and so is who
// took it to another device.
func (s *Server) identify(r *http.Request) visitor {
	v := visitor{device: s.paired(r)}
	cookie, err := r.Cookie(cookieName(r))
	if err != nil {
		return v
	}
	key := keyOf(cookie.Value)
	x, ok := s.sessions.find(key)
	if !ok || x.device != v.device.ID || !s.welcome(r, v.device) {
		return v
	}
	o, ok := s.Desk.Officer(x.officer)
	if !ok || o.PIN != x.pin {
		s.sessions.end(key)
		return v
	}
	v.Officer, v.key, v.kiosk = o, key, x.kiosk
	return v
}

// address is the visitor's own, without the port.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
