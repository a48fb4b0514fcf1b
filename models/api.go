package models

import "github.com/google/uuid"

// This file has what other systems use: the tokens that they call with, and the webhooks
// that call them.

// APIToken lets a program of somebody else's in. Only its hash is kept.
type APIToken struct {
	ID         uuid.UUID
	Name       string
	TokenHash  []byte
	Scopes     string     // space separated
	ProviderID *uuid.UUID // the only institution that it sees; nil: all
	Author     string
	ExpiresAt  Millis
	LastUsed   Millis // to the minute
	RevokedAt  Millis
	CreatedAt  Millis `gorm:"autoCreateTime:milli"`
}

// Webhook is an address that is told of changes.
type Webhook struct {
	ID         uuid.UUID
	Name       string
	URL        string
	Topics     string     // space separated
	ProviderID *uuid.UUID // the only institution that it is told of; nil: all
	Secret     []byte     // sealed; the key of its signatures
	Active     bool
	Author     string
	CreatedAt  Millis `gorm:"autoCreateTime:milli"`
}

// Topic is a kind of change that a webhook is told about.
type Topic string

// The topics.
const (
	TopicAttendance Topic = "attendance.changed"
	TopicCompletion Topic = "completion.changed"
	TopicClass      Topic = "class.completed"
)

// Topics lists every topic.
func Topics() []Topic { return []Topic{TopicAttendance, TopicCompletion, TopicClass} }

// DeliveryState is where a message in an outbox stands.
type DeliveryState string

// The states of a delivery. A dead one is tried again only when somebody asks for it.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliveryDone    DeliveryState = "delivered"
	DeliveryDead    DeliveryState = "dead"
)

// Delivery is one message to one webhook, stored with the change that it is about. The
// receiver recognises repeats by its ID.
type Delivery struct {
	ID        uuid.UUID
	WebhookID uuid.UUID
	Topic     Topic
	Facts     []byte // JSON of what changed, as it was then
	Sending   `gorm:"embedded"`
	Status    int    // of the last answer; 0: no answer yet
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}

// AttendanceRevision is when, in the order of commits, an attendance changed last.
type AttendanceRevision struct {
	SessionID    uuid.UUID `gorm:"primaryKey"`
	EnrollmentID uuid.UUID `gorm:"primaryKey"`
	Revision     int64
}

// ChangeHead is the newest revision of all. Its row is locked late in each transaction
// that changes attendance, so that no reader skips a change.
type ChangeHead struct {
	ID       int `gorm:"primaryKey;autoIncrement:false"`
	Revision int64
}
