package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
	"buktihadir/models/names"
	"buktihadir/site-agent/roster"
)

// This file has what a desk notes besides scans: walk-ins who are not on the list,
// reasons for absence, entries from a paper sheet, and their pictures.

// ErrNoName says that a walk-in needs a name, and a picture or digits of the ID card to
// be found by later.
var ErrNoName = errors.New("a name is needed, and a picture or the last digits of the ID card")

// ErrNoPicture says that a picture is needed.
var ErrNoPicture = errors.New("a picture is needed")

// ErrImpossibleTime says that a sheet can't say that: it is in the future, or too long ago.
var ErrImpossibleTime = errors.New("not at that time")

// Note is one thing that was written down of a session.
type Note struct {
	Seq        uint64
	Kind       models.EventKind // note, walk_in
	At         models.Millis
	Session    uuid.UUID
	Enrollment uuid.UUID      // zero of a walk-in, and of a note about the session
	Person     *roster.Person // of the enrollment, where the roster has it
	Noted      models.AttendanceStatus
	Reason     string
	Attached   models.Hash
	Desk       string
	Sheet      bool // a picture of the session's attendance sheet
	Left       bool // of a walk-in: is out again
}

type note struct {
	Note
	epoch  models.Epoch
	visits []roster.Mark // of a walk-in
}

// forget takes an event out that was voided: the note itself, or one of a walk-in's visits.
func (m *memory) forget(seq uint64, epoch models.Epoch) {
	m.noted = slices.DeleteFunc(m.noted, func(n note) bool { return n.epoch == epoch && n.Seq == seq })
	for i := range m.noted {
		if n := &m.noted[i]; n.epoch == epoch && n.Kind == models.EventWalkIn {
			n.visits = slices.DeleteFunc(n.visits, func(x roster.Mark) bool { return x.Seq == seq })
		}
	}
}

func (n note) left() bool {
	return len(n.visits) > 0 && n.visits[len(n.visits)-1].Direction == models.DirectionOut
}

// mostNotes bounds how many are remembered.
const mostNotes = 500

func (m *memory) takeNote(e journal.Event) {
	switch {
	case e.Kind == models.EventWalkIn && e.Target != 0:
		if n := m.walkIn(e.Target, e.Epoch); n != nil {
			if x, ok := roster.MarkOf(e); ok {
				n.visits = append(n.visits, x)
			}
		}
		return
	case e.Kind != models.EventNote && e.Kind != models.EventWalkIn:
		return
	}
	n := note{epoch: e.Epoch, Note: Note{
		Seq: e.Seq, Kind: e.Kind, At: e.At(), Session: e.Session, Enrollment: e.Enrollment, Noted: e.Noted, Reason: e.Reason, Attached: e.Attached,
		Desk: e.Desk, Sheet: e.Method == models.MethodPaper,
	}}
	if x, ok := roster.MarkOf(e); ok {
		n.visits = []roster.Mark{x}
	}
	if len(m.noted) == mostNotes {
		m.noted = slices.Delete(m.noted, 0, 1)
	}
	m.noted = append(m.noted, n)
}

func (m *memory) walkIn(seq uint64, epoch models.Epoch) *note {
	i := slices.IndexFunc(m.noted, func(n note) bool { return n.Seq == seq && n.epoch == epoch && n.Kind == models.EventWalkIn })
	if i < 0 {
		return nil
	}
	return &m.noted[i]
}

// noteMark finds a note by its place in the journal, for a void.
func (m *memory) noteMark(seq uint64) (roster.Mark, bool) {
	for _, n := range m.noted {
		if n.Seq == seq && n.epoch == m.head.Epoch {
			return roster.Mark{Enrollment: n.Enrollment, Session: n.Session, Epoch: n.epoch, Seq: n.Seq}, true
		}
	}
	return roster.Mark{}, false
}

// Notes lists what was written down of a session and not voided, in its order.
func (d *Desk) Notes(session uuid.UUID) []Note {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Note
	for _, n := range d.mem.noted {
		if n.Session == session && n.epoch == d.mem.head.Epoch {
			n.Left = n.left()
			if _, p, _, ok := d.mem.PersonAt(n.Enrollment, session); ok {
				n.Person = p
			}
			out = append(out, n.Note)
		}
	}
	return out
}

