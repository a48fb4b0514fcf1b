package exchange

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// The codes of refusals of a file. For each there is a text "bundle.refused_" + code.
const (
	codeNoBundle     = "no_bundle"
	codeNotForUs     = "not_for_us"
	codeIncomplete   = "incomplete"
	codeTooLarge     = "too_large"
	codeUnknownAgent = "unknown_agent"
)

// Message is the refusal as a text's key and its arguments.
func (e *RefusedError) Message() (key string, args []any) { return "bundle.refused_" + e.Code, nil }

// Import processes the messages of a bundle as if they had been sent, and makes the
// reply. A bundle that can be decrypted but not verified is refused and stored as a
// rejected batch. by is the actor in the history.
func (s *Service) Import(ctx context.Context, by office.Actor, file []byte) (models.CarriedBundle, error) {
	out := models.CarriedBundle{Actor: by.Name}
	keys, err := s.bundleKeys(ctx)
	if err != nil {
		return out, err
	}
	plain, err := bundle.Open(file, exchange.MaxBundle, keys...)
	if err != nil {
		return out, refusedParcel(err)
	}
	b, proof, err := s.read(ctx, plain)
	if err != nil {
		return out, err
	}
	reply := exchange.Reply{Protocol: exchange.Protocol, Since: b.Since, Scope: b.Scope}
	agent, err := s.introduce(ctx, plain, b, proof, &reply)
	if err != nil {
		return out, err
	}
	out.AgentID, out.Made, out.Batches, out.Enrolled, out.Revoked = agent.ID, b.Made, len(b.Batches), b.Enrol != nil, agent.Status == models.AgentRevoked
	reply.Agent = agent.ID
	if err := s.takeBatches(ctx, agent, b, &reply, &out); err != nil {
		return out, err
	}
	if reply.Held, err = s.Attach(ctx, agent, b.Attached); err != nil {
		return out, err
	}
	if err := s.addRoster(ctx, agent, &reply, &out); err != nil {
		return out, err
	}
	return out, s.conclude(ctx, by, b.Recipient, reply, &out)
}

// Invite is what a program needs to become an agent by bundles.
func (s *Service) Invite(ctx context.Context, server, code string) (exchange.Invite, error) {
	i := exchange.Invite{Server: server, Code: code}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		_, verifier, err1 := tx.NoteKey()
		keys, err2 := tx.BundleKeys()
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		i.ServerKey, i.Recipient = verifier, keys[0].Recipient
		return nil
	})
	return i, err
}

func (s *Service) bundleKeys(ctx context.Context) (keys []bundle.Key, err error) {
	err = s.st.Write(ctx, func(tx *store.Tx) (err error) { keys, err = tx.BundleKeys(); return err })
	return keys, err
}

func refusedParcel(err error) error {
	for cause, code := range map[error]string{
		bundle.ErrNoBundle: codeNoBundle, bundle.ErrNotForUs: codeNotForUs, bundle.ErrIncomplete: codeIncomplete, bundle.ErrTooLarge: codeTooLarge,
	} {
		if errors.Is(err, cause) {
			return &RefusedError{code, err.Error()}
		}
	}
	return err
}

// read reads a bundle that could be answered. Its sender is not verified yet.
func (s *Service) read(ctx context.Context, plain []byte) (exchange.Bundle, exchange.Proof, error) {
	b, proof, err := exchange.ReadBundle(plain)
	switch {
	case err != nil:
		err = s.stray(ctx, uuid.Nil, codeUnreadable, err.Error(), plain)
	case b.Protocol != exchange.Protocol:
		err = s.stray(ctx, b.Agent, codeProtocol, fmt.Sprintf("bundle of protocol %d", b.Protocol), plain)
	case !bundle.ValidRecipient(b.Recipient):
		err = s.stray(ctx, b.Agent, codeUnreadable, "bundle without a recipient for its reply", plain)
	}
	return b, proof, err
}

