package subscription

import "context"

// Round lets tests do what Run does at each tick.
func (d *Dispatcher) Round(ctx context.Context) error { return d.round(ctx) }

// MostRows is the longest list that goes as a file.
const MostRows = mostRows
