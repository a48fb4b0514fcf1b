// Package phone has what a staff phone needs to continue while this agent does not
// answer: the page and the files that it keeps, the kit that it gets at each contact, and
// the hand-over of what it recorded. Package site-agent/offline says how that works.
package phone

import "buktihadir/site-agent/web/page"

// Handlers answer the addresses that a phone keeps in touch by.
type Handlers struct{ *page.Kit }

// New makes the handlers.
func New(kit *page.Kit) *Handlers { return &Handlers{kit} }
