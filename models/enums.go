package models

import "slices"

// Phase is the stage of a pilot; see Open.
type Phase string

// The phases, in their order; a pilot may be suspended from approved or running.
const (
	PhasePreparing        Phase = "preparing"
	PhaseAwaitingDecision Phase = "awaiting_decision"
	PhaseApproved         Phase = "approved"
	PhaseRunning          Phase = "running"
	PhaseSuspended        Phase = "suspended"
	PhaseClosed           Phase = "closed"
)

// Phases lists every phase.
func Phases() []Phase {
	return []Phase{PhasePreparing, PhaseAwaitingDecision, PhaseApproved, PhaseRunning, PhaseSuspended, PhaseClosed}
}

// Open says whether tickets may be issued and desks may admit.
func (p Phase) Open() bool { return p == PhaseApproved || p == PhaseRunning }

// MayBecome says whether a pilot may move from p to next.
func (p Phase) MayBecome(next Phase) bool {
	switch p {
	case PhasePreparing:
		return next == PhaseAwaitingDecision
	case PhaseAwaitingDecision:
		return next == PhaseApproved || next == PhasePreparing
	case PhaseApproved:
		return next == PhaseRunning || next == PhaseSuspended
	case PhaseRunning:
		return next == PhaseSuspended || next == PhaseClosed
	case PhaseSuspended:
		return next == PhaseApproved || next == PhaseRunning || next == PhaseClosed
	case PhaseClosed:
		return false
	}
	return false
}

// Mode is how a course is taught.
type Mode string

// The modes of a course.
const (
	ModeOnsite  Mode = "onsite"
	ModeOnline  Mode = "online"
	ModeBlended Mode = "blended"
)

// Role is what a user of the server may do; scopes narrow it.
type Role string

// The roles of the server's users.
const (
	RoleAdmin       Role = "pmo_admin"
	RoleReviewer    Role = "pmo_reviewer"
	RoleCoordinator Role = "coordinator"
)

// Roles lists every role.
func Roles() []Role { return []Role{RoleAdmin, RoleReviewer, RoleCoordinator} }

// PersonRole is what an enrolled person does in a class.
type PersonRole string

// Both sign in with tickets, under the same rules.
const (
	PersonParticipant PersonRole = "participant"
	PersonInstructor  PersonRole = "instructor"
)

// EnrollmentStatus is the state of a person's place in a class.
type EnrollmentStatus string

// The states of an enrollment.
const (
	EnrollmentActive    EnrollmentStatus = "active"
	EnrollmentCancelled EnrollmentStatus = "cancelled"
)

// SessionStatus is the state of a session's plan.
type SessionStatus string

// The states of a session.
const (
	SessionPlanned   SessionStatus = "planned"
	SessionCancelled SessionStatus = "cancelled"
)

// AgentStatus is the state of a registered site-agent.
type AgentStatus string

// The states of an agent. A revoked agent may still push what it recorded.
const (
	AgentActive  AgentStatus = "active"
	AgentRevoked AgentStatus = "revoked"
)

// AttendanceStatus is the result for one person and one session.
type AttendanceStatus string

// These are the statuses of attendance. A session also shows StatusPending while its site
// has not reported. StatusInside and StatusPending never are final.
const (
	StatusPresent    AttendanceStatus = "present"
	StatusLate       AttendanceStatus = "late"
	StatusLeftEarly  AttendanceStatus = "left_early"
	StatusExcused    AttendanceStatus = "excused"
	StatusSick       AttendanceStatus = "sick"
	StatusAbsent     AttendanceStatus = "absent"
	StatusPending    AttendanceStatus = "pending"
	StatusUnverified AttendanceStatus = "unverified"
	// StatusInside is that of somebody who came and was not seen to leave, while more may be reported.
	StatusInside AttendanceStatus = "inside"
	// StatusNotEnrolled says nothing of a person who was enrolled after the session.
	StatusNotEnrolled AttendanceStatus = "not_enrolled"
)

// AttendanceStatuses lists every status.
func AttendanceStatuses() []AttendanceStatus {
	return []AttendanceStatus{StatusInside, StatusPresent, StatusLate, StatusLeftEarly, StatusExcused,
		StatusSick, StatusAbsent, StatusPending, StatusUnverified, StatusNotEnrolled}
}

// Came says that the person was there, for however long.
func (s AttendanceStatus) Came() bool {
	return s == StatusPresent || s == StatusLate || s == StatusLeftEarly || s == StatusInside
}

// Noted says that a note of a desk may give the status, with evidence.
func (s AttendanceStatus) Noted() bool { return s == StatusExcused || s == StatusSick }

