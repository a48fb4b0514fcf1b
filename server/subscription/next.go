package subscription

import (
	"time"

	"buktihadir/models"
)

// Next is the first moment after an instant at which something is due again. The repeat must be
// valid.
func Next(r models.Repeat, after models.Millis) models.Millis {
	for day := r.Zone.Date(after); ; day = day.AddDays(1) { // at most a month of them
		if at := day.Start(r.Zone).Add(time.Duration(r.Hour) * time.Hour); at > after && falls(r, day) {
			return at
		}
	}
}

// falls says whether something is due on a day.
func falls(r models.Repeat, day models.LocalDate) bool {
	switch r.Every {
	case models.EveryWeek:
		return int(day.Weekday()) == r.Day
	case models.EveryMonth:
		last := day[:7] != day.AddDays(1)[:7]
		number := int(day[8]-'0')*10 + int(day[9]-'0')
		return number == r.Day || last && number < r.Day
	case models.EveryDay:
	}
	return true
}

// Due says which of the due times from first until now is sent for: the last. However
// many an outage has missed, one mail makes up for them. Next is the first after now.
func Due(r models.Repeat, first, now models.Millis) (due, next models.Millis) {
	for due, next = first, Next(r, first); next <= now; {
		due, next = next, Next(r, next)
	}
	return due, next
}
