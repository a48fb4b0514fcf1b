package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"golang.org/x/text/language"
	"golang.org/x/time/rate"

	"buktihadir/server/account"
	"buktihadir/templates"
)

// How much one token may ask: a burst, and then so many a second.
const (
	burst     = 100
	perSecond = 10
)

// limits is how much each token has asked lately.
type limits struct {
	mu      sync.Mutex
	byToken map[uuid.UUID]*rate.Limiter
}

func (l *limits) of(token uuid.UUID) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byToken == nil {
		l.byToken = map[uuid.UUID]*rate.Limiter{}
	}
	if l.byToken[token] == nil {
		l.byToken[token] = rate.NewLimiter(perSecond, burst)
	}
	return l.byToken[token]
}

// visit is the caller of a request, with the language of its error messages.
type visit struct {
	account.Caller
	lang templates.Lang
}

type visitKey struct{}

func visitOf(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit) // the zero value may nothing
	return v
}

// guard lets in who shows a token with the scope that the operation declares.
func (a *API) guard(c huma.Context, next func(huma.Context)) {
	v := visit{lang: langOf(c.Header("Accept-Language"))}
	c = huma.WithValue(c, visitKey{}, v)
	kind, text, _ := strings.Cut(c.Header("Authorization"), " ")
	var err error
	if v.Caller, err = a.Accounts.Caller(c.Context(), strings.TrimSpace(text)); !strings.EqualFold(kind, "Bearer") || errors.Is(err, account.ErrToken) {
		c.SetHeader("WWW-Authenticate", `Bearer realm="bukti-hadir"`)
		a.refuse(c, http.StatusUnauthorized, "api.token_needed")
		return
	}
	if err != nil {
		a.Log.Error("api", "operation", c.Operation().OperationID, "error", err)
		a.refuse(c, http.StatusInternalServerError, "api.internal")
		return
	}
	c = huma.WithValue(c, visitKey{}, v)
	scope := scopeOf(c.Operation())
	if !v.May(scope) {
		c.SetHeader("WWW-Authenticate", `Bearer realm="bukti-hadir", error="insufficient_scope", scope="`+string(scope)+`"`)
		a.refuse(c, http.StatusForbidden, "api.scope_needed", "Scope", string(scope))
		return
	}
	if wait := a.limits.of(v.Token.ID).ReserveN(a.Now().Time(), 1); wait.DelayFrom(a.Now().Time()) > 0 {
		seconds := int(wait.DelayFrom(a.Now().Time()).Seconds()) + 1
		wait.CancelAt(a.Now().Time())
		c.SetHeader("Retry-After", strconv.Itoa(seconds))
		a.refuse(c, http.StatusTooManyRequests, "api.too_many", "Seconds", seconds)
		return
	}
	next(c)
}

// scopeOf is the scope that an operation declares. Without a declaration it is "", a
// scope that no token has.
func scopeOf(o *huma.Operation) account.TokenScope {
	for _, requirement := range o.Security {
		if scopes := requirement[schemeName]; len(scopes) == 1 {
			return account.TokenScope(scopes[0])
		}
	}
	return ""
}

func (a *API) refuse(c huma.Context, status int, key string, args ...any) {
	problem := a.sentence(c.Context(), status, key, args...)
	c.SetHeader("Content-Type", problem.ContentType("application/json"))
	c.SetStatus(status)
	if err := a.huma.Marshal(c.BodyWriter(), "application/json", problem); err != nil {
		a.Log.Warn("api", "error", err)
	}
}

// langOf is the language that a program's author reads best: English unless they ask
// for Indonesian.
func langOf(accept string) templates.Lang {
	tags := language.NewMatcher([]language.Tag{language.English, language.Indonesian})
	if _, i := language.MatchStrings(tags, accept); i == 1 {
		return templates.Indonesian
	}
	return templates.English
}

// held keeps an answer until its tag is known.
type held struct {
	gin.ResponseWriter
	body   bytes.Buffer
	status int
}

func (h *held) WriteHeader(status int)            { h.status = status }
func (h *held) WriteHeaderNow()                   {}
func (h *held) Write(b []byte) (int, error)       { return h.body.Write(b) }
func (h *held) WriteString(s string) (int, error) { return h.body.WriteString(s) }
func (h *held) Status() int                       { return h.status }
func (h *held) Written() bool                     { return h.body.Len() > 0 }
func (h *held) Size() int                         { return h.body.Len() }

// tagged gives answers to GET an entity tag. A client that has the same content already
// gets the status 304 (RFC 9110 §13.1.2).
func tagged(c *gin.Context) {
	c.Header("Cache-Control", "private, no-cache")
	if c.Request.Method != http.MethodGet {
		c.Next()
		return
	}
	out := c.Writer
	h := &held{ResponseWriter: out, status: http.StatusOK}
	c.Writer = h
	c.Next()
	c.Writer = out
	if h.status != http.StatusOK {
		out.WriteHeader(h.status)
		_, _ = out.Write(h.body.Bytes()) // the client has disconnected
		return
	}
	sum := sha256.Sum256(h.body.Bytes())
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	for known := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		if known = strings.TrimSpace(known); known == tag || known == "*" {
			out.WriteHeader(http.StatusNotModified)
			out.WriteHeaderNow()
			return
		}
	}
	out.WriteHeader(http.StatusOK)
	_, _ = out.Write(h.body.Bytes())
}