// withNotes adds what was noted of people at the sessions that are wanted.
func (m *memory) withNotes(people []roster.Person, wanted func(session uuid.UUID) bool) []roster.Person {
	for _, n := range m.noted {
		at := slices.IndexFunc(people, func(p roster.Person) bool { return p.Enrollment == n.Enrollment })
		if at >= 0 && n.epoch == m.head.Epoch && n.Kind == models.EventNote && wanted(n.Session) {
			people[at].Noted, people[at].Said = cmp.Or(n.Noted, people[at].Noted), n.Reason
		}
	}
	return people
}

// Attachment reads the attachment of an event; store.ErrNoAttachment if it was erased,
// some time after the server received it.
func (d *Desk) Attachment(ctx context.Context, sum models.Hash) (journal.Attachment, error) {
	return d.st.Attachment(ctx, sum)
}

// attach puts an attachment to a draft.
func (dr *draft) attach(content []byte, sum models.Hash) {
	if len(content) > 0 {
		dr.content, dr.event.Attached = content, sum
	}
}

// NoteRequest writes down something about a person at a session, or about the session.
type NoteRequest struct {
	ID         uuid.UUID
	Session    uuid.UUID
	Enrollment uuid.UUID               // zero: about the session, and then a picture of its sheet
	Noted      models.AttendanceStatus // excused or sick; empty: just words
	Reason     string
	Attached   journal.Attachment // empty without a picture
	Desk       string
	Staff      uuid.UUID
}

// Note records a note. Excused and sick count once the server has the picture.
func (d *Desk) Note(ctx context.Context, r NoteRequest) (roster.Outcome, error) {
	switch {
	case r.Enrollment == uuid.Nil && len(r.Attached.Photo) == 0:
		return roster.Outcome{}, ErrNoPicture
	case r.Enrollment != uuid.Nil && !r.Noted.Noted() && strings.TrimSpace(r.Reason) == "":
		return roster.Outcome{}, ErrNoReason
	}
	content, sum, err := contentOf(r.Attached)
	if err != nil {
		return roster.Outcome{}, err
	}
	return d.record(ctx, r.ID, func(m *memory, _ models.Millis) (draft, error) {
		e := journal.Event{Kind: models.EventNote, Method: models.MethodManual, Session: r.Session, Enrollment: r.Enrollment, Noted: r.Noted,
			Reason: roster.Clip(r.Reason), Desk: roster.Clip(r.Desk), Staff: r.Staff}
		o := roster.Outcome{Kind: models.EventNote, Zone: m.Site.Zone, Reason: e.Reason, Desk: e.Desk}
		if r.Enrollment == uuid.Nil {
			s, ok := m.SessionAt(r.Session)
			if !ok {
				return draft{}, ErrNoSession
			}
			e.Method, e.Class, e.Noted, o.Session = models.MethodPaper, s.Class, "", s
		} else {
			class, p, s, ok := m.PersonAt(r.Enrollment, r.Session)
			if !ok {
				return draft{}, ErrUnknownPerson
			}
			e.Class, o.Person, o.Session = class, p, s
		}
		dr := draft{event: e, outcome: o}
		dr.attach(content, sum)
		return dr, nil
	})
}

func contentOf(a journal.Attachment) ([]byte, models.Hash, error) {
	if len(a.Photo) == 0 && a.Name == "" {
		return nil, models.Hash{}, nil
	}
	return a.Bytes()
}

// WalkInRequest records somebody who is not on the roster.
type WalkInRequest struct {
	ID        uuid.UUID
	Session   uuid.UUID
	Direction models.Direction
	Who       journal.Attachment // name, and a picture or digits
	Before    uint64             // the seq of the same person's first coming; zero: this is it
	Written   models.Millis      // when it was, by a sheet; zero: now
	Desk      string
	Staff     uuid.UUID
}

