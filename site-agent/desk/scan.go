package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
	"buktihadir/models/ticket"
)

// ScanRequest is a code that somebody held before a desk.
type ScanRequest struct {
	ID        uuid.UUID // made by the client; a retry with the same ID is a no-op
	Code      string
	Alt       string // the same code as the keyboard's physical keys spell it, see Scan
	Method    models.Method
	Direction models.Direction // empty is auto
	Desk      string
	Classes   []uuid.UUID // those that the desk is set to; none for any
	Staff     uuid.UUID
	Digits    string // the answer to a spot check
}

// ErrNoReason says that a reason is needed.
var ErrNoReason = errors.New("a reason is needed")

// ErrUnknownPerson says that the roster has no such person.
var ErrUnknownPerson = errors.New("nobody on the roster")

// ErrNotOverridable says that no supervisor may admit against this verdict.
var ErrNotOverridable = errors.New("this refusal can't be overridden")

// ErrNotSupervisor says that an officer may not do what only supervisors may.
var ErrNotSupervisor = errors.New("only a supervisor may do this")

// ErrNoSession says that the class has no session to admit to.
var ErrNoSession = errors.New("the class has no session today")

// ErrNothingToVoid says that there is no such accepted event of this agent.
var ErrNothingToVoid = errors.New("no accepted scan with this number")

// Scan judges a code and records it, whatever it is. A keyboard scanner's code
// may come in two readings, as text and as keys: the one that is a ticket counts.
func (d *Desk) Scan(ctx context.Context, r ScanRequest) (Outcome, error) {
	// The signature is checked by whoever asks, not by the one writer.
	keys := d.keys()
	reading := attendance.Read(r.Code, keys)
	if r.Alt != "" && reading.Refused != models.VerdictNone {
		if alt := attendance.Read(r.Alt, keys); alt.Refused == models.VerdictNone {
			reading = alt
		}
	}
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		if reading.Refused == models.VerdictUnknownKey { // the roster may have brought the key since
			reading = attendance.Read(r.Code, m.keys)
		}
		return m.draftScan(r, reading, now), nil
	})
}

// Try says whose ticket a code is, and records nothing. genuine says that its
// signature is right; whether anybody would be let in is Scan's to say.
func (d *Desk) Try(code string) (name string, genuine bool) {
	r := attendance.Read(code, d.keys())
	return r.Ticket.Name, r.Refused == models.VerdictNone
}

// keys are replaced as a whole with the roster, never changed.
func (d *Desk) keys() ticket.Keys { return *d.verify.Load() }

// judged is a scan with its verdict and whom and what it is about.
type judged struct {
	decision attendance.Decision
	class    *class
	person   *person
	ticket   models.Ref
	name     string
}

func (m *memory) judge(r ScanRequest, reading attendance.Reading, now models.Millis) judged {
	j := judged{}
	scan := attendance.Scan{Reading: reading, Direction: direction(r.Direction), DeskClasses: r.Classes, Digits: r.Digits, Offset: median(m.offsets)}
	var known attendance.Known
	if reading.Refused == models.VerdictNone {
		t := reading.Ticket
		j.ticket, j.name = t.ID, t.Name
		j.class, j.person = m.byRef[t.Class], m.byTicket[t.ID]
		known.Revoked = m.revoked[t.ID]
		m.learnOffset(j.class, t, now)
	}
	var enrollment uuid.UUID
	if j.person != nil {
		enrollment = j.person.id
		known.Enrollment = j.person.known()
	}
	if j.class != nil {
		known.Class, known.Sessions = &j.class.Class, j.class.sessions
	}
	j.decision = attendance.Judge(scan, known, m.history(enrollment, j.ticket), now)
	return j
}

func (p *person) known() *attendance.Enrollment {
	return &attendance.Enrollment{ID: p.id, Ticket: p.ticket, Cancelled: p.body.Cancelled, NIK4: p.body.NIK4}
}

func direction(d models.Direction) models.Direction {
	if d == "" {
		return models.DirectionAuto
	}
	return d
}

func (m *memory) draftScan(r ScanRequest, reading attendance.Reading, now models.Millis) draft {
	j := m.judge(r, reading, now)
	dr := m.draftOf(j, r.Method, r.Desk, r.Staff)
	if reading.Refused == models.VerdictMalformed {
		dr.event.Raw = []byte(r.Code[:min(len(r.Code), journal.MaxRaw)])
	}
	return dr
}

