// Package admin has the pages of administration: sign-in, users, other systems, scheduled reports, the history and the log.
//
// Its texts are templates/texts/admin.*.json, its templates are in templates/pages/server/admin; addresses and
// permissions stand in server/web/routes.go.
package admin

import "buktihadir/server/web/page"

// Pages are the pages of this wing.
type Pages struct{ *page.Kit }

// New makes the pages.
func New(kit *page.Kit) *Pages { return &Pages{kit} }
