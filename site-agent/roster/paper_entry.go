package roster

import (
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// JudgeRow decides about a row of a session's attendance sheet that says that a person
// came or left at a moment. It considers only this session, and of later events only
// those that the sheet has too, because sheets are keyed in in any order. ok is false if
// the roster lacks the person or the session.
func (r *Roster) JudgeRow(enrollment, session uuid.UUID, asked models.Direction, then models.Millis) (j Judged, ok bool) {
	p := r.people[enrollment]
	if p == nil {
		return Judged{}, false
	}
	s := p.class.session(session)
	if s == nil {
		return Judged{}, false
	}
	known := attendance.Known{Class: &p.class.Class, Sessions: []attendance.Session{*s}, Enrollment: p.known()}
	past := slices.DeleteFunc(r.history(p.id, p.ticket, 0)[session], func(x attendance.Past) bool { return x.At > then && x.Direction != asked })
	j = Judged{class: p.class, person: p, Ticket: p.ticket,
		Decision: attendance.Judge(attendance.Scan{Manual: true, Direction: asked}, known, attendance.History{session: past}, then)}
	if j.Decision.Session == nil {
		j.Decision.Session = s // a person who admits despite the refusal means this session
	}
	return j, true
}

// JudgeStranger decides about a person who is not on the roster and says that they belong
// to a session's class. It uses what was accepted of them before, and the request. ok is
// false if there is no such session.
func (r *Roster) JudgeStranger(session uuid.UUID, past []attendance.Past, asked models.Direction, now models.Millis) (j Judged, ok bool) {
	c := r.classOfSession(session)
	if c == nil {
		return Judged{}, false
	}
	known := attendance.Known{Class: &c.Class, Sessions: []attendance.Session{*c.session(session)}}
	return Judged{class: c, Decision: attendance.Judge(attendance.Scan{Manual: true, Direction: direction(asked)}, known, attendance.History{session: past}, now)},
		true
}

// PersonAt names somebody and a session of their class; ok is false where the roster
// has no such person at no such session.
func (r *Roster) PersonAt(enrollment, session uuid.UUID) (class uuid.UUID, p *Person, s *Session, ok bool) {
	x := r.people[enrollment]
	if x == nil || x.class.session(session) == nil {
		return uuid.Nil, nil, nil, false
	}
	return x.class.ID, x.view(), x.class.view(x.class.session(session)), true
}

// SessionAt names a session of the roster; ok is false where there is no such.
func (r *Roster) SessionAt(session uuid.UUID) (s *Session, ok bool) {
	c := r.classOfSession(session)
	if c == nil {
		return nil, false
	}
	return c.view(c.session(session)), true
}
