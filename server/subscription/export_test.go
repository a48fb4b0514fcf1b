package subscription

import "context"

// Round lets tests do what Run does at each tick.
func (d *Dispatcher) Round(ctx context.Context) error { return d.round(ctx) }

// Most lets tests find fewer rows too many.
func (d *Dispatcher) Most(rows int64) { d.most = rows }
