package desk

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/roster"
)

// Status is the state of a desk that its pages always show.
type Status struct {
	Agent           uuid.UUID
	Name            string
	Site            exchange.Site
	ServerURL       string
	Head            uint64 // seq of the last event
	Acked           uint64 // seq up to which the server has countersigned
	Unsent          uint64
	RosterRevision  uint64
	RosterConfirmed models.Millis // by this agent's clock; zero: never complete
	RosterAlarm     string
	Withdrawn       bool // the office has deactivated this agent
	People          int
	Clock           models.Confidence
	Confirmed       bool          // staff have confirmed the time since the computer was started
	LastContact     models.Millis // by this agent's clock; zero: never
	Heard           models.Millis // the last word from the office, over the network or as a reply file, as of when it was made
	Silent          bool          // the office has waited for this site longer than its rhythm allows
	OtherRecord     bool          // the server has shown another record than before
	Restored        models.Millis // when the server was put back from a backup that lacked what was seen here; zero: never
	RestoredBy      string        // the office's answer to that
	ClockOffset     int64         // this agent's clock minus the server's at the last contact, ms
}

// Status reads how the desk stands.
func (d *Desk) Status(ctx context.Context) (Status, error) {
	acked, err := d.st.Acked(ctx)
	if err != nil {
		return Status{}, err
	}
	cursor, err := d.st.Cursor(ctx)
	if err != nil {
		return Status{}, err
	}
	witness, err := d.st.Witness(ctx)
	if err != nil {
		return Status{}, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	m := d.mem
	s := Status{
		OtherRecord: len(witness.Rival) > 0, Restored: witness.LostAt, RestoredBy: witness.LostBy,
		Agent: m.identity.Agent, Name: m.identity.Name, Site: m.Site, ServerURL: m.identity.ServerURL,
		Head: m.head.Seq, Acked: acked.Seq, RosterRevision: cursor.Since, RosterConfirmed: cursor.Confirmed, RosterAlarm: cursor.Alarm, Withdrawn: cursor.Withdrawn,
		People: m.Size(), Clock: m.confidence(d.clock()), Confirmed: m.confirmedNow(d.clock()),
	}
	if s.Head > s.Acked {
		s.Unsent = s.Head - s.Acked
	}
	if m.met {
		s.LastContact, s.ClockOffset = m.contact.Server, int64(m.contact.Wall-m.contact.Server)
	}
	s.Heard = max(s.LastContact, s.RosterConfirmed)
	s.Silent = m.Rhythm.Silent(s.Heard, m.Awaited(s.Heard), m.time(d.clock()))
	return s, nil
}

// Withdrawn says that the office has deactivated this agent.
func (d *Desk) Withdrawn() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.Withdrawn
}

// Classes lists the site's classes by code.
func (d *Desk) Classes() []roster.ClassView {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.Classes()
}

// Sessions counts today's sessions, by start.
func (d *Desk) Sessions() []roster.Count {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.Today(d.mem.time(d.clock()))
}

// OtherDays counts the sessions of the week before today and of the week after it.
func (d *Desk) OtherDays() []roster.Count {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.Around(d.mem.time(d.clock()))
}

// Session counts one session; ok is false where the roster has no such.
func (d *Desk) Session(id uuid.UUID) (n roster.Count, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.CountOf(id)
}

// IsToday says whether a session is on the desk's present day.
func (d *Desk) IsToday(n roster.Count) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.isToday(n.ID, d.mem.time(d.clock()))
}

func (m *memory) isToday(session uuid.UUID, now models.Millis) bool {
	s, ok := m.SessionAt(session)
	return ok && attendance.Session{Start: s.Start, End: s.End}.On(m.Site.Zone.Date(now), m.Site.Zone)
}

// Lines lists a session's class as a sheet does, see roster.Lines.
func (d *Desk) Lines(session uuid.UUID) []roster.Line {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.Lines(session)
}

// Missing lists the people who have not come to a session, by name.
func (d *Desk) Missing(session uuid.UUID) []roster.Person {
	return d.people(session, func(came bool) bool { return !came })
}

// Present lists who has come to a session, by name.
func (d *Desk) Present(session uuid.UUID) []roster.Person {
	return d.people(session, func(came bool) bool { return came })
}

func (d *Desk) people(session uuid.UUID, wanted func(came bool) bool) []roster.Person {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.withNotes(d.mem.People(session, wanted), func(id uuid.UUID) bool { return id == session })
}

// Person is who has a place in a class of the site.
func (d *Desk) Person(enrollment uuid.UUID) (roster.Person, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.Person(enrollment)
}

// Search finds people, see roster.Search.
func (d *Desk) Search(query string, class uuid.UUID) []roster.Person {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := d.mem.time(d.clock())
	return d.mem.withNotes(d.mem.Search(query, class, now), func(id uuid.UUID) bool { return d.mem.isToday(id, now) })
}

// Recent lists the last requests, the newest first.
func (d *Desk) Recent(n int) []roster.Outcome {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []roster.Outcome
	for _, o := range slices.Backward(d.mem.recent) {
		if len(out) == n {
			break
		}
		o.Voided = d.mem.voided[o.Seq]
		out = append(out, o)
	}
	return out
}
