package uplink

import (
	"context"
	"net/http"

	"buktihadir/models/exchange"
)

// Others sends what was recorded since the last exchange, and asks what the other agents of
// the site have told the server after what is known of their journals. It is small, so that
// it can be asked every few seconds; Sync does the rest in its own time.
func (u *Uplink) Others(ctx context.Context, known []exchange.Known) (exchange.OthersAnswer, error) {
	u.busy.Lock()
	defer u.busy.Unlock()
	var nothing exchange.OthersAnswer
	head, err := u.st.Head(ctx)
	if err != nil {
		return nothing, err
	}
	acked, err := u.st.Acked(ctx)
	if err != nil {
		return nothing, err
	}
	id, err := u.st.Identity(ctx)
	if err != nil {
		return nothing, err
	}
	if head.Seq > acked.Seq || head.Epoch != acked.Epoch {
		if err := u.push(ctx, id, &Report{}); err != nil {
			return nothing, err
		}
		if id, err = u.st.Identity(ctx); err != nil { // the token may have been changed
			return nothing, err
		}
	}
	body, err := exchange.Pack(exchange.OthersAsk{Protocol: exchange.Protocol, Agent: id.Agent, Known: known})
	if err != nil {
		return nothing, err
	}
	return call[exchange.OthersAnswer](ctx, u, id.ServerURL, id.Token, http.MethodPost, exchange.PathOthers, body)
}
