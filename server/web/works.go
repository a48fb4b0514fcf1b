package web

import (
	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/review"
	"buktihadir/server/seating"
)

// bulkWorks gives the work of a bulk change.
func bulkWorks(b models.BulkChange) []bulk.Work {
	switch {
	case b.Kind == models.BulkCorrect:
		return []bulk.Work{review.Corrections{}}
	case b.Carry:
		return []bulk.Work{seating.Places{}, review.Carrying{}}
	}
	return []bulk.Work{seating.Places{}}
}
