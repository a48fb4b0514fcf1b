package desk

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/store"
)

// memory is the desk's copy of the store. Only the writer changes it, under the
// desk's lock.
type memory struct {
	identity store.Identity
	stale    bool // a commit failed: read everything anew

	// Of the roster, at version.
	version  int64
	cursor   store.Cursor
	keys     ticket.Keys
	classes  map[uuid.UUID]*class
	byRef    map[models.Ref]*class
	people   map[uuid.UUID]*person
	byTicket map[models.Ref]*person
	revoked  map[models.Ref]bool
	officers map[uuid.UUID]officer

	// Of the journal, up to pos.
	pos    int64
	head   journal.Head
	last   models.Millis // the clock never runs backwards in a journal
	marks  map[subject][]mark
	voided map[uint64]bool
	ended  map[models.Epoch]uint64 // epochs that another took the place of, and how far they count
	recent []Outcome

	said      said
	contact   store.Contact
	met       bool
	confirmed store.Confirmation // of this boot, if staff have confirmed the time in it
	contactAt int64              // mono at which contact was read
	offsets   []int              // of recent live codes, in steps
}

type class struct {
	attendance.Class
	body     exchange.Class
	sessions []attendance.Session
	rooms    map[uuid.UUID]string
	people   []*person
}

type person struct {
	id     uuid.UUID
	class  *class
	body   exchange.Enrollment
	ticket models.Ref
	search string // what searching looks through
	alike  bool   // the name can be taken for another's
}

type officer struct {
	exchange.Officer
	id uuid.UUID
}

// subject is whom an event is about: an enrollment, or a ticket that the roster
// has no enrollment for.
type subject struct {
	enrollment uuid.UUID
	ticket     models.Ref
}

func subjectOf(enrollment uuid.UUID, t models.Ref) subject {
	if enrollment != uuid.Nil {
		return subject{enrollment: enrollment}
	}
	return subject{ticket: t}
}

// mark is an accepted event.
type mark struct {
	attendance.Past
	session uuid.UUID
	epoch   models.Epoch
	seq     uint64
}

func newMemory(ctx context.Context, st *store.Store) (*memory, error) {
	id, err := st.Identity(ctx)
	if err != nil {
		return nil, err
	}
	ended, err := st.Ended(ctx)
	if err != nil {
		return nil, err
	}
	until := map[models.Epoch]uint64{}
	for _, e := range ended {
		until[e.Epoch] = e.Until
	}
	return &memory{
		identity: id, ended: until, version: -1, head: journal.Head{Agent: id.Agent, Epoch: id.Epoch},
		marks: map[subject][]mark{}, voided: map[uint64]bool{},
	}, nil
}

func (m *memory) refreshCursor(ctx context.Context, st *store.Store) (err error) {
	m.cursor, err = st.Cursor(ctx)
	return err
}

const contactEvery = 2000 // ms between two looks for a newer meeting with the server

func (m *memory) refreshContact(ctx context.Context, st *store.Store, now Reading) (err error) {
	if m.contactAt != 0 && now.Mono-m.contactAt < contactEvery {
		return nil
	}
	m.contactAt = max(now.Mono, 1)
	if err = m.refreshCursor(ctx, st); err != nil {
		return err
	}
	if m.contact, m.met, err = st.LastContact(ctx); err != nil {
		return err
	}
	m.confirmed, _, err = st.Confirmed(ctx, now.Boot)
	return err
}

// loadRoster replaces the whole copy.
func (m *memory) loadRoster(items []exchange.Item) error {
	m.keys = ticket.Keys{}
	m.classes, m.byRef = map[uuid.UUID]*class{}, map[models.Ref]*class{}
	m.people, m.byTicket = map[uuid.UUID]*person{}, map[models.Ref]*person{}
	m.revoked, m.officers = map[models.Ref]bool{}, map[uuid.UUID]officer{}
	// Classes before what points at them.
	for _, kind := range []exchange.ItemKind{
		exchange.KindSite, exchange.KindKey, exchange.KindClass, exchange.KindSession,
		exchange.KindEnrollment, exchange.KindRevocation, exchange.KindOfficer,
	} {
		for _, it := range items {
			if it.Kind != kind {
				continue
			}
			if err := m.loadItem(it); err != nil {
				return fmt.Errorf("roster item %d/%x: %w", it.Kind, it.Key, err)
			}
		}
	}
	markAlike(m.people)
	for _, c := range m.classes {
		slices.SortFunc(c.sessions, func(a, b attendance.Session) int { return int(a.Start - b.Start) })
		slices.SortFunc(c.people, func(a, b *person) int { return strings.Compare(a.search, b.search) })
	}
	return nil
}

func (m *memory) loadItem(it exchange.Item) error {
	switch it.Kind {
	case exchange.KindSite:
		body, err := exchange.BodyOf[exchange.Site](it)
		m.identity.Site = body
		return err
	case exchange.KindKey:
		body, err := exchange.BodyOf[exchange.TicketKey](it)
		if err == nil && len(body.Public) == ed25519.PublicKeySize {
			m.keys[ticket.KeyIDOf(body.Public)] = body.Public
		}
		return err
	case exchange.KindOfficer:
		body, err := exchange.BodyOf[exchange.Officer](it)
		if err != nil {
			return err
		}
		id, err := uuid.FromBytes(it.Key)
		m.officers[id] = officer{body, id}
		return err
	case exchange.KindRevocation:
		if len(it.Key) == models.RefSize {
			m.revoked[models.Ref(it.Key)] = true
		}
		return nil
	case exchange.KindClass, exchange.KindSession, exchange.KindEnrollment:
		return m.loadPlan(it)
	}
	return nil // a newer server's kind: kept in the store, of no use here
}

