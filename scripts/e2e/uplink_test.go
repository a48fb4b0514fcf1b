package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	server "buktihadir/server/store"
	"buktihadir/site-agent/uplink"
)

// rewrite changes a message on its way to the agent; other content passes unchanged.
func rewrite[M exchange.Message](path string, f func(*M)) func(*http.Response) (*http.Response, error) {
	return func(res *http.Response) (*http.Response, error) {
		if !strings.HasSuffix(res.Request.URL.Path, path) {
			return res, nil
		}
		m, err := exchange.ReadMessage[M](res.Body)
		if err != nil {
			return nil, err
		}
		f(&m)
		body, err := exchange.Pack(m)
		res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return res, err
	}
}

func (p *post) acked() uint64 {
	p.t.Helper()
	head, err := p.st.Acked(p.t.Context())
	p.ok(err)
	return head.Seq
}

func TestAReceiptOfAnotherServerDeliversNothing(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, nil)
	head, err := p.st.Head(t.Context())
	p.ok(err)
	secret, _, err := note.GenerateKey(rand.Reader, "bukti-hadir")
	p.ok(err)
	stranger, err := note.NewSigner(secret)
	p.ok(err)
	forged, err := journal.Receipt{Head: head, At: p.now}.Sign(stranger)
	p.ok(err)
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) { m.Receipt = forged }))
	if _, err := p.up.Sync(t.Context()); !errors.Is(err, uplink.ErrNotOurServer) || p.acked() != 0 {
		t.Errorf("sync gave %v with %d delivered, want %v with none", err, p.acked(), uplink.ErrNotOurServer)
	}
	p.wire.set(nil)
	if _, err := p.up.Sync(t.Context()); err != nil || p.acked() != 3 {
		t.Errorf("the true server: %v, %d delivered", err, p.acked())
	}
	p.sameAsServer()
}

//survives:network Sending works and fetching fails, or the other way round | Neither waits for the other
func TestPushAndPullNeverWaitForEachOther(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{exchange.PathEvents, exchange.PathRoster} {
		t.Run(broken, func(t *testing.T) {
			p := newLine(t).enrol("meja")
			p.happens(3, nil)
			p.wire.set(func(res *http.Response) (*http.Response, error) {
				if strings.HasSuffix(res.Request.URL.Path, broken) {
					return lost(res)
				}
				return res, nil
			})
			_, err := p.up.Sync(t.Context())
			cursor, err2 := p.st.Cursor(t.Context())
			p.ok(err2)
			pushes := broken == exchange.PathRoster
			if !errors.Is(err, uplink.ErrOffline) || (p.acked() == 3) != pushes || (cursor.Count > 0) == pushes {
				t.Errorf("sync gave %v, %d delivered, %d items of the roster", err, p.acked(), cursor.Count)
			}
		})
	}
}

// A server that lost its newest events asks for them again, and gets them.
func TestAServerThatLostEventsGetsThemAgain(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(2, nil)
	var older []byte
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) { older = m.Receipt }))
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.wire.set(nil)
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	asked := 0
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) {
		if asked++; asked == 1 {
			m.Seq, m.Receipt, m.Conflict = 2, older, exchange.ConflictGap
		}
	}))
	p.happens(1, nil)
	if _, err := p.up.Sync(t.Context()); err != nil || p.acked() != 5 || asked != 2 {
		t.Errorf("sync gave %v, %d delivered in %d batches, want 5 in 2", err, p.acked(), asked)
	}
	p.sameAsServer()
}

// A gap that never closes is the server's fault; asking it for ever is ours.
func TestAGapThatNeverClosesEndsTheCall(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(2, nil)
	var older []byte
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) { older = m.Receipt }))
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.happens(1, nil)
	var asked atomic.Int32
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) {
		asked.Add(1)
		m.Seq, m.Receipt, m.Conflict = 2, older, exchange.ConflictGap
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := p.up.Sync(ctx); err == nil || ctx.Err() != nil || asked.Load() > 3 {
		t.Errorf("sync gave %v after %d questions", err, asked.Load())
	}
}

func TestTheLoopGoesOnAfterACutAndEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, nil)
	var cuts atomic.Int32
	p.wire.set(func(res *http.Response) (*http.Response, error) { cuts.Add(1); return lost(res) })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() { p.up.Run(ctx); close(ended) }()
	eventually(t, "the loop has met a cut", func() bool { return cuts.Load() > 1 })
	p.wire.set(nil)
	eventually(t, "everything is delivered", func() bool { p.up.Trigger(); return p.acked() == 3 })
	cancel()
	eventually(t, "the loop has ended", func() bool {
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	p.sameAsServer()
}

// An answer to the first enrolment that is lost costs nothing but a second try.
func TestAnEnrolmentWhoseAnswerIsLostIsTriedAgain(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	var code string
	l.ok(l.office.Write(t.Context(), func(tx *server.Tx) (err error) {
		code, _, err = tx.NewAgentCode(l.site, "meja")
		return err
	}))
	p := &post{line: l, dir: t.TempDir()}
	p.open()
	p.wire.set(lost)
	if _, err := p.up.Enrol(t.Context(), l.door.URL, code); !errors.Is(err, uplink.ErrOffline) {
		t.Fatalf("enrol gave %v, want %v", err, uplink.ErrOffline)
	}
	p.wire.set(nil)
	if _, err := p.up.Enrol(t.Context(), l.door.URL, code); err != nil {
		t.Fatal(err)
	}
	p.happens(2, nil)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.sameAsServer()
	id, err := p.st.Identity(t.Context())
	l.ok(err)
	known, err := l.office.Read(t.Context()).Agent(id.Agent)
	if err != nil || known.Epoch != id.Epoch {
		t.Errorf("the server knows journal %s (%v), the agent keeps %s", known.Epoch, err, id.Epoch)
	}
}
