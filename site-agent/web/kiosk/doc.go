// Package kiosk has the public pages of a site: the kiosk, to which people show their
// tickets themselves, and the big screen with the current sessions. Both say little about
// a person.
package kiosk

import "buktihadir/site-agent/web/page"

// Handlers answer the addresses of the kiosk and of the screen.
type Handlers struct{ *page.Kit }

// New makes the handlers.
func New(kit *page.Kit) *Handlers { return &Handlers{kit} }
