// Package attendance has the pages of attendance: the overview, figures, sessions as they went, cases, corrections, and the papers that a class closes with.
//
// Its texts are templates/texts/attendance.*.json, its templates are in templates/pages/server/attendance; addresses and
// permissions stand in server/web/routes.go.
package attendance

import (
	"buktihadir/server/web/page"

	"github.com/google/uuid"
)

// Pages are the pages of this wing.
type Pages struct {
	*page.Kit
	enrolled enrolledCounts
}

// New makes the pages.
func New(kit *page.Kit) *Pages {
	return &Pages{Kit: kit, enrolled: enrolledCounts{counts: map[uuid.UUID]enrolledCount{}}}
}