// draftOf makes the event and the answer of a verdict.
func (m *memory) draftOf(j judged, method models.Method, desk string, staff uuid.UUID) draft {
	d := j.decision
	e := journal.Event{
		Kind: models.EventRefused, Verdict: d.Verdict, Method: method, Ticket: j.ticket, Desk: clip(desk), Staff: staff, Spot: d.Spot,
	}
	o := Outcome{
		Verdict: d.Verdict, Direction: d.Direction, Person: j.person.view(), TicketName: j.name, Earlier: d.Earlier,
		Opens: d.Opens, Closes: d.Closes, Zone: m.identity.Site.Zone, Spot: d.Spot, Stale: d.Stale, Overridable: d.Verdict.Overridable(), Desk: e.Desk,
	}
	if j.person != nil {
		e.Enrollment = j.person.id
	}
	if j.class != nil {
		e.Class = j.class.ID
		o.Session = j.class.view(d.Session)
		if d.Session != nil && (d.Verdict.Accepted() || d.Verdict.Repeated() || d.Verdict == models.VerdictSpotCheck) {
			e.Session = d.Session.ID
		}
	}
	if d.Verdict.Accepted() {
		e.Kind = models.EventIn
		if d.Verdict == models.VerdictAcceptedOut {
			e.Kind = models.EventOut
		}
	}
	if d.Stale {
		e.Bounds = journal.StaleTail
	}
	o.Kind = e.Kind
	return draft{e, o}
}

func clip(s string) string {
	for len(s) > journal.MaxText {
		_, size := utf8.DecodeLastRuneInString(s[:journal.MaxText+utf8.UTFMax])
		s = s[:min(len(s)-size, journal.MaxText)]
	}
	return strings.ToValidUTF8(s, "")
}

const keepOffsets = 15

// learnOffset remembers how far live codes run ahead of this desk's clock:
// phones are right on average, and a desk may be off.
func (m *memory) learnOffset(c *class, t ticket.Scanned, now models.Millis) {
	if c == nil || !t.Live || t.Tail == nil {
		return
	}
	steps, ok := t.Tail.Offset(ticket.TailKey(c.Secret, t.ID), t.ID, ticket.StepAt(now))
	if !ok || steps > ticket.MaxOffset || steps < -ticket.MaxOffset {
		return
	}
	if len(m.offsets) >= keepOffsets {
		m.offsets = slices.Delete(m.offsets, 0, 1)
	}
	m.offsets = append(m.offsets, steps)
}

func median(x []int) int {
	if len(x) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(x))[len(x)/2]
}

// ManualRequest checks somebody in or out by hand: no ticket, an ID card was seen.
type ManualRequest struct {
	ID         uuid.UUID
	Enrollment uuid.UUID
	Direction  models.Direction
	Reason     string
	Desk       string
	Staff      uuid.UUID
}

// CheckIn judges and records a check-in or check-out by hand.
func (d *Desk) CheckIn(ctx context.Context, r ManualRequest) (Outcome, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return Outcome{}, ErrNoReason
	}
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		p := m.people[r.Enrollment]
		if p == nil {
			return draft{}, ErrUnknownPerson
		}
		known := attendance.Known{Class: &p.class.Class, Sessions: p.class.sessions, Enrollment: p.known()}
		scan := attendance.Scan{ByHand: true, Direction: direction(r.Direction)}
		j := judged{class: p.class, person: p, ticket: p.ticket,
			decision: attendance.Judge(scan, known, m.history(p.id, p.ticket), now)}
		dr := m.draftOf(j, models.MethodSearch, r.Desk, r.Staff)
		dr.event.Reason = clip(r.Reason)
		if dr.event.Verdict.Accepted() {
			dr.event.Kind, dr.outcome.Kind = models.EventManual, models.EventManual
		}
		dr.outcome.Reason = dr.event.Reason
		return dr, nil
	})
}

// OverrideRequest admits against a refusal: by a supervisor who gives a reason.
type OverrideRequest struct {
	ScanRequest
	Enrollment uuid.UUID // instead of a code, for somebody found by name
	Reason     string
	Supervisor uuid.UUID // who has just proven it with the PIN, see SignIn
}

