// Package attendance is the rulebook: the only code that decides about
// attendance. An agent asks Judge what a desk shows for one scan; the server
// gives Fold everything that happened and gets one person's attendance at one
// session; Complete says whether a class is done.
//
// All of it is pure: no clock, no database, no randomness but what is passed
// in. Instants are UTC milliseconds, policy times whole minutes.
package attendance

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

// Class is what a desk knows of one class.
type Class struct {
	ID     uuid.UUID
	Zone   models.Zone
	Phase  models.Phase // of its pilot
	Policy models.Policy
	Secret []byte // the key of its rotating codes
}

// Session is one planned meeting of a class.
type Session struct {
	ID         uuid.UUID
	Seq        int
	Start, End models.Millis
	Cancelled  bool
	Elsewhere  bool   // held at another site than the desk's
	Was        []Span // earlier times of it, the newest first
}

// On says that a session is one of a day: it starts on it, or a night's session is not over by then.
func (s Session) On(day models.LocalDate, zone models.Zone) bool {
	return zone.Date(s.Start) <= day && day <= max(zone.Date(s.Start), zone.Date(s.End-1))
}

// Span is from when to when something is.
type Span struct{ Start, End models.Millis }

// Enrollment is a person's place in a class, as the roster has it.
type Enrollment struct {
	ID        uuid.UUID
	Ticket    models.Ref // the one valid ticket; zero while none is issued
	Cancelled bool
	NIK4      string // last four digits of the ID card's number, for spot checks
}

// Reading is a code after the cryptography: a verified ticket, or the verdict
// that says why it is none.
type Reading struct {
	Ticket  ticket.Scanned
	Refused models.Verdict // empty for a verified ticket
}

// Read parses and verifies a code. Every byte string ends in a verdict.
func Read(code string, keys ticket.Keys) Reading {
	t, err := ticket.Parse(code)
	if err != nil {
		return Reading{Refused: models.VerdictMalformed}
	}
	switch err := keys.Verify(t); {
	case errors.Is(err, ticket.ErrUnknownKey):
		return Reading{Ticket: t, Refused: models.VerdictUnknownKey}
	case err != nil:
		return Reading{Ticket: t, Refused: models.VerdictBadSignature}
	}
	return Reading{Ticket: t}
}

// Scan is what one visit to the desk asks.
type Scan struct {
	Reading
	Manual    bool // found by name: no ticket was read, an ID card was seen
	Direction models.Direction
	// DeskClasses are those that the desk is set to; none for any.
	DeskClasses []uuid.UUID
	Digits      string // the answer to a spot check
	Offset      int    // steps by which live codes run ahead of this desk, learned
}

// Known is what the roster says about the ticket or the person.
type Known struct {
	Class      *Class // nil: not a class of this site
	Sessions   []Session
	Enrollment *Enrollment // nil: the roster has no such enrollment
	Revoked    bool        // the ticket is on the list of revoked ones
}

// Past is an accepted and not voided event at this agent, or at another one of the site.
type Past struct {
	At        models.Millis
	Direction models.Direction // in or out
	Desk      string
	// Overridden says that a supervisor let somebody in or out, at whatever time of the day.
	Overridden bool
	Agent      string `json:",omitempty"` // names the other agent that has told of it; empty: it was here
}

// History is what was accepted of one person, by session, in time order; what other agents
// have told may stand anywhere.
type History map[uuid.UUID][]Past

// Decision is a verdict with the facts that staff need.
type Decision struct {
	Verdict   models.Verdict
	Direction models.Direction   // in or out, where the verdict is about one
	Session   *Session           // the session meant, if there is one
	Earlier   *Past              // of already_in and already_out: the scan before
	Opens     models.Millis      // of too_early and closed: the check-in window; of already_out: when a return counts, if soon
	Closes    models.Millis      //
	Spot      models.SpotOutcome // whether the ID card was asked for, and what came of it
	Stale     bool               // an old rotating code that the policy lets pass
	Unseen    bool               // taken for leaving, of somebody whom this agent never saw come
	Without   *Decision          // of what another agent's word holds back or explains: what it would be without
}

// bounce is how soon after an accepted scan another one is the same visit to
// the desk: a code held too long must not check its owner out.
const bounce = time.Minute

const stepTolerance = 1

// Judge decides what a desk shows for one scan. It never fails: what it can't
// read is a verdict too. Its order is: is it a ticket, for here, shown live;
// then leaving, which only a tail may stop; then the limits of entering.
func Judge(scan Scan, known Known, past History, now models.Millis) Decision {
	if !scan.Manual && scan.Refused != models.VerdictNone {
		return Decision{Verdict: scan.Refused}
	}
	if known.Class == nil {
		return Decision{Verdict: models.VerdictOtherSite}
	}
	if len(scan.DeskClasses) > 0 && !slices.Contains(scan.DeskClasses, known.Class.ID) {
		return Decision{Verdict: models.VerdictOtherClass}
	}
	tail, genuine := judgeTail(scan, known.Class, now)
	if tail != models.VerdictNone && (!genuine || !known.Class.Policy.StaleWarns) {
		return Decision{Verdict: tail}
	}
	v := visit{policy: known.Class.Policy, now: now, sessions: planned(known.Sessions)}
	d := v.advised(scan, known, past)
	if away := elsewhere(known.Sessions, d, now); away != nil {
		d = Decision{Verdict: models.VerdictOtherSite, Session: away, Direction: models.DirectionIn}
	}
	d.Stale = tail == models.VerdictStaleCode
	if d.Verdict == models.VerdictAcceptedIn && known.Enrollment == nil {
		d.Verdict = models.VerdictUnlisted
	}
	return spotCheck(d, scan, known)
}

