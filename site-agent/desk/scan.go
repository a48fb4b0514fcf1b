package desk

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/roster"
)

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

// Scan judges a code and records it, whatever it is. The code of a keyboard scanner may
// come in two readings, as text and as keys: the one that is a ticket counts.
func (d *Desk) Scan(ctx context.Context, r roster.ScanRequest) (roster.Outcome, error) {
	// The signature is checked by whoever asks, not by the one writer.
	reading := r.Read(d.keys())
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		if m.late(r.Until) {
			return draft{}, ErrLate
		}
		if reading.Refused == models.VerdictUnknownKey { // the roster may have brought the key since
			reading = r.Read(m.Keys)
		}
		return drafted(m.Draft(m.Judge(r, reading, now), r, reading))
	})
}

// Try says whose ticket a code is, without recording anything. genuine says that its
// signature is right; only Scan decides whether a person is let in.
func (d *Desk) Try(code string) (name string, genuine bool) {
	r := attendance.Read(code, d.keys())
	return r.Ticket.Name, r.Refused == models.VerdictNone
}

func drafted(e journal.Event, o roster.Outcome) (draft, error) {
	return draft{event: e, outcome: o}, nil
}

// keys are replaced as a whole with the roster, never changed.
func (d *Desk) keys() ticket.Keys { return *d.verify.Load() }

// ManualCheckIn judges and records a check-in or check-out by hand.
func (d *Desk) ManualCheckIn(ctx context.Context, r roster.ManualCheckIn) (roster.Outcome, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return roster.Outcome{}, ErrNoReason
	}
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		if m.late(r.Until) {
			return draft{}, ErrLate
		}
		j, ok := m.JudgeManual(r.Enrollment, r.Direction, now)
		if !ok {
			return draft{}, ErrUnknownPerson
		}
		if j.Decision.Verdict.Accepted() && m.rushed(r.Staff) {
			return draft{}, ErrTooFast
		}
		return drafted(m.DraftManual(j, r))
	})
}

// OverrideRequest admits against a refusal: by a supervisor who gives a reason.
type OverrideRequest struct {
	roster.ScanRequest
	Enrollment uuid.UUID // instead of a code, for somebody found by name
	Reason     string
	Supervisor uuid.UUID // the supervisor who has just entered their PIN, see SignIn
}

// Override judges again. If the verdict may be overruled, it records that the supervisor
// admitted the person.
func (d *Desk) Override(ctx context.Context, r OverrideRequest) (roster.Outcome, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return roster.Outcome{}, ErrNoReason
	}
	reading := r.Read(d.keys())
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		if o, ok := m.Officers()[r.Supervisor]; !ok || !o.Supervisor {
			return draft{}, ErrNotSupervisor
		}
		j, found := m.JudgeManual(r.Enrollment, r.Direction, now)
		if !found {
			j = m.Judge(r.ScanRequest, reading, now)
		}
		refused := j.Decision.Verdict
		if refused.Accepted() && found { // by hand, and too fast
			return drafted(m.DraftManual(j, roster.ManualCheckIn{Reason: r.Reason, Desk: r.Desk, Staff: r.Supervisor}))
		}
		if refused.Accepted() { // the moment of the refusal has passed
			return drafted(m.DraftOf(j, r.Method, r.Desk, r.Supervisor))
		}
		if !j.Decision.Overridable() {
			return draft{}, ErrNotOverridable
		}
		if !j.Admit(r.Direction, now) {
			return draft{}, ErrNoSession
		}
		e, o := m.DraftOf(j, r.Method, r.Desk, r.Supervisor)
		e.Kind, o.Kind = models.EventOverride, models.EventOverride
		e.Reason, e.Overrules = roster.Clip(r.Reason), refused
		o.Reason = e.Reason
		return draft{event: e, outcome: o}, nil
	})
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
func (d *Desk) Void(ctx context.Context, r VoidRequest) (roster.Outcome, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return roster.Outcome{}, ErrNoReason
	}
	return d.record(ctx, r.ID, func(m *memory, _ models.Millis) (draft, error) {
		mark, ok := m.Find(m.head.Epoch, r.Seq)
		if !ok {
			mark, ok = m.noteMark(r.Seq)
		}
		if !ok {
			return draft{}, ErrNothingToVoid
		}
		class, used, person, session := m.Target(mark)
		e := journal.Event{
			Kind: models.EventVoid, Method: models.MethodManual, Class: class, Session: mark.Session, Enrollment: mark.Enrollment, Ticket: used,
			Desk: roster.Clip(r.Desk), Staff: r.Staff, Reason: roster.Clip(r.Reason), Target: r.Seq,
		}
		o := roster.Outcome{Kind: models.EventVoid, Zone: m.Site.Zone, Person: person, Session: session, Reason: e.Reason, Desk: e.Desk}
		return draft{event: e, outcome: o}, nil
	})
}