// introduce verifies whose bundle it is. A program that asks to becomes an agent here.
func (s *Service) introduce(ctx context.Context, plain []byte, b exchange.Bundle, proof exchange.Proof, reply *exchange.Reply) (models.Agent, error) {
	if b.Enrol != nil {
		return s.enrolCarried(ctx, b, proof, reply)
	}
	agent, err := s.st.Read(ctx).Agent(b.Agent)
	if errors.Is(err, store.ErrNotFound) {
		return agent, s.stray(ctx, b.Agent, codeUnknownAgent, "bundle of an agent that is not known here", plain)
	}
	if err != nil {
		return agent, err
	}
	if err := proof.Verify(agent.PublicKey); err != nil {
		return agent, s.stray(ctx, b.Agent, codeUnverified, err.Error(), plain)
	}
	return agent, nil
}

func (s *Service) enrolCarried(ctx context.Context, b exchange.Bundle, proof exchange.Proof, reply *exchange.Reply) (models.Agent, error) {
	req, err := exchange.Unpack[exchange.EnrolRequest](b.Enrol)
	if err == nil {
		err = proof.Verify(req.PublicKey)
	}
	if err != nil {
		return models.Agent{}, &RefusedError{codeUnreadable, err.Error()}
	}
	ans, err := s.Enrol(ctx, req)
	if err != nil {
		return models.Agent{}, err
	}
	if reply.Enrol, err = exchange.Pack(ans); err != nil {
		return models.Agent{}, err
	}
	return s.st.Read(ctx).Agent(ans.Agent)
}

// takeBatches pushes every batch. A batch that cannot be verified does not stop the next
// ones; they fail by themselves if they depend on it.
func (s *Service) takeBatches(ctx context.Context, agent models.Agent, b exchange.Bundle, reply *exchange.Reply, out *models.CarriedBundle) error {
	for _, body := range b.Batches {
		ans, fresh, err := s.PushCarried(ctx, agent, body)
		if _, refused := errors.AsType[*RefusedError](err); refused {
			out.Rejected++
			continue
		}
		if err != nil {
			return err
		}
		packed, err := exchange.Pack(ans)
		if err != nil {
			return err
		}
		reply.Answers = append(reply.Answers, packed)
		out.Events += fresh
		out.Conflict = string(ans.Conflict)
	}
	return nil
}

// addRoster adds all pages after the agent's cursor, as far as they fit. The next reply
// continues where the pages end.
func (s *Service) addRoster(ctx context.Context, agent models.Agent, reply *exchange.Reply, out *models.CarriedBundle) error {
	since, scope := reply.Since, reply.Scope
	for size := 0; ; {
		page, err := s.Pull(ctx, agent, since, scope)
		if err != nil {
			return err
		}
		packed, err := exchange.Pack(page)
		if err != nil {
			return err
		}
		const room = exchange.MaxBundle / 2 // the answers need little
		if size += len(packed); size > room {
			return nil
		}
		reply.Pages = append(reply.Pages, packed)
		reply.Now = page.Now
		out.Items += len(page.Items)
		if page.Digest != nil || page.Revoked {
			return nil
		}
		since, scope = page.To, page.Scope
	}
}

// conclude signs and seals the reply and writes down what was done.
func (s *Service) conclude(ctx context.Context, by office.Actor, recipient string, reply exchange.Reply, out *models.CarriedBundle) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		signer, _, err := tx.NoteKey()
		if err != nil {
			return err
		}
		plain, err := reply.Sign(signer)
		if err != nil {
			return err
		}
		if out.Reply, err = bundle.Seal(plain, recipient); err != nil {
			return err
		}
		return errors.Join(tx.SaveCarried(out),
			by.Record(tx, office.Done{Action: "bundle.import", Entity: "agent", ID: out.AgentID.String(), Detail: strconv.Itoa(out.Events)}))
	})
}
