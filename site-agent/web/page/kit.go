// Package page is the kit that the desk's pages share. It knows no page of a wing.
//
// access.go says who asks and lets in whom the table of routes names; signin.go and
// session.go hold who is signed in, and for how long; show.go draws what every page has
// around its own; form.go reads what pages send and says why nothing was recorded;
// stream.go sends news to open pages; phones.go remembers which phones are waited for.
package page

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"buktihadir/models/receipt"
)

// Kit is what the wings of the desk's pages share. Make one with NewKit.
type Kit struct {
	Config
	Sessions   *Sessions
	Phones     *Phones
	PINGuesses *Guesses
	receipts   string // the address of receipts, without a code
	closing    chan struct{}
	close      sync.Once
}

// NewKit makes the kit, and takes up who was signed in and which phones are waited for.
func NewKit(ctx context.Context, cfg Config) (*Kit, error) {
	k := &Kit{
		Config: cfg, Sessions: NewSessions(time.Now, cfg.Desk.Moment), Phones: &Phones{clock: cfg.Desk.Moment, all: map[uuid.UUID]*phone{}},
		PINGuesses: NewGuesses(cfg.Desk.Moment), closing: make(chan struct{}),
	}
	kept, err := cfg.Store.SignIns(ctx)
	if err != nil { // staff sign in again
		cfg.Log.Error("take up who was signed in", "error", err)
	}
	k.Sessions.Load(kept)
	id, err := cfg.Store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	k.receipts = id.ServerURL + receipt.Address
	known, err := cfg.Store.Phones(ctx)
	if err != nil {
		return nil, err
	}
	k.Phones.load(known)
	return k, nil
}

// Close ends the streams of live news, which would keep http.Server.Shutdown
// waiting; give it to RegisterOnShutdown.
func (k *Kit) Close() { k.close.Do(func() { close(k.closing) }) }
