package models

import (
	"strings"

	"github.com/google/uuid"
)

// This file has the record: what agents reported, and the results derived from it.

// Agent is one registered site-agent.
type Agent struct {
	ID            uuid.UUID
	SiteID        uuid.UUID
	Name          string
	Status        AgentStatus
	PublicKey     []byte
	TokenHash     []byte
	NextTokenHash []byte // of the token that it is to use next; nil: no new token
	TokenTurn     int64  // how often a next token was made
	Epoch         Epoch  // of the journal it keeps now
	Version       string
	EnrolledAt    Millis
	RevokedAt     Millis
	LastContact   Millis
	ReportedUntil Millis // everything up to here has arrived, corrected to server time
	Unsent        int64
	RosterRev     int64
	RosterAt      Millis // when its roster was last known to be the newest
	ClockOffset   int64  // agent's clock minus the server's at the last contact, ms
	Disk          Disk   `gorm:"embedded;embeddedPrefix:disk_"` // of its data, at the last contact
}

// AgentCode is a one-time code that makes a program an agent.
type AgentCode struct {
	CodeHash  []byte `gorm:"primaryKey"`
	SiteID    uuid.UUID
	Name      string
	ExpiresAt Millis
	UsedAt    Millis
	AgentID   *uuid.UUID
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
}

// Journal is the server's copy of one epoch of an agent's journal.
type Journal struct {
	AgentID  uuid.UUID `gorm:"primaryKey"`
	Epoch    Epoch     `gorm:"primaryKey"`
	HeadSeq  int64
	HeadHash Hash
	Receipt  []byte
}

// ScanEvent is one event as it came, beside its decoded columns.
type ScanEvent struct {
	AgentID      uuid.UUID `gorm:"primaryKey"`
	Epoch        Epoch     `gorm:"primaryKey"`
	Seq          int64     `gorm:"primaryKey;autoIncrement:false"`
	Hash         Hash
	Bytes        []byte
	Received     Millis
	Occurred     Millis // as the agent said: when it happened
	HandedAt     Millis // of what a phone on its own held: when the agent got it; else zero
	Corrected    Millis // the time that the rules use; equal to Occurred until a clock was found wrong
	Confidence   Confidence
	Kind         EventKind
	Verdict      Verdict
	Method       Method
	SiteID       uuid.UUID
	ClassID      *uuid.UUID
	SessionID    *uuid.UUID
	EnrollmentID *uuid.UUID
	TicketID     *Ref
	Desk         string
	StaffID      *uuid.UUID
	Reason       string
	Target       int64
	TargetEpoch  *Epoch // nil where the target is of the event's own epoch
	Spot         SpotOutcome
	Quarantine   string // why it doesn't count; empty if it does
	Boot         *uuid.UUID
	Mono         int64            // ms since that boot
	Sure         bool             // the server's clock has confirmed Corrected
	Doubt        uint8            // of what a phone held, see journal.Doubt
	Other        Verdict          // of it: the agent's own verdict, if it differs
	Attached     *Hash            // of what belongs to it, see Attachment; nil: nothing
	Noted        AttendanceStatus // of a note: excused or sick
	KeyedAt      Millis           // of what a sheet says: when it was keyed in; else zero

	// Where the office has said that it belongs: of what names a session or a person that the office doesn't know, was
	// recorded by another plan, or was turned away by a wrong clock.
	GivenSession, GivenEnrollment *uuid.UUID
}

// Attachment is what belongs to an event and can be erased: a name, a picture.
type Attachment struct {
	SHA256   Hash `gorm:"column:sha256;primaryKey"`
	AgentID  uuid.UUID
	Received Millis
	Content  []byte // sealed; empty once it was erased
}

// BootAnchor is what a journal says of the time of day at one moment of a boot.
type BootAnchor struct {
	AgentID uuid.UUID `gorm:"primaryKey"`
	Epoch   Epoch     `gorm:"primaryKey"`
	Seq     int64     `gorm:"primaryKey;autoIncrement:false"`
	Boot    uuid.UUID
	Mono    int64
	At      Millis
	Met     bool // it is the server's word; else that of staff
}

