package models

import "github.com/google/uuid"

// SessionVersion is an earlier state of a session. Version counts from 0; the present
// state has the next number.
type SessionVersion struct {
	SessionID  uuid.UUID `gorm:"primaryKey"`
	Version    int       `gorm:"primaryKey;autoIncrement:false"`
	SiteID     uuid.UUID
	Room       string
	StartsAt   Millis
	EndsAt     Millis
	Status     SessionStatus
	ReplacedAt Millis
}

// HolidayKind says what a day off is.
type HolidayKind string

// The kinds of days off.
const (
	HolidayNational HolidayKind = "national" // hari libur nasional
	HolidayJoint    HolidayKind = "joint"    // cuti bersama
	HolidayOwn      HolidayKind = "own"      // the programme office's own
)

// Holiday is a day off. A row in the database overrides the embedded list: if Off is
// false, the day is not a holiday.
type Holiday struct {
	Day       LocalDate `gorm:"primaryKey"`
	Name      string
	Kind      HolidayKind
	Off       bool
	Reason    string
	Author    string
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}
