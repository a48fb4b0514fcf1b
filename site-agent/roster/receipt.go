package roster

import (
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
	"buktihadir/models/receipt"
)

// Receipt is what a participant takes away from an event that has its place and its time. Who
// was recorded before (earlier) gets the receipt of that again. It is "" of everything else.
func (r *Roster) Receipt(e journal.Event, earlier *attendance.Past) receipt.Code {
	c := r.classes[e.Class]
	switch {
	case c == nil:
		return ""
	case earlier != nil && e.Verdict.Repeated() && e.Enrollment != uuid.Nil:
		return c.receipt(e.Enrollment, earlier.Direction, earlier.At)
	}
	return receipt.OfEvent(c.Secret, e)
}

func (c *class) receipt(enrollment uuid.UUID, d models.Direction, at models.Millis) receipt.Code {
	if at == 0 || len(c.Secret) == 0 {
		return ""
	}
	return receipt.KeyOf(c.Secret).Of(receipt.Says{Whose: receipt.OfPerson(enrollment), Direction: d, At: at})
}
