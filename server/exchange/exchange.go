// Package exchange is the server's API for agents: a program becomes an agent with a
// one-time code; an agent sends its journal and fetches the roster. The messages are
// those of models/exchange, with the same bytes as in a bundle.
//
// Every answer with content is a message; every refusal is a JSON Problem. Whatever an
// agent sends is stored before the server answers, even if it makes no sense.
package exchange

import (
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/attempts"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// How many wrong enrolment codes an address may show, and for how long each counts.
const (
	freeCodes  = 10
	codeWindow = 10 * time.Minute
)

// Handler answers agents over HTTP.
type Handler struct {
	service *Service
	st      *store.Store
	log     *slog.Logger
	now     func() models.Millis
	codes   *attempts.Limiter // wrong enrolment codes, by address
}

// NewHandler makes a handler; now is the clock that limits guesses of codes.
func NewHandler(st *store.Store, now func() models.Millis, log *slog.Logger) *Handler {
	return &Handler{service: NewService(st, log), st: st, log: log, now: now, codes: attempts.New(attempts.Rule{Free: freeCodes, Window: codeWindow})}
}

// Mount registers the addresses on a router.
func (h *Handler) Mount(r gin.IRouter) {
	r.POST(exchange.PathEnrol, h.enrol)
	r.POST(exchange.PathRenew, h.renew)
	r.POST(exchange.PathEvents, h.authenticated(h.push))
	r.POST(exchange.PathAttach, h.authenticated(h.attach))
	r.POST(exchange.PathOthers, h.authenticated(h.others))
	r.GET(exchange.PathRoster, h.authenticated(h.pull))
}

func problem(c *gin.Context, status int, code, detail string) {
	c.JSON(status, exchange.Problem{Code: code, Detail: detail})
}

// answer sends a message, or the error as a Problem. If the server fails here, it has not
// sent anything yet.
func answer[M exchange.Message](h *Handler, c *gin.Context, m M, err error) {
	var body []byte
	if err == nil {
		body, err = exchange.Pack(m)
	}
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		problem(c, statusOf(refused.Code), refused.Code, refused.Detail)
		return
	}
	if err != nil {
		h.fail(c, err)
		return
	}
	c.Data(http.StatusOK, exchange.ContentType, body)
}

func statusOf(code string) int {
	switch code {
	case codeProtocol:
		return http.StatusUpgradeRequired
	case codeBadCode:
		return http.StatusForbidden
	case codeUnverified:
		return http.StatusUnprocessableEntity
	}
	return http.StatusBadRequest
}

func (h *Handler) fail(c *gin.Context, err error) {
	h.log.Error("agents' door", "route", c.FullPath(), "error", err)
	problem(c, http.StatusInternalServerError, "internal", "")
}

// read takes a body of at most limit bytes.
func read(c *gin.Context, limit int64) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		problem(c, http.StatusRequestEntityTooLarge, "too_large", "")
		return nil, false
	}
	if err != nil {
		problem(c, http.StatusBadRequest, "cut_off", err.Error())
		return nil, false
	}
	return body, true
}

const enrolLimit = 4 << 10

// readGuess reads a body with a secret, unless its address has guessed too often.
func (h *Handler) readGuess(c *gin.Context) ([]byte, bool) {
	if h.codes.LockedUntil(c.ClientIP(), h.now()) != 0 {
		problem(c, http.StatusTooManyRequests, "too_many_codes", "")
		return nil, false
	}
	return read(c, enrolLimit)
}

func (h *Handler) enrol(c *gin.Context) {
	body, ok := h.readGuess(c)
	if !ok {
		return
	}
	req, err := exchange.Unpack[exchange.EnrolRequest](body)
	if err != nil {
		problem(c, http.StatusBadRequest, codeUnreadable, err.Error())
		return
	}
	ans, err := h.service.Enrol(c.Request.Context(), req)
	if refused, ok := errors.AsType[*RefusedError](err); ok && refused.Code == codeBadCode {
		h.codes.Fail(c.ClientIP(), h.now())
	}
	answer(h, c, ans, err)
}

