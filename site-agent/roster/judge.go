package roster

import (
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
	Alt       string // the same code as the keyboard's physical keys spell it, see Read
	Method    models.Method
	Direction models.Direction // empty is auto
	Desk      string
	Classes   []uuid.UUID // those that the desk is set to; empty for any
	Staff     uuid.UUID
	Digits    string // the answer to a spot check
	Until     Deadline
}

// Deadline is the time, since the agent's boot, up to which a request may be recorded.
// After it the phone that asked decides offline, and hands its decision over. The zero
// value means no deadline.
type Deadline struct {
	Boot uuid.UUID
	Mono int64 // ms
}

// Over says whether it has passed.
func (d Deadline) Over(boot uuid.UUID, mono int64) bool { return d.Boot == boot && mono > d.Mono }

// Read parses and verifies the code. A keyboard scanner's may come in several readings (see
// ticket.Readings): the one that is a genuine ticket counts, else the first that is a ticket at all.
func (q ScanRequest) Read(keys ticket.Keys) attendance.Reading {
	best := attendance.Reading{Refused: models.VerdictMalformed}
	for text := range ticket.Readings(q.Code, q.Alt) {
		reading := attendance.Read(text, keys)
		if reading.Refused == models.VerdictNone {
			return reading
		}
		if best.Refused == models.VerdictMalformed {
			best = reading
		}
	}
	return best
}

// Raw is what an event keeps of a code that is no ticket: a damaged ticket's text, and
// nothing of a code that doesn't look like ours.
func (q ScanRequest) Raw() []byte {
	for _, code := range []string{q.Code, q.Alt} {
		if ticket.Ours(code) {
			return ClipRaw(code)
		}
	}
	return nil
}

// ClipRaw cuts a code to what an event may hold.
func ClipRaw(code string) []byte { return []byte(code[:min(len(code), journal.MaxRaw)]) }

// ManualCheckIn asks to check somebody in or out with no ticket: an ID card was seen.
type ManualCheckIn struct {
	ID         uuid.UUID
	Enrollment uuid.UUID
	Direction  models.Direction
	Reason     string
	Desk       string
	Staff      uuid.UUID
	Until      Deadline
}

// Judged is a request with its verdict, its person and its session.
type Judged struct {
	Decision attendance.Decision
	Ticket   models.Ref

	class  *class
	person *person
	name   string
}

// Judge decides about a code, and only then learns from it how far live codes run ahead
// of this clock: a picture of an old code must not vouch for itself.
func (r *Roster) Judge(q ScanRequest, reading attendance.Reading, now models.Millis) Judged {
	j := r.judge(q, reading, now, 0)
	if reading.Refused == models.VerdictNone {
		r.learnOffset(r.byRef[reading.Ticket.Class], reading.Ticket, now)
	}
	return j
}

// JudgeThen decides as it would have at a past moment, with the present knowledge of the
// time before it. It does not change the roster.
func (r *Roster) JudgeThen(q ScanRequest, reading attendance.Reading, then models.Millis) Judged {
	return r.judge(q, reading, then, then)
}

func (r *Roster) judge(q ScanRequest, reading attendance.Reading, now, before models.Millis) Judged {
	j := Judged{}
	scan := attendance.Scan{Reading: reading, Direction: direction(q.Direction), DeskClasses: q.Classes, Digits: q.Digits, Offset: median(r.offsets)}
	if r.Withdrawn && reading.Refused == models.VerdictUnknownKey {
		scan.Refused = models.VerdictWithdrawn // it may be a good ticket: its key was erased
	}
	var known attendance.Known
	if reading.Refused == models.VerdictNone {
		t := reading.Ticket
		j.Ticket, j.name = t.ID, t.Name
		j.class, j.person = r.byRef[t.Class], r.people[r.owner[t.ID]]
		known.Revoked = r.revoked[t.ID]
	}
	var enrollment uuid.UUID
	if j.person != nil {
		enrollment = j.person.id
		known.Enrollment = j.person.known()
	}
	if j.class != nil {
		known.Class, known.Sessions = &j.class.Class, j.class.sessions
	}
	j.Decision = attendance.Judge(scan, known, r.past(enrollment, j.Ticket, before), now)
	return j
}

// JudgeManual decides about somebody found by name; ok is false where the roster
// has no such person.
func (r *Roster) JudgeManual(enrollment uuid.UUID, asked models.Direction, now models.Millis) (j Judged, ok bool) {
	return r.judgeManual(enrollment, asked, now, 0)
}

// JudgeManualThen is to JudgeManual what JudgeThen is to Judge.
func (r *Roster) JudgeManualThen(enrollment uuid.UUID, asked models.Direction, then models.Millis) (j Judged, ok bool) {
	return r.judgeManual(enrollment, asked, then, then)
}

