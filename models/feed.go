package models

import "github.com/google/uuid"

// FeedKind says whose schedule a subscribed calendar holds.
type FeedKind string

// The kinds of subscribed calendars.
const (
	FeedInstructor FeedKind = "instructor"
	FeedClass      FeedKind = "class"
	FeedProvider   FeedKind = "provider"
	FeedSite       FeedKind = "site"
)

// FeedKinds lists them.
func FeedKinds() []FeedKind { return []FeedKind{FeedProvider, FeedClass, FeedInstructor, FeedSite} }

// Feed is an address under which a schedule can be read by anybody who knows the address.
// The address is derived from the version and not stored, so a copy of the database does
// not open it.
type Feed struct {
	ID        uuid.UUID
	Kind      FeedKind
	SubjectID uuid.UUID // of the instructor, class, institution or site
	Version   int       // counts the addresses that there were
	LinkHash  []byte
	Author    string
	LastRead  Millis // to the hour
	RevokedAt Millis
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}
