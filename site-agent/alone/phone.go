package alone

import (
	"errors"
	"strings"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roll"
)

// Phone judges with what it was given at its last contact. It is not safe for
// concurrent use.
type Phone struct {
	kit  Kit
	here Reading // its clocks at the contact
	roll *roll.Roll
	last models.Millis // time never runs backwards in what it holds
}

// Open makes a phone of its kit, its clocks at the moment when it got it, and what it
// still holds.
func Open(kit Kit, here Reading, held []Held) (*Phone, error) {
	p := &Phone{kit: kit, here: here, roll: roll.New(kit.Site)}
	if err := p.roll.Load(kit.Items); err != nil {
		return nil, err
	}
	for _, steps := range kit.Offsets {
		p.roll.Learn(steps)
	}
	for _, m := range kit.Marks {
		p.roll.Note(m)
	}
	for _, h := range held {
		p.last = max(p.last, h.At)
		if m, ok := h.mark(); ok {
			p.roll.Note(m)
		}
	}
	return p, nil
}

// ErrOver says that the phone was alone for longer than it may.
var ErrOver = errors.New("too long without the agent")

// ErrAsk says that a phone alone can't do what it is asked.
var ErrAsk = errors.New("not without the agent")

// Over says whether the phone has been alone for longer than it may.
func (p *Phone) Over(here Reading) bool {
	at, _ := now(p.kit.Stamp, p.here, here)
	return at.Sub(p.kit.Stamp.At) > Longest
}

// Time is the best that the phone knows of what time it is.
func (p *Phone) Time(here Reading) models.Millis {
	at, _ := now(p.kit.Stamp, p.here, here)
	return max(at, p.last)
}

// Judge decides about a request, takes it into account, and gives what the phone has
// to keep before it shows the answer.
func (p *Phone) Judge(ask Ask, here Reading) (roll.Answer, Held, error) {
	at, set := now(p.kit.Stamp, p.here, here)
	if at.Sub(p.kit.Stamp.At) > Longest {
		return roll.Answer{}, Held{}, ErrOver
	}
	if at < p.last {
		at, set = p.last, set || apart(at, p.last)
	}
	e, o, err := p.decide(ask, at)
	if err != nil {
		return roll.Answer{}, Held{}, err
	}
	o.Occurred, o.Overridable = at, false
	p.last = at
	h := Held{
		Ask: ask, Stamp: p.kit.Stamp, Contact: p.here, Here: here, Jumped: set, At: at,
		Verdict: e.Verdict, Session: e.Session, Enrollment: e.Enrollment, Ticket: e.Ticket, Spot: e.Spot, Stale: o.Stale,
	}
	if m, ok := h.mark(); ok {
		p.roll.Note(m)
	}
	return roll.AnswerOf(o), h, nil
}

func (p *Phone) decide(ask Ask, at models.Millis) (journal.Event, roll.Outcome, error) {
	if ask.ByHand() {
		j, ok := p.roll.JudgeByHand(ask.Enrollment, ask.Direction, at)
		if !ok || strings.TrimSpace(ask.Reason) == "" {
			return journal.Event{}, roll.Outcome{}, ErrAsk
		}
		e, o := p.roll.DraftByHand(j, ask.Manual(p.kit.Stamp.Officer))
		return e, o, nil
	}
	q := ask.Scan(p.kit.Stamp.Officer)
	reading := q.Read(p.roll.Keys)
	e, o := p.roll.Draft(p.roll.Judge(q, reading, at), q, reading)
	return e, o, nil
}

// Search finds people by name, number or the ID card's last digits.
func (p *Phone) Search(query string) []roll.Person { return p.roll.Search(query, [16]byte{}) }

// Today counts today's sessions as far as the phone knows.
func (p *Phone) Today(here Reading) []roll.Count { return p.roll.Today(p.Time(here)) }
