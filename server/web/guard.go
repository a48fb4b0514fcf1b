package web

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// What a session remembers.
const (
	sessionUser   = "user"
	sessionStamp  = "stamp"
	sessionFlash  = "flash"
	sessionSecret = "secret"
)

const visitorKey = "visitor"

// visitor is who asks; a guest has the zero value.
type visitor struct {
	user     models.User
	scope    account.Scope
	signedIn bool
}

func (v visitor) actor() office.Actor {
	return office.Actor{ID: &v.user.ID, Name: v.user.Name, Provider: v.scope.Provider()}
}

func (v visitor) may(perm account.Permission) bool { return account.May(v.user.Role, perm) }

func visitorOf(c *gin.Context) visitor {
	v, _ := c.Value(visitorKey).(visitor) // the zero value is a guest
	return v
}

// identify finds out who asks. A user who was shut out is a guest from then on.
func (p *Pages) identify(c *gin.Context) (visitor, error) {
	if stateless(c.Request.URL.Path) {
		return visitor{}, nil
	}
	ctx := c.Request.Context()
	id, err := uuid.Parse(p.sessions.GetString(ctx, sessionUser))
	if err != nil {
		return visitor{}, nil //nolint:nilerr // no user in the session: a guest
	}
	u, err := p.Accounts.User(ctx, id, p.sessions.GetString(ctx, sessionStamp))
	if errors.Is(err, store.ErrNotFound) {
		return visitor{}, p.sessions.Destroy(ctx)
	}
	if err != nil {
		return visitor{}, err
	}
	return visitor{user: u, scope: account.ScopeOf(u), signedIn: true}, nil
}

// guard lets in who holds the permission. A guest who wanted to read is asked
// to sign in and comes back.
func (p *Pages) guard(perm account.Permission) gin.HandlerFunc {
	return func(c *gin.Context) {
		v, err := p.identify(c)
		if err != nil {
			p.fail(c, err)
			c.Abort()
			return
		}
		c.Set(visitorKey, v)
		switch {
		case account.May(v.user.Role, perm):
			return
		case v.signedIn:
			p.showError(c, http.StatusForbidden, "forbidden")
		case c.GetHeader("HX-Request") != "":
			c.Header("HX-Redirect", "/login")
			c.Status(http.StatusUnauthorized)
		default:
			to := "/login"
			if c.Request.Method == http.MethodGet && c.Request.URL.Path != "/" {
				to += "?next=" + url.QueryEscape(c.Request.URL.RequestURI())
			}
			c.Redirect(http.StatusSeeOther, to)
		}
		c.Abort()
	}
}

// The most that a request may carry.
const (
	smallBody = 256 << 10
	fileBody  = 32 << 20
)

// spill is how much of a too large body is still read, so that the browser gets
// to see the answer instead of a cut connection.
const spill = 128 << 20

func limitBody(most int64) gin.HandlerFunc {
	if most == 0 {
		most = smallBody
	}
	return func(c *gin.Context) {
		whole := c.Request.Body
		c.Request.Body = http.MaxBytesReader(nil, whole, most)
		c.Next()
		if _, err := io.CopyN(io.Discard, whole, spill); err != nil && !errors.Is(err, io.EOF) {
			return // the connection is gone: nobody waits for the rest
		}
	}
}

// logged writes one line a request, with the route and not the address: that
// may hold what somebody searched for.
func (p *Pages) logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	level := slog.LevelInfo
	if c.Writer.Status() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	p.Log.Log(c.Request.Context(), level, "request", "method", c.Request.Method, "route", c.FullPath(),
		"status", c.Writer.Status(), "ms", time.Since(start).Milliseconds(), "bytes", max(c.Writer.Size(), 0))
}

// recovered answers with a page when a handler panicked.
func (p *Pages) recovered(c *gin.Context) {
	defer func() {
		if r := recover(); r != nil {
			p.Log.Error("panic", "route", c.FullPath(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			c.Abort()
			if !c.Writer.Written() {
				p.showError(c, http.StatusInternalServerError, "internal")
			}
		}
	}()
	c.Next()
}
