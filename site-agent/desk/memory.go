package desk

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

// memory is the desk's copy of the store. Only the writer changes it, under the
// desk's lock.
type memory struct {
	identity store.Identity
	stale    bool // a commit failed: read everything again

	roster.Roster // the roster at version, and the people who have come up to pos

	items   []exchange.Item
	version int64
	cursor  store.Cursor
	here    Reading // the clocks as the batch under way goes by them

	// Of the journal, up to pos.
	pos    int64
	head   journal.Head
	last   models.Millis // the clock never runs backwards in a journal
	voided map[uint64]bool
	ended  map[models.Epoch]uint64 // epochs that another took the place of, and how far they count
	recent []roster.Outcome
	byHand map[uuid.UUID][]int64 // when each officer has checked somebody in by hand, by here.Mono
	noted  []note                // of the last days, in the journal's order

	said      journalClock
	contact   store.Contact
	met       bool
	confirmed store.Confirmation // of this boot, if staff have confirmed the time in it
	contactAt int64              // mono at which contact was read
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
		identity: id, Roster: *roster.New(id.Site), ended: until, version: -1, head: journal.Head{Agent: id.Agent, Epoch: id.Epoch},
		voided: map[uint64]bool{}, byHand: map[uuid.UUID][]int64{},
	}, nil
}

func (m *memory) refreshCursor(ctx context.Context, st *store.Store) (err error) {
	m.cursor, err = st.Cursor(ctx)
	m.Withdrawn = m.cursor.Withdrawn
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

// place gives an event its place in the journal. Time never runs backwards there:
// the event carries the later of the best time and that of the event before.
func (m *memory) place(e journal.Event, now Reading) journal.Event {
	best := m.time(now)
	e.Format, e.Agent, e.Epoch = journal.Format, m.head.Agent, m.head.Epoch
	e.Seq, e.Prev = m.head.Seq+1, m.head.Hash
	e.Occurred, e.Wall, e.Boot, e.Mono = max(best, m.last), now.Wall, now.Boot, now.Mono
	e.Confidence = m.confidence(now)
	if e.Offline() {
		if e.Doubt&journal.DoubtClock != 0 {
			e.Confidence = models.ConfidenceUnsure
		}
		return e // judged by the roster that the phone had
	}
	e.RosterRev = m.cursor.Since
	if m.cursor.Confirmed != 0 {
		e.RosterAge = max(0, int64(best-m.cursor.Confirmed)/1000)
	}
	return e
}

func (m *memory) confidence(now Reading) models.Confidence {
	switch {
	case m.metNow(now):
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
	if e.Kind == models.EventVoid {
		in := e.TargetEpoch
		if in.IsZero() {
			in = e.Epoch
		}
		if in == m.head.Epoch {
			m.voided[e.Target] = true
		}
		m.Undo(e.Enrollment, e.Ticket, in, e.Target)
		m.forget(e.Target, in)
		return
	}
	m.takeNote(e)
	if x, ok := roster.MarkOf(e); ok {
		m.Note(x)
	}
}

const keepRecent = 50

func (m *memory) remember(o roster.Outcome) {
	if len(m.recent) >= keepRecent {
		m.recent = slices.Delete(m.recent, 0, 1)
	}
	m.recent = append(m.recent, o)
}
