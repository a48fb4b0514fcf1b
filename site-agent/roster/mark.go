package roster

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
)

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

// own remembers whose a ticket is. That stays so: a person whose ticket was revoked, or
// replaced, is still who showed it.
func (r *Roster) own(t models.Ref, enrollment uuid.UUID) {
	if _, known := r.owner[t]; known || t.IsZero() || enrollment == uuid.Nil {
		return
	}
	r.owner[t] = enrollment
	r.tickets[enrollment] = append(r.tickets[enrollment], t)
}

// subjects are all that events about a person can name: the enrollment, and the tickets
// that were ever theirs, with which they may have come before the roster said so.
func (r *Roster) subjects(enrollment uuid.UUID, t models.Ref) []subject {
	if enrollment = cmp.Or(enrollment, r.owner[t]); enrollment == uuid.Nil {
		return []subject{{ticket: t}}
	}
	all := []subject{{enrollment: enrollment}}
	for _, t := range r.tickets[enrollment] {
		all = append(all, subject{ticket: t})
	}
	return all
}

// Mark is an accepted event.
type Mark struct {
	attendance.Past
	Enrollment uuid.UUID // zero if the roster had no enrollment for the ticket
	Ticket     models.Ref
	Session    uuid.UUID
	Epoch      models.Epoch // its place in the journal; zero before it has one
	Seq        uint64
}

// MarkOf is what an event means for the next scan; ok is false if it means nothing.
func MarkOf(e journal.Event) (m Mark, ok bool) {
	if !e.Verdict.Accepted() || !e.Kind.Attends() {
		return Mark{}, false
	}
	return Mark{
		Past:       attendance.Past{At: e.At(), Direction: e.Verdict.Direction(), Desk: e.Desk, Overridden: e.Kind == models.EventOverride},
		Enrollment: e.Enrollment, Ticket: e.Ticket, Session: e.Session, Epoch: e.Epoch, Seq: e.Seq,
	}, true
}

// Note takes an accepted event into account. Events from an offline phone come late:
// marks are in the order in which things happened.
func (r *Roster) Note(m Mark) {
	r.own(m.Ticket, m.Enrollment)
	who := subjectOf(m.Enrollment, m.Ticket)
	all := r.marks[who]
	at := len(all)
	for at > 0 && all[at-1].At > m.At {
		at--
	}
	r.marks[who] = slices.Insert(all, at, m)
}

// Undo forgets an event that was voided. A renewed void may name its target by
// either subject.
func (r *Roster) Undo(enrollment uuid.UUID, t models.Ref, epoch models.Epoch, seq uint64) {
	for _, who := range r.subjects(enrollment, t) {
		r.marks[who] = slices.DeleteFunc(r.marks[who], func(x Mark) bool { return x.Seq == seq && x.Epoch == epoch })
	}
}

// Find gives an accepted event by its place in the journal.
func (r *Roster) Find(epoch models.Epoch, seq uint64) (Mark, bool) {
	for _, marks := range r.marks {
		if i := slices.IndexFunc(marks, func(x Mark) bool { return x.Seq == seq && x.Epoch == epoch }); i >= 0 {
			return marks[i], true
		}
	}
	return Mark{}, false
}

// Marks lists every accepted event since a time, in the order in which they happened.
func (r *Roster) Marks(since models.Millis) []Mark {
	var out []Mark
	for _, marks := range r.marks {
		for _, m := range marks {
			if m.At >= since {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b Mark) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Seq, b.Seq)) })
	return out
}

// marksOf gives the accepted events about a person, in their order.
func (r *Roster) marksOf(enrollment uuid.UUID, t models.Ref) []Mark {
	var all []Mark
	for _, who := range r.subjects(enrollment, t) {
		if marks := r.marks[who]; len(all) == 0 {
			all = marks
		} else if len(marks) > 0 {
			all = slices.Concat(all, marks)
			slices.SortStableFunc(all, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
		}
	}
	return all
}

// history is what is known of a person, or was known before a moment. An event that
// happened later but was reported earlier is not part of that past. A zero moment means
// all.
func (r *Roster) history(enrollment uuid.UUID, t models.Ref, before models.Millis) attendance.History {
	h := attendance.History{}
	for _, x := range r.marksOf(enrollment, t) {
		if before == 0 || x.At < before {
			h[x.Session] = append(h[x.Session], x.Past)
		}
	}
	return h
}

// here is whether somebody is in or out by the last event at the sessions that are wanted;
// empty: they did not come.
func (r *Roster) here(p *person, wanted func(uuid.UUID) bool) (d models.Direction) {
	for _, x := range r.marksOf(p.id, p.ticket) {
		if wanted(x.Session) {
			d = x.Direction
		}
	}
	return d
}
