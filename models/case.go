package models

import "github.com/google/uuid"

// CaseKind is what somebody of the programme office has to look at.
type CaseKind string

// The kinds of cases.
const (
	CaseQuarantine      CaseKind = "quarantine"       // an event that is stored but does not count
	CaseUnlisted        CaseKind = "unlisted"         // an accepted ticket that the server doesn't know
	CaseWalkIn          CaseKind = "walk_in"          // somebody who is on no list was let in
	CaseRejected        CaseKind = "stray"            // bytes that no journal takes
	CaseEpoch           CaseKind = "epoch"            // a disk was restored, copied or salvaged
	CaseTwoDesks        CaseKind = "two_desks"        // somebody at two places at a time
	CaseAfterRevocation CaseKind = "after_revocation" // admitted with a revoked ticket
	CaseClockCorrected  CaseKind = "clock_corrected"  // a status that a corrected clock has changed
	CaseClockUnsure     CaseKind = "clock_unsure"     // judged by a clock that neither the server nor staff have confirmed
	CaseLateUpload      CaseKind = "late_upload"      // reported long after the session
	CasePhoneDiffers    CaseKind = "phone_differs"    // a phone on its own decided otherwise than its agent would have

	// What an accepted event waits for: it doesn't fit the plan that the office has now.
	CaseUnknownSession CaseKind = "unknown_session"   // of a session that the office doesn't know
	CaseUnknownPerson  CaseKind = "unknown_person"    // of a person who is not in the session's class
	CaseCancelled      CaseKind = "session_cancelled" // at a session that was cancelled
	CasePlanChanged    CaseKind = "plan_changed"      // by another plan of the session
	CaseOtherSite      CaseKind = "other_site"        // at a site that never had to do with the class, as far as the office knows

	CaseMissed CaseKind = "refused_by_clock" // a desk whose clock was wrong has turned somebody away

	CaseOwed CaseKind = "receipt_owed" // somebody holds a receipt of what has never arrived

	// These kinds are unlikely scans at a session, see package anomaly.
	CaseTooFast       CaseKind = "too_fast"        // more people entered at a desk than a person can scan
	CaseExactlyOnTime CaseKind = "exactly_on_time" // everybody entered at the very start
	CaseMostlyManual  CaseKind = "mostly_by_hand"  // tickets were read for few
	CaseListOrder     CaseKind = "list_order"      // people entered in the order of the list
	CaseNobodyCame    CaseKind = "nobody_came"     // not one scan at a session with people
)

// AboutWhom says that a decision has to name whose the event is.
func (k CaseKind) AboutWhom() bool {
	return k == CaseUnlisted || k == CaseWalkIn || k == CaseUnknownSession || k == CaseUnknownPerson
}

// Waiting lists the kinds of what doesn't fit the plan that the office has now.
func Waiting() []CaseKind {
	return []CaseKind{CaseUnknownSession, CaseUnknownPerson, CaseCancelled, CasePlanChanged, CaseOtherSite}
}

// Holds says that a result waits for what is decided about a case of the kind.
func (k CaseKind) Holds() bool {
	return k == CaseCancelled || k == CasePlanChanged || k == CaseOtherSite
}

// Counts says that what the case is about counts only after the case is confirmed.
func (k CaseKind) Counts() bool {
	return k == CaseQuarantine || k == CaseMissed || k.Holds() || k.AboutWhom()
}

// Anomalies lists the kinds that are about a session as a whole.
func Anomalies() []CaseKind {
	return []CaseKind{CaseTooFast, CaseListOrder, CaseExactlyOnTime, CaseMostlyManual, CaseNobodyCame}
}

// CaseKinds lists every kind, the gravest first.
func CaseKinds() []CaseKind {
	return append([]CaseKind{CaseRejected, CaseEpoch, CaseQuarantine, CaseWalkIn, CaseUnlisted, CaseUnknownSession, CaseUnknownPerson, CaseCancelled,
		CasePlanChanged, CaseOtherSite, CaseMissed, CaseOwed, CaseTwoDesks, CaseAfterRevocation, CaseClockCorrected, CaseClockUnsure, CaseLateUpload,
		CasePhoneDiffers},
		Anomalies()...)
}

// CaseState is how far a case is.
type CaseState string

// These are the states of a case. Settled means that the cause disappeared before a
// person decided.
const (
	CaseOpen      CaseState = "open"
	CaseConfirmed CaseState = "confirmed"
	CaseDismissed CaseState = "dismissed"
	CaseSettled   CaseState = "settled"
)

// CaseStates lists every state.
func CaseStates() []CaseState {
	return []CaseState{CaseOpen, CaseConfirmed, CaseDismissed, CaseSettled}
}

// Case is one thing that the record alone can't decide. There is one for each
// Kind and Subject, however often its cause is reported.
type Case struct {
	ID           uuid.UUID
	Kind         CaseKind
	Subject      string // the subject of the case, within its kind
	SiteID       uuid.UUID
	AgentID      *uuid.UUID
	Epoch        *Epoch
	Seq          int64 // of the event, where it is about one
	SessionID    *uuid.UUID
	EnrollmentID *uuid.UUID
	RejectedID   *uuid.UUID `gorm:"column:stray_id"`
	Detail       string     // a word on the cause, such as why an event is quarantined
	State        CaseState
	OpenedAt     Millis
	UpdatedAt    Millis
}

// CaseDecision is what somebody decided about a case. The newest counts, all stay.
type CaseDecision struct {
	ID           uuid.UUID
	CaseID       uuid.UUID
	State        CaseState  // confirmed or dismissed
	EnrollmentID *uuid.UUID // whom what was recorded counts for, where the decision says so
	SessionID    *uuid.UUID // and at which session, where it isn't the one that it names
	Reason       string
	AuthorID     uuid.UUID
	Author       string
	CreatedAt    Millis
}
