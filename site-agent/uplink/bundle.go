package uplink

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/store"
)

// ErrNoRecipient says that this agent does not know the key that its bundles must be
// encrypted to.
var ErrNoRecipient = errors.New("this agent does not know its server's key for bundles")

// ErrNotAReply says that a file is a bundle, but no reply of this agent's server.
var ErrNotAReply = errors.New("this file is no reply of this agent's server")

// Bundle is a file to be carried to the server.
type Bundle struct {
	File   []byte
	Events uint64
	Left   uint64 // events that found no room: they go with the next bundle
}

// Export packs everything without a receipt, and the cursor of the roster. It does not
// change the store: the journal counts as delivered when the reply has come.
func (u *Uplink) Export(ctx context.Context) (Bundle, error) {
	id, err := u.st.Identity(ctx)
	if err != nil {
		return Bundle{}, err
	}
	if !bundle.ValidRecipient(id.Recipient) {
		return Bundle{}, ErrNoRecipient
	}
	head, err1 := u.st.Head(ctx)
	from, err2 := u.unsentFrom(ctx)
	cursor, err3 := u.st.Cursor(ctx)
	if err := errors.Join(err1, err2, err3); err != nil {
		return Bundle{}, err
	}
	wall, _, _ := u.clock()
	b := exchange.Bundle{Protocol: exchange.Protocol, Agent: id.Agent, Since: cursor.Since, Scope: cursor.Scope,
		Recipient: u.st.BundleKey().Recipient, Made: wall}
	const room = exchange.MaxBundle - exchange.MaxBatchBytes - 1<<20
	state, err := u.st.Bundles(ctx)
	if err == nil && state.Resend != nil {
		b.Batches, err = u.packPast(ctx, id, func(models.Epoch) bool { return true })
	}
	if err != nil {
		return Bundle{}, err
	}
	ask, err := u.seen(ctx, id)
	if err != nil {
		return Bundle{}, err
	}
	end, size := from, 0
	for _, past := range b.Batches {
		size += len(past)
	}
	for size < room {
		body, next, err := u.pack(ctx, end, head, exchange.MaxBatch, ask)
		if err != nil {
			return Bundle{}, err
		}
		b.Batches, ask = append(b.Batches, body), 0
		size += len(body)
		if end = next; end.Seq >= head.Seq {
			break
		}
	}
	if b.Attached, _, err = u.st.UnsentAttachments(ctx, 16*exchange.MostAttached, max(room-size, 0)); err != nil {
		return Bundle{}, err
	}
	file, err := u.sealed(b, id.Recipient)
	return Bundle{File: file, Events: end.Seq - from.Seq, Left: head.Seq - min(end.Seq, head.Seq)}, err
}

func (u *Uplink) sealed(b exchange.Bundle, recipient string) ([]byte, error) {
	plain, err := b.Sign(u.st.DeviceKey())
	if err != nil {
		return nil, err
	}
	return bundle.Seal(plain, recipient)
}

// unsentFrom is the head after which the server lacks events: that of the newest
// receipt, or an older one where the server has said so.
func (u *Uplink) unsentFrom(ctx context.Context) (journal.Head, error) {
	acked, err := u.st.Acked(ctx)
	if err != nil {
		return acked, err
	}
	state, err := u.st.Bundles(ctx)
	if err != nil || state.Resend == nil || *state.Resend >= acked.Seq {
		return acked, err
	}
	from := journal.Head{Agent: acked.Agent, Epoch: acked.Epoch, Seq: *state.Resend}
	if from.Seq == 0 {
		return from, nil
	}
	events, err := u.st.Events(ctx, from.Epoch, from.Seq-1, 1)
	if err != nil || len(events) == 0 {
		return acked, err
	}
	canonical, err := events[0].Bytes()
	from.Hash = journal.HashOf(canonical)
	return from, err
}

