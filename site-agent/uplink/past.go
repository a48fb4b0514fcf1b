package uplink

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/store"
)

// past names the epochs that came to an end, for a server that may have lost them.
func (u *Uplink) past(ctx context.Context) ([]exchange.Past, error) {
	ended, err := u.st.Ended(ctx)
	var past []exchange.Past
	for _, e := range ended {
		if !e.Hash.IsZero() { // an event that a damaged disk has lost can't be sent again
			past = append(past, exchange.Past{Epoch: e.Epoch, Until: e.Until, Hash: e.Hash})
		}
	}
	return past, err
}

// pushPast sends epochs again that the server lacks: it was put back from a backup.
func (u *Uplink) pushPast(ctx context.Context, id store.Identity, lacks []models.Epoch) error {
	batches, err := u.packPast(ctx, id, func(e models.Epoch) bool { return slices.Contains(lacks, e) })
	for i := 0; i < len(batches) && err == nil; i++ {
		var ans exchange.PushAnswer
		if ans, err = call[exchange.PushAnswer](ctx, u, id.ServerURL, id.Token, http.MethodPost, exchange.PathEvents, batches[i]); err == nil {
			_, err = u.take(ctx, id, journal.Head{}, ans)
		}
	}
	return err
}

// packPast packs the part of past epochs that the server once had, or should have. It
// does not say up to when everything is told.
func (u *Uplink) packPast(ctx context.Context, id store.Identity, wanted func(models.Epoch) bool) ([][]byte, error) {
	const most = 512 // events of a batch, which then surely has room
	ended, err := u.st.Ended(ctx)
	if err != nil {
		return nil, err
	}
	var batches [][]byte
	for _, e := range ended {
		after := journal.Head{Agent: id.Agent, Epoch: e.Epoch}
		for wanted(e.Epoch) && after.Seq < e.Until {
			events, err := u.st.Events(ctx, e.Epoch, after.Seq, int(min(most, e.Until-after.Seq)))
			if err != nil {
				return nil, err
			}
			if len(events) == 0 {
				return nil, fmt.Errorf("epoch %s ends at %d, and has no event after %d", e.Epoch, e.Until, after.Seq)
			}
			b, err := exchange.NewBatch(after, events, 0, u.st.DeviceKey())
			if err != nil {
				return nil, err
			}
			last := events[len(events)-1]
			canonical, err := last.Bytes()
			if err != nil {
				return nil, err
			}
			after.Seq, after.Hash = last.Seq, journal.HashOf(canonical)
			b.Version, b.Unsent = exchange.Version, e.Until-after.Seq+1 // there is the present epoch still
			body, err := exchange.Pack(b)
			if err != nil {
				return nil, err
			}
			batches = append(batches, body)
		}
	}
	return batches, nil
}
