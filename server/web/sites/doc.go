// Package sites has the pages of sites: their officers, their site computers, and the files that go between.
//
// Its texts are templates/texts/sites.*.json, its templates are in templates/pages/server/sites; addresses and
// permissions stand in server/web/routes.go.
package sites

import "buktihadir/server/web/page"

// Pages are the pages of this wing.
type Pages struct{ *page.Kit }

// New makes the pages.
func New(kit *page.Kit) *Pages { return &Pages{kit} }
