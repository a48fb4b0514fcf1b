package models

import (
	"fmt"
	"strings"
	"time"
)

// Zone is one of Indonesia's time zones. They have no summer time. All code that converts
// between instants and local dates is in this file.
type Zone string

// The zones, from west to east.
const (
	ZoneWIB  Zone = "WIB"  // UTC+7
	ZoneWITA Zone = "WITA" // UTC+8
	ZoneWIT  Zone = "WIT"  // UTC+9
)

// Zones lists every zone.
func Zones() []Zone { return []Zone{ZoneWIB, ZoneWITA, ZoneWIT} }

// ParseZone reads a zone's abbreviation in any case.
func ParseZone(s string) (Zone, error) {
	z := Zone(strings.ToUpper(strings.TrimSpace(s)))
	if !z.Valid() {
		return "", fmt.Errorf("time zone %q: want WIB, WITA or WIT", s)
	}
	return z, nil
}

// Valid says whether z is one of the zones.
func (z Zone) Valid() bool { return z.offset() != 0 }

// Location is the zone for package time, with its Indonesian abbreviation. It does not
// need a zone database on the machine. An unknown zone gives UTC.
func (z Zone) Location() *time.Location {
	if !z.Valid() {
		return time.UTC
	}
	return time.FixedZone(string(z), int(z.offset().Seconds()))
}

// Date returns the date on the zone's wall calendars at an instant.
func (z Zone) Date(at Millis) LocalDate {
	return LocalDate(at.Time().Add(z.offset()).Format(time.DateOnly))
}

// Clock returns what the zone's wall clocks show at an instant: "15:04".
func (z Zone) Clock(at Millis) string { return at.Time().Add(z.offset()).Format("15:04") }

func (z Zone) offset() time.Duration {
	switch z {
	case ZoneWIB:
		return 7 * time.Hour
	case ZoneWITA:
		return 8 * time.Hour
	case ZoneWIT:
		return 9 * time.Hour
	}
	return 0
}

// LocalDate is a calendar date without zone, "2006-01-02": it sorts as text.
// "" means not set.
type LocalDate string

// ParseLocalDate reads a date that exists, written "2006-01-02".
func ParseLocalDate(s string) (LocalDate, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("date: %w", err)
	}
	return LocalDate(s), nil
}

// Valid says whether d is a date that exists.
func (d LocalDate) Valid() bool {
	_, err := ParseLocalDate(string(d))
	return err == nil
}

// Start returns the instant at which the date begins in a zone, or 0 if the text is not a
// date. There is no summer time, so 08:00 is Start plus eight hours.
func (d LocalDate) Start(z Zone) Millis {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return MillisOf(t.Add(-z.offset()))
}

// AddDays returns the date n days later, or "" if the text is not a date.
func (d LocalDate) AddDays(n int) LocalDate {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return LocalDate(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// Weekday returns the day of the week, or Sunday if the text is not a date.
func (d LocalDate) Weekday() time.Weekday {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Sunday
	}
	return t.Weekday()
}
