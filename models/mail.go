package models

import "github.com/google/uuid"

// Sending is the state of a message that waits in an outbox, for mail and webhooks alike.
type Sending struct {
	State    DeliveryState
	Attempts int
	Since    Millis // the first attempt of this run; trying ends a while later
	NextAt   Millis
	Problem  string // of the last attempt
}

// Mail is one e-mail to one person, stored with the change that it is about. Its
// Message-ID is made from its ID and is the same for each attempt.
type Mail struct {
	ID      uuid.UUID
	Address string // of the recipient
	Subject string
	Content []byte     // sealed; nil once it was taken
	UserID  *uuid.UUID // the user whose mail it is; nil: a person who does not sign in
	// Standing describes what the user could see when the mail was written. The mail is
	// not sent if the user may see less now.
	Standing string
	// ParticipantID is the participant whose mail it is, if any: the mail is erased with
	// them.
	ParticipantID *uuid.UUID
	NotAfter      Millis // it is of no use later, and not sent; 0: it always is
	Sending       `gorm:"embedded"`
	CreatedAt     Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt     Millis `gorm:"autoUpdateTime:milli"`
}

// Standing changes whenever something changes that decides which mail a user may get, and
// where. It is empty for a user who may not sign in.
func (u User) Standing() string {
	if !u.Active || u.PasswordHash == "" {
		return ""
	}
	provider := ""
	if u.ProviderID != nil {
		provider = u.ProviderID.String()
	}
	return string(u.Role) + " " + provider + " " + u.Email
}
