// Package others keeps the agents of one site in touch, so that who came in at one desk is
// not let in again at another.
//
// While a session takes scans, each agent asks the server every few seconds what the others
// have recorded, and sends its own first. What it learns goes to the desk (desk.Hear), as
// advice: it is shown, and never becomes an event of this agent's journal. A site with one
// agent, and the time between sessions, cost nothing.
package others

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"buktihadir/models/exchange"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/uplink"
)

const (
	// often is how long an agent waits between two questions while scans are expected.
	often = 2 * time.Second
	// seldom is the longest wait while nobody answers, and how often it looks whether scans are expected.
	seldom = 20 * time.Second
	// most bounds the questions in a row where an answer has more to follow.
	most = 50
)

// Line asks the server; uplink.Uplink is one.
type Line interface {
	Others(ctx context.Context, known []exchange.Known) (exchange.OthersAnswer, error)
}

// ByServer asks the server until ctx is done.
func ByServer(ctx context.Context, d *desk.Desk, line Line, log *slog.Logger) {
	wait := often
	for {
		if d.Awaits() {
			switch err := ask(ctx, d, line); {
			case ctx.Err() != nil:
				return
			case err == nil:
				wait = often
			default:
				if !errors.Is(err, uplink.ErrOffline) {
					log.Warn("ask for the site's other agents", "error", err)
				}
				wait = min(wait*2, seldom)
			}
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// pause waits about that long, not in step with other agents; it is false once ctx is done.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait/2 + rand.N(wait)/2) //nolint:gosec // jitter needs no secrecy
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// ask takes all that the server has to tell.
func ask(ctx context.Context, d *desk.Desk, line Line) error {
	for range most {
		ans, err := line.Others(ctx, d.ToldByServer())
		if err != nil {
			return err
		}
		d.Hear(desk.ByServer, ans.Tails, ans.Heard...)
		if !ans.More {
			break
		}
	}
	return nil
}
