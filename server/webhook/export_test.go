package webhook

import (
	"context"
	"net/http"
	"time"

	"buktihadir/models"
)

// Round lets tests do what Run does at each tick, and wait for what came of it.
func (s *Sender) Round(ctx context.Context) error {
	err := s.round(ctx)
	s.served.Wait()
	return err
}

// Patience lets tests lose it sooner.
func (s *Sender) Patience(d time.Duration) { s.client.Timeout = d }

// Through sends by another way than the network.
func (s *Sender) Through(t http.RoundTripper) { s.client.Transport = t }

// Judge is judge after an answer with a status.
func Judge(d models.Delivery, status int, retryAfter time.Duration, now models.Millis, spread float64) models.Delivery {
	return judge(d, answer{status: status, wait: retryAfter}, now, spread)
}

// Safe says whether an address may be dialled.
func (n Networks) Safe(address string) error {
	network := "tcp4"
	if address[0] == '[' {
		network = "tcp6"
	}
	return n.guard().Safe(network, address, nil)
}

// Lease is how long a message is claimed for.
const Lease = lease
