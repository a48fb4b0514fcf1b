package offline

import (
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
)

// Phone judges with what it was given at its last contact. It is not safe for
// concurrent use.
type Phone struct {
	kit    Kit
	here   Reading // its clocks at the contact
	roster *roster.Roster
	last   models.Millis // time never runs backwards in what it holds
}

// Open makes a phone of its kit, its clocks at the moment when it got it, and what it
// still holds.
func Open(kit Kit, here Reading, held []Queued) (*Phone, error) {
	p := &Phone{kit: kit, here: here, roster: roster.New(kit.Site)}
	if err := p.roster.Load(kit.Items); err != nil {
		return nil, err
	}
	for _, steps := range kit.Offsets {
		p.roster.Learn(steps)
	}
	for _, m := range kit.Marks {
		p.roster.Note(m)
	}
	for _, h := range held {
		p.last = max(p.last, h.At)
		if m, ok := h.mark(); ok {
			p.roster.Note(m)
		}
	}
	return p, nil
}

// ErrOver says that the phone was alone for longer than it may.
var ErrOver = errors.New("too long without the agent")

// ErrAsk says that an offline phone cannot do what it is asked.
var ErrAsk = errors.New("not without the agent")

// Judge decides about a request, takes it into account, and gives what the phone has
// to keep before it shows the answer.
func (p *Phone) Judge(ask Ask, here Reading) (roster.Answer, Queued, error) {
	at, set := now(p.kit.Stamp, p.here, here)
	if at.Sub(p.kit.Stamp.At) > Longest {
		return roster.Answer{}, Queued{}, ErrOver
	}
	if at < p.last {
		at, set = p.last, set || apart(at, p.last)
	}
	ask = p.kit.Place.set(ask)
	e, o, err := p.decide(ask, at)
	if err != nil {
		return roster.Answer{}, Queued{}, err
	}
	e.Occurred, o.Occurred, o.Overridable = at, at, false
	o.Receipt = p.roster.Receipt(e, o.Earlier)
	p.last = at
	h := Queued{
		Ask: ask, Stamp: p.kit.Stamp, Contact: p.here, Here: here, Jumped: set, At: at,
		Verdict: e.Verdict, Session: e.Session, Enrollment: e.Enrollment, Ticket: e.Ticket, Spot: e.Spot, Stale: o.Stale,
	}
	if h.Verdict == models.VerdictMalformed {
		h.Ask.Code, h.Ask.Alt = strings.ToValidUTF8(string(e.Raw), ""), ""
	}
	if m, ok := h.mark(); ok {
		p.roster.Note(m)
	}
	answer := roster.AnswerOf(o)
	answer.Gates = roster.GatesFor(p.kit.Place.Gates, o)
	return answer, h, nil
}

func (p *Phone) decide(ask Ask, at models.Millis) (journal.Event, roster.Outcome, error) {
	if ask.IsManual() {
		j, ok := p.roster.JudgeManual(ask.Enrollment, ask.Direction, at)
		if !ok || strings.TrimSpace(ask.Reason) == "" {
			return journal.Event{}, roster.Outcome{}, ErrAsk
		}
		e, o := p.roster.DraftManual(j, ask.Manual(p.kit.Stamp.Officer))
		return e, o, nil
	}
	q := ask.Scan(p.kit.Stamp.Officer)
	reading := q.Read(p.roster.Keys)
	e, o := p.roster.Draft(p.roster.Judge(q, reading, at), q, reading)
	return e, o, nil
}

// Sight is what an offline phone shows besides verdicts.
type Sight struct {
	Over     bool                  `json:"over"` // it was alone for longer than it may
	Zone     models.Zone           `json:"zone"`
	Desk     string                `json:"desk"`  // that the device is set to; empty: its page says
	Takes    string                `json:"takes"` // the classes' codes, likewise
	People   []roster.PersonAnswer `json:"people"`
	Sessions []Count               `json:"sessions"`
}

// Count is the state of a session of today, as far as the phone knows.
type Count struct {
	roster.SessionAnswer
	In       int `json:"in"`
	Came     int `json:"came"`
	Enrolled int `json:"enrolled"`
}

func (p *Phone) takes() string {
	var codes []string
	for _, k := range p.roster.Classes() {
		if slices.Contains(p.kit.Place.Classes, k.ID) {
			codes = append(codes, k.Code)
		}
	}
	return strings.Join(codes, ", ")
}

// Look finds people by name, number or the ID card's last digits, and counts today's
// sessions.
func (p *Phone) Look(query string, here Reading) Sight {
	at, _ := now(p.kit.Stamp, p.here, here)
	s := Sight{Over: at.Sub(p.kit.Stamp.At) > Longest, Zone: p.roster.Site.Zone, Desk: p.kit.Place.Desk, Takes: p.takes(), People: []roster.PersonAnswer{},
		Sessions: []Count{}}
	for _, x := range p.roster.Search(query, uuid.Nil, max(at, p.last)) {
		s.People = append(s.People, roster.PersonAnswer{Enrollment: x.Enrollment, Name: x.Name, Number: x.Number, Role: x.Role, Class: x.ClassCode,
			Here: x.Here})
	}
	for _, n := range p.roster.Today(max(at, p.last)) {
		session := roster.SessionAnswer{ID: n.ID, Seq: n.Seq, Class: n.ClassCode, Room: n.Room, Start: n.Start, End: n.End}
		s.Sessions = append(s.Sessions, Count{session, n.In, n.Came, n.Enrolled})
	}
	return s
}
