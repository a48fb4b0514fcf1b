package attendance

import (
	"cmp"
	"slices"

	"buktihadir/models"
)

// decide chooses between leaving and entering by what lies behind a person.
func (v visit) decide(scan Scan, known Known) Decision {
	if d, leaving := v.leave(scan.Direction); leaving {
		return d
	}
	if bar := barred(scan, known, v.now); bar != models.VerdictNone {
		return Decision{Verdict: bar}
	}
	return v.enter(scan.Direction, known.Class.Zone)
}

// advised decides with what other agents of the site have told, too. Their word is advice:
// one that lies, or is behind, must neither keep anybody out nor record anything. Where the
// desk lets the rulebook choose, what they tell may confirm a record or hold it back, and
// never makes another. Decision.Without is what is recorded if staff know better.
func (v visit) advised(scan Scan, known Known, past History) Decision {
	told := false
	own := History{}
	for _, s := range v.sessions {
		for _, p := range past[s.ID] {
			if !p.Told() {
				own[s.ID] = append(own[s.ID], p)
			}
			told = told || p.Told()
		}
	}
	alone := v
	alone.past, alone.lately = alone.ofThisPlan(own), own
	without := alone.decide(scan, known)
	if !told || without.Direction == "" { // what bars a person stays, whoever has let them in
		return without
	}
	v.lately = past.untilNow(v.now)
	v.past = v.ofThisPlan(v.lately)
	with := v.decide(scan, known)
	switch {
	case with.Verdict == without.Verdict && sameSession(with, without):
		return with
	case with.Verdict.Accepted() && scan.Direction != models.DirectionAuto:
		return with
	case with.Verdict.Accepted():
		with = v.before()
	case !with.Verdict.Repeated():
		return without
	}
	with.Without = &without
	return with
}

func sameSession(a, b Decision) bool {
	return a.Session == b.Session || a.Session != nil && b.Session != nil && a.Session.ID == b.Session.ID
}

// untilNow puts what was told in its order, without what has not happened yet by this clock.
func (h History) untilNow(now models.Millis) History {
	for id, past := range h {
		past = slices.DeleteFunc(past, func(p Past) bool { return p.Told() && p.At > now.Add(bounce) })
		slices.SortStableFunc(past, func(a, b Past) int { return cmp.Compare(a.At, b.At) })
		h[id] = past
	}
	return h
}

// before answers with the newest scan that another agent has told of.
func (v visit) before() Decision {
	var d Decision
	for _, s := range v.sessions {
		for _, p := range v.past[s.ID] {
			if p.Told() && (d.Earlier == nil || p.At >= d.Earlier.At) {
				d = Decision{Verdict: models.VerdictAlreadyIn, Session: &s, Direction: p.Direction, Earlier: &p}
			}
		}
	}
	if d.Direction == models.DirectionOut {
		d.Verdict = models.VerdictAlreadyOut
	}
	return d
}

// Told says that another agent of the site has told of it.
func (p Past) Told() bool { return p.Agent != "" }

// Where names the desk, and the agent if it was another one.
func (p Past) Where() string {
	if p.Desk == "" || !p.Told() {
		return p.Desk + p.Agent
	}
	return p.Desk + " · " + p.Agent
}

// Overridable says whether a supervisor may have it recorded all the same.
func (d Decision) Overridable() bool {
	return d.Verdict.Overridable() || d.Without != nil && (d.Without.Verdict.Accepted() || d.Without.Overridable())
}
