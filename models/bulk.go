package models

import "github.com/google/uuid"

// BulkKind is what a bulk change does.
type BulkKind string

// The kinds of bulk changes.
const (
	BulkEnroll   BulkKind = "enroll"   // give places in a class
	BulkCancel   BulkKind = "cancel"   // take places away
	BulkTransfer BulkKind = "transfer" // move to another class: the old ticket is revoked, a new one is signed
	BulkReplace  BulkKind = "replace"  // give the places of people who never came to people on the waiting list
	BulkFill     BulkKind = "fill"     // give free places to people on the waiting list
	BulkCorrect  BulkKind = "correct"  // set attendance to a status
)

// BulkState is how far a bulk change is.
type BulkState string

// The states of a bulk change.
const (
	BulkDraft  BulkState = "draft" // previewed, nothing done
	BulkDone   BulkState = "done"
	BulkUndone BulkState = "undone"
)

// BulkChange is one act that changes the places or the attendance of many people at
// once. It is looked at before it is done, and can be undone.
type BulkChange struct {
	ID        uuid.UUID
	Kind      BulkKind
	State     BulkState
	ClassID   *uuid.UUID       // that people go to, or whose places are filled
	Waiting   bool             // people who do not get a seat go on the waiting list
	Carry     bool             // of a transfer: attendance in the old class counts at the sessions of the new class that are over
	Status    AttendanceStatus // of corrections: to which
	Evidence  string           // of corrections: SHA-256 of the one document for all, in hex; empty: no document
	Reason    string
	ActorID   *uuid.UUID
	Actor     string
	UndoActor string
	UndoCause string
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	DoneAt    Millis
	UndoneAt  Millis
}

// BulkItemState is what became of one person's part in a bulk change.
type BulkItemState string

// These are the states of an item. Before the change is done, they say what is expected.
const (
	BulkItemGood    BulkItemState = "good"    // will be done
	BulkItemWaits   BulkItemState = "waits"   // the class is full: the person goes on the waiting list
	BulkItemRefused BulkItemState = "refused" // a rule is against it
	BulkItemSkipped BulkItemState = "skipped" // a person has left it out
	BulkItemDone    BulkItemState = "done"
	BulkItemWaiting BulkItemState = "waiting" // was put on the waiting list
	BulkItemUndone  BulkItemState = "undone"
	BulkItemStuck   BulkItemState = "stuck" // could not be undone; Problem says why
)

// BulkItem is one person's part in a bulk change. It is a place that is left, a place
// that is taken, or both; if the place left is another person's, that person is replaced.
// Or it is their attendance at one session, with its earlier value.
type BulkItem struct {
	BulkID        uuid.UUID  `gorm:"primaryKey"`
	Seq           int        `gorm:"primaryKey;autoIncrement:false"`
	LeaveID       *uuid.UUID // the enrollment that ends
	ParticipantID *uuid.UUID // the person who takes the place; nil: nobody
	MadeID        *uuid.UUID // the enrollment that this made
	SessionID     *uuid.UUID // at which EnrollmentID's attendance is corrected
	EnrollmentID  *uuid.UUID
	Was           AttendanceStatus
	WasDerived    AttendanceStatus
	Carried       int // sessions attended elsewhere that count at the place that was made
	State         BulkItemState
	Problem       string // JSON: the refusal's key and arguments
}

// WaitingPlace is somebody who waits for a place in a class, served by time.
type WaitingPlace struct {
	ClassID       uuid.UUID `gorm:"primaryKey"`
	ParticipantID uuid.UUID `gorm:"primaryKey"`
	Since         Millis
	Seq           int    // the order among people who came on the list at the same time
	EndedAt       Millis // 0 while they wait
}
