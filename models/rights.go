package models

import (
	"time"

	"github.com/google/uuid"
)

// These are the requests that a participant may make about their data, by Undang-Undang
// 27/2022 on the protection of personal data (UU PDP).

// AnswerWithin is how long the office has for an answer: 3 × 24 hours from when it
// was asked (UU 27/2022 articles 30 for corrections, 32 for access, 40 for consent
// that is withdrawn; for erasure, article 43, the law names no other time).
const AnswerWithin = 3 * 24 * time.Hour

// PurposeVersion counts the versions of the texts that say what the data is for
// ("rights.purpose" and those after it). Increase it with each change of their meaning;
// then every participant is asked again.
const PurposeVersion = 1

// RequestKind is the kind of a participant's request.
type RequestKind string

// The kinds of request.
const (
	RequestCorrection RequestKind = "correction" // something is wrong: article 6
	RequestWithdrawal RequestKind = "withdrawal" // consent is withdrawn: article 9
	RequestErasure    RequestKind = "erasure"    // article 8
)

// RequestKinds lists them.
func RequestKinds() []RequestKind {
	return []RequestKind{RequestCorrection, RequestWithdrawal, RequestErasure}
}

// RequestState is how far the office is with a request.
type RequestState string

// The states of a request.
const (
	RequestOpen    RequestState = "open"
	RequestDone    RequestState = "done"
	RequestRefused RequestState = "refused"
)

// DataRequest is what a participant asked about their data, and the answer.
type DataRequest struct {
	ID            uuid.UUID
	ParticipantID uuid.UUID
	Kind          RequestKind
	Said          []byte // in their own words, sealed; nil after an erasure
	State         RequestState
	CreatedAt     Millis
	DueAt         Millis
	DecidedAt     Millis
	Answer        string // shown to the participant
	AuthorID      *uuid.UUID
	Author        string
}

// Overdue says that the answer is late.
func (r DataRequest) Overdue(now Millis) bool { return r.State == RequestOpen && now > r.DueAt }

// Acknowledgement says that a participant has seen what their data is for and agreed,
// and whether they have taken that back.
type Acknowledgement struct {
	ParticipantID uuid.UUID `gorm:"primaryKey"`
	Version       int       `gorm:"primaryKey;autoIncrement:false"` // PurposeVersion
	GivenAt       Millis
	WithdrawnAt   Millis
}
