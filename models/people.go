package models

import "github.com/google/uuid"

// Participant is a person who takes part. The NIK, the phone number and the e-mail
// address are sealed; indexes are keyed hashes, for search by the whole number only.
type Participant struct {
	ID          uuid.UUID
	Number      string // registration number
	Name        string
	SearchIndex string // of name and number, see models/names
	NIKSealed   []byte
	NIKIndex    []byte
	PhoneSealed []byte
	PhoneIndex  []byte
	EmailSealed []byte // nil if unknown
	BirthDate   LocalDate
	Sex         Sex
	Regency     string // Kemendagri code
	Wave        int
	LinkVersion int    // raised to make the old link of the ticket page useless
	LinkHash    []byte // of the unguessable part of the link
	LinkMailed  int    // 1 + the version of the link that was last put in a mail; 0: not yet
	// RemindersOff is when the person wanted no more mails that remind of sessions; 0: they are sent.
	RemindersOff Millis
	ErasedAt     Millis // when the person was made anonymous; 0: never
	CreatedAt    Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt    Millis `gorm:"autoUpdateTime:milli"`
}

// Enrollment is a person's place in a class: a participant's or an instructor's.
type Enrollment struct {
	ID            uuid.UUID
	ClassID       uuid.UUID
	Role          PersonRole
	ParticipantID *uuid.UUID
	InstructorID  *uuid.UUID
	Substitute    bool // an instructor of the sessions alone that a Teaching names
	Status        EnrollmentStatus
	Reason        string // why it was cancelled
	CreatedAt     Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt     Millis `gorm:"autoUpdateTime:milli"`
}

// Teaching is an exception to who teaches a class: an instructor of it who does not teach one
// session, or a substitute who does.
type Teaching struct {
	SessionID    uuid.UUID `gorm:"primaryKey"`
	EnrollmentID uuid.UUID `gorm:"primaryKey"`
	Teaches      bool
}

// Ticket is a signed token of an enrollment. At most one of them is not revoked.
type Ticket struct {
	ID           Ref `gorm:"primaryKey"`
	EnrollmentID uuid.UUID
	ClassID      uuid.UUID
	KeyID        []byte
	Live         bool
	ValidFrom    LocalDate
	ValidUntil   LocalDate
	Token        string
	IssuedAt     Millis
	RevokedAt    Millis
	RevokeReason string
}

// Completion is the mark that a person has done a class's required tasks, and
// when the class was found completed.
type Completion struct {
	EnrollmentID uuid.UUID `gorm:"primaryKey"`
	TasksDone    bool
	CompletedAt  Millis
}

// User works on the server's pages. A coordinator's scope is one provider.
type User struct {
	ID           uuid.UUID
	Email        string
	Name         string
	Role         Role
	ProviderID   *uuid.UUID
	PasswordHash string // argon2id, empty until the set-up link was used
	SetupHash    []byte // of the one-time set-up link
	SetupExpires Millis
	Active       bool
	CreatedAt    Millis `gorm:"autoCreateTime:milli"`
}

// HistoryEntry says who changed what, when and why. It is never changed.
type HistoryEntry struct {
	ID       uuid.UUID
	At       Millis
	ActorID  *uuid.UUID // nil: the command line, or the server itself
	Actor    string
	Action   string // stable code, "pilot.approve"
	Entity   string
	EntityID string
	Detail   string // JSON of what changed, without personal numbers
	Reason   string
}

// ImportJob is an uploaded file on its way into the plan.
type ImportJob struct {
	ID        uuid.UUID
	Kind      string // participants, sites, schedule
	FileName  string
	Content   []byte
	PilotID   *uuid.UUID
	State     string // parsing, ready, refused, applying, done, failed
	Total     int
	Done      int
	Report    string // JSON: every bad row with its line and reason
	AuthorID  *uuid.UUID
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}

// Document is a file that belongs to a decision, a session or a class. Those that a
// class closes with are issued: their ID is random, for it opens their proof to
// everybody, and the log holds what is said here of them.
type Document struct {
	ID         uuid.UUID
	Entity     string
	EntityID   uuid.UUID
	Kind       DocumentKind
	Version    int
	FileName   string
	MediaType  string
	Content    []byte `json:"-"`
	SHA256     Hash
	AuthorID   *uuid.UUID
	CreatedAt  Millis     `gorm:"autoCreateTime:milli"`
	ClassID    *uuid.UUID // the class of the document; nil: it was not issued
	Author     string
	AuthorRole Role
	Revision   int64 // the last change of attendance that it shows
}

// The entities whose papers are issued.
const (
	OfClass   = "class"
	OfSession = "session"
)

// DocumentKind is what a document is.
type DocumentKind string

// The kinds of documents. A session and a class close with an attendance sheet each,
// a class with a session report too.
const (
	DocumentDecision DocumentKind = "decision"
	DocumentEvidence DocumentKind = "evidence"
	DocumentSheet    DocumentKind = "attendance_sheet"
	DocumentReport   DocumentKind = "session_report"
)
