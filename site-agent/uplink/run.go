package uplink

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	// every is how often an agent with a network calls.
	every = 10 * time.Second
	// longest is the longest wait between tries without a network: when a network is
	// back, the next try comes within half a minute.
	longest = 25 * time.Second
)

// Trigger asks for an exchange now, not at the next turn.
func (u *Uplink) Trigger() {
	select {
	case u.trigger <- struct{}{}:
	default: // one is asked for already
	}
}

// Run exchanges until ctx is done: often while that works, ever more seldom,
// with some jitter, while it doesn't.
func (u *Uplink) Run(ctx context.Context) {
	wait := every
	for {
		rep, err := u.Sync(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			if rep.Sent > 0 || rep.Items > 0 {
				u.log.Info("exchanged with the server", "sent", rep.Sent, "roster", rep.Items)
			}
			wait = every
		case errors.Is(err, ErrOffline):
			u.log.Debug("no network", "error", err)
			wait = min(wait*3/2, longest)
		default:
			u.log.Warn("exchange with the server", "error", err)
			wait = min(wait*2, longest)
		}
		timer := time.NewTimer(wait/2 + rand.N(wait)/2) //nolint:gosec // jitter needs no secrecy
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-u.trigger:
			timer.Stop()
		case <-timer.C:
		}
	}
}
