package uplink

import (
	"context"
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
	if err != nil || r.Agent != id.Agent || r.Epoch != id.Epoch {
		return nothing, fmt.Errorf("%w: %w", ErrNotOurServer, errors.Join(err, journal.ErrReceipt))
	}
	if ans.Trouble == exchange.TroubleFork || !u.ours(ctx, r.Head) {
		return nothing, ErrFork
	}
	return pushed{r.Head, ans.Revoked}, u.st.SaveReceipt(ctx, ans.Receipt, r)
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
		return nil
	}
	wall, _, _ := u.clock()
	if err := u.st.ApplyPage(ctx, page, wall); err != nil {
		return err
	}
	rep.Items += len(page.Items)
	rep.Revision = page.To
	return nil
}