// Override judges anew and, where the verdict may be overruled, records an
// admission by the supervisor.
func (d *Desk) Override(ctx context.Context, r OverrideRequest) (Outcome, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return Outcome{}, ErrNoReason
	}
	reading := attendance.Read(r.Code, d.keys())
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		if o, ok := m.officers[r.Supervisor]; !ok || !o.Supervisor {
			return draft{}, ErrNotSupervisor
		}
		j := m.judgeOverride(r, reading, now)
		if refused := j.decision.Verdict; !refused.Accepted() {
			if !refused.Overridable() {
				return draft{}, ErrNotOverridable
			}
			if err := j.overrule(direction(r.Direction), now); err != nil {
				return draft{}, err
			}
			dr := m.draftOf(j, r.Method, r.Desk, r.Supervisor)
			dr.event.Kind, dr.outcome.Kind = models.EventOverride, models.EventOverride
			dr.event.Reason, dr.event.Overrules = clip(r.Reason), refused
			dr.outcome.Reason = dr.event.Reason
			return dr, nil
		}
		return m.draftOf(j, r.Method, r.Desk, r.Supervisor), nil // the moment of the refusal has passed
	})
}

func (m *memory) judgeOverride(r OverrideRequest, reading attendance.Reading, now models.Millis) judged {
	p := m.people[r.Enrollment]
	if p == nil {
		return m.judge(r.ScanRequest, reading, now)
	}
	known := attendance.Known{Class: &p.class.Class, Sessions: p.class.sessions, Enrollment: p.known()}
	scan := attendance.Scan{ByHand: true, Direction: direction(r.Direction)}
	return judged{class: p.class, person: p, ticket: p.ticket,
		decision: attendance.Judge(scan, known, m.history(p.id, p.ticket), now)}
}

// overrule turns a refusal into an admission to the session meant, else to the
// one that runs now or comes next today.
func (j *judged) overrule(asked models.Direction, now models.Millis) error {
	d := &j.decision
	if d.Session == nil && j.class != nil {
		today := j.class.Zone.Date(now)
		for _, s := range j.class.sessions {
			if !s.Cancelled && j.class.Zone.Date(s.Start) == today && (d.Session == nil || d.Session.End < now) {
				d.Session = &s
			}
		}
	}
	if d.Session == nil {
		return ErrNoSession
	}
	*d = attendance.Decision{Verdict: models.VerdictAcceptedIn, Direction: models.DirectionIn, Session: d.Session}
	if asked == models.DirectionOut {
		d.Verdict, d.Direction = models.VerdictAcceptedOut, models.DirectionOut
	}
	return nil
}

// VoidRequest undoes an accepted event of this agent.
type VoidRequest struct {
	ID     uuid.UUID
	Seq    uint64
	Reason string
	Desk   string
	Staff  uuid.UUID
}

// Void records that an event does not count; the event stays.
func (d *Desk) Void(ctx context.Context, r VoidRequest) (Outcome, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return Outcome{}, ErrNoReason
	}
	return d.record(ctx, r.ID, func(m *memory, _ models.Millis) (draft, error) {
		for who, marks := range m.marks {
			i := slices.IndexFunc(marks, func(x mark) bool { return x.seq == r.Seq && x.epoch == m.head.Epoch })
			if i < 0 {
				continue
			}
			e := journal.Event{
				Kind: models.EventVoid, Method: models.MethodSearch, Session: marks[i].session, Enrollment: who.enrollment, Ticket: who.ticket,
				Desk: clip(r.Desk), Staff: r.Staff, Reason: clip(r.Reason), Target: r.Seq,
			}
			o := Outcome{Kind: models.EventVoid, Zone: m.identity.Site.Zone, Reason: e.Reason, Desk: e.Desk}
			if p := m.people[who.enrollment]; p != nil {
				e.Class, e.Ticket = p.class.ID, p.ticket
				o.Person, o.Session = p.view(), p.class.view(p.class.session(e.Session))
			} else if c := m.classOfSession(e.Session); c != nil {
				e.Class = c.ID
				o.Session = c.view(c.session(e.Session))
			}
			return draft{e, o}, nil
		}
		return draft{}, ErrNothingToVoid
	})
}

func (m *memory) classOfSession(id uuid.UUID) *class {
	for _, c := range m.classes {
		if c.session(id) != nil {
			return c
		}
	}
	return nil
}