// planned are the sessions that are to be held at the desk's site, by start.
func planned(sessions []Session) []Session {
	return ordered(sessions, func(s Session) bool { return !s.Cancelled && !s.Elsewhere })
}

// elsewhere is the session that somebody means who finds none to enter here: the first that
// isn't over and is held at another site, unless one here comes before it.
func elsewhere(sessions []Session, d Decision, now models.Millis) *Session {
	switch d.Verdict { // the others found a session, or forbid any
	case models.VerdictNoSession, models.VerdictTooEarly, models.VerdictClosed:
	default:
		return nil
	}
	away := ordered(sessions, func(s Session) bool { return !s.Cancelled && s.Elsewhere && s.End >= now })
	switch {
	case len(away) == 0:
		return nil
	case d.Session == nil, d.Session.End < now, away[0].Start < d.Session.Start:
		return &away[0]
	}
	return nil
}

func ordered(sessions []Session, wanted func(Session) bool) []Session {
	s := slices.DeleteFunc(slices.Clone(sessions), func(s Session) bool { return !wanted(s) })
	slices.SortFunc(s, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return s
}

// judgeTail says whether the code is as live as it must be. genuine says of a
// stale one that the participant's own page drew it, only not just now: what has
// no tail, or a forged one, is never let pass with a warning.
func judgeTail(scan Scan, class *Class, now models.Millis) (v models.Verdict, genuine bool) {
	t := scan.Ticket
	switch {
	case scan.Manual:
		return models.VerdictNone, true
	case class.Policy.LiveOnly && !t.Live:
		return models.VerdictStaticRefused, false
	case !t.Live:
		return models.VerdictNone, true
	case t.Tail == nil:
		return models.VerdictStaleCode, false
	}
	off, genuine := t.Tail.Offset(ticket.TailKey(class.Secret, t.ID), t.ID, ticket.StepAt(now))
	late := off - scan.Offset
	if !genuine || off < -ticket.MaxOffset || off > ticket.MaxOffset || late < -stepTolerance || late > stepTolerance {
		return models.VerdictStaleCode, genuine
	}
	return models.VerdictNone, true
}

// barred says what stops a person from entering at any time of day.
func barred(scan Scan, known Known, now models.Millis) models.Verdict {
	class, e := known.Class, known.Enrollment
	switch {
	case !class.Phase.Open():
		return models.VerdictPilotClosed
	case known.Revoked, e != nil && e.Cancelled:
		return models.VerdictRevoked
	case scan.Manual:
		return models.VerdictNone
	case e != nil && !e.Ticket.IsZero() && e.Ticket != scan.Ticket.ID:
		return models.VerdictRevoked
	}
	today := ticket.DayOf(now.Time().In(class.Zone.Location()))
	switch {
	case today < scan.Ticket.ValidFrom:
		return models.VerdictNotYetValid
	case today > scan.Ticket.ValidUntil:
		return models.VerdictExpired
	}
	return models.VerdictNone
}

// spotCheck holds an accepted scan back until the ID card was looked at, where
// the class's secret chooses so. The choice depends on ticket and session alone:
// trying again doesn't escape it, and staff can't foresee it.
func spotCheck(d Decision, scan Scan, known Known) Decision {
	if !d.Verdict.Accepted() || scan.Manual || known.Enrollment == nil || known.Enrollment.NIK4 == "" ||
		!SpotCheckDue(known.Class, scan.Ticket.ID, d.Session.ID, d.Direction) {
		return d
	}
	switch scan.Digits {
	case known.Enrollment.NIK4:
		d.Spot = models.SpotPassed
		return d
	case "":
		d.Spot = models.SpotAsked
	default:
		d.Spot = models.SpotFailed
	}
	d.Verdict = models.VerdictSpotCheck
	return d
}

// SpotCheckDue says whether the ID card is asked for at this scan. The server
// can recompute it and see which checks were skipped.
func SpotCheckDue(class *Class, id models.Ref, session uuid.UUID, dir models.Direction) bool {
	m := hmac.New(sha256.New, class.Secret)
	m.Write([]byte("bukti-hadir/spot/1" + string(dir)))
	m.Write(id[:])
	m.Write(session[:])
	return binary.BigEndian.Uint32(m.Sum(nil))%1000 < uint32(class.Policy.SpotCheck) //nolint:gosec // 0 to 1000, see Policy.Check
}