// WalkIn judges like a manual check-in. The programme office decides later whose
// attendance it is, by the attachment.
func (d *Desk) WalkIn(ctx context.Context, r WalkInRequest) (roster.Outcome, error) {
	r.Who.Name, r.Who.Number = names.Clean(r.Who.Name), names.Clean(r.Who.Number)
	if r.Before == 0 && (r.Who.Name == "" || len(r.Who.Photo) == 0 && r.Who.Number == "") {
		return roster.Outcome{}, ErrNoName
	}
	var content []byte
	var sum models.Hash
	if r.Before == 0 {
		var err error
		if content, sum, err = contentOf(r.Who); err != nil {
			return roster.Outcome{}, err
		}
	}
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		var past []attendance.Past
		if r.Before != 0 {
			n := m.walkIn(r.Before, m.head.Epoch)
			if n == nil {
				return draft{}, ErrUnknownPerson
			}
			for _, x := range n.visits {
				past = append(past, x.Past)
			}
			r.Session = n.Session
		}
		then, method := now, models.MethodManual
		if r.Written != 0 {
			then, method = r.Written, models.MethodPaper
		}
		if impossibleTime(then, now) {
			return draft{}, ErrImpossibleTime
		}
		j, ok := m.JudgeStranger(r.Session, past, r.Direction, then)
		if !ok {
			return draft{}, ErrNoSession
		}
		e, o := m.DraftOf(j, method, r.Desk, r.Staff)
		e.Written, o.Happened, o.TicketName = r.Written, r.Written, r.Who.Name
		dr := draft{event: e, outcome: o}
		if e.Verdict.Accepted() {
			dr.event.Kind, dr.outcome.Kind, dr.event.Target = models.EventWalkIn, models.EventWalkIn, r.Before
			dr.attach(content, sum)
		}
		return dr, nil
	})
}

// impossibleTime says that a sheet can't say that it was then.
func impossibleTime(then, now models.Millis) bool { return then > now || now-then > journal.MaxQueued }

// KeyInRequest is a row of an attendance sheet.
type KeyInRequest struct {
	ID         uuid.UUID
	Session    uuid.UUID
	Enrollment uuid.UUID
	Direction  models.Direction // in or out
	Written    models.Millis    // when it was, by the sheet
	Desk       string
	Staff      uuid.UUID
	// Supervisor, who has just proven it with the PIN, admits against a refusal.
	Supervisor uuid.UUID
	Reason     string
}

// KeyIn judges a row as of the time that it says, and records it.
func (d *Desk) KeyIn(ctx context.Context, r KeyInRequest) (roster.Outcome, error) {
	if r.Supervisor != uuid.Nil && strings.TrimSpace(r.Reason) == "" {
		return roster.Outcome{}, ErrNoReason
	}
	return d.record(ctx, r.ID, func(m *memory, now models.Millis) (draft, error) {
		if impossibleTime(r.Written, now) {
			return draft{}, ErrImpossibleTime
		}
		j, ok := m.JudgeRow(r.Enrollment, r.Session, r.Direction, r.Written)
		if !ok {
			return draft{}, ErrUnknownPerson
		}
		refused := j.Decision.Verdict
		overrules := r.Supervisor != uuid.Nil && !refused.Accepted()
		if overrules {
			if o, ok := m.Officers()[r.Supervisor]; !ok || !o.Supervisor {
				return draft{}, ErrNotSupervisor
			}
			if !refused.Overridable() || !j.Admit(r.Direction, r.Written) {
				return draft{}, ErrNotOverridable
			}
			r.Staff = r.Supervisor
		}
		e, o := m.DraftOf(j, models.MethodPaper, r.Desk, r.Staff)
		e.Written, e.Reason = r.Written, roster.Clip(r.Reason)
		if e.Verdict.Accepted() {
			e.Kind = models.EventManual
			if overrules {
				e.Kind, e.Overrules = models.EventOverride, refused
			}
		}
		o.Kind, o.Happened, o.Reason = e.Kind, e.Written, e.Reason
		return draft{event: e, outcome: o}, nil
	})
}
