package roster

import (
	"cmp"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
	"buktihadir/models/receipt"
)

// Person is what a desk shows of somebody.
type Person struct {
	Enrollment uuid.UUID
	Name       string
	Number     string // registration number
	NIK4       string // last four digits of the ID card's number
	Role       models.PersonRole
	Class      uuid.UUID
	ClassCode  string
	Course     string
	Alike      bool // the name can be taken for that of somebody else here

	// In a list: how they stand at its session, or at those of the day.
	Here  models.Direction        // in or out; empty: nobody saw them come
	Noted models.AttendanceStatus // excused or sick, as a desk noted
	Said  string                  // the words of the last note
}

// Session is one meeting as a desk shows it.
type Session struct {
	ID         uuid.UUID
	Seq        int
	Class      uuid.UUID
	ClassCode  string
	Course     string
	Room       string
	Site       string // where it is held, if not here
	Start, End models.Millis
}

// Outcome is the answer to one request, once it is durable.
type Outcome struct {
	Verdict     models.Verdict
	Kind        models.EventKind
	Direction   models.Direction // in or out, where the verdict is about one
	Person      *Person          // nil if the roster does not know the person
	TicketName  string           // the short name in the ticket, to compare with the ID card
	Session     *Session
	Earlier     *attendance.Past // of already_in and already_out
	Opens       models.Millis    // the check-in window of too_early and closed
	Closes      models.Millis
	Zone        models.Zone
	Occurred    models.Millis
	Happened    models.Millis // of what a phone held: when, before it Occurred in the journal
	Seq         uint64
	Spot        models.SpotOutcome
	Stale       bool // an old rotating code that the policy lets pass
	Unseen      bool // taken for leaving, of somebody whom nobody saw come here
	Overridable bool // a supervisor may still admit the person
	Voided      bool // of a recent one: it was undone later
	Reason      string
	Desk        string       // where it was asked
	Receipt     receipt.Code // what the person may take away; "" where nothing was recorded
}

// At is when it happened.
func (o Outcome) At() models.Millis {
	if o.Happened != 0 {
		return o.Happened
	}
	return o.Occurred
}

func (p *person) view() *Person {
	if p == nil {
		return nil
	}
	p.class.alikes.mark()
	return &Person{
		Enrollment: p.id, Name: p.body.Name, Number: p.body.Number, NIK4: p.body.NIK4, Role: p.body.Role,
		Class: p.class.ID, ClassCode: p.class.body.Code, Course: p.class.body.Course, Alike: p.alike,
	}
}

func (c *class) view(s *attendance.Session) *Session {
	if s == nil {
		return nil
	}
	return &Session{
		ID: s.ID, Seq: s.Seq, Class: c.ID, ClassCode: c.body.Code, Course: c.body.Course, Room: c.rooms[s.ID], Site: c.sites[s.ID], Start: s.Start, End: s.End,
	}
}

func (c *class) session(id uuid.UUID) *attendance.Session {
	for i := range c.sessions {
		if c.sessions[i].ID == id {
			return &c.sessions[i]
		}
	}
	return nil
}

// OutcomeOf gives the outcome of an event in the journal.
func (r *Roster) OutcomeOf(e journal.Event) Outcome {
	o := Outcome{
		Verdict: e.Verdict, Kind: e.Kind, Direction: e.Verdict.Direction(), Zone: r.Site.Zone, Occurred: e.Occurred, Happened: happened(e), Seq: e.Seq, Spot: e.Spot,
		Stale: e.Bounds&journal.StaleTail != 0, Unseen: e.Bounds&journal.EntryUnseen != 0, Reason: e.Reason, Desk: e.Desk,
		Overridable: e.Kind == models.EventRefused && e.Verdict.Overridable(), Receipt: r.Receipt(e, nil),
	}
	o.Person = r.people[cmp.Or(e.Enrollment, r.owner[e.Ticket])].view()
	if c := r.classes[e.Class]; c != nil {
		o.Session = c.view(c.session(e.Session))
	}
	return o
}

// happened is the time of an event that came into the journal later; otherwise zero.
func happened(e journal.Event) models.Millis {
	if e.At() == e.Occurred {
		return 0
	}
	return e.At()
}

// Target gives the class of a mark, and what staff see of person and session; the event
// of a void names them.
func (r *Roster) Target(m Mark) (class uuid.UUID, t models.Ref, p *Person, s *Session) {
	t = m.Ticket
	if m.Enrollment != uuid.Nil {
		t = models.Ref{} // as far as the roster knows it
	}
	if x := r.people[m.Enrollment]; x != nil {
		return x.class.ID, x.ticket, x.view(), x.class.view(x.class.session(m.Session))
	}
	if c := r.classOfSession(m.Session); c != nil {
		return c.ID, t, nil, c.view(c.session(m.Session))
	}
	return uuid.Nil, t, nil, nil
}

// HasSession says whether a session is one of the class that something was judged for.
func (j Judged) HasSession(id uuid.UUID) bool { return j.class != nil && j.class.session(id) != nil }

// HasSession says whether a session is on the roster.
func (r *Roster) HasSession(id uuid.UUID) bool { return r.classOfSession(id) != nil }

func (r *Roster) classOfSession(id uuid.UUID) *class {
	for _, c := range r.classes {
		if c.session(id) != nil {
			return c
		}
	}
	return nil
}
