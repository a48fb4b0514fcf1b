package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/models/ledger"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Service takes what agents send and answers it, whichever way it came: over HTTP
// or in a bundle.
type Service struct {
	st  *store.Store
	log *slog.Logger
}

// NewService makes a service on a store.
func NewService(st *store.Store, log *slog.Logger) *Service { return &Service{st, log} }

// RefusedError is a message that is not taken. Code is stable, see exchange.Problem.
type RefusedError struct {
	Code   string
	Detail string
}

func (e *RefusedError) Error() string { return fmt.Sprintf("refused: %s: %s", e.Code, e.Detail) }

// The codes of refusals that mean the same whichever way a message came.
const (
	codeUnreadable = "unreadable"
	codeProtocol   = "protocol"
	codeBadCode    = "bad_code"
	codeUnverified = "unverified"
)

// Enrol makes whoever holds a one-time code an agent.
func (s *Service) Enrol(ctx context.Context, req exchange.EnrolRequest) (ans exchange.EnrolAnswer, err error) {
	switch {
	case req.Protocol != exchange.Protocol:
		return ans, &RefusedError{Code: codeProtocol}
	case len(req.PublicKey) != 32 || req.Epoch == models.Epoch{}:
		return ans, &RefusedError{codeUnreadable, "public key or epoch"}
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		agent, token, err := tx.EnrolAgent(req)
		if err != nil {
			return err
		}
		site, err := tx.Site(agent.SiteID)
		if err != nil {
			return err
		}
		_, verifier, err1 := tx.NoteKey()
		keys, err2 := tx.BundleKeys()
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		ans = exchange.EnrolAnswer{
			Protocol: exchange.Protocol, Agent: agent.ID, Name: agent.Name, Token: token, ServerKey: verifier, Now: tx.Now(),
			Site: exchange.Site{ID: site.ID, Code: site.Code, Name: site.Name, Zone: site.Zone}, Recipient: keys[0].Recipient,
		}
		return office.Program("agent "+agent.Name).Record(tx, office.Done{Action: "agent.enrol", Entity: "agent", ID: agent.ID.String(), Detail: site.Code})
	})
	if errors.Is(err, store.ErrBadCode) {
		return ans, &RefusedError{Code: codeBadCode}
	}
	return ans, err
}

// Push stores a packed batch of an agent's journal that was sent just now. A batch that
// cannot be read or verified is stored unchanged and refused.
func (s *Service) Push(ctx context.Context, agent models.Agent, body []byte) (exchange.PushAnswer, error) {
	batch, events, statement, err := s.readBatch(ctx, agent, body)
	if err != nil {
		return exchange.PushAnswer{}, err
	}
	if !batch.Sure {
		statement.AsOf = 0 // by a clock that was not compared with another: the next batch knows
	}
	ans, _, err := s.ingest(ctx, agent.ID, body, batch.Ended(), events, statement, contactOf(batch, cmp.Or(batch.Wall, batch.Now)))
	if err == nil && batch.Witness > 0 {
		s.show(ctx, &ans, batch.Witness-1)
	}
	return ans, err
}

// contactOf is what a batch says about its agent.
func contactOf(b exchange.Batch, now models.Millis) store.Contact {
	c := store.Contact{Version: b.Version, Unsent: b.Unsent, RosterRev: b.Roster, Now: now}
	if b.Disk != nil {
		c.Disk = models.Disk{Free: int64(min(b.Disk.Free, math.MaxInt64)), Total: int64(min(b.Disk.Total, math.MaxInt64))}
	}
	return c
}

// turn gives the token that an agent is to use from now on, if it is to change.
func (s *Service) turn(ctx context.Context, agent models.Agent, shown string) (token string, err error) {
	if agent.NextTokenHash == nil {
		return "", nil
	}
	err = s.st.Write(ctx, func(tx *store.Tx) (err error) { token, err = tx.TurnToken(agent, shown); return err })
	return token, err
}

// show adds the head of the log to an answer, for the agent to witness. If that fails the
// events are still accepted.
func (s *Service) show(ctx context.Context, ans *exchange.PushAnswer, seen int64) {
	head, err := s.st.SignedHead(ctx)
	if err == nil {
		var restores []models.Restore
		restores, err = s.st.Read(ctx).Restores()
		for _, r := range slices.Backward(restores) {
			ans.Restores = append(ans.Restores, r.Note)
		}
	}
	if err == nil && 0 < seen && seen <= head.Size {
		var proof []ledger.Hash
		proof, err = s.st.Read(ctx).LogHistory(seen, head.Size)
		for _, h := range proof {
			ans.History = append(ans.History, models.Hash(h))
		}
	}
	switch {
	case errors.Is(err, store.ErrEmptyLog):
	case err != nil:
		s.log.Error("no head of the log to show", "error", err)
	default:
		ans.Checkpoint, ans.Seen = head.Note, seen
	}
}

