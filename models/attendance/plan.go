package attendance

import (
	"time"

	"buktihadir/models"
)

// Window is when a session is scanned at, as it is planned: from when check-in opens until check-out closes.
func Window(s Session, p models.Policy) (opens, closes models.Millis) {
	return s.Start.Add(-minutes(p.CheckInBefore)), s.End.Add(minutes(p.CheckOutAfter))
}

// ofTheDay is how far from a session's window a supervisor's hand reaches.
const ofTheDay = 12 * time.Hour

// fits says that a scan at a time can be one of the session as it is planned.
func fits(s Session, p models.Policy, at models.Millis, overridden bool) bool { //nolint:revive // overridden is a fact, not a switch
	opens, closes := Window(s, p)
	if overridden {
		opens, closes = opens.Add(-ofTheDay), closes.Add(ofTheDay)
	}
	return opens <= at && at <= closes
}
