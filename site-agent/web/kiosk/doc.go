// Package kiosk is what stands there for everybody to see: the kiosk, to which people show
// their tickets themselves, and the big screen with the sessions that run. Both say
// little about anybody.
package kiosk

import "buktihadir/site-agent/web/page"

// Handlers answer the addresses of the kiosk and of the screen.
type Handlers struct{ *page.Kit }

// New makes the handlers.
func New(kit *page.Kit) *Handlers { return &Handlers{kit} }
