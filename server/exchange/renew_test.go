package exchange_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/server/store"
)

// verifier is the server's key, as an agent has pinned it.
func (s stick) verifier() note.Verifier {
	s.t.Helper()
	invite, err := s.service.Invite(s.t.Context(), "http://localhost", "CODE")
	s.ok(err)
	v, err := note.NewVerifier(invite.ServerKey)
	s.ok(err)
	return v
}

//survives:plan A site computer's disk is older than its key to the server, or another copy of the disk has the new one | Its own key proves who it is, and it gets the current one
func TestAnAgentWhoseTokenIsOverProvesByItsKeyWhoItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		s := newStick(t, d.enrol())
		first := d.token
		pull := func(token string) int {
			return d.call(http.MethodGet, exchange.PathRoster, "Bearer "+token, nil).Code
		}
		for turn := range 2 {
			d.ok(d.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RotateToken(d.agent) }))
			w := d.call(http.MethodPost, exchange.PathRenew, "", s.sealed(s.bundle()))
			if w.Code != http.StatusOK {
				t.Fatalf("turn %d: %d %s", turn, w.Code, w.Body)
			}
			plain, err := bundle.Open(w.Body.Bytes(), exchange.MaxBundle, s.key)
			d.ok(err)
			reply, err := exchange.OpenReply(plain, s.verifier())
			if err != nil || reply.Agent != d.agent || pull(reply.Token) != http.StatusOK {
				t.Fatalf("turn %d: the reply is %+v, %v", turn, reply, err)
			}
			d.token = reply.Token
			d.push(packed(t, d.batch(1, nil))) // from now on the one of before is over
			if pull(first) != http.StatusUnauthorized {
				t.Error("the token of before still opens the door")
			}
		}
	})
}

func TestNobodyElseGetsAnAgentsToken(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		s := newStick(t, d.enrol())
		_, stranger, err := ed25519.GenerateKey(rand.Reader)
		d.ok(err)
		forged := exchange.Bundle{Protocol: exchange.Protocol, Agent: d.agent, Recipient: s.key.Recipient}
		plain, err := forged.Sign(stranger)
		d.ok(err)
		forged.Agent = [16]byte{9}
		unknown, err := forged.Sign(d.key)
		d.ok(err)
		for name, body := range map[string][]byte{
			"signed by another key": s.sealed(plain), "for an agent that is not known": s.sealed(unknown), "rubbish": []byte("rubbish"), "nothing": nil,
			"not sealed": s.bundle(),
		} {
			if w := d.call(http.MethodPost, exchange.PathRenew, "", body); w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		for range 10 {
			d.call(http.MethodPost, exchange.PathRenew, "", nil)
		}
		if w := d.call(http.MethodPost, exchange.PathRenew, "", s.sealed(s.bundle())); w.Code != http.StatusTooManyRequests {
			t.Errorf("one address may guess for ever: %d", w.Code)
		}
		d.now += models.Millis(24 * 3600 * 1000)
		w := d.call(http.MethodPost, exchange.PathRenew, "", s.sealed(s.bundle()))
		other, err := bundle.NewKey()
		d.ok(err)
		if _, err := bundle.Open(w.Body.Bytes(), exchange.MaxBundle, other); err == nil {
			t.Error("whoever overhears the answer can read it")
		}
	})
}
