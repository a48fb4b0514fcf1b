// Package plan has the pages of what is planned: pilots with their policy and budget, classes, sessions, the calendar, days off, imports and proposed classes.
//
// Its texts are templates/texts/plan.*.json, its templates are in templates/pages/server/plan; addresses and
// permissions stand in server/web/routes.go.
package plan

import "buktihadir/server/web/page"

// Pages are the pages of this wing.
type Pages struct{ *page.Kit }

// New makes the pages.
func New(kit *page.Kit) *Pages { return &Pages{kit} }