// renew answers who has no valid token and the agent's key: an older disk, a copy.
func (h *Handler) renew(c *gin.Context) {
	body, ok := h.readGuess(c)
	if !ok {
		return
	}
	reply, err := h.service.Renew(c.Request.Context(), body)
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		h.codes.Fail(c.ClientIP(), h.now())
		problem(c, statusOf(refused.Code), refused.Code, refused.Detail)
		return
	}
	if err != nil {
		h.fail(c, err)
		return
	}
	c.Data(http.StatusOK, exchange.ContentType, reply)
}

func bearer(c *gin.Context) string {
	token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// authenticated identifies agents by their bearer token. Revoked agents may send too, so
// that their records are never lost.
func (h *Handler) authenticated(next func(*gin.Context, models.Agent)) gin.HandlerFunc {
	return func(c *gin.Context) {
		token := bearer(c)
		if token == "" {
			problem(c, http.StatusUnauthorized, "no_token", "")
			return
		}
		agent, err := h.st.Read(c.Request.Context()).AgentByToken(token)
		if errors.Is(err, store.ErrNotFound) {
			problem(c, http.StatusUnauthorized, "wrong_token", "")
			return
		}
		if err != nil {
			h.fail(c, err)
			return
		}
		next(c, agent)
	}
}

func (h *Handler) push(c *gin.Context, agent models.Agent) {
	body, ok := read(c, exchange.MaxBatchBytes)
	if !ok {
		return
	}
	ans, err := h.service.Push(c.Request.Context(), agent, body)
	if err == nil {
		ans.Token, err = h.service.turn(c.Request.Context(), agent, bearer(c))
	}
	answer(h, c, ans, err)
}

// attachLimit is room for one large attachment, or a message of small ones.
const attachLimit = exchange.MaxAttached + journal.MaxAttachment

func (h *Handler) attach(c *gin.Context, agent models.Agent) {
	body, ok := read(c, attachLimit)
	if !ok {
		return
	}
	m, err := exchange.Unpack[exchange.Attachments](body)
	if err != nil || m.Agent != agent.ID || m.Protocol != exchange.Protocol {
		problem(c, http.StatusBadRequest, codeUnreadable, "attachments")
		return
	}
	held, err := h.service.Attach(c.Request.Context(), agent, m.Items)
	answer(h, c, exchange.AttachAnswer{Protocol: exchange.Protocol, Held: held}, err)
}

// askLimit is room for a question about as many journals as there may be.
const askLimit = 8 << 10

// others tells an agent who is in by the site's other agents. A revoked one learns nothing.
func (h *Handler) others(c *gin.Context, agent models.Agent) {
	body, ok := read(c, askLimit)
	if !ok {
		return
	}
	ask, err := exchange.Unpack[exchange.OthersAsk](body)
	if err != nil || ask.Agent != agent.ID || ask.Protocol != exchange.Protocol || len(ask.Known) > exchange.MostJournals {
		problem(c, http.StatusBadRequest, codeUnreadable, "others")
		return
	}
	ans, err := h.service.Others(c.Request.Context(), agent, ask.Known)
	answer(h, c, ans, err)
}

func (h *Handler) pull(c *gin.Context, agent models.Agent) {
	since, err := strconv.ParseUint(c.DefaultQuery("since", "0"), 10, 63)
	if err != nil {
		problem(c, http.StatusBadRequest, codeUnreadable, "since")
		return
	}
	scope, err := hex.DecodeString(c.Query("scope"))
	if err != nil {
		problem(c, http.StatusBadRequest, codeUnreadable, "scope")
		return
	}
	page, err := h.service.Pull(c.Request.Context(), agent, since, scope)
	answer(h, c, page, err)
}
