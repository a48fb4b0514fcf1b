package page

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// These are the keys of a session's data.
const (
	SessionUser   = "user"
	SessionStamp  = "stamp"
	sessionFlash  = "flash"
	sessionSecret = "secret"
)

const visitorKey = "visitor"

// Visitor is the person who asks; a guest has the zero value.
type Visitor struct {
	User     models.User
	Scope    account.Scope
	SignedIn bool
}

// Actor is the visitor as whoever does something, for the history.
func (v Visitor) Actor() office.Actor {
	return office.Actor{ID: &v.User.ID, Name: v.User.Name, Provider: v.Scope.Provider()}
}

// May reports whether the role of the visitor has a permission.
func (v Visitor) May(perm account.Permission) bool { return account.May(v.User.Role, perm) }

// VisitorOf is who asks.
func VisitorOf(c *gin.Context) Visitor {
	v, _ := c.Value(visitorKey).(Visitor) // the zero value is a guest
	return v
}

// identify finds out who asks. A user who was deactivated is a guest from then on.
func (p *Kit) identify(c *gin.Context) (Visitor, error) {
	if Stateless(c.Request.URL.Path) {
		return Visitor{}, nil
	}
	ctx := c.Request.Context()
	id, err := uuid.Parse(p.Sessions.GetString(ctx, SessionUser))
	if err != nil {
		return Visitor{}, nil //nolint:nilerr // no user in the session: a guest
	}
	u, err := p.Accounts.User(ctx, id, p.Sessions.GetString(ctx, SessionStamp))
	if errors.Is(err, store.ErrNotFound) {
		return Visitor{}, p.Sessions.Destroy(ctx)
	}
	if err != nil {
		return Visitor{}, err
	}
	return Visitor{User: u, Scope: account.ScopeOf(u), SignedIn: true}, nil
}

// Guard lets visitors with the permission in. A guest who wants to read is asked to sign
// in and then returns.
func (p *Kit) Guard(perm account.Permission) gin.HandlerFunc {
	return func(c *gin.Context) {
		v, err := p.identify(c)
		if err != nil {
			p.Fail(c, err)
			c.Abort()
			return
		}
		c.Set(visitorKey, v)
		switch {
		case account.May(v.User.Role, perm):
			return
		case v.SignedIn:
			p.ShowError(c, http.StatusForbidden, "forbidden")
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
	FileBody  = 32 << 20
)

// spill is how much of a too large body is still read, so that the browser gets
// to see the answer instead of a cut connection.
const spill = 128 << 20

// LimitBody bounds what a request may carry; 0 stands for a small form.
func LimitBody(most int64) gin.HandlerFunc {
	if most == 0 {
		most = smallBody
	}
	return func(c *gin.Context) {
		whole := c.Request.Body
		c.Request.Body = http.MaxBytesReader(nil, whole, most)
		c.Next()
		if _, err := io.CopyN(io.Discard, whole, spill); err != nil && !errors.Is(err, io.EOF) {
			return // the connection is closed, so the rest is not needed
		}
	}
}

// Logged writes one line a request, with the route and not the address: that
// may hold what somebody searched for.
func (p *Kit) Logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	level := slog.LevelInfo
	switch {
	case c.Writer.Status() >= http.StatusInternalServerError:
		level = slog.LevelError
	case c.FullPath() == exchange.PathOthers: // asked every two seconds
		level = slog.LevelDebug
	}
	p.Log.Log(c.Request.Context(), level, "request", "method", c.Request.Method, "route", c.FullPath(),
		"status", c.Writer.Status(), "ms", time.Since(start).Milliseconds(), "bytes", max(c.Writer.Size(), 0))
}

// Recovered answers with a page when a handler panicked.
func (p *Kit) Recovered(c *gin.Context) {
	defer func() {
		if r := recover(); r != nil {
			p.Log.Error("panic", "route", c.FullPath(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			c.Abort()
			if !c.Writer.Written() {
				p.ShowError(c, http.StatusInternalServerError, "internal")
			}
		}
	}()
	c.Next()
}

// Stateless says which addresses have no sign-in: files, agents, participants, calendar programs.
func Stateless(path string) bool {
	return strings.HasPrefix(path, templates.AssetRoot) || strings.HasPrefix(path, "/api/") ||
		strings.HasPrefix(path, ParticipantRoot) || strings.HasPrefix(path, FeedRoot) || path == "/healthz"
}