func (r *Roster) judgeManual(enrollment uuid.UUID, asked models.Direction, now, before models.Millis) (Judged, bool) {
	p := r.people[enrollment]
	if p == nil {
		return Judged{}, false
	}
	known := attendance.Known{Class: &p.class.Class, Sessions: p.class.sessions, Enrollment: p.known()}
	scan := attendance.Scan{Manual: true, Direction: direction(asked)}
	return Judged{class: p.class, person: p, Ticket: p.ticket,
		Decision: attendance.Judge(scan, known, r.past(p.id, p.ticket, before), now)}, true
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

// Draft makes the event of a request for a code, without its place in a journal, and the
// answer.
func (r *Roster) Draft(j Judged, q ScanRequest, reading attendance.Reading) (journal.Event, Outcome) {
	e, o := r.DraftOf(j, q.Method, q.Desk, q.Staff)
	if reading.Refused == models.VerdictMalformed {
		e.Raw = q.Raw()
	}
	return e, o
}

// DraftManual makes those of somebody found by name.
func (r *Roster) DraftManual(j Judged, q ManualCheckIn) (journal.Event, Outcome) {
	e, o := r.DraftOf(j, models.MethodManual, q.Desk, q.Staff)
	e.Reason = Clip(q.Reason)
	if e.Verdict.Accepted() {
		e.Kind, o.Kind = models.EventManual, models.EventManual
	}
	o.Reason = e.Reason
	return e, o
}

// DraftOf makes the event and the answer of a verdict.
func (r *Roster) DraftOf(j Judged, method models.Method, desk string, staff uuid.UUID) (journal.Event, Outcome) {
	d := j.Decision
	e := journal.Event{
		Kind: models.EventRefused, Verdict: d.Verdict, Method: method, Ticket: j.Ticket, Desk: Clip(desk), Staff: staff, Spot: d.Spot,
	}
	o := Outcome{
		Verdict: d.Verdict, Direction: d.Direction, Person: j.person.view(), TicketName: j.name, Earlier: d.Earlier,
		Opens: d.Opens, Closes: d.Closes, Zone: r.Site.Zone, Spot: d.Spot, Stale: d.Stale, Overridable: d.Overridable(), Desk: e.Desk,
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
		e.Bounds |= journal.StaleTail
	}
	if d.Unseen && d.Verdict.Accepted() {
		e.Bounds |= journal.EntryUnseen
	}
	o.Unseen = e.Bounds&journal.EntryUnseen != 0
	o.Kind = e.Kind
	return e, o
}

// Admit turns a refusal into an admission to the requested session, otherwise to the one
// that runs now or comes next today. It is false if there is no such session. What only
// another agent's word holds back becomes what it would be without.
func (j *Judged) Admit(asked models.Direction, now models.Millis) bool {
	d := &j.Decision
	if d.Without != nil {
		if *d = *d.Without; d.Verdict.Accepted() {
			return true
		}
	}
	if d.Session == nil && j.class != nil {
		today := j.class.Zone.Date(now)
		for _, s := range j.class.sessions {
			if !s.Cancelled && s.On(today, j.class.Zone) && (d.Session == nil || d.Session.End < now) {
				d.Session = &s
			}
		}
	}
	if d.Session == nil {
		return false
	}
	*d = attendance.Decision{Verdict: models.VerdictAcceptedIn, Direction: models.DirectionIn, Session: d.Session}
	if asked == models.DirectionOut {
		d.Verdict, d.Direction = models.VerdictAcceptedOut, models.DirectionOut
	}
	return true
}

// Clip cuts a text to what an event may hold.
func Clip(s string) string {
	for len(s) > journal.MaxText {
		_, size := utf8.DecodeLastRuneInString(s[:journal.MaxText+utf8.UTFMax])
		s = s[:min(len(s)-size, journal.MaxText)]
	}
	return strings.ToValidUTF8(s, "")
}

const keepOffsets = 15

// learnOffset remembers how far live codes run ahead of this desk's clock:
// phones are right on average, and a desk may be off.
func (r *Roster) learnOffset(c *class, t ticket.Scanned, now models.Millis) {
	if c == nil || !t.Live || t.Tail == nil {
		return
	}
	steps, ok := t.Tail.Offset(ticket.TailKey(c.Secret, t.ID), t.ID, ticket.StepAt(now))
	if !ok || steps > ticket.MaxOffset || steps < -ticket.MaxOffset {
		return
	}
	r.Learn(steps)
}

// Learn takes one live code's lead, in steps.
func (r *Roster) Learn(steps int) {
	if len(r.offsets) >= keepOffsets {
		r.offsets = slices.Delete(r.offsets, 0, 1)
	}
	r.offsets = append(r.offsets, steps)
}

// Learned lists the leads that count, the oldest first.
func (r *Roster) Learned() []int { return slices.Clone(r.offsets) }

func median(x []int) int {
	if len(x) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(x))[len(x)/2]
}