// Request asks, in a file, to become the agent that an invitation is for. Asked
// again with the same invitation it is the same request.
func (u *Uplink) Request(ctx context.Context, invite exchange.Invite) ([]byte, error) {
	if _, err := u.st.Identity(ctx); !errors.Is(err, store.ErrNotEnrolled) {
		return nil, errors.Join(err, store.ErrEnrolled)
	}
	if !bundle.ValidRecipient(invite.Recipient) {
		return nil, fmt.Errorf("%w: an invitation with no key for bundles", exchange.ErrMessage)
	}
	r, err := u.st.EnrolRequest(ctx)
	if err != nil && !errors.Is(err, store.ErrNoRequest) {
		return nil, err
	}
	if r.Invite != invite {
		r = store.EnrolRequest{Invite: invite}
		rand.Read(r.Epoch[:])
		if err := u.st.SaveEnrolRequest(ctx, r); err != nil {
			return nil, err
		}
	}
	pub, ok := u.st.DeviceKey().Public().(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("device key is no Ed25519 key")
	}
	enrol, err := exchange.Pack(exchange.EnrolRequest{Protocol: exchange.Protocol, Code: invite.Code, PublicKey: pub, Version: exchange.Version, Epoch: r.Epoch})
	if err != nil {
		return nil, err
	}
	wall, _, _ := u.clock()
	return u.sealed(exchange.Bundle{Protocol: exchange.Protocol, Enrol: enrol, Recipient: u.st.BundleKey().Recipient, Made: wall}, invite.Recipient)
}

// Taken says what a reply has brought.
type Taken struct {
	Report
	Identity store.Identity
	Enrolled bool // it made this data directory an agent's
	Stale    bool // a newer one was taken before
	Resend   bool // the server lacks what it once had: the next bundle carries it
}

// Import takes a reply: the agent's identity if it asked for one, the receipts, the
// roster. Taken twice, or after a newer one or an exchange over the network, it
// changes nothing.
func (u *Uplink) Import(ctx context.Context, file []byte) (Taken, error) {
	var out Taken
	plain, err := bundle.Open(file, exchange.MaxBundle, u.st.BundleKey())
	if err != nil {
		return out, err
	}
	u.busy.Lock()
	defer u.busy.Unlock()
	id, err := u.st.Identity(ctx)
	var reply exchange.Reply
	switch {
	case errors.Is(err, store.ErrNotEnrolled):
		if id, reply, err = u.becomeAgent(ctx, plain); err != nil {
			return out, err
		}
		out.Enrolled = true
	case err != nil:
		return out, err
	default:
		if reply, err = openReply(plain, id.ServerKey); err != nil {
			return out, err
		}
	}
	if reply.Agent != id.Agent {
		return out, bundle.ErrNotForUs
	}
	state, err := u.st.Bundles(ctx)
	if err != nil {
		return out, err
	}
	out.Identity, out.Stale = id, reply.Now < state.Replied
	return out, u.takeReply(ctx, id, reply, &out)
}

func openReply(plain []byte, serverKey string) (exchange.Reply, error) {
	verifier, err := note.NewVerifier(serverKey)
	if err != nil {
		return exchange.Reply{}, fmt.Errorf("pinned server key: %w", err)
	}
	reply, err := exchange.OpenReply(plain, verifier)
	if err != nil {
		return reply, fmt.Errorf("%w: %w", ErrNotAReply, err)
	}
	if reply.Protocol != exchange.Protocol {
		return reply, fmt.Errorf("%w: protocol %d", ErrNotAReply, reply.Protocol)
	}
	return reply, nil
}

