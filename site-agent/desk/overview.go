package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// SessionCount is how a session of today stands at this desk.
type SessionCount struct {
	Session
	Enrolled, Came, In, Missing int
}

// ClassView is a class of the site, for the desk's filter.
type ClassView struct {
	ID       uuid.UUID
	Code     string
	Course   string
	Provider string
}

// Status is what a desk has to know about itself at all times.
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
	People          int
	Clock           models.Confidence
	LastContact     models.Millis // by this agent's clock; zero: never
	OtherRecord     bool          // the server has shown another record than before
	Restored        models.Millis // when the server was put back from a backup that lacked what was seen here; zero: never
	RestoredBy      string        // what the office says of that
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
		Agent: m.identity.Agent, Name: m.identity.Name, Site: m.identity.Site, ServerURL: m.identity.ServerURL,
		Head: m.head.Seq, Acked: acked.Seq, RosterRevision: cursor.Since, RosterConfirmed: cursor.Confirmed, RosterAlarm: cursor.Alarm,
		People: len(m.people), Clock: m.confidence(d.clock()),
	}
	if s.Head > s.Acked {
		s.Unsent = s.Head - s.Acked
	}
	if m.met {
		s.LastContact, s.ClockOffset = m.contact.Server, int64(m.contact.Wall-m.contact.Server)
	}
	return s, nil
}

// Classes lists the site's classes by code.
func (d *Desk) Classes() []ClassView {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := make([]ClassView, 0, len(d.mem.classes))
	for _, c := range d.mem.classes {
		out = append(out, ClassView{ID: c.ID, Code: c.body.Code, Course: c.body.Course, Provider: c.body.Provider})
	}
	slices.SortFunc(out, func(a, b ClassView) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Sessions counts today's sessions, by start.
func (d *Desk) Sessions() []SessionCount {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := d.mem.time(d.clock())
	var out []SessionCount
	for _, c := range d.mem.classes {
		for i := range c.sessions {
			s := &c.sessions[i]
			if s.Cancelled || c.Zone.Date(s.Start) != c.Zone.Date(now) {
				continue
			}
			n := SessionCount{Session: *c.view(s), Enrolled: len(c.people)}
			for _, p := range c.people {
				came, in := d.mem.stands(p, s.ID)
				if came {
					n.Came++
				}
				if in {
					n.In++
				}
			}
			n.Missing = n.Enrolled - n.Came
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b SessionCount) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.ClassCode, b.ClassCode))
	})
	return out
}

func (m *memory) stands(p *person, session uuid.UUID) (came, in bool) {
	for _, x := range m.marksOf(p.id, p.ticket) {
		if x.session == session {
			came, in = true, x.Direction == models.DirectionIn
		}
	}
	return came, in
}

// Missing lists who has not come to a session, by name.
func (d *Desk) Missing(session uuid.UUID) []Person {
	return d.people(session, func(came bool) bool { return !came })
}

// Present lists who has come to a session, by name.
func (d *Desk) Present(session uuid.UUID) []Person {
	return d.people(session, func(came bool) bool { return came })
}

func (d *Desk) people(session uuid.UUID, wanted func(came bool) bool) []Person {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Person
	if c := d.mem.classOfSession(session); c != nil {
		for _, p := range c.people {
			if has, _ := d.mem.stands(p, session); wanted(has) {
				out = append(out, *p.view())
			}
		}
	}
	return out
}

const maxFound = 50

// Search finds people by the beginnings of their names' words, by registration
// number, or by the last four digits of the ID card. A zero class means any.
func (d *Desk) Search(query string, class uuid.UUID) []Person {
	words := strings.Fields(strings.ToLower(query))
	d.mu.RLock()
	defer d.mu.RUnlock()
	if len(words) == 0 {
		return nil
	}
	var found []*person
	for _, p := range d.mem.people {
		if !p.body.Cancelled && (class == uuid.Nil || p.class.ID == class) && p.matches(words) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *person) int {
		return cmp.Or(cmp.Compare(a.search, b.search), cmp.Compare(a.class.body.Code, b.class.body.Code))
	})
	out := make([]Person, 0, min(len(found), maxFound))
	for _, p := range found[:min(len(found), maxFound)] {
		out = append(out, *p.view())
	}
	return out
}

func (p *person) matches(words []string) bool {
	for _, w := range words {
		at := strings.Index(p.search, w)
		if (at < 0 || at > 0 && !strings.Contains(p.search, " "+w)) && w != p.body.NIK4 && !strings.HasSuffix(strings.ToLower(p.body.Number), w) {
			return false
		}
	}
	return true
}

// Recent lists the last requests, the newest first.
func (d *Desk) Recent(n int) []Outcome {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Outcome
	for _, o := range slices.Backward(d.mem.recent) {
		if len(out) == n {
			break
		}
		o.Voided = d.mem.voided[o.Seq]
		out = append(out, o)
	}
	return out
}