func (m *memory) loadPlan(it exchange.Item) error {
	id, err := uuid.FromBytes(it.Key)
	if err != nil {
		return err
	}
	switch it.Kind {
	case exchange.KindClass:
		body, err := exchange.BodyOf[exchange.Class](it)
		if err != nil {
			return err
		}
		c := &class{body: body, rooms: map[uuid.UUID]string{}, Class: attendance.Class{
			ID: id, Zone: m.identity.Site.Zone, Phase: body.Phase, Policy: body.Policy, Secret: body.Secret,
		}}
		m.classes[id], m.byRef[body.Ref] = c, c
	case exchange.KindSession:
		body, err := exchange.BodyOf[exchange.Session](it)
		if err != nil {
			return err
		}
		if c := m.classes[body.Class]; c != nil {
			c.sessions = append(c.sessions, attendance.Session{ID: id, Seq: body.Seq, Start: body.Start, End: body.End, Cancelled: body.Cancelled})
			c.rooms[id] = body.Room
		}
	case exchange.KindEnrollment:
		body, err := exchange.BodyOf[exchange.Enrollment](it)
		if err != nil {
			return err
		}
		m.loadPerson(id, body)
	case exchange.KindSite, exchange.KindKey, exchange.KindRevocation, exchange.KindOfficer:
	}
	return nil
}

func (m *memory) loadPerson(id uuid.UUID, body exchange.Enrollment) {
	c := m.classes[body.Class]
	if c == nil {
		return
	}
	p := &person{id: id, class: c, body: body, search: strings.ToLower(body.Name + " " + body.Number)}
	m.people[id] = p
	if len(body.Ticket) == models.RefSize {
		p.ticket = models.Ref(body.Ticket)
		m.byTicket[p.ticket] = p
	}
	if !body.Cancelled {
		c.people = append(c.people, p)
	}
}

// place gives an event its place in the journal. Time never runs backwards there:
// the event carries the later of the best time and that of the event before.
func (m *memory) place(e journal.Event, now Reading) journal.Event {
	best := m.time(now)
	e.Format, e.Agent, e.Epoch = journal.Format, m.head.Agent, m.head.Epoch
	e.Seq, e.Prev = m.head.Seq+1, m.head.Hash
	e.Occurred, e.Wall, e.Boot, e.Mono = max(best, m.last), now.Wall, now.Boot, now.Mono
	e.Confidence = m.confidence(now)
	e.RosterRev = m.cursor.Since
	if m.cursor.Confirmed != 0 {
		e.RosterAge = max(0, int64(best-m.cursor.Confirmed)/1000)
	}
	return e
}

func (m *memory) confidence(now Reading) models.Confidence {
	switch {
	case m.met && m.contact.Boot == now.Boot:
		return models.ConfidenceSynced
	case m.met && m.contact.Plausible(now.Wall):
		return models.ConfidenceBounded
	}
	return models.ConfidenceUnsure
}

// take brings memory past an event.
func (m *memory) take(e journal.Event, pos int64, hash models.Hash) {
	m.pos, m.last = pos, max(m.last, e.Occurred)
	m.said.take(e)
	if e.Epoch == m.head.Epoch {
		m.head.Seq, m.head.Hash = e.Seq, hash
	}
	if until, over := m.ended[e.Epoch]; over && e.Seq > until {
		return // renewed in a later epoch
	}
	who := subjectOf(e.Enrollment, e.Ticket)
	if e.Kind == models.EventVoid {
		in := e.TargetEpoch
		if in.IsZero() {
			in = e.Epoch
		}
		if in == m.head.Epoch {
			m.voided[e.Target] = true
		}
		m.marks[who] = slices.DeleteFunc(m.marks[who], func(x mark) bool { return x.seq == e.Target && x.epoch == in })
		return
	}
	if !e.Verdict.Accepted() || !e.Kind.Attends() {
		return
	}
	dir := models.DirectionIn
	if e.Verdict == models.VerdictAcceptedOut {
		dir = models.DirectionOut
	}
	m.marks[who] = append(m.marks[who], mark{
		Past: attendance.Past{At: e.Occurred, Direction: dir, Desk: e.Desk}, session: e.Session, epoch: e.Epoch, seq: e.Seq,
	})
}

// marksOf gives the accepted events about a person, in their order: those that
// name the enrollment, and those made with the ticket before the roster knew whose it is.
func (m *memory) marksOf(enrollment uuid.UUID, t models.Ref) []mark {
	if enrollment == uuid.Nil {
		return m.marks[subject{ticket: t}]
	}
	if t.IsZero() {
		return m.marks[subject{enrollment: enrollment}]
	}
	return slices.Concat(m.marks[subject{ticket: t}], m.marks[subject{enrollment: enrollment}])
}

func (m *memory) history(enrollment uuid.UUID, t models.Ref) attendance.History {
	h := attendance.History{}
	for _, x := range m.marksOf(enrollment, t) {
		h[x.session] = append(h[x.session], x.Past)
	}
	return h
}

const keepRecent = 50

func (m *memory) remember(o Outcome) {
	if len(m.recent) >= keepRecent {
		m.recent = slices.Delete(m.recent, 0, 1)
	}
	m.recent = append(m.recent, o)
}
