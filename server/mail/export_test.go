package mail

import (
	"context"
)

// Round lets tests do what Run does at each tick.
func (s *Sender) Round(ctx context.Context) error { return s.round(ctx) }

// Times of the outbox.
const (
	Lease  = lease
	GiveUp = giveUp
	Keep   = keep
)
