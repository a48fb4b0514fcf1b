package page

import (
	"time"

	"buktihadir/models"
)

// Midnight is when a date begins, in the west.
func Midnight(d models.LocalDate) time.Time {
	return d.Start(models.ZoneWIB).Time().In(models.ZoneWIB.Location())
}
