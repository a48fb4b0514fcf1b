package exchange

import (
	"context"
	"errors"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/server/store"
)

// Renew gives an agent its token, sealed to the key that its bundle names. The bundle's
// signature proves who asks; somebody who replays the bundle cannot read the answer.
func (s *Service) Renew(ctx context.Context, file []byte) ([]byte, error) {
	keys, err := s.bundleKeys(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := bundle.Open(file, exchange.MaxBundle, keys...)
	if err != nil {
		return nil, refusedParcel(err)
	}
	b, proof, err := exchange.ReadBundle(plain)
	if err != nil || b.Protocol != exchange.Protocol || !bundle.ValidRecipient(b.Recipient) {
		return nil, &RefusedError{Code: codeUnreadable}
	}
	agent, err := s.st.Read(ctx).Agent(b.Agent)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &RefusedError{Code: codeUnknownAgent}
	}
	if err != nil {
		return nil, err
	}
	if err := proof.Verify(agent.PublicKey); err != nil {
		return nil, &RefusedError{codeUnverified, err.Error()}
	}
	var out []byte
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		reply := exchange.Reply{Protocol: exchange.Protocol, Agent: agent.ID, Now: tx.Now()}
		if reply.Token, err = tx.TokenFor(agent.ID); err != nil {
			return err
		}
		signer, _, err := tx.NoteKey()
		if err != nil {
			return err
		}
		plain, err := reply.Sign(signer)
		if err != nil {
			return err
		}
		out, err = bundle.Seal(plain, b.Recipient)
		return err
	})
	return out, err
}
