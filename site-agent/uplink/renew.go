package uplink

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
)

// renew asks for the present token and proves its identity with the device's key: this
// disk is older than the token's last change, or another copy of it has received the new
// one.
func (u *Uplink) renew(ctx context.Context) error {
	id, err := u.st.Identity(ctx)
	if err != nil {
		return err
	}
	if !bundle.ValidRecipient(id.Recipient) {
		return ErrNoRecipient
	}
	wall, _, _ := u.clock()
	file, err := u.sealed(exchange.Bundle{Protocol: exchange.Protocol, Agent: id.Agent, Recipient: u.st.BundleKey().Recipient, Made: wall}, id.Recipient)
	if err != nil {
		return err
	}
	var answer []byte
	err = u.ask(ctx, id.ServerURL, "", http.MethodPost, exchange.PathRenew, file, func(r io.Reader) (err error) {
		answer, err = io.ReadAll(io.LimitReader(r, 1<<16))
		return err
	})
	if err != nil {
		return err
	}
	plain, err := bundle.Open(answer, 1<<16, u.st.BundleKey())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotOurServer, err)
	}
	reply, err := openReply(plain, id.ServerKey)
	if err != nil || reply.Agent != id.Agent || reply.Token == "" {
		return fmt.Errorf("%w: no token (%w)", ErrNotOurServer, err)
	}
	id.Token = reply.Token
	return u.st.SaveIdentity(ctx, id)
}