// RejectedBatch keeps what an agent sent and the server could not take into a
// journal: a fork, a broken chain, a wrong signature.
type RejectedBatch struct {
	ID       uuid.UUID
	AgentID  uuid.UUID
	Received Millis
	Reason   string
	Bytes    []byte
	SHA256   Hash
}

// TableName is the name that the table has always had.
func (RejectedBatch) TableName() string { return "stray_batches" }

// Attendance is the folded result for one person and one session.
type Attendance struct {
	SessionID    uuid.UUID `gorm:"primaryKey"`
	EnrollmentID uuid.UUID `gorm:"primaryKey"`
	ClassID      uuid.UUID
	Status       AttendanceStatus
	Derived      AttendanceStatus
	Corrected    bool `json:"-"` // a correction is in force; derived from the corrections, so a file does not need it
	FirstIn      Millis
	LastOut      Millis
	Minutes      int
	Open         bool
	Final        bool   `json:"-"` // only a correction changes it, see attendance.Fold
	Flags        string // comma separated, in their order
	Accepted     int
	UpdatedAt    Millis
}

// FlagList are its flags.
func (a Attendance) FlagList() (list []Flag) {
	for f := range strings.SplitSeq(a.Flags, ",") {
		if f != "" {
			list = append(list, Flag(f))
		}
	}
	return list
}

// Provisional says that the status may still change without any decision. Who is inside or
// wasn't seen yet has a status that says so itself.
func (a Attendance) Provisional() bool {
	return !a.Final && a.Status != StatusPending && a.Status != StatusInside && a.Status != ""
}

// Correction is a decision of the programme office about one attendance, or takes an
// earlier one back. The newest that was not withdrawn counts.
type Correction struct {
	ID           uuid.UUID
	SessionID    uuid.UUID
	EnrollmentID uuid.UUID
	Status       AttendanceStatus
	Reason       string
	AuthorID     uuid.UUID
	Author       string
	Order        int64 `gorm:"column:position"` // per session and person, from 1
	CreatedAt    Millis
	Withdraws    int64      `json:",omitempty"` // the Order of the one that is taken back; Status is empty then
	BulkID       *uuid.UUID `json:",omitempty"` // the bulk change that made it
	Evidence     string     `json:",omitempty"` // SHA-256 of the evidence, in hex; empty: no evidence
}

// SiteFeed is a site's revision: how many changes of its roster there were. Its
// row is locked last in each transaction that changes the roster, so that commit
// order is revision order and no reader skips a change.
type SiteFeed struct {
	SiteID   uuid.UUID `gorm:"primaryKey"`
	Revision int64
}

// FeedItem is one thing that a site's agents know, as of its last revision.
type FeedItem struct {
	SiteID   uuid.UUID `gorm:"primaryKey"`
	Kind     uint8     `gorm:"primaryKey;autoIncrement:false"`
	Key      []byte    `gorm:"primaryKey"`
	Revision int64
	Body     []byte // sealed; nil for a tombstone
}

// SigningKey is a key pair of the server; the private half is sealed.
type SigningKey struct {
	KeyID     []byte `gorm:"primaryKey"`
	Purpose   string // ticket, note
	Public    []byte
	Private   []byte
	CreatedAt Millis
	RetiredAt Millis // signs nothing new from then on, still verifies
}

// DataKey seals personal numbers and secrets; it is itself sealed by the master key.
type DataKey struct {
	KeyID     []byte `gorm:"primaryKey"`
	Sealed    []byte
	CreatedAt Millis
}

// HTTPSession is a signed-in browser.
type HTTPSession struct {
	Token  []byte `gorm:"primaryKey"` // hash of the cookie
	Data   []byte
	Expiry Millis
}

// Setting is one fact about the installation, such as its epoch.
type Setting struct {
	Name  string `gorm:"primaryKey"`
	Value []byte
}
