package page

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
)

// Access is who may use a route.
type Access int

const (
	// Anyone is for what leads to signing in, and the certificate.
	Anyone Access = iota
	// Setup is for whoever sits at this very computer, and who is signed in.
	Setup
	// Officer is for who is signed in with a PIN.
	Officer
	// Supervisor is for who is signed in with a supervisor's PIN.
	Supervisor
	// KioskOnly is for a sign-in that is a kiosk, and can use nothing else.
	KioskOnly
	// Watcher is for who is signed in, and a device that is a screen.
	Watcher
	// Host is for a supervisor, and whoever sits at this very computer.
	Host
)

const (
	// APIRoot is where the addresses of the JSON API begin.
	APIRoot = "/api/"
	// MaxBody bounds every request in bytes, except those with a file or a hand-over; a
	// ticket has about 200 characters.
	MaxBody = 16 << 10
)

// Visitor is the device or officer that asks; the zero value is unknown.
type Visitor struct {
	desk.Officer
	Key    SignKey        // of the session
	Device pairing.Device // zero: one that is not paired
	Kiosk  bool           // the sign-in stands there for everybody
}

func (v Visitor) signedIn() bool { return v.Key != SignKey{} }

// Serve answers a request of a visitor that the guard has let in.
type Serve func(*gin.Context, Visitor)

// Route is one address with the visitors who may use it.
type Route struct {
	Method, Path string
	Who          Access
	Serve        Serve
	Flags        RouteFlags
	Limit        int64 // of the request's body, in bytes; zero: MaxBody
}

// RouteFlags are what else the guard has to know of a route.
type RouteFlags uint8

const (
	// Unattended routes are used by pages without a person's action: they do not delay
	// the lock.
	Unattended RouteFlags = 1 << iota
	// ForKiosk routes are open to a kiosk too.
	ForKiosk
)

// Get is a route that changes nothing.
func Get(path string, who Access, serve Serve) Route {
	return Route{Method: http.MethodGet, Path: path, Who: who, Serve: serve}
}

// Post is a route that changes something, or hands something in.
func Post(path string, who Access, serve Serve) Route {
	return Route{Method: http.MethodPost, Path: path, Who: who, Serve: serve}
}

// With adds flags to a route.
func (r Route) With(flags RouteFlags) Route { r.Flags |= flags; return r }

// UpTo lets a route's requests be as long as that, in bytes.
func (r Route) UpTo(limit int64) Route { r.Limit = limit; return r }

// Guard lets in who the table names.
func (k *Kit) Guard(r Route) gin.HandlerFunc {
	return func(c *gin.Context) {
		limit := cmp.Or(r.Limit, MaxBody)
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
		v := k.Identify(c.Request)
		switch {
		case v.Kiosk && r.Flags&ForKiosk == 0:
			k.backToKiosk(c, r)
		case r.Who == Anyone,
			r.Who == Setup && (v.signedIn() || AtMachine(c.Request)),
			r.Who == KioskOnly && v.Kiosk,
			r.Who == Officer && v.signedIn(),
			r.Who == Supervisor && v.Supervisor,
			r.Who == Watcher && (v.signedIn() || v.Device.Use == store.UseScreen),
			r.Who == Host && (v.Supervisor || AtMachine(c.Request)):
			if v.signedIn() && r.Flags&Unattended == 0 {
				k.Sessions.Touch(v.Key)
			}
			r.Serve(c, v)
		case r.Who == Setup, v.signedIn():
			k.ShowError(c, http.StatusForbidden, "forbidden")
		case forScripts(r.Path):
			c.JSON(http.StatusUnauthorized, Problem{"signin"})
		case c.GetHeader("HX-Request") != "":
			c.Header("HX-Redirect", "/sign-in")
			c.Status(http.StatusUnauthorized)
		case c.Request.Method == http.MethodGet && r.Path != "/":
			c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		case v.Device.Use == store.UseScreen:
			c.Redirect(http.StatusSeeOther, "/screen")
		default:
			c.Redirect(http.StatusSeeOther, "/sign-in")
		}
	}
}

func forScripts(path string) bool {
	return strings.HasPrefix(path, APIRoot) || strings.HasSuffix(path, "/live") || IsStream(path)
}

// IsStream says that an answer goes on for as long as the page is open.
func IsStream(path string) bool { return strings.HasSuffix(path, "/events") }

// Identify finds out who asks. An officer who was taken off the roster, or whose PIN has
// changed, is unknown from then on, whatever the session says. So is an officer who took
// the session to another device. A computer that was withdrawn has forgotten its officers:
// whoever is signed in stays so, without a name or a supervisor's rights, so that a phone
// can hand over what it holds.
func (k *Kit) Identify(r *http.Request) Visitor {
	v := Visitor{Device: k.paired(r)}
	cookie, err := r.Cookie(CookieName(r))
	if err != nil {
		return v
	}
	key := KeyOf(cookie.Value)
	x, ok := k.Sessions.find(key)
	if !ok || x.device != v.Device.ID || !k.welcome(r, v.Device) {
		return v
	}
	o, ok := k.Desk.Officer(x.officer)
	if !ok && k.Desk.Withdrawn() {
		o, ok = desk.Officer{ID: x.officer, PIN: x.pin}, true
	}
	if !ok || o.PIN != x.pin {
		k.Sessions.End(key)
		return v
	}
	v.Officer, v.Key, v.Kiosk = o, key, x.kiosk
	return v
}

// Address is the visitor's own, without the port.
func Address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Desk is how journals name the visitor's desk: a paired device's own name wins over
// what its page says.
func (v Visitor) Desk(said string) string {
	label := v.Device.Label()
	if label == "" {
		label = strings.TrimSpace(said)
	}
	if v.Kiosk {
		return strings.TrimSpace(label + " (kios)") // in the journal's language
	}
	return label
}

// classes are those that the visitor's desk is set to: a paired device's own win over
// what its page says.
func (v Visitor) classes(said uuid.UUID) []uuid.UUID {
	switch {
	case len(v.Device.Classes) > 0:
		return v.Device.Classes
	case said != uuid.Nil:
		return []uuid.UUID{said}
	}
	return nil
}

// AtMachine says that the request comes from this very machine, by a name that
// no other site's page can borrow (DNS rebinding).
func AtMachine(r *http.Request) bool {
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

func (k *Kit) backToKiosk(c *gin.Context, r Route) {
	if forScripts(r.Path) {
		c.JSON(http.StatusForbidden, Problem{"kiosk"})
		return
	}
	c.Redirect(http.StatusSeeOther, "/kiosk")
}
