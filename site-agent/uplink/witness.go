package uplink

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models/exchange"
	"buktihadir/models/ledger"
	"buktihadir/site-agent/store"
)

// witnessEvery is how long, in ms, an agent is content with the head of the
// server's log that it has seen.
const witnessEvery = 3_600_000

// question is what a batch asks about the server's log, see exchange.Batch.Witness. A
// program asks at its first contact, and then once an hour.
func (u *Uplink) question(ctx context.Context, id store.Identity) (int64, error) {
	now, _, _ := u.clock()
	if u.asked != 0 && now >= u.asked && now < u.asked+witnessEvery {
		return 0, nil
	}
	return u.seen(ctx, id)
}

// seen asks about the newest head that was seen.
func (u *Uplink) seen(ctx context.Context, id store.Identity) (int64, error) {
	w, err := u.st.Witness(ctx)
	if err != nil || len(w.Head) == 0 {
		return 1, err
	}
	seen, err := openHead(id, w.Head)
	return seen.Size + 1, err
}

func openHead(id store.Identity, head []byte) (ledger.Checkpoint, error) {
	verifier, err := note.NewVerifier(id.ServerKey)
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("pinned server key: %w", err)
	}
	return ledger.OpenCheckpoint(head, verifier)
}

// witness accepts the head of the server's log, if the answer has one. A head that does
// not continue the earlier ones is kept as evidence, and the desk says so from then on;
// journal and roster go on. If the server has said that it was restored from a backup,
// the heads that this cuts off are kept as evidence, and the newest head before it counts
// again.
func (u *Uplink) witness(ctx context.Context, id store.Identity, ans exchange.PushAnswer) error {
	if len(ans.Checkpoint) == 0 {
		return nil
	}
	w, err := u.st.Witness(ctx)
	if err != nil {
		return err
	}
	if err := u.takeRestores(ctx, id, w, ans.Restores); err != nil {
		return err
	}
	if w, err = u.st.Witness(ctx); err != nil {
		return err
	}
	head, err := openHead(id, ans.Checkpoint)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotOurServer, err)
	}
	now, _, _ := u.clock()
	if len(ans.Restores) < w.Restores {
		u.asked = now
		u.log.Error("the server takes back its word for a restore")
		return u.st.SawRival(ctx, ans.Checkpoint)
	}
	if len(w.Head) == 0 {
		u.asked = now
		return u.st.SawHead(ctx, head.Size, ans.Checkpoint)
	}
	newest, err := openHead(id, w.Head)
	if err != nil {
		return err
	}
	if ans.Seen != newest.Size {
		return nil // the answer to an older question: the next one tells
	}
	u.asked = now
	proof := make([]ledger.Hash, len(ans.History))
	for i, h := range ans.History {
		proof[i] = ledger.Hash(h)
	}
	if err := ledger.CheckHistory(newest, head, proof); err != nil {
		u.log.Error("the server shows another record than it has shown before", "error", err)
		return u.st.SawRival(ctx, ans.Checkpoint)
	}
	return u.st.SawHead(ctx, head.Size, ans.Checkpoint)
}

// takeRestores stores new statements of the server about its restores, which come in
// their order.
func (u *Uplink) takeRestores(ctx context.Context, id store.Identity, w store.Witness, notes [][]byte) error {
	verifier, err := note.NewVerifier(id.ServerKey)
	if err != nil {
		return fmt.Errorf("pinned server key: %w", err)
	}
	for _, signed := range notes[min(w.Restores, len(notes)):] {
		r, err := ledger.OpenRestore(signed, verifier)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotOurServer, err)
		}
		newest := ledger.Checkpoint{}
		if len(w.Head) > 0 {
			if newest, err = openHead(id, w.Head); err != nil {
				return err
			}
		}
		u.log.Warn("the server was put back from a backup", "at", r.At, "size", r.Size, "by", r.Actor, "reason", r.Reason)
		said := store.Restored{At: r.At, Size: r.Size, Reason: r.Actor + ": " + r.Reason, Note: signed}
		if err := u.st.SawRestore(ctx, said, newest.Size); err != nil {
			return err
		}
		if w, err = u.st.Witness(ctx); err != nil {
			return err
		}
	}
	return nil
}

// witnessCarried is witness for an answer that travelled for an unknown time. An answer
// that is older than a restore is ignored.
func (u *Uplink) witnessCarried(ctx context.Context, id store.Identity, ans exchange.PushAnswer) error {
	w, err := u.st.Witness(ctx)
	if err != nil || len(ans.Restores) < w.Restores {
		return err
	}
	return u.witness(ctx, id, ans)
}
