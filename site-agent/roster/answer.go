package roster

import (
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Answer is what became of a request, as a page gets it: facts only, the page puts
// them into words.
type Answer struct {
	Verdict     string             `json:"verdict"`
	Direction   models.Direction   `json:"direction,omitempty"`
	Person      *PersonAnswer      `json:"person"`
	TicketName  string             `json:"ticket_name,omitempty"`
	Session     *SessionAnswer     `json:"session"`
	Earlier     *EarlierAnswer     `json:"earlier,omitempty"`
	Opens       models.Millis      `json:"opens,omitempty"`
	Closes      models.Millis      `json:"closes,omitempty"`
	Zone        models.Zone        `json:"zone"`
	Occurred    string             `json:"occurred"`
	OccurredMS  models.Millis      `json:"occurred_ms"`
	Seq         uint64             `json:"seq"`
	Spot        models.SpotOutcome `json:"spot,omitempty"`
	Stale       bool               `json:"stale,omitempty"`
	Unseen      bool               `json:"unseen,omitempty"` // of a check-out: nobody saw the person come here
	Overridable bool               `json:"overridable,omitempty"`
	Receipt     string             `json:"receipt,omitempty"`
	Gates       string             `json:"gates,omitempty"` // of other_class and other_site: where to go, see GatesFor
}

// PersonAnswer is whom a request is about.
type PersonAnswer struct {
	Enrollment uuid.UUID         `json:"enrollment"`
	Name       string            `json:"name"`
	Number     string            `json:"number"`
	Role       models.PersonRole `json:"role"`
	Class      string            `json:"class"`
	Alike      bool              `json:"alike,omitempty"` // the name can be taken for another's
	NIK4       string            `json:"nik4,omitempty"`  // where that tells them apart
	Here       models.Direction  `json:"here,omitempty"`  // of somebody found: in or out today
}

// SessionAnswer is the session that a request is about.
type SessionAnswer struct {
	ID    uuid.UUID     `json:"id"`
	Seq   int           `json:"seq"`
	Class string        `json:"class"`
	Room  string        `json:"room,omitempty"`
	Start models.Millis `json:"start"`
	End   models.Millis `json:"end"`
}

// EarlierAnswer is the scan before.
type EarlierAnswer struct {
	At        models.Millis    `json:"at"`
	Direction models.Direction `json:"direction"`
	Desk      string           `json:"desk"`
	Told      bool             `json:"told,omitempty"` // another agent of the site says so
}

// AnswerOf gives an outcome's facts.
func AnswerOf(o Outcome) Answer {
	a := Answer{
		Verdict: string(o.Verdict), Direction: o.Direction, TicketName: o.TicketName,
		Opens: o.Opens, Closes: o.Closes, Zone: o.Zone, Occurred: o.At().Time().In(o.Zone.Location()).Format(time.RFC3339),
		OccurredMS: o.At(), Seq: o.Seq, Spot: o.Spot, Stale: o.Stale, Unseen: o.Unseen, Overridable: o.Overridable,
		Receipt: o.Receipt.String(),
	}
	if p := o.Person; p != nil {
		a.Person = &PersonAnswer{Enrollment: p.Enrollment, Name: p.Name, Number: p.Number, Role: p.Role, Class: p.ClassCode, Alike: p.Alike}
		// A spot check asks for these digits, so they are not shown before.
		if p.Alike && o.Verdict.Accepted() {
			a.Person.NIK4 = p.NIK4
		}
	}
	if s := o.Session; s != nil {
		a.Session = &SessionAnswer{s.ID, s.Seq, s.ClassCode, s.Room, s.Start, s.End}
	}
	if e := o.Earlier; e != nil {
		a.Earlier = &EarlierAnswer{e.At, e.Direction, e.Where(), e.Told()}
	}
	return a
}
