package offline

import (
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
)

// Ask is one request of a page: of a code, or, if Enrollment is set, of a person found by
// name. The page makes the ID, which stays the same for every attempt.
type Ask struct {
	ID         uuid.UUID        `json:"id"`
	Code       string           `json:"code,omitempty"`
	Alt        string           `json:"alt,omitempty"`
	Method     models.Method    `json:"method,omitempty"`
	Direction  models.Direction `json:"direction,omitempty"`
	Desk       string           `json:"desk,omitempty"`
	Class      uuid.UUID        `json:"class,omitzero"`
	Classes    []uuid.UUID      `json:"classes,omitempty"` // of the phone's device, see Place
	Digits     string           `json:"digits,omitempty"`
	Enrollment uuid.UUID        `json:"enrollment,omitzero"`
	Reason     string           `json:"reason,omitempty"`
}

// IsManual says that somebody was found by name.
func (a Ask) IsManual() bool { return a.Enrollment != uuid.Nil }

// Scan is the ask as a desk takes it.
func (a Ask) Scan(staff uuid.UUID) roster.ScanRequest {
	method := a.Method
	if method == "" {
		method = models.MethodCamera
	}
	return roster.ScanRequest{
		ID: a.ID, Code: a.Code, Alt: a.Alt, Method: method, Direction: a.Direction, Desk: a.Desk, Classes: a.classes(), Digits: a.Digits, Staff: staff,
	}
}

// classes are those that the phone was set to; empty for any.
func (a Ask) classes() []uuid.UUID {
	if len(a.Classes) > 0 {
		return a.Classes
	}
	if a.Class == uuid.Nil {
		return nil
	}
	return []uuid.UUID{a.Class}
}

// Manual is that of somebody found by name.
func (a Ask) Manual(staff uuid.UUID) roster.ManualCheckIn {
	return roster.ManualCheckIn{ID: a.ID, Enrollment: a.Enrollment, Direction: a.Direction, Reason: a.Reason, Desk: a.Desk, Staff: staff}
}

// Queued is something that a phone decided alone.
type Queued struct {
	Ask     Ask     `json:"ask"`
	Stamp   Stamp   `json:"stamp"`   // of the last contact before
	Contact Reading `json:"contact"` // the phone's clocks then
	Here    Reading `json:"here"`    // and when it happened
	Jumped  bool    `json:"jumped,omitempty"`

	// This is what the phone showed.
	At         models.Millis      `json:"at"` // by the best that it knew
	Verdict    models.Verdict     `json:"verdict"`
	Session    uuid.UUID          `json:"session,omitzero"`
	Enrollment uuid.UUID          `json:"enrollment,omitzero"`
	Ticket     models.Ref         `json:"ticket,omitzero"`
	Spot       models.SpotOutcome `json:"spot,omitempty"`
	Stale      bool               `json:"stale,omitempty"`
}

// mark is what it means for the next scan.
func (h Queued) mark() (roster.Mark, bool) {
	return roster.MarkOf(journal.Event{
		Kind: models.EventIn, Verdict: h.Verdict, Occurred: h.At, Enrollment: h.Enrollment, Ticket: h.Ticket, Session: h.Session, Desk: h.Ask.Desk,
	})
}

// Meeting is the moment of a hand-over, by both sides' clocks.
type Meeting struct {
	At    models.Millis // the best that the agent knows of the time
	Sure  bool          // from the server, or from staff
	Boot  uuid.UUID     // of the agent
	Mono  int64
	Phone Reading
}

// passed is the time since the last contact as far as the agent knows. ok is false if it
// does not: its machine has started again since, and does not know the time.
func (h Queued) passed(m Meeting) (ms models.Millis, ok bool) {
	if m.Boot == h.Stamp.Boot {
		return models.Millis(m.Mono - h.Stamp.Mono), true
	}
	return m.At - h.Stamp.At, m.Sure && h.Stamp.Sure && m.At >= h.Stamp.At
}

// since is the time from one moment of a phone to another at which it was awake, with the
// same page open: by the clock that nobody can set.
func (r Reading) since(from Reading) models.Millis {
	if r.Page != from.Page {
		return 0
	}
	return models.Millis(r.Mono - from.Mono)
}

// When says when something happened, by the agent's clock as of the hand-over, and what
// is in doubt about it.
//
// The phone's wall clock says how long before the hand-over it was. That is right unless
// the clock was set in between. It was not set if as much time has passed for the phone
// since the last contact as for the agent, or, where the agent cannot tell, as for the
// phone's other clock, which nobody can set and which at most stops while the phone
// sleeps. Otherwise the time is in doubt. It then lies between what the two clocks say.
//
// Only the agent's count of one boot is proof. A time that it was told, at the contact or
// since, may be wrong itself: where the phone's clock does not agree with it, nobody knows
// which one is right.
func (h Queued) When(m Meeting) (at models.Millis, doubt journal.Doubt) {
	elapsed := m.Phone.Wall - h.Contact.Wall
	before, after := h.Here.since(h.Contact), m.Phone.since(h.Here)
	passed, known := h.passed(m)
	if !known {
		passed = max(elapsed, before+after)
	}
	differ := apart(elapsed, passed)
	contact := m.At - passed
	at = m.At - (m.Phone.Wall - h.Here.Wall)
	if h.Jumped || differ || !known {
		low, high := contact+before, m.At-after
		at = max(low, min(at, high))
		sure := m.Boot == h.Stamp.Boot || !differ && (known || m.Phone.Page == h.Contact.Page)
		if !sure || apart(low, high) {
			doubt |= journal.DoubtClock
		}
	}
	if at > m.At && !apart(at, m.At) {
		at = m.At
	}
	if at > m.At || at < contact.Add(-Tolerated) || at.Sub(contact) > Longest+Tolerated {
		doubt |= journal.DoubtLimits
	}
	return at, doubt
}

func apart(a, b models.Millis) bool {
	d := a.Sub(b)
	return d > Tolerated || d < -Tolerated
}

// asleep is how far the two clocks of a phone may run apart, in the direction in which
// no sleep takes them.
const asleep = 2 * time.Second

// now is the best that a phone knows of the time. set says that its clock was set
// back since the last contact, which only its other clock knows.
func now(stamp Stamp, contact, here Reading) (at models.Millis, set bool) {
	at = stamp.At + here.Wall - contact.Wall
	if here.Page == contact.Page {
		if least := stamp.At + models.Millis(here.Mono-contact.Mono); at < least.Add(-asleep) {
			return least, true
		}
	}
	return at, false
}
