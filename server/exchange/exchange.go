// Package exchange is the agents' door: a program becomes an agent with a
// one-time code, an agent brings its journal and takes the roster home. The
// messages are those of models/exchange, in the same bytes as in a bundle.
//
// Every answer with content is a message; every refusal is a JSON Problem. What
// an agent sends is stored before it is answered, also where it makes no sense.
package exchange

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"encoding/hex"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// Door answers agents.
type Door struct {
	st    *store.Store
	log   *slog.Logger
	codes guesses
}

// New makes the door.
func New(st *store.Store, now func() models.Millis, log *slog.Logger) *Door {
	return &Door{st: st, log: log, codes: guesses{now: now}}
}

// Mount puts the door's addresses on a router.
func (d *Door) Mount(r gin.IRouter) {
	r.POST(exchange.PathEnrol, d.enrol)
	r.POST(exchange.PathEvents, d.authenticated(d.push))
	r.GET(exchange.PathRoster, d.authenticated(d.pull))
}

func problem(c *gin.Context, status int, code, detail string) {
	c.JSON(status, exchange.Problem{Code: code, Detail: detail})
}

// answer packs a message. A server that fails here has failed before it said anything.
func answer[M exchange.Message](d *Door, c *gin.Context, m M) {
	body, err := exchange.Pack(m)
	if err != nil {
		d.fail(c, err)
		return
	}
	c.Data(http.StatusOK, exchange.ContentType, body)
}

func (d *Door) fail(c *gin.Context, err error) {
	d.log.Error("agents' door", "route", c.FullPath(), "error", err)
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

func (d *Door) enrol(c *gin.Context) {
	if !d.codes.may(c.ClientIP()) {
		problem(c, http.StatusTooManyRequests, "too_many_codes", "")
		return
	}
	body, ok := read(c, enrolLimit)
	if !ok {
		return
	}
	req, err := exchange.Unpack[exchange.EnrolRequest](body)
	switch {
	case err != nil:
		problem(c, http.StatusBadRequest, "unreadable", err.Error())
		return
	case req.Protocol != exchange.Protocol:
		problem(c, http.StatusUpgradeRequired, "protocol", "")
		return
	case len(req.PublicKey) != 32 || req.Epoch == models.Epoch{}:
		problem(c, http.StatusBadRequest, "unreadable", "public key or epoch")
		return
	}
	var ans exchange.EnrolAnswer
	err = d.st.Write(c.Request.Context(), func(tx *store.Tx) error {
		agent, token, err := tx.EnrolAgent(req)
		if err != nil {
			return err
		}
		site, err := tx.Site(agent.SiteID)
		if err != nil {
			return err
		}
		_, verifier, err := tx.NoteKey()
		ans = exchange.EnrolAnswer{
			Protocol: exchange.Protocol, Agent: agent.ID, Name: agent.Name, Token: token, ServerKey: verifier, Now: tx.Now(),
			Site: exchange.Site{ID: site.ID, Code: site.Code, Name: site.Name, Zone: site.Zone},
		}
		return errors.Join(err, tx.Record(models.HistoryEntry{Actor: "agent " + agent.Name, Action: "agent.enrol", Entity: "agent",
			EntityID: agent.ID.String(), Detail: site.Code}))
	})
	if errors.Is(err, store.ErrBadCode) {
		d.codes.wrong(c.ClientIP())
		problem(c, http.StatusForbidden, "bad_code", "")
		return
	}
	if err != nil {
		d.fail(c, err)
		return
	}
	answer(d, c, ans)
}

// authenticated lets agents in by their bearer token, revoked ones too: what
// they recorded is never stranded.
func (d *Door) authenticated(next func(*gin.Context, models.Agent)) gin.HandlerFunc {
	return func(c *gin.Context) {
		token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
		if !ok || token == "" {
			problem(c, http.StatusUnauthorized, "no_token", "")
			return
		}
		agent, err := d.st.Read(c.Request.Context()).AgentByToken(token)
		if errors.Is(err, store.ErrNotFound) {
			problem(c, http.StatusUnauthorized, "wrong_token", "")
			return
		}
		if err != nil {
			d.fail(c, err)
			return
		}
		next(c, agent)
	}
}

func (d *Door) push(c *gin.Context, agent models.Agent) {
	body, ok := read(c, exchange.MaxBatchBytes)
	if !ok {
		return
	}
	batch, err := exchange.Unpack[exchange.Batch](body)
	switch {
	case err != nil:
	case batch.Protocol != exchange.Protocol:
		err = fmt.Errorf("batch of protocol %d", batch.Protocol)
	case batch.Agent != agent.ID:
		err = errors.New("batch of another agent")
	}
	var events []exchange.Stored
	var statement journal.Statement
	if err == nil {
		events, statement, err = batch.Expand(agent.PublicKey)
	}
	if err != nil {
		d.keepStray(c, agent, err, body)
		return
	}
	var ans exchange.PushAnswer
	err = d.st.Write(c.Request.Context(), func(tx *store.Tx) error {
		contact := store.Contact{Version: batch.Version, Unsent: batch.Unsent, RosterRev: batch.Roster, Now: batch.Now}
		if err := tx.NoteContact(agent.ID, contact); err != nil {
			return err
		}
		if batch.Now != 0 {
			agent.ClockOffset = int64(batch.Now - tx.Now())
		}
		got, err := tx.Ingest(agent, events, statement)
		if err != nil {
			return err
		}
		if got.Trouble == exchange.TroubleFork {
			if err := tx.KeepStray(agent.ID, string(got.Trouble), body); err != nil {
				return err
			}
		}
		ans = exchange.PushAnswer{
			Protocol: exchange.Protocol, Seq: got.Head.Seq, Receipt: got.Receipt, Quarantined: got.Quarantined, Trouble: got.Trouble,
			Now: tx.Now(), Revoked: agent.Status == models.AgentRevoked,
		}
		return nil
	})
	if err != nil {
		d.fail(c, err)
		return
	}
	answer(d, c, ans)
}

// keepStray stores what can't be read or verified, and says so.
func (d *Door) keepStray(c *gin.Context, agent models.Agent, cause error, body []byte) {
	d.log.Warn("stray batch", "agent", agent.ID, "error", cause)
	err := d.st.Write(c.Request.Context(), func(tx *store.Tx) error { return tx.KeepStray(agent.ID, cause.Error(), body) })
	if err != nil {
		d.fail(c, err)
		return
	}
	problem(c, http.StatusUnprocessableEntity, "unverified", cause.Error())
}

func (d *Door) pull(c *gin.Context, agent models.Agent) {
	since, err := strconv.ParseUint(c.DefaultQuery("since", "0"), 10, 63)
	if err != nil {
		problem(c, http.StatusBadRequest, "unreadable", "since")
		return
	}
	scope, err := hex.DecodeString(c.Query("scope"))
	if err != nil {
		problem(c, http.StatusBadRequest, "unreadable", "scope")
		return
	}
	var page exchange.RosterPage
	err = d.st.Write(c.Request.Context(), func(tx *store.Tx) (err error) {
		if agent.Status == models.AgentRevoked {
			page = exchange.RosterPage{Protocol: exchange.Protocol, Now: tx.Now(), Revoked: true}
			return nil
		}
		page, err = tx.RosterPage(agent.SiteID, since, scope)
		return err
	})
	if err != nil {
		d.fail(c, err)
		return
	}
	answer(d, c, page)
}