// becomeAgent finishes what Request began. The server is the one of the invitation:
// its key was carried by whoever brought it.
func (u *Uplink) becomeAgent(ctx context.Context, plain []byte) (store.Identity, exchange.Reply, error) {
	var id store.Identity
	r, err := u.st.EnrolRequest(ctx)
	if errors.Is(err, store.ErrNoRequest) {
		return id, exchange.Reply{}, store.ErrNotEnrolled
	}
	if err != nil {
		return id, exchange.Reply{}, err
	}
	reply, err := openReply(plain, r.Invite.ServerKey)
	if err != nil {
		return id, reply, err
	}
	ans, err := exchange.Unpack[exchange.EnrolAnswer](reply.Enrol)
	if err != nil || ans.Agent != reply.Agent || ans.Agent == uuid.Nil || ans.ServerKey != r.Invite.ServerKey {
		return id, reply, fmt.Errorf("%w: it makes nobody an agent", errors.Join(ErrNotAReply, err))
	}
	wall, _, _ := u.clock()
	id = store.Identity{Agent: ans.Agent, Epoch: r.Epoch, Name: ans.Name, Token: ans.Token, ServerURL: r.Invite.Server, ServerKey: ans.ServerKey,
		Recipient: ans.Recipient, Site: ans.Site, EnrolledAt: wall}
	return id, reply, u.st.SaveIdentity(ctx, id)
}

// takeReply takes a reply's receipts, which only ever move on, and then its roster,
// unless a newer reply was taken before.
func (u *Uplink) takeReply(ctx context.Context, id store.Identity, reply exchange.Reply, out *Taken) error {
	before, err := u.st.Acked(ctx)
	if err != nil {
		return err
	}
	resend, err := u.takeAnswers(ctx, id, reply, before, out)
	if err != nil {
		return err
	}
	if !out.Stale {
		out.Resend = resend != nil
		// Before the roster: should it be cut off now, the same reply is still the newest.
		if err := u.st.SaveBundles(ctx, store.Bundles{Replied: reply.Now, Resend: resend}); err != nil {
			return err
		}
	}
	acked, err1 := u.st.Acked(ctx)
	head, err2 := u.st.Head(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	out.Sent, out.Unsent = acked.Seq-min(before.Seq, acked.Seq), head.Seq-min(acked.Seq, head.Seq)
	if err := u.st.MarkAttachmentsSent(ctx, true, reply.Held...); err != nil || out.Stale {
		return err
	}
	if err := u.takePages(ctx, reply, &out.Report); err != nil {
		return err
	}
	if out.Revoked && out.Unsent == 0 {
		return u.st.Withdraw(ctx)
	}
	return nil
}

// takeAnswers keeps every receipt. It gives the seq to send from where the server
// lacks what this agent has a receipt for.
func (u *Uplink) takeAnswers(ctx context.Context, id store.Identity, reply exchange.Reply, acked journal.Head, out *Taken) (resend *uint64, err error) {
	for _, packed := range reply.Answers {
		ans, err := exchange.Unpack[exchange.PushAnswer](packed)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotAReply, err)
		}
		next, err := u.take(ctx, id, acked, ans)
		if fork, ok := errors.AsType[*ForkError](err); ok { // the other answers are about epochs that have just ended
			out.NewEpoch = true
			if fork.Epoch != id.Epoch {
				resend = new(uint64) // what the server lacks besides
			}
			_, err = u.openEpoch(ctx, fork)
			return resend, err
		}
		if err == nil {
			err = u.witnessCarried(ctx, id, ans)
		}
		if err != nil {
			return nil, err
		}
		out.Revoked = out.Revoked || next.revoked && !out.Stale
		resend = nil
		if ans.Conflict == exchange.ConflictGap {
			resend = &next.head.Seq
		}
		if len(next.lacks) > 0 {
			resend = new(uint64) // all: it was put back from a backup
		}
	}
	return resend, nil
}

// takePages applies those pages that follow the copy as it stands, which may be in
// the middle of them where the last try was cut off.
func (u *Uplink) takePages(ctx context.Context, reply exchange.Reply, rep *Report) error {
	since, scope := reply.Since, reply.Scope
	for _, packed := range reply.Pages {
		page, err := exchange.Unpack[exchange.RosterPage](packed)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotAReply, err)
		}
		cursor, err := u.st.Cursor(ctx)
		if err != nil {
			return err
		}
		if page.Revoked || cursor.Since == since && bytes.Equal(cursor.Scope, scope) {
			err := u.takePage(ctx, page, rep)
			if errors.Is(err, store.ErrPage) { // the network was faster
				return nil
			}
			if err != nil {
				return err
			}
		}
		since, scope = page.To, page.Scope
	}
	return nil
}
