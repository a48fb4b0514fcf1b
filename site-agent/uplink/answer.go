package uplink

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/store"
)

type pushed struct {
	head    journal.Head
	revoked bool
	lacks   []models.Epoch // that the server has to be sent again
}

// take believes an answer to the batch after acked, or refuses it: only a receipt
// that verifies, of this journal, counts. It may have come over HTTP or in a bundle.
func (u *Uplink) take(ctx context.Context, id store.Identity, acked journal.Head, ans exchange.PushAnswer) (pushed, error) {
	nothing := pushed{head: acked}
	verifier, err := note.NewVerifier(id.ServerKey)
	if err != nil {
		return nothing, fmt.Errorf("pinned server key: %w", err)
	}
	r, err := journal.OpenReceipt(ans.Receipt, verifier)
	if err != nil || r.Agent != id.Agent {
		return nothing, fmt.Errorf("%w: %w", ErrNotOurServer, errors.Join(err, journal.ErrReceipt))
	}
	if r.Epoch != id.Epoch {
		return nothing, u.takeOld(ctx, ans, r)
	}
	if ans.Conflict == exchange.ConflictFork || !u.ours(ctx, r.Head) {
		common := journal.Head{Agent: id.Agent, Epoch: id.Epoch, Seq: ans.Common, Hash: ans.CommonHash}
		if !u.ours(ctx, common) { // the answer is about another history of this disk: only the countersigned part is surely common
			common = acked
		}
		return nothing, &ForkError{id.Epoch, common.Seq}
	}
	return pushed{r.Head, ans.Revoked, ans.Lacks}, errors.Join(u.st.SaveReceipt(ctx, ans.Receipt, r), u.st.MarkAttachmentsSent(ctx, false, ans.Wants...))
}

// takeOld keeps a receipt for an epoch that has ended: it comes late, or the epoch was sent
// again. A server that was put back from a backup may hold another past of it by then.
func (u *Uplink) takeOld(ctx context.Context, ans exchange.PushAnswer, r journal.Receipt) error {
	ended, err := u.st.Ended(ctx)
	if err != nil {
		return err
	}
	for _, e := range ended {
		common := journal.Head{Agent: r.Agent, Epoch: e.Epoch, Seq: ans.Common, Hash: ans.CommonHash}
		switch {
		case e.Epoch != r.Epoch:
		case ans.Conflict == exchange.ConflictFork && common.Seq < e.Until && u.ours(ctx, common):
			return &ForkError{e.Epoch, common.Seq}
		default:
			return u.st.SaveReceipt(ctx, ans.Receipt, r)
		}
	}
	return fmt.Errorf("%w: %w", ErrNotOurServer, journal.ErrReceipt)
}

// openEpoch continues in a new epoch if the server holds another history. Nothing that
// this disk recorded is lost or merged.
func (u *Uplink) openEpoch(ctx context.Context, fork *ForkError) (store.Identity, error) {
	var fresh models.Epoch
	rand.Read(fresh[:])
	wall, _, _ := u.clock()
	u.log.Error("the journal goes on in a new epoch", "cause", fork, "epoch", fresh)
	return u.st.OpenEpoch(ctx, fork.Epoch, fork.Common, fresh, wall)
}

// ours says that a head the server signed is one of this journal.
func (u *Uplink) ours(ctx context.Context, h journal.Head) bool {
	if h.Seq == 0 {
		return h.Hash == models.Hash{}
	}
	events, err := u.st.Events(ctx, h.Epoch, h.Seq-1, 1)
	if err != nil || len(events) != 1 {
		return false
	}
	canonical, err := events[0].Bytes()
	return err == nil && journal.HashOf(canonical) == h.Hash
}

// takePage stores a page of the roster. A copy that is not what the server says it
// is was thrown away: store.ErrDigest, and the next pull starts over.
func (u *Uplink) takePage(ctx context.Context, page exchange.RosterPage, rep *Report) error {
	if page.Revoked {
		rep.Revoked = true
		return u.st.Heard(ctx, page.Now)
	}
	if err := u.st.ApplyPage(ctx, page, page.Now); err != nil { // as of then, however long it was carried
		return err
	}
	rep.Items += len(page.Items)
	rep.Revision = page.To
	if page.Digest != nil && rep.Items > 0 {
		return u.st.Heard(ctx, page.Now)
	}
	return nil
}
