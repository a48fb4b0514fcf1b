package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/uplink"
)

// The agent's own loop, on the test's clock: however long there was no network,
// what waits is delivered half a minute after it is back.
//
//survives:network The network is back after an hour or a day | Whatever waited is delivered within half a minute, and nobody has to ask for it
func TestWhatWaitsIsDeliveredHalfAMinuteAfterTheNetworkIsBack(t *testing.T) {
	c := newCampaign(t)
	for _, away := range []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour} {
		t.Run(away.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, err := newWorld(t.Context(), c.grid, c.stages[0], filepath.Join(c.dir, "loop-"+away.String()), 1)
				if err != nil {
					t.Fatal(err)
				}
				p, back := w.posts[0], false
				client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if !back {
						return nil, errCut
					}
					l, err := letterOf(r)
					if err != nil {
						return nil, err
					}
					return w.office.post(w.ctx, l)
				})}
				loop := uplink.New(p.st, client, func() (models.Millis, int64, uuid.UUID) {
					r := p.clock()
					return r.Wall, r.Mono, r.Boot
				}, slog.New(slog.DiscardHandler))
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan struct{})
				go func() { loop.Run(ctx); close(ended) }()
				w.luck = rand.New(rand.NewPCG(1, 1))
				for _, who := range w.classes[0].people[:3] {
					if err := w.scanAs(p, who, models.DirectionAuto); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(away)
				back = true
				time.Sleep(30 * time.Second)
				head, err1 := p.st.Head(t.Context())
				acked, err2 := p.st.Acked(t.Context())
				if err1 != nil || err2 != nil || acked != head {
					t.Errorf("the journal goes to %d, delivered is %d (%v, %v)", head.Seq, acked.Seq, err1, err2)
				}
				cancel()
				<-ended
				if err := w.close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
