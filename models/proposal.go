package models

import "github.com/google/uuid"

// AutoPlan is a proposal of classes that the server made, with its question and
// what it costs.
type AutoPlan struct {
	ID        uuid.UUID
	PilotID   uuid.UUID
	State     string // planning, ready, accepting, failed
	Request   string // JSON: the request
	Summary   string // JSON: costs, and the people without a place
	ActorID   *uuid.UUID
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}

// ProposedClass is one class of a proposal. It becomes a class only when
// somebody accepts it.
type ProposedClass struct {
	PlanID   uuid.UUID `gorm:"primaryKey"`
	Seq      int       `gorm:"primaryKey;autoIncrement:false"`
	SiteID   uuid.UUID
	CourseID uuid.UUID
	Seats    int
	Count    int   // of people
	Travel   int64 // metres, of all together
	StartsAt Millis
	EndsAt   Millis
	Meetings [][2]Millis   `gorm:"serializer:json"`
	People   []uuid.UUID   `gorm:"serializer:json"`
	State    ProposalState // of this class
	Problem  string        // JSON: why it was refused
	ClassID  *uuid.UUID    // the class that was made of it
}

// ProposalState is how far a proposed class is.
type ProposalState string

// The states of a proposed class.
const (
	Proposed         ProposalState = "proposed"
	ProposalWanted   ProposalState = "wanted"   // about to become a class
	ProposalAccepted ProposalState = "accepted" // is one
	ProposalRefused  ProposalState = "refused"  // a rule was against it; may be tried again
)