// PushCarried is Push for a batch that came as a file, after an unknown time. Its arrival
// says nothing about the agent's clock. A batch without new events is not a sign of life.
// It also returns the number of new events.
func (s *Service) PushCarried(ctx context.Context, agent models.Agent, body []byte) (exchange.PushAnswer, int, error) {
	batch, events, statement, err := s.readBatch(ctx, agent, body)
	if err != nil {
		return exchange.PushAnswer{}, 0, err
	}
	if !batch.Sure {
		statement.AsOf = 0 // by a clock that was not compared with another: it may be ahead
	}
	ans, fresh, err := s.ingest(ctx, agent.ID, body, batch.Ended(), events, statement, contactOf(batch, 0))
	if err == nil && batch.Witness > 0 {
		s.show(ctx, &ans, batch.Witness-1)
	}
	return ans, fresh, err
}

// readBatch reads and verifies a batch, or keeps it as a stray.
func (s *Service) readBatch(ctx context.Context, agent models.Agent, body []byte) (exchange.Batch, []exchange.Stored, journal.Statement, error) {
	batch, events, statement, err := verified(agent, body)
	if err != nil {
		err = s.stray(ctx, agent.ID, codeUnverified, err.Error(), body)
	}
	return batch, events, statement, err
}

// stray keeps bytes that no journal takes, and refuses them.
func (s *Service) stray(ctx context.Context, agent uuid.UUID, code, reason string, body []byte) error {
	s.log.Warn("stray", "agent", agent, "reason", reason)
	if err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.KeepRejected(agent, reason, body) }); err != nil {
		return err
	}
	return &RefusedError{code, reason}
}

// ingest stores verified events, makes the answer and notes the contact. The agent
// is locked before its site, as in a revocation.
func (s *Service) ingest(ctx context.Context, id uuid.UUID, body []byte, past []exchange.Past, events []exchange.Stored, statement journal.Statement,
	contact store.Contact) (ans exchange.PushAnswer, fresh int, err error) {
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		agent, err := tx.LockAgent(id)
		if err != nil {
			return err
		}
		lacks, err := tx.Lacks(id, past)
		if err != nil {
			return err
		}
		if len(lacks) > 0 {
			statement.AsOf = 0
		}
		got, err := tx.Ingest(agent, events, statement)
		if err != nil {
			return err
		}
		sent := contact.Now != 0
		if sent || got.Fresh > 0 || statement.AsOf > agent.ReportedUntil {
			if err := tx.NoteContact(agent.ID, contact); err != nil {
				return err
			}
		}
		if got.Conflict == exchange.ConflictFork {
			if err := tx.KeepRejected(agent.ID, string(got.Conflict), body); err != nil {
				return err
			}
		}
		ans = exchange.PushAnswer{
			Protocol: exchange.Protocol, Seq: got.Head.Seq, Receipt: got.Receipt, Quarantined: got.Quarantined, Conflict: got.Conflict, Common: got.Common.Seq,
			CommonHash: got.Common.Hash,
			Now:        tx.Now(), Revoked: agent.Status == models.AgentRevoked, Lacks: lacks,
		}
		fresh = got.Fresh
		if contact.Unsent == 0 {
			ans.Wants, err = tx.Wants(agent.ID)
		}
		return err
	})
	return ans, fresh, err
}

// Attach keeps what belongs to events of an agent, see store.Tx.KeepAttachments.
func (s *Service) Attach(ctx context.Context, agent models.Agent, items [][]byte) (held []models.Hash, err error) {
	for some := range slices.Chunk(items, exchange.MostAttached) {
		err = s.st.Write(ctx, func(tx *store.Tx) error {
			kept, err := tx.KeepAttachments(agent, some)
			held = append(held, kept...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return held, nil
}

func verified(agent models.Agent, body []byte) (exchange.Batch, []exchange.Stored, journal.Statement, error) {
	batch, err := exchange.Unpack[exchange.Batch](body)
	switch {
	case err != nil:
	case batch.Protocol != exchange.Protocol:
		err = fmt.Errorf("batch of protocol %d", batch.Protocol)
	case batch.Agent != agent.ID:
		err = errors.New("batch of another agent")
	}
	if err != nil {
		return batch, nil, journal.Statement{}, err
	}
	events, statement, err := batch.Expand(agent.PublicKey)
	return batch, events, statement, err
}

// Others gives what the site's other agents have told, see store.Queries.Others.
func (s *Service) Others(ctx context.Context, agent models.Agent, known []exchange.Known) (exchange.OthersAnswer, error) {
	if agent.Status == models.AgentRevoked {
		return exchange.OthersAnswer{Protocol: exchange.Protocol}, nil
	}
	return s.st.Others(ctx, agent, known)
}

// Pull gives the page of the roster that follows an agent's cursor.
func (s *Service) Pull(ctx context.Context, agent models.Agent, since uint64, scope []byte) (page exchange.RosterPage, err error) {
	err = s.st.Write(ctx, func(tx *store.Tx) (err error) {
		if agent.Status == models.AgentRevoked {
			page = exchange.RosterPage{Protocol: exchange.Protocol, Now: tx.Now(), Revoked: true}
			return nil
		}
		page, err = tx.RosterPage(agent.SiteID, since, scope)
		return err
	})
	return page, err
}
