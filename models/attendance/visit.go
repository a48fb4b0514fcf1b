package attendance

import (
	"slices"
	"time"

	"buktihadir/models"
)

// visit chooses, for one person at one moment, the session and the direction.
type visit struct {
	policy   models.Policy
	sessions []Session // planned, by start
	past     History   // by this plan
	lately   History   // by any: the same visit to the desk, whatever the plan
	now      models.Millis
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// entry is the window in which a session takes check-ins; nobody comes to what is over.
func entry(s Session, p models.Policy) (opens, closes models.Millis) {
	return s.Start.Add(-minutes(p.CheckInBefore)), min(s.Start.Add(minutes(p.CheckInAfter)), s.End)
}

// exit is the window in which a second scan means leaving; nobody leaves what has not begun.
func exit(s Session, p models.Policy) (opens, closes models.Millis) {
	return max(s.End.Add(-minutes(p.CheckOutBefore)), s.Start), s.End.Add(minutes(p.CheckOutAfter))
}

// ofThisPlan leaves out what lies outside the sessions' windows: it was judged by another
// plan, and says nothing of who is in by this one.
func (v visit) ofThisPlan(past History) History {
	of := History{}
	for _, s := range v.sessions {
		for _, p := range past[s.ID] {
			if fits(s, v.policy, p.At, p.Overridden) {
				of[s.ID] = append(of[s.ID], p)
			}
		}
	}
	return of
}

// last is the person's last accepted scan at a session.
func (v visit) last(s Session) *Past { return v.past.last(s) }

func (h History) last(s Session) *Past {
	if p := h[s.ID]; len(p) > 0 {
		return &p[len(p)-1]
	}
	return nil
}

func (v visit) justNow(p *Past) bool { return v.now.Sub(p.At) < bounce }

// leave decides for somebody who is in. ok is false if the scan is not about
// leaving, and entering is to be judged.
func (v visit) leave(asked models.Direction) (d Decision, ok bool) {
	if d, ok := v.repeated(asked); ok {
		return d, true
	}
	for i := len(v.sessions) - 1; i >= 0; i-- {
		s := v.sessions[i]
		last := v.last(s)
		opens, closes := exit(s, v.policy)
		if last == nil || v.now > closes {
			continue
		}
		d := Decision{Session: &s, Direction: models.DirectionOut}
		if last.Direction == models.DirectionOut {
			unseen, ok := v.leaveUnseen()
			if ok && asked == models.DirectionOut && unseen.Session.Start > s.Start {
				return unseen, true
			}
			d.Verdict, d.Earlier = models.VerdictAlreadyOut, last
			return d, asked == models.DirectionOut
		}
		stayed := v.now >= s.Start && v.now.Sub(max(last.At, s.Start)) >= minutes(v.policy.MinStay) // inside the session's own time
		asks := v.policy.CheckOut && (v.now >= opens || stayed)
		switch {
		case asked == models.DirectionOut:
			d.Verdict = models.VerdictAcceptedOut
			return d, true
		case v.nextHasBegun(i):
			return Decision{}, false
		case asked == models.DirectionAuto && asks:
			d.Verdict = models.VerdictAcceptedOut
			return d, true
		}
		d.Verdict, d.Direction, d.Earlier = models.VerdictAlreadyIn, models.DirectionIn, last
		return d, true
	}
	if asked == models.DirectionOut {
		return v.leaveUnseen()
	}
	return Decision{}, false
}

// repeated finds the scan, at whichever session, of which this one is the same visit
// to the desk.
func (v visit) repeated(asked models.Direction) (Decision, bool) {
	for _, s := range slices.Backward(v.sessions) {
		last := v.lately.last(s)
		foreign := last != nil && last.At > v.now && !fits(s, v.policy, last.At, last.Overridden) // by another plan, and by a clock that was wrong
		if last == nil || foreign || !v.justNow(last) || asked != models.DirectionAuto && asked != last.Direction {
			continue
		}
		d := Decision{Verdict: models.VerdictAlreadyIn, Session: &s, Direction: last.Direction, Earlier: last}
		if last.Direction == models.DirectionOut {
			d.Verdict, d.Opens = models.VerdictAlreadyOut, v.reopens(s, last, asked)
		}
		return d, true
	}
	return Decision{}, false
}

// nextHasBegun says that somebody who never checked out of session i is here
// for a later one: past the middle of the break before it.
func (v visit) nextHasBegun(i int) bool {
	for ; i+1 < len(v.sessions) && v.now > v.sessions[i].End; i++ {
		next := v.sessions[i+1]
		opens, closes := entry(next, v.policy)
		middle := v.sessions[i].End + (next.Start-v.sessions[i].End)/2
		if v.now >= opens && v.now <= closes && v.now >= middle {
			return true
		}
	}
	return false
}

// leaveUnseen accepts a check-out of somebody whom another agent may have checked in:
// the server puts the two together, and staff are told that nobody here saw it. It is of the last session that has begun.
func (v visit) leaveUnseen() (Decision, bool) {
	for _, s := range slices.Backward(v.sessions) {
		if _, closes := exit(s, v.policy); s.Start <= v.now && v.now <= closes {
			return Decision{Verdict: models.VerdictAcceptedOut, Session: &s, Direction: models.DirectionOut, Unseen: true}, true
		}
	}
	return Decision{}, false
}

// enter decides for somebody who is not in.
func (v visit) enter(asked models.Direction, zone models.Zone) Decision {
	for _, s := range v.sessions {
		opens, closes := entry(s, v.policy)
		last := v.last(s)
		d := Decision{Session: &s, Direction: models.DirectionIn}
		switch {
		case last == nil && opens <= v.now && v.now <= closes && asked != models.DirectionOut:
			d.Verdict = models.VerdictAcceptedIn
			return d
		case last != nil && last.Direction == models.DirectionOut && v.mayReturn(s, asked) && !v.justNow(last):
			d.Verdict = models.VerdictAcceptedIn
			return d
		case last != nil && last.Direction == models.DirectionOut && v.now <= s.End:
			d.Verdict, d.Direction, d.Earlier, d.Opens = models.VerdictAlreadyOut, models.DirectionOut, last, v.reopens(s, last, asked)
			return d
		}
	}
	if d, ok := v.leaveElsewhere(asked, zone); ok {
		return d
	}
	return v.outside(zone)
}

// leaveElsewhere takes for leaving, where the desk lets the rulebook choose, who was never
// seen to come here: once entering is over and leaving open there is no other sense in it,
// unless the session is over and another one follows on the day.
func (v visit) leaveElsewhere(asked models.Direction, zone models.Zone) (d Decision, ok bool) {
	if asked != models.DirectionAuto || !v.policy.CheckOut {
		return d, false
	}
	if d, ok = v.leaveUnseen(); !ok {
		return d, false
	}
	opens, _ := exit(*d.Session, v.policy)
	_, entered := entry(*d.Session, v.policy)
	next := v.now > d.Session.End && slices.ContainsFunc(v.sessions, func(s Session) bool { return s.Start > v.now && zone.Date(s.Start) == zone.Date(v.now) })
	return d, v.now >= opens && v.now > entered && v.last(*d.Session) == nil && !next
}

// mayReturn says whether a scan some time after a check-out is a new entry. Near the
// session's end it is a repeat, unless the desk asks for an entry.
func (v visit) mayReturn(s Session, asked models.Direction) bool {
	opens, _ := exit(s, v.policy)
	return v.policy.Reentry && v.now < s.End && (asked == models.DirectionIn || asked == models.DirectionAuto && v.now < opens)
}

// reopens is when somebody may enter again whom only the bounce after their check-out keeps
// out; otherwise zero.
func (v visit) reopens(s Session, last *Past, asked models.Direction) models.Millis {
	if v.justNow(last) && v.mayReturn(s, asked) {
		return last.At.Add(bounce)
	}
	return 0
}

// outside explains why nobody can enter now: the session of today whose window
// is meant, else the next one.
func (v visit) outside(zone models.Zone) Decision {
	var next, before *Session
	for _, s := range v.sessions {
		if opens, _ := entry(s, v.policy); v.now < opens {
			next = &s
			break
		}
		before = &s
	}
	today := func(s *Session) bool {
		return s != nil && s.On(zone.Date(v.now), zone)
	}
	d := Decision{Verdict: models.VerdictNoSession, Session: next, Direction: models.DirectionIn}
	switch {
	case before != nil && v.now <= before.End, today(before) && !today(next):
		d.Verdict, d.Session = models.VerdictClosed, before
	case today(next):
		d.Verdict = models.VerdictTooEarly
	}
	if d.Session == nil {
		return d
	}
	if before != nil && d.Session == before {
		if out := v.last(*before); out != nil && out.Direction == models.DirectionOut {
			d.Verdict, d.Direction, d.Earlier = models.VerdictAlreadyOut, models.DirectionOut, out
			return d
		}
	}
	d.Opens, d.Closes = entry(*d.Session, v.policy)
	return d
}
