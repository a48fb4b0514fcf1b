package desk

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/store"
)

// drifted is how far, in ms, two ways to tell the time may lie apart before the
// journal says so.
const drifted = 2000

// journalClock is what the journal says about the clocks of the boot of its last event.
// It follows from the journal alone.
type journalClock struct {
	boot   uuid.UUID
	wall   int64 // wall clock minus time since boot, at the last event
	server int64 // the server's clock minus time since boot
	met    bool  // server is known
}

func (s *journalClock) take(e journal.Event) {
	if e.Boot != s.boot {
		*s = journalClock{boot: e.Boot}
	}
	s.wall = int64(e.Wall) - e.Mono
	if e.Kind == models.EventClock && e.Server != 0 {
		s.server, s.met = int64(e.Server)-e.Mono, true
	}
}

func apart(a, b int64) bool { return a-b > drifted || b-a > drifted }

// metNow says that the agent has met the server in this boot.
func (m *memory) metNow(now Reading) bool { return m.met && m.contact.Boot == now.Boot }

// confirmedNow says that staff have confirmed the time in this boot.
func (m *memory) confirmedNow(now Reading) bool {
	return m.confirmed.Boot == now.Boot && m.confirmed.At != 0
}

// time is the best estimate of the present time: the server's time if the agent met it in
// this boot, otherwise the time that staff confirmed in this boot, otherwise the
// machine's own clock. The desk judges by it, so a clock that was once set a year ahead
// does no harm after it was corrected.
func (m *memory) time(now Reading) models.Millis {
	switch {
	case m.metNow(now):
		return m.contact.Server + models.Millis(now.Mono-m.contact.Mono)
	case m.confirmedNow(now):
		return m.confirmed.At + models.Millis(now.Mono-m.confirmed.Mono)
	}
	return now.Wall
}

// clockNews is what the journal must record about the clocks before anything else: the
// first meeting with the server in a boot, a meeting that says another time than the
// last, and a wall clock that jumped. The server later corrects times with it.
func (m *memory) clockNews(now Reading) (journal.Event, bool) {
	e := journal.Event{Kind: models.EventClock}
	if m.metNow(now) {
		learnt := int64(m.contact.Server) - m.contact.Mono
		if m.said.boot != now.Boot || !m.said.met || apart(learnt, m.said.server) {
			e.Server = models.Millis(learnt + now.Mono)
			return e, true
		}
	}
	return e, m.said.boot == now.Boot && apart(int64(now.Wall)-now.Mono, m.said.wall)
}

// noteClock journals the news of the clocks, if there are any.
func (d *Desk) noteClock(b *store.Batch, now Reading) error {
	e, news := d.mem.clockNews(now)
	if !news {
		return nil
	}
	return d.append(b, e, now)
}

// append gives a place in the journal to an event that nobody waits for.
func (d *Desk) append(b *store.Batch, e journal.Event, now Reading) error {
	e = d.mem.place(e, now)
	canonical, err := e.Bytes()
	if err != nil {
		return err
	}
	pos, err := b.Append(e, canonical, uuid.Nil)
	if err != nil {
		return err
	}
	d.mem.take(e, pos, journal.HashOf(canonical))
	return nil
}

// errNoEvent ends a request that is not an event itself.
var errNoEvent = errors.New("no event")

// NoteClock journals the clocks of a meeting with the server.
func (d *Desk) NoteClock(ctx context.Context) error {
	d.mu.Lock()
	d.mem.contactAt = 0
	d.mu.Unlock()
	_, err := d.record(ctx, uuid.Nil, func(*memory, models.Millis) (draft, error) { return draft{}, errNoEvent })
	if errors.Is(err, errNoEvent) {
		return nil
	}
	return err
}

// ErrTime says that a time can't be right.
var ErrTime = errors.New("the time can't be right")

// ErrServerTime says that the desk goes by the server's clock: nobody at the site can set
// another time until the computer is started again.
var ErrServerTime = errors.New("the desk goes by the server's clock")

// ErrSameTime says that the desk goes by this time already.
var ErrSameTime = errors.New("the desk goes by this time already")

// ConfirmTime records the time that staff confirm, and uses it until the agent meets the
// server in this boot.
func (d *Desk) ConfirmTime(ctx context.Context, at models.Millis, staff uuid.UUID) error {
	return d.confirm(ctx, at, staff, func(*memory) error { return nil })
}

// SetTime is ConfirmTime for another time than the desk's own, to the minute. It refuses
// what would change nothing.
func (d *Desk) SetTime(ctx context.Context, at models.Millis, staff uuid.UUID) error {
	return d.confirm(ctx, at, staff, func(m *memory) error {
		now := m.time(m.here)
		switch {
		case m.metNow(m.here):
			return ErrServerTime
		case m.confirmedNow(m.here) && at <= now && now.Sub(at) < time.Minute:
			return ErrSameTime
		}
		return nil
	})
}

func (d *Desk) confirm(ctx context.Context, at models.Millis, staff uuid.UUID, allowed func(*memory) error) error {
	if at < earliest || at >= latest {
		return ErrTime
	}
	_, err := d.record(ctx, uuid.New(), func(m *memory, _ models.Millis) (draft, error) {
		return draft{event: journal.Event{Kind: models.EventClock, Confirmed: at, Staff: staff}}, allowed(m)
	})
	return err
}

// The bounds of a time that staff may say, in ms.
const (
	earliest = 1_577_836_800_000 // 1 January 2020: before this program existed
	latest   = 4_102_444_800_000 // 1 January 2100
)

// Now is the best that is known of what time it is.
func (d *Desk) Now() models.Millis {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mem.time(d.clock())
}

// Moment is what the desk knows about one moment, for data that must survive a restart.
type Moment struct {
	Reading
	At    models.Millis // the best that is known of the time
	Known bool          // from the server in this boot, or from staff
	Epoch models.Epoch  // of the journal: another one where the disk is a copy of an older state
}

// Moment reads the clocks.
func (d *Desk) Moment() Moment {
	d.mu.RLock()
	defer d.mu.RUnlock()
	m, now := d.mem, d.clock()
	return Moment{Reading: now, At: m.time(now), Known: m.metNow(now) || m.confirmedNow(now), Epoch: m.head.Epoch}
}

// AsksForTime says that staff must check the clock before the first scan: the agent has
// not met the server lately, and nobody has confirmed the time in this boot.
func (d *Desk) AsksForTime() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := d.clock()
	return !d.mem.knowsTime(now)
}
