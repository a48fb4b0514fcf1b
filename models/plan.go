package models

import "github.com/google/uuid"

// This file has the plan: what the programme office schedules, as rows of the server's
// database.

// Pilot is one pilot: its phase, the committee's decision, its quota and rules.
type Pilot struct {
	ID             uuid.UUID
	Code           string
	Name           string
	Phase          Phase
	DecisionNumber string
	DecisionDate   LocalDate
	FirstDay       LocalDate // no session before it
	DecisionFile   string    // name of the document, whose bytes are a Document
	Quota          int       // enrollments at most; 0 for no limit
	Policy         Policy    `gorm:"serializer:json"`
	CreatedAt      Millis    `gorm:"autoCreateTime:milli"`
	UpdatedAt      Millis    `gorm:"autoUpdateTime:milli"`
}

// PilotProvince is a province that takes part in a pilot, with its own quota.
type PilotProvince struct {
	PilotID  uuid.UUID `gorm:"primaryKey"`
	Province string    `gorm:"primaryKey"` // Kemendagri code
	Quota    int       // 0 for no limit of its own
}

// Wave is an intake of the programme.
type Wave struct {
	Number int `gorm:"primaryKey;autoIncrement:false"`
	Name   string
}

// Provider is an institution that teaches.
type Provider struct {
	ID        uuid.UUID
	Code      string
	Name      string
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
}

// Course is a subject with its hours; Class is one run of it.
type Course struct {
	ID         uuid.UUID
	Code       string
	Title      string
	Hours      int
	Mode       Mode
	ProviderID uuid.UUID
	CreatedAt  Millis `gorm:"autoCreateTime:milli"`
}

// InClass is how many hours the course's sessions have to give in all. It is 0, for not known,
// where a part of the course is taught online.
func (c Course) InClass() int {
	if c.Mode == ModeBlended || c.Mode == ModeOnline {
		return 0
	}
	return c.Hours
}

// Site is a training place.
type Site struct {
	ID            uuid.UUID
	Code          string
	Name          string
	Address       string
	Regency       string // Kemendagri code
	Latitude      *float64
	Longitude     *float64
	Capacity      int
	Zone          Zone
	Disadvantaged bool // a 3T place
	Facilities    string
	Rhythm        Rhythm
	CreatedAt     Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt     Millis `gorm:"autoUpdateTime:milli"`
}

// Class is one run of a course at a site.
type Class struct {
	ID         uuid.UUID
	Ref        Ref // the reference that tickets name it by
	PilotID    uuid.UUID
	CourseID   uuid.UUID
	ProviderID uuid.UUID
	SiteID     uuid.UUID
	Code       string
	Capacity   int
	Policy     *Policy `gorm:"serializer:json"` // nil: the pilot's
	OwnVersion int     // of the last policy of its own; 0: it never had one
	Secret     []byte  // sealed; the key of its rotating codes
	ClosedAt   Millis  // corrections only from then on
	CreatedAt  Millis  `gorm:"autoCreateTime:milli"`
	UpdatedAt  Millis  `gorm:"autoUpdateTime:milli"`
}

// Session is one meeting of a class. SiteID is the class's, unless this one is held elsewhere.
type Session struct {
	ID        uuid.UUID
	ClassID   uuid.UUID
	SiteID    uuid.UUID
	Seq       int
	Room      string
	StartsAt  Millis
	EndsAt    Millis
	Status    SessionStatus
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}

// Instructor teaches, and signs in too.
type Instructor struct {
	ID         uuid.UUID
	Code       string
	Name       string
	ProviderID uuid.UUID
	CreatedAt  Millis `gorm:"autoCreateTime:milli"`
}

// Officer works the desks of a site with a PIN.
type Officer struct {
	ID         uuid.UUID
	SiteID     uuid.UUID
	Name       string
	PINHash    string
	Supervisor bool
	Active     bool
	CreatedAt  Millis `gorm:"autoCreateTime:milli"`
}
