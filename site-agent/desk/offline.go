package desk

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
)

// ErrLate says that the phone that asked works offline by now, and will hand over its own
// decision. If the desk recorded the scan too, it would be recorded twice, at two times.
var ErrLate = errors.New("whoever asked has stopped waiting")

// knowsTime says that the server or staff have confirmed the desk's time.
func (m *memory) knowsTime(now Reading) bool {
	return m.confidence(now) != models.ConfidenceUnsure || m.confirmedNow(now)
}

func (m *memory) late(until roster.Deadline) bool { return until.Over(m.here.Boot, m.here.Mono) }

// Contact stamps a meeting with a phone on which an officer is signed in. The kit is nil
// if the phone already has what version names; otherwise it is everything that the phone
// needs to work offline, set as its device is.
func (d *Desk) Contact(officer, phone uuid.UUID, have string, at offline.Place) (stamp offline.Stamp, version string, kit *offline.Kit) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := d.clock()
	stamp = offline.Stamp{
		Officer: officer, Phone: phone, Revision: d.mem.cursor.Since, At: d.mem.time(now), Sure: d.mem.knowsTime(now), Boot: now.Boot, Mono: now.Mono,
	}.Sign(d.st.DeviceKey())
	if version = fmt.Sprintf("%s/%x/%d/%d", officer, at.Sum(), d.mem.version, d.mem.pos); version != have {
		k := offline.Pack(stamp, d.mem.items, &d.mem.Roster)
		k.Place = at
		kit = &k
	}
	return stamp, version, kit
}

// TakeQueued records a decision of an offline phone, once; see package offline for the
// rules. sent is the phone's clocks at the hand-over, by is the officer who is signed in
// on it.
func (d *Desk) TakeQueued(ctx context.Context, by uuid.UUID, sent offline.Reading, h offline.Queued) (roster.Outcome, error) {
	agent, ok := d.st.DeviceKey().Public().(ed25519.PublicKey)
	proven := ok && h.Stamp.By(agent)
	return d.record(ctx, h.Ask.ID, func(m *memory, now models.Millis) (draft, error) {
		at, doubt := h.When(offline.Meeting{At: now, Sure: m.knowsTime(m.here), Boot: m.here.Boot, Mono: m.here.Mono, Phone: sent})
		staff := h.Stamp.Officer
		if !proven {
			staff, doubt = by, doubt|journal.DoubtProof
		}
		e, o := m.draftQueued(h, staff, at)
		e.Happened, e.Age, e.Phone, e.Doubt, e.RosterRev = at, int64(now-at), h.Stamp.Phone, e.Doubt|doubt, h.Stamp.Revision
		o.Verdict, o.Kind, o.Happened, o.Overridable = e.Verdict, e.Kind, at, false
		return draft{event: e, outcome: o}, nil
	})
}

// draftQueued judges again, and keeps the verdict that the phone showed wherever
// possible.
func (m *memory) draftQueued(h offline.Queued, staff uuid.UUID, at models.Millis) (journal.Event, roster.Outcome) {
	var j roster.Judged
	var e journal.Event
	var o roster.Outcome
	var reading attendance.Reading
	known := true
	if h.Ask.IsManual() {
		q := h.Ask.Manual(staff)
		j, known = m.JudgeManualThen(q.Enrollment, q.Direction, at)
		e, o = m.DraftManual(j, q)
	} else {
		q := h.Ask.Scan(staff)
		reading = q.Read(m.Keys)
		j = m.JudgeThen(q, reading, at)
		e, o = m.Draft(j, q, reading)
	}
	own, session := e.Verdict, e.Session
	switch {
	case h.Verdict == models.VerdictNone, !slices.Contains(models.Verdicts(), h.Verdict):
		e.Doubt, e.Raw = journal.DoubtTicket, roster.ClipRaw(h.Ask.Code) // it is a phone's record, not a code
		return e, o
	case h.Verdict.Accepted() && (!known || m.forgot(reading, h.Session)):
		e.Enrollment, e.Ticket, e.Doubt = h.Enrollment, reading.Ticket.ID, journal.DoubtUnchecked
	case h.Verdict.Accepted() && (reading.Refused != models.VerdictNone || !j.HasSession(h.Session)):
		e.Other, e.Doubt = h.Verdict, journal.DoubtTicket
		return e, o
	}
	if slices.Contains(models.SpotOutcomes(), h.Spot) {
		e.Spot = h.Spot
	}
	e.Kind, e.Verdict, e.Session = models.EventRefused, h.Verdict, uuid.Nil
	if h.Verdict.Accepted() || h.Verdict.Repeated() || h.Verdict == models.VerdictSpotCheck {
		e.Session = h.Session
	}
	if h.Verdict.Accepted() {
		e.Kind = kindOf(h)
	}
	if differs(own, e.Verdict) || session != e.Session && h.Verdict.Accepted() {
		e.Other = own
	}
	return e, o
}

// forgot says that the roster has lost what a code could be checked by since: every
// key, or the session's class.
func (m *memory) forgot(reading attendance.Reading, session uuid.UUID) bool {
	if reading.Refused == models.VerdictUnknownKey {
		return len(m.Keys) == 0
	}
	return reading.Refused == models.VerdictNone && !m.HasSession(session)
}

// differs says whether two verdicts differ. It is not a difference that the roster has a
// person whom the phone did not know yet.
func differs(own, shown models.Verdict) bool {
	return own != shown && (own != models.VerdictAcceptedIn || shown != models.VerdictUnlisted)
}

func kindOf(h offline.Queued) models.EventKind {
	switch {
	case h.Ask.IsManual():
		return models.EventManual
	case h.Verdict == models.VerdictAcceptedOut:
		return models.EventOut
	}
	return models.EventIn
}
