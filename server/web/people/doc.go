// Package people has the pages about people: participants, their places in classes,
// tickets, badges and requests about their data.
//
// Its texts are templates/texts/people.*.json, its templates are in templates/pages/server/people; addresses and
// permissions stand in server/web/routes.go.
package people

import "buktihadir/server/web/page"

// Pages are the pages of this wing.
type Pages struct{ *page.Kit }

// New makes the pages.
func New(kit *page.Kit) *Pages { return &Pages{kit} }
