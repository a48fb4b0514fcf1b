package e2e

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ledger"
	server "buktihadir/server/store"
	"buktihadir/site-agent/uplink"
)

// later syncs as a program that was started again: it asks for the log's head.
func (p *post) later() {
	p.t.Helper()
	boot := uuid.New()
	p.up = uplink.New(p.st, &http.Client{Transport: p.wire}, func() (models.Millis, int64, uuid.UUID) {
		now := models.MillisOf(time.Now())
		return now, int64(now), boot
	}, slog.New(slog.DiscardHandler))
	_, err := p.up.Sync(p.t.Context())
	p.ok(err)
}

func (p *post) witnessed() (size int64, rival bool) {
	p.t.Helper()
	w, err := p.st.Witness(p.t.Context())
	p.ok(err)
	id, err := p.st.Identity(p.t.Context())
	p.ok(err)
	key, err := note.NewVerifier(id.ServerKey)
	p.ok(err)
	c, err := ledger.OpenCheckpoint(w.Head, key)
	p.ok(err)
	return c.Size, len(w.Rival) > 0
}

//survives:hand The server rewrites its record and signs the new one | Site computers have seen the old one and say so at their next contact; scanning and sending go on
func TestAServerThatShowsAnotherHistoryIsNoticedByWhoSawTheFirst(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, nil)
	p.later()
	if size, rival := p.witnessed(); size != 3 || rival {
		t.Fatalf("the agent has seen %d records (another history: %v), want 3", size, rival)
	}
	p.happens(2, nil)
	p.later()
	if size, rival := p.witnessed(); size != 5 || rival {
		t.Fatalf("the agent has seen %d records (another history: %v), want 5", size, rival)
	}
	var signer note.Signer
	p.ok(p.office.Write(t.Context(), func(tx *server.Tx) (err error) { signer, _, err = tx.NoteKey(); return err }))
	forged, err := ledger.Checkpoint{Size: 9, Root: ledger.Hash{1}}.Sign(signer)
	p.ok(err)
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) {
		if m.Checkpoint != nil {
			m.Checkpoint, m.History = forged, []models.Hash{{1}, {2}}
		}
	}))
	p.happens(1, nil)
	p.later()
	if size, rival := p.witnessed(); size != 5 || !rival || p.acked() != 6 {
		t.Errorf("seen %d, another history noticed: %v, delivered %d; want 5, true and 6", size, rival, p.acked())
	}
	p.wire.set(nil)
	p.later()
	if _, rival := p.witnessed(); !rival {
		t.Error("the evidence is gone once the server shows the first history again")
	}
	p.sameAsServer()
}

func TestAServerThatForgetsItsRecordIsNoticed(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, nil)
	var first []byte
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) { first = m.Checkpoint }))
	p.later()
	p.wire.set(nil)
	p.happens(2, nil)
	p.later()
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) { m.Checkpoint, m.History = first, nil }))
	p.later()
	if size, rival := p.witnessed(); size != 5 || !rival {
		t.Errorf("seen %d, another history noticed: %v; want 5 and true", size, rival)
	}
}
