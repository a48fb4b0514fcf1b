package attendance

import (
	"time"

	"buktihadir/models"
)

// Version counts the rulebooks that give other results of the same record: results that were
// kept by an earlier one are derived anew.
const Version = 2

// Window is when a session is scanned at, as it is planned: from when check-in opens until check-out closes.
func Window(s Session, p models.Policy) (opens, closes models.Millis) {
	opens, _ = entry(s, p)
	_, closes = exit(s, p)
	return opens, closes
}

// Fits says that a record can be one of the session as it is planned, by its desk's clock
// or by the corrected one: what doesn't fit was judged by another plan. A clock that nobody
// stands behind tells of another plan only where there was one that it fits.
func Fits(s Session, p models.Policy, r Record) bool {
	if timely(s, p, r) || r.Sure != models.ConfidenceUnsure {
		return timely(s, p, r)
	}
	_, known := was(s, p, r)
	return !known
}

func timely(s Session, p models.Policy, r Record) bool {
	by := r.Kind == models.EventOverride
	return fits(s, p, r.Occurred, by) || r.Said != 0 && fits(s, p, r.Said, by)
}

// muchEarlier is how far from a session's window a scan is of another plan, even if
// nothing tells of such a plan. What lies nearer was let in by another policy.
const muchEarlier = 3 * time.Hour

// Moved says that a record was made by another plan of the session, so that a person has
// to say whether it counts. A policy that has changed since makes nobody's coming doubtful.
func Moved(s Session, p models.Policy, r Record) bool {
	if Fits(s, p, r) {
		return false
	}
	if _, known := was(s, p, r); known {
		return true
	}
	opens, closes := Window(s, p)
	return r.Occurred < opens.Add(-muchEarlier) || r.Occurred > closes.Add(muchEarlier)
}

// was is the newest earlier plan of the session that a record fits.
func was(s Session, p models.Policy, r Record) (Session, bool) {
	for _, w := range s.Was {
		s.Start, s.End = w.Start, w.End
		if timely(s, p, r) {
			return s, true
		}
	}
	return s, false
}

// asMet is the session as it was held for a person: as planned, or as it was planned when the
// first counting record that doesn't fit was made.
func asMet(s Session, p models.Policy, counting []Record) Session {
	for _, r := range counting {
		if !Fits(s, p, r) {
			if w, known := was(s, p, r); known {
				return w
			}
		}
	}
	return s
}

// Stage is how much of a session its site has told.
type Stage int

// These are the stages, in their order.
const (
	Ongoing Stage = iota // somebody may still come
	Over                 // every agent has reported past the session's end: nobody more comes
	Final                // and past FinalAt: nobody more leaves either
)

// StageAt is the stage of a session whose site's agents have all reported until an instant.
func StageAt(s Session, p models.Policy, told models.Millis) Stage {
	switch {
	case told <= s.End:
		return Ongoing
	case told <= FinalAt(s, p):
		return Over
	}
	return Final
}

// FinalAt is the end of the last window that can change a result of the session: until then
// people leave, where a check-out is asked for.
func FinalAt(s Session, p models.Policy) models.Millis {
	if _, closes := Window(s, p); p.CheckOut {
		return closes
	}
	return s.End
}

// ofTheDay is how far from a session's window a supervisor's hand reaches.
const ofTheDay = 12 * time.Hour

// fits says that a scan at a time can be one of the session as it is planned.
func fits(s Session, p models.Policy, at models.Millis, overridden bool) bool { //nolint:revive // overridden is a fact, not a switch
	opens, closes := Window(s, p)
	if overridden {
		opens, closes = opens.Add(-ofTheDay), closes.Add(ofTheDay)
	}
	return opens <= at && at <= closes
}

// Missed says that somebody was turned away only because a desk's clock was wrong: by the time
// that the server's clock has confirmed since, they could have come to the session, or left it.
func Missed(s Session, p models.Policy, r Record) bool {
	if !r.Verdict.OfTime() || r.Kind != models.EventRefused || r.Sure != models.ConfidenceSynced || s.Cancelled {
		return false
	}
	was, could := doors(s, p, r.Said), doors(s, p, r.Occurred)
	return could != models.VerdictNone && could != was
}

// doors is what a session lets people do at a time: enter, else leave, else nothing.
func doors(s Session, p models.Policy, at models.Millis) models.Verdict {
	if opens, closes := entry(s, p); opens <= at && at <= closes {
		return models.VerdictAcceptedIn
	}
	if opens, closes := exit(s, p); p.CheckOut && opens <= at && at <= closes {
		return models.VerdictAcceptedOut
	}
	return models.VerdictNone
}

// Admitted is what a refusal counts as that the office has taken back: leaving where only that
// was possible, else coming.
func Admitted(s Session, p models.Policy, r Record) Record {
	r.Kind, r.Verdict = models.EventIn, models.VerdictAcceptedIn
	if doors(s, p, r.Occurred) == models.VerdictAcceptedOut {
		r.Kind, r.Verdict = models.EventOut, models.VerdictAcceptedOut
	}
	return r
}