// Verdict is the stable code of what a desk shows for one scan.
type Verdict string

// The verdicts. Only accepted_in, accepted_out and unlisted record attendance.
const (
	VerdictAcceptedIn    Verdict = "accepted_in"
	VerdictAcceptedOut   Verdict = "accepted_out"
	VerdictAlreadyIn     Verdict = "already_in"
	VerdictAlreadyOut    Verdict = "already_out"
	VerdictUnlisted      Verdict = "unlisted"
	VerdictSpotCheck     Verdict = "spot_check"
	VerdictTooEarly      Verdict = "too_early"
	VerdictClosed        Verdict = "closed"
	VerdictNoSession     Verdict = "no_session"
	VerdictOtherSite     Verdict = "other_site"
	VerdictOtherClass    Verdict = "other_class"
	VerdictRevoked       Verdict = "revoked"
	VerdictExpired       Verdict = "expired"
	VerdictNotYetValid   Verdict = "not_yet_valid"
	VerdictStaleCode     Verdict = "stale_code"
	VerdictStaticRefused Verdict = "static_refused"
	VerdictPilotClosed   Verdict = "pilot_closed"
	VerdictBadSignature  Verdict = "bad_signature"
	VerdictUnknownKey    Verdict = "unknown_key"
	VerdictMalformed     Verdict = "malformed"
	VerdictWithdrawn     Verdict = "withdrawn" // the office has deactivated this desk's agent: nothing can be judged
	// VerdictNone is what an event carries that judged no scan (a void, a note).
	VerdictNone Verdict = ""
)

// Verdicts lists every verdict of a scan.
func Verdicts() []Verdict {
	return []Verdict{VerdictNone, VerdictAcceptedIn, VerdictAcceptedOut, VerdictAlreadyIn, VerdictAlreadyOut,
		VerdictUnlisted, VerdictSpotCheck, VerdictTooEarly, VerdictClosed, VerdictNoSession, VerdictOtherSite,
		VerdictOtherClass, VerdictRevoked, VerdictExpired, VerdictNotYetValid, VerdictStaleCode,
		VerdictStaticRefused, VerdictPilotClosed, VerdictBadSignature, VerdictUnknownKey, VerdictMalformed, VerdictWithdrawn}
}

// Accepted says that the verdict records attendance.
func (v Verdict) Accepted() bool {
	return v == VerdictAcceptedIn || v == VerdictAcceptedOut || v == VerdictUnlisted
}

// Direction is the way that somebody went by an accepted verdict, or had gone by a repeated one; "" of any other.
func (v Verdict) Direction() Direction {
	switch {
	case v == VerdictAcceptedOut || v == VerdictAlreadyOut:
		return DirectionOut
	case v.Accepted() || v.Repeated():
		return DirectionIn
	}
	return ""
}

// OfTime says that a clock has decided: by another time the verdict may be another one.
func (v Verdict) OfTime() bool { return slices.Contains(VerdictsOfTime(), v) }

// VerdictsOfTime lists the refusals that a clock decides.
func VerdictsOfTime() []Verdict {
	return []Verdict{VerdictTooEarly, VerdictClosed, VerdictNoSession, VerdictNotYetValid, VerdictExpired, VerdictStaleCode}
}

// Repeated says that the scan was done before: not an error, and not a second attendance.
func (v Verdict) Repeated() bool { return v == VerdictAlreadyIn || v == VerdictAlreadyOut }

// Overridable says whether a supervisor may admit a person despite the verdict. A code
// that is not our ticket can never be overridden.
func (v Verdict) Overridable() bool {
	switch v {
	case VerdictTooEarly, VerdictClosed, VerdictOtherClass, VerdictRevoked, VerdictExpired,
		VerdictNotYetValid, VerdictStaleCode, VerdictStaticRefused, VerdictAlreadyOut:
		return true
	case VerdictNone, VerdictAcceptedIn, VerdictAcceptedOut, VerdictAlreadyIn, VerdictUnlisted, VerdictSpotCheck, VerdictNoSession,
		VerdictOtherSite, VerdictPilotClosed, VerdictBadSignature, VerdictUnknownKey, VerdictMalformed, VerdictWithdrawn:
		return false
	}
	return false
}

// Direction is what a desk uses a scan for: entry or exit.
type Direction string

// The directions; auto lets the rulebook choose.
const (
	DirectionAuto Direction = "auto"
	DirectionIn   Direction = "in"
	DirectionOut  Direction = "out"
)

// EventKind is what an event of a journal records.
type EventKind string

