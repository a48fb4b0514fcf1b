package e2e

import (
	"net/http"
	"testing"

	server "buktihadir/server/store"
)

// However an answer is lost, a desk is never without a token that works.
//
//survives:plan A site computer's key to the server is changed while scans wait, and answers are lost | It keeps a key that works, and nothing is lost
func TestARotatedTokenStrandsNothingWhateverAnswerIsLost(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p := l.enrol("meja")
		p.happens(2, nil)
		p.sync()
		first, err := p.st.Identity(t.Context())
		p.ok(err)
		p.ok(l.office.Write(t.Context(), func(tx *server.Tx) error { return tx.RotateToken(first.Agent) }))
		p.happens(2, nil)
		p.wire.set(func(*http.Response) (*http.Response, error) { return nil, http.ErrHandlerTimeout }) // the answer with the token is lost
		if _, err := p.up.Sync(t.Context()); err == nil {
			t.Fatal("a lost answer was no error")
		}
		p.wire.set(nil)
		p.happens(1, nil)
		p.sync() // the old token still works, and the new one is told again
		second, err := p.st.Identity(t.Context())
		p.ok(err)
		if second.Token == first.Token {
			t.Fatal("the token is still the first")
		}
		if _, err := l.office.Read(t.Context()).AgentByToken(first.Token); err != nil {
			t.Errorf("the first token is over before the second was used: %v", err)
		}
		p.sync()
		if _, err := l.office.Read(t.Context()).AgentByToken(first.Token); err == nil {
			t.Error("the first token still opens the door")
		}
		p.happens(1, nil)
		p.sync()
		p.sameAsServer()
		if again, err := p.st.Identity(t.Context()); err != nil || again.Token != second.Token {
			t.Errorf("the token changed again, %v", err)
		}
	})
}

func (p *post) sync() {
	p.t.Helper()
	if rep, err := p.up.Sync(p.t.Context()); err != nil || rep.Unsent != 0 {
		p.t.Fatalf("sync gave %+v, %v", rep, err)
	}
}
