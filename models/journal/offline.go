package journal

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// Doubt says in bits what is not certain about something that a phone held.
type Doubt uint8

const (
	// DoubtClock says that the phone's clock was set to another time meanwhile.
	DoubtClock Doubt = 1 << iota
	// DoubtLimits says that Happened is outside the possible time: before the phone's
	// last contact with its agent, after the phone had to stop, or after the hand-over.
	DoubtLimits
	// DoubtProof says that nothing proves when the phone had its last contact.
	DoubtProof
	// DoubtTicket says that the phone read the code as a ticket, or took the session as
	// the ticket's, and the agent does not. Verdict is then the agent's verdict, and
	// Other is what the phone showed.
	DoubtTicket
	// DoubtUnchecked says that the agent no longer has what it could check the code, the
	// person or the session by: it was withdrawn and has forgotten its roster, say.
	DoubtUnchecked
)

// Grave says that a person has to decide whether the event counts.
func (d Doubt) Grave() bool { return d&(DoubtLimits|DoubtProof|DoubtUnchecked) != 0 }

// MaxQueued is the longest time, in ms, between an event and its hand-over by a phone,
// and between the time on a sheet and its entry: seven days. The phone itself stops after
// a working day without its agent; its scans may then wait in a drawer for a while.
const MaxQueued = 7 * 24 * 3_600_000

// MaxOffline is how long a phone goes on without its agent: a working day, in ms.
const MaxOffline = 14 * 3_600_000

// Awaited is a phone that may have recorded events that its agent does not have yet. It
// has a kit to work offline with, and nobody knows whether it is switched off or scans at
// a place without Wi-Fi.
type Awaited struct {
	Clear models.Millis // all that it had recorded until then is in the journal
	Holds bool          // it has said that it holds something
}

// Until is the time when the agent stops waiting for the phone. Events that come later
// are older than a working day, or too old to count without a person's decision. So a
// lost or broken phone does not delay an absence any longer.
func (a Awaited) Until() models.Millis {
	if a.Holds {
		return a.Clear + MaxQueued
	}
	return a.Clear + MaxOffline
}

// Told is the time up to which an agent has everything that happened at its desks
// (Statement.AsOf). A person is not absent as long as a phone that is still out may hold
// their scan.
func Told(now models.Millis, phones []Awaited) models.Millis {
	told := now
	for _, p := range phones {
		if now < p.Until() {
			told = min(told, p.Clear)
		}
	}
	return told
}

// Offline says that a phone on its own recorded the event, before the agent did.
func (e Event) Offline() bool { return e.Happened != 0 || e.Phone != uuid.Nil }

// At is when it happened.
func (e Event) At() models.Millis {
	switch {
	case e.Happened != 0:
		return e.Happened
	case e.Written != 0:
		return e.Written
	}
	return e.Occurred
}

// Clock names the agent's boot, and the time since then, in ms, at that moment. It is
// negative before the boot. A time from a sheet was read from another clock and has no
// boot.
func (e Event) Clock() (boot uuid.UUID, mono int64) {
	if e.Written != 0 {
		return uuid.Nil, 0
	}
	return e.Boot, e.Mono - e.Age
}

// Differs says that the agent would have decided otherwise than its phone did.
func (e Event) Differs() bool { return e.Offline() && e.Other != models.VerdictNone }

// Doubtful says that a person has to decide whether the event counts: its time is
// impossible, or nobody could check it.
func (e Event) Doubtful() bool {
	return (e.Offline() || e.Written != 0) && (e.Doubt.Grave() || e.At() > e.Occurred || e.Occurred-e.At() > MaxQueued)
}
