package exchange

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/parcel"
	"buktihadir/server/store"
)

// Carried is what came of a bundle.
type Carried struct {
	Agent    models.Agent
	Site     models.Site
	Enrolled bool          // it asked to make a program an agent
	Made     models.Millis // by the agent's clock
	Events   int           // that were not here yet
	Batches  int
	Strays   int // batches that could not be verified: kept, not counted
	Trouble  exchange.Trouble
	Items    int    // of the roster in the reply
	Reply    []byte // the file to carry back
}

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

// Import takes what a bundle carries, message by message as if it had been sent,
// and makes the reply. What can be decrypted but not verified is kept as a stray
// and refused. by says whom the history names.
func (k *Clerk) Import(ctx context.Context, by models.HistoryEntry, file []byte) (Carried, error) {
	var out Carried
	keys, err := k.bundleKeys(ctx)
	if err != nil {
		return out, err
	}
	plain, err := parcel.Open(file, exchange.MaxBundle, keys...)
	if err != nil {
		return out, refusedParcel(err)
	}
	b, enrol, err := k.introduce(ctx, plain, &out)
	if err != nil {
		return out, err
	}
	out.Made, out.Batches = b.Made, len(b.Batches)
	reply := exchange.Reply{Protocol: exchange.Protocol, Agent: out.Agent.ID, Enrol: enrol, Since: b.Since, Scope: b.Scope}
	if out.Site, err = k.st.Read(ctx).Site(out.Agent.SiteID); err != nil {
		return out, err
	}
	if err := k.takeBatches(ctx, b, &reply, &out); err != nil {
		return out, err
	}
	if err := k.addRoster(ctx, &reply, &out); err != nil {
		return out, err
	}
	return out, k.seal(ctx, by, b.Recipient, reply, &out)
}

// Invite is what a program needs to become an agent by bundles.
func (k *Clerk) Invite(ctx context.Context, server, code string) (exchange.Invite, error) {
	i := exchange.Invite{Server: server, Code: code}
	err := k.st.Write(ctx, func(tx *store.Tx) error {
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

func (k *Clerk) bundleKeys(ctx context.Context) (keys []parcel.Key, err error) {
	err = k.st.Write(ctx, func(tx *store.Tx) (err error) { keys, err = tx.BundleKeys(); return err })
	return keys, err
}

func refusedParcel(err error) error {
	for cause, code := range map[error]string{
		parcel.ErrNoParcel: codeNoBundle, parcel.ErrNotForUs: codeNotForUs, parcel.ErrIncomplete: codeIncomplete, parcel.ErrTooLarge: codeTooLarge,
	} {
		if errors.Is(err, cause) {
			return &RefusedError{code, err.Error()}
		}
	}
	return err
}

// introduce reads a bundle and proves whose it is; a program that asks to becomes
// an agent here.
func (k *Clerk) introduce(ctx context.Context, plain []byte, out *Carried) (b exchange.Bundle, enrol []byte, err error) {
	b, proof, err := exchange.ReadBundle(plain)
	switch {
	case err != nil:
		return b, nil, k.stray(ctx, uuid.Nil, codeUnreadable, err.Error(), plain)
	case b.Protocol != exchange.Protocol:
		return b, nil, k.stray(ctx, b.Agent, codeProtocol, fmt.Sprintf("bundle of protocol %d", b.Protocol), plain)
	case !parcel.ValidRecipient(b.Recipient):
		return b, nil, k.stray(ctx, b.Agent, codeUnreadable, "bundle without a recipient for its reply", plain)
	case b.Enrol != nil:
		enrol, err = k.enrolCarried(ctx, b, proof, out)
		return b, enrol, err
	}
	out.Agent, err = k.st.Read(ctx).Agent(b.Agent)
	if errors.Is(err, store.ErrNotFound) {
		return b, nil, k.stray(ctx, b.Agent, codeUnknownAgent, "bundle of an agent that is not known here", plain)
	}
	if err != nil {
		return b, nil, err
	}
	if err := proof.Verify(out.Agent.PublicKey); err != nil {
		return b, nil, k.stray(ctx, b.Agent, codeUnverified, err.Error(), plain)
	}
	return b, nil, nil
}

func (k *Clerk) enrolCarried(ctx context.Context, b exchange.Bundle, proof exchange.Proof, out *Carried) ([]byte, error) {
	req, err := exchange.Unpack[exchange.EnrolRequest](b.Enrol)
	if err == nil {
		err = proof.Verify(req.PublicKey)
	}
	if err != nil {
		return nil, &RefusedError{codeUnreadable, err.Error()}
	}
	ans, err := k.Enrol(ctx, req)
	if err != nil {
		return nil, err
	}
	if out.Agent, err = k.st.Read(ctx).Agent(ans.Agent); err != nil {
		return nil, err
	}
	out.Enrolled = true
	return exchange.Pack(ans)
}

// takeBatches pushes every batch. One that can't be verified holds back none: the
// next ones fail by themselves if they hang on it.
func (k *Clerk) takeBatches(ctx context.Context, b exchange.Bundle, reply *exchange.Reply, out *Carried) error {
	for _, body := range b.Batches {
		ans, fresh, err := k.PushCarried(ctx, out.Agent, body)
		if _, refused := errors.AsType[*RefusedError](err); refused {
			out.Strays++
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
		out.Trouble = ans.Trouble
	}
	return nil
}

// addRoster adds every page from the agent's cursor on. What doesn't fit is left
// for the next reply: the cursor then stands where the pages end.
func (k *Clerk) addRoster(ctx context.Context, reply *exchange.Reply, out *Carried) error {
	since, scope := reply.Since, reply.Scope
	for size := 0; ; {
		page, err := k.Pull(ctx, out.Agent, since, scope)
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

func (k *Clerk) seal(ctx context.Context, by models.HistoryEntry, recipient string, reply exchange.Reply, out *Carried) error {
	by.Action, by.Entity, by.EntityID = "bundle.import", "agent", out.Agent.ID.String()
	by.Detail = fmt.Sprintf("%s: %d", out.Site.Code, out.Events)
	var plain []byte
	err := k.st.Write(ctx, func(tx *store.Tx) error {
		signer, _, err := tx.NoteKey()
		if err != nil {
			return err
		}
		if plain, err = reply.Sign(signer); err != nil {
			return err
		}
		return tx.Record(by)
	})
	if err != nil {
		return err
	}
	out.Reply, err = parcel.Seal(plain, recipient)
	return err
}
