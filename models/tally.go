package models

import "github.com/google/uuid"

// Dimension is by what attendance is counted.
type Dimension string

// The dimensions. The key of a count names one of them: a pilot's, provider's,
// site's, course's or class's id, a province's code, a wave's number, a sex.
const (
	ByAll      Dimension = "all"
	ByPilot    Dimension = "pilot"
	ByProvince Dimension = "province" // of the site
	ByProvider Dimension = "provider"
	BySite     Dimension = "site"
	ByCourse   Dimension = "course"
	ByClass    Dimension = "class"
	ByWave     Dimension = "wave"
	BySex      Dimension = "sex"
	ByMode     Dimension = "mode" // of the course; money only
)

// Dimensions lists the dimensions that a table can be grouped by.
func Dimensions() []Dimension {
	return []Dimension{ByPilot, ByProvince, ByProvider, BySite, ByCourse, ByClass, ByWave, BySex}
}

// Measure is a counted quantity: a status, or one of these besides.
type Measure string

// These are the measures that are counted besides statuses.
const (
	MeasureManual  Measure = "by_hand" // a manual check-in, or a supervisor's override
	MeasureFlagged Measure = "flagged" // any flag

	// MeasureProvisional counts what may still change, and nothing else does: all other
	// measures are of final results.
	MeasureProvisional Measure = "provisional"
)

// TallyKey names one count.
type TallyKey struct {
	Scope   string    `gorm:"primaryKey"` // of whose classes: a provider's id; empty for everybody's
	Dim     Dimension `gorm:"primaryKey"`
	Key     string    `gorm:"primaryKey"`
	Day     LocalDate `gorm:"primaryKey"` // of the session, at its site; empty for all days
	Measure Measure   `gorm:"primaryKey"`
}

// Tally is how many attendances of participants there are of a kind. It is kept in
// the transactions that change attendance, so that no page has to count.
type Tally struct {
	TallyKey `gorm:"embedded"`
	Count    int64
}

// TallyPlace is where a session's attendance is counted, as it was at the last time:
// plans change, and what was added under one name is taken away under the same.
type TallyPlace struct {
	SessionID  uuid.UUID `gorm:"primaryKey"`
	Day        LocalDate
	Zone       Zone
	PilotID    uuid.UUID
	Province   string
	ProviderID uuid.UUID
	SiteID     uuid.UUID
	CourseID   uuid.UUID
	ClassID    uuid.UUID
}
