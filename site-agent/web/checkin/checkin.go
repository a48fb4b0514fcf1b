// Package checkin is what staff do at the desk: scan, search, check in manually, admit
// against a refusal, void, write notes, print and key in attendance sheets.
//
// scan.go has the requests that record something about a ticket or a person, notes.go and
// paper.go those about walk-ins, absences and sheets. live.go streams what has changed to
// the open pages.
package checkin

import "buktihadir/site-agent/web/page"

// Handlers answer the desk's addresses. Make them with New.
type Handlers struct {
	*page.Kit
	live liveCache
}

// New makes the handlers.
func New(kit *page.Kit) *Handlers { return &Handlers{Kit: kit} }