// The kinds of events.
const (
	EventIn       EventKind = "in"
	EventOut      EventKind = "out"
	EventManual   EventKind = "manual"
	EventOverride EventKind = "override"
	EventVoid     EventKind = "void"
	EventRefused  EventKind = "refused"
	EventNote     EventKind = "note"
	EventClock    EventKind = "clock"
	// EventWalkIn is about somebody who is not on the roster. Its Attachment says who
	// they said they were. The programme office decides later whose attendance it is.
	EventWalkIn EventKind = "walk_in"
)

// EventKinds lists every kind.
func EventKinds() []EventKind {
	return []EventKind{EventIn, EventOut, EventManual, EventOverride, EventVoid, EventRefused, EventNote, EventClock, EventWalkIn}
}

// Attends says that an event of this kind, if its verdict is accepted, is
// somebody's coming or going.
func (k EventKind) Attends() bool {
	return k == EventIn || k == EventOut || k == EventManual || k == EventOverride || k == EventWalkIn
}

// Decides says that an event with this verdict may change somebody's attendance.
func (k EventKind) Decides(v Verdict) bool {
	return v.Accepted() || k == EventVoid || k == EventNote
}

// Method is how a code or a name came to the desk.
type Method string

// The methods of a scan.
const (
	MethodCamera   Method = "camera"
	MethodKeyboard Method = "keyboard"
	MethodPhoto    Method = "photo"
	MethodManual   Method = "search"
	MethodTerminal Method = "terminal"
	MethodPaper    Method = "paper" // keyed in from an attendance sheet
)

// Methods lists every method.
func Methods() []Method {
	return []Method{MethodCamera, MethodKeyboard, MethodPhoto, MethodManual, MethodTerminal, MethodPaper}
}

// Confidence says how far an agent's clock can be believed at an event.
type Confidence string

// Synced: the agent has met the server in this boot. Bounded: the time lies between two
// meetings with the server. Unsure: neither.
const (
	ConfidenceSynced  Confidence = "synced"
	ConfidenceBounded Confidence = "bounded"
	ConfidenceUnsure  Confidence = "unsure"
)

// Confidences lists every confidence.
func Confidences() []Confidence {
	return []Confidence{ConfidenceSynced, ConfidenceBounded, ConfidenceUnsure}
}

// SpotOutcome is what became of a spot check of the ID card.
type SpotOutcome string

// These are the outcomes of a spot check. The value is empty if the desk did not ask for
// one.
const (
	SpotNone   SpotOutcome = ""
	SpotAsked  SpotOutcome = "asked"
	SpotPassed SpotOutcome = "passed"
	SpotFailed SpotOutcome = "failed"
)

// SpotOutcomes lists every outcome.
func SpotOutcomes() []SpotOutcome {
	return []SpotOutcome{SpotNone, SpotAsked, SpotPassed, SpotFailed}
}

// Flag marks attendance that a person should look at. Flags never change a status.
type Flag string

// The flags of attendance.
const (
	FlagTwoDesks        Flag = "two_desks"
	FlagClockUnsure     Flag = "clock_unsure"
	FlagAfterRevocation Flag = "after_revocation"
	FlagOverridden      Flag = "overridden"
	FlagManual          Flag = "manual"
	FlagLateUpload      Flag = "late_upload"
	FlagUnlisted        Flag = "unlisted"
	FlagClockCorrected  Flag = "clock_corrected" // the status is another than by the desk's own clock
	FlagPhoneOffline    Flag = "phone_alone"     // recorded by a phone on its own
	FlagPhoneDiffers    Flag = "phone_differs"   // and its agent would have decided otherwise
	FlagPaper           Flag = "paper"           // keyed in from an attendance sheet
	FlagWalkIn          Flag = "walk_in"         // was not on the desk's roster
	FlagNoted           Flag = "noted"           // excused or sick by a note of the desk
	FlagUnproven        Flag = "unproven"        // a note of the desk whose evidence is not here (yet)
	FlagPlanChanged     Flag = "plan_changed"    // scanned by another plan than the one that holds now
	FlagLate            Flag = "late"            // who is inside came late
	FlagLeftEarly       Flag = "left_early"      // who came late has left early too
	FlagTooShort        Flag = "too_short"       // where no check-out is asked for: less than the share that counts
)

// Flags lists every flag in the order in which they are shown.
func Flags() []Flag {
	return []Flag{FlagTwoDesks, FlagClockUnsure, FlagAfterRevocation, FlagOverridden,
		FlagManual, FlagLateUpload, FlagUnlisted, FlagClockCorrected, FlagPhoneOffline, FlagPhoneDiffers,
		FlagPaper, FlagWalkIn, FlagNoted, FlagUnproven, FlagPlanChanged, FlagLate, FlagLeftEarly, FlagTooShort}
}
