// Package ticket has the pages that participants open: their ticket, their schedule,
// their own data. Anybody who knows the link may open them.
//
// Its texts are templates/texts/ticket.*.json, its templates are in templates/pages/ticket; addresses and
// permissions stand in server/web/routes.go.
package ticket

import "buktihadir/server/web/page"

// Pages are the pages of this wing.
type Pages struct{ *page.Kit }

// New makes the pages.
func New(kit *page.Kit) *Pages { return &Pages{kit} }
