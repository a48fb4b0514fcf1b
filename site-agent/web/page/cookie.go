package page

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// CookieName differs by scheme: browsers share cookies between ports, and the
// prefix makes them refuse a cookie that didn't come over HTTPS
// (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis §4.1.3).
func CookieName(r *http.Request) string { return prefixed(r, "desk") }

func prefixed(r *http.Request, name string) string {
	if r.TLS != nil {
		return "__Host-" + name
	}
	return name
}

// KeyCookie is the cookie of a sign-in; without a key it is deleted.
func KeyCookie(r *http.Request, key string) *http.Cookie { return SecretCookie(r, "desk", key, 0) }

// SecretCookie keeps a key for so long, as long as the browser is open if that is zero;
// without a key it is deleted.
func SecretCookie(r *http.Request, name, key string, last time.Duration) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // plain http only ever reaches this machine itself
		Name: prefixed(r, name), Value: key, MaxAge: int(last.Seconds()),
		Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	}
	if key == "" {
		c.MaxAge = -1
	}
	return c
}

// DeviceFor is how long a browser keeps what belongs to its device; no browser keeps it longer.
const DeviceFor = 400 * 24 * time.Hour

// remember stores a setting of this device in a cookie. It must not be a secret.
func remember(c *gin.Context, name, value string) {
	http.SetCookie(c.Writer, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: c.Request.TLS != nil, //nolint:gosec // no secret
		SameSite: http.SameSiteStrictMode, MaxAge: int(DeviceFor.Seconds())})
}
