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
	// DoubtLimits says that Happened lies outside what is possible: before the phone's last contact
	// with its agent, later than the phone may go on without one, or after the hand-over.
	DoubtLimits
	// DoubtProof says that nothing proves when the phone had its last contact.
	DoubtProof
	// DoubtTicket says that the phone took the code for a ticket, or a session for the ticket's,
	// and the agent does not. Verdict is the agent's then, and Other what the phone had shown.
	DoubtTicket
	// DoubtUnchecked says that the agent no longer has what it could check the code, the
	// person or the session by: it was withdrawn and has forgotten its roster, say.
	DoubtUnchecked
)

// Grave says that a person has to decide whether the event counts.
func (d Doubt) Grave() bool { return d&(DoubtLimits|DoubtProof|DoubtUnchecked) != 0 }

// MaxQueued is how long before its hand-over something that a phone held may have
// happened, and what a sheet says before it was keyed in: seven days, in ms. The phone itself stops after a working day without its
// agent; what it holds then may wait for a while in a drawer.
const MaxQueued = 7 * 24 * 3_600_000

// MaxOffline is how long a phone goes on without its agent: a working day, in ms.
const MaxOffline = 14 * 3_600_000

// Awaited is a phone that may have recorded what its agent doesn't have yet: it has a
// kit to go on alone with, and nobody knows whether it is switched off or scans where
// there is no Wi-Fi.
type Awaited struct {
	Clear models.Millis // all that it had recorded until then is in the journal
	Holds bool          // it has said that it holds something
}

// Until is when the agent waits for it no more: what it may still have can't be newer
// than a working day, or too old to count without a person's word. A phone that is lost
// or broken keeps nobody's absence open for longer.
func (a Awaited) Until() models.Millis {
	if a.Holds {
		return a.Clear + MaxQueued
	}
	return a.Clear + MaxOffline
}

// Told is until when an agent has everything that happened at its desks
// (Statement.AsOf): nobody is to be called absent who may be on a phone that is not back.
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

// Clock names the agent's boot, and its time since then at that moment, in ms: negative
// if it was before the boot. What a sheet says was read from another clock: no boot.
func (e Event) Clock() (boot uuid.UUID, mono int64) {
	if e.Written != 0 {
		return uuid.Nil, 0
	}
	return e.Boot, e.Mono - e.Age
}

// Differs says that the agent would have decided otherwise than its phone did.
func (e Event) Differs() bool { return e.Offline() && e.Other != models.VerdictNone }

// Doubtful says that a person has to decide whether the event counts: its time is
// none that is possible, or nobody could check it.
func (e Event) Doubtful() bool {
	return (e.Offline() || e.Written != 0) && (e.Doubt.Grave() || e.At() > e.Occurred || e.Occurred-e.At() > MaxQueued)
}
