package attendance

import (
	"fmt"
	"net/url"
	"time"

	"buktihadir/models"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// heat is one hour of a weekday in which people arrived.
type heat struct {
	Key   string // of models.ByArrival
	Count int64
	Level int // 0 to 4
}

// List is the address of those who arrived then.
func (h heat) List() string {
	return "/attendance?" + url.Values{"by": {string(models.ByArrival)}, "key": {h.Key}}.Encode()
}

// arrivals are weekdays from Monday on, with the hours in which anybody arrived.
type arrivals struct {
	Hours []string
	Days  []arrivalDay
	Most  int64 // in one hour
}

type arrivalDay struct {
	Name templates.Text
	Heat []heat
}

func arrivalsOf(tallies map[string]map[models.Measure]int64) arrivals {
	most, first, last := int64(0), 24, -1
	key := func(day, hour int) string { return fmt.Sprintf("%d-%02d", day, hour) }
	for day := range 7 {
		for hour := range 24 {
			if n := tallies[key(day, hour)][models.MeasureArrived]; n > 0 {
				most, first, last = max(most, n), min(first, hour), max(last, hour)
			}
		}
	}
	a := arrivals{Most: most}
	for h := first; h <= last; h++ {
		a.Hours = append(a.Hours, fmt.Sprintf("%02d", h))
	}
	for _, day := range []int{1, 2, 3, 4, 5, 6, 0} {
		d := arrivalDay{Name: page.WeekdayText(time.Weekday(day))}
		for h := first; h <= last; h++ {
			n := tallies[key(day, h)][models.MeasureArrived]
			d.Heat = append(d.Heat, heat{key(day, h), n, int((n*4 + most - 1) / max(most, 1))})
		}
		a.Days = append(a.Days, d)
	}
	return a
}
