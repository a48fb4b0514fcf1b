package uplink

import (
	"context"
	"net/http"
	"time"

	"buktihadir/models/exchange"
	"buktihadir/site-agent/store"
)

// kept is how long an attachment stays here once the server holds it. If the server is
// restored from an older backup, it asks for the attachment again.
const kept = 30 * 24 * time.Hour

// attach sends the attachments that the server does not hold. Their events must be sent
// before: the server does not keep an attachment that no event names.
func (u *Uplink) attach(ctx context.Context, id store.Identity) error {
	for more := true; more; {
		var items [][]byte
		var err error
		if items, more, err = u.st.UnsentAttachments(ctx, exchange.MostAttached, exchange.MaxAttached); err != nil {
			return err
		}
		if len(items) == 0 {
			break
		}
		body, err := exchange.Pack(exchange.Attachments{Protocol: exchange.Protocol, Agent: id.Agent, Items: items})
		if err != nil {
			return err
		}
		ans, err := call[exchange.AttachAnswer](ctx, u, id.ServerURL, id.Token, http.MethodPost, exchange.PathAttach, body)
		if err != nil {
			return err
		}
		if err := u.st.MarkAttachmentsSent(ctx, true, ans.Held...); err != nil {
			return err
		}
		if len(ans.Held) == 0 { // nothing moved: another time
			return nil
		}
	}
	wall, _, _ := u.clock()
	return u.st.ForgetAttachments(ctx, wall.Add(-kept))
}
