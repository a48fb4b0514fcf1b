package roster

import (
	"cmp"
	"crypto/ed25519"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// Agent is one of the site's agents.
type Agent struct {
	ID   uuid.UUID
	Name string
	Key  ed25519.PublicKey
}

// Agents lists the site's active agents by name, this one among them.
func (r *Roster) Agents() []Agent {
	out := make([]Agent, 0, len(r.agents))
	for _, a := range r.agents {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Agent) int { return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.ID[:], b.ID[:])) })
	return out
}

// Agent finds one of them.
func (r *Roster) Agent(id uuid.UUID) (Agent, bool) {
	a, ok := r.agents[id]
	return a, ok
}

func (r *Roster) loadAgent(it exchange.Item) error {
	body, err := exchange.BodyOf[exchange.Agent](it)
	if err != nil || len(body.Public) != ed25519.PublicKeySize {
		return err
	}
	id, err := uuid.FromBytes(it.Key)
	r.agents[id] = Agent{id, cmp.Or(body.Name, id.String()), body.Public}
	return err
}

// InWindow says whether a session takes scans at a moment.
func (r *Roster) InWindow(now models.Millis) bool {
	for _, c := range r.classes {
		for _, s := range c.sessions {
			if opens, closes := attendance.Window(s, c.Policy); !s.Cancelled && opens <= now && now <= closes {
				return true
			}
		}
	}
	return false
}

const (
	// keepTold is how long what others have told is of use.
	keepTold = 24 * time.Hour
	// mostTold bounds what one other agent can make this one remember: several days of a large site.
	mostTold = 5000
)

// Others is what the site's other agents have told of who came. It lies beside the marks of
// this agent's own journal: it is forgotten with the program, and no phone gets it.
type Others struct {
	events map[place]*toldMark
	who    map[subject][]*toldMark
	count  map[uuid.UUID]int
}

// place is where an event stands in another agent's journal.
type place struct {
	agent uuid.UUID
	epoch models.Epoch
	seq   uint64
}

type toldMark struct {
	Mark
	agent  uuid.UUID
	voided bool
}

// NewOthers has been told nothing yet.
func NewOthers() *Others {
	return &Others{events: map[place]*toldMark{}, who: map[subject][]*toldMark{}, count: map[uuid.UUID]int{}}
}

// Take takes what a journal of another agent tells, by whichever way and in whatever order it
// comes, and says whether it was news.
func (o *Others) Take(t exchange.Tail) (news bool) {
	for _, m := range t.Marks {
		at := place{t.Agent, t.Epoch, m.Seq}
		if m.Voids != 0 {
			at.seq = m.Voids
			if len(m.VoidsIn) == len(at.epoch) {
				at.epoch = models.Epoch(m.VoidsIn)
			}
			news = o.void(at, m.At) || news
			continue
		}
		x := &toldMark{agent: t.Agent, Mark: Mark{Past: attendance.Past{At: m.At, Direction: models.DirectionIn, Desk: m.Desk}, Epoch: t.Epoch, Seq: m.Seq}}
		if m.Out {
			x.Direction = models.DirectionOut
		}
		if !fillID(&x.Session, m.Session) || !fillID(&x.Enrollment, m.Enrollment) {
			continue
		}
		if len(m.Ticket) == models.RefSize {
			x.Ticket = models.Ref(m.Ticket)
		}
		news = o.note(at, x) || news
	}
	return news
}

// fillID reads an identifier; empty is zero.
func fillID(id *uuid.UUID, raw []byte) bool {
	if len(raw) == 0 {
		return true
	}
	got, err := uuid.FromBytes(raw)
	*id = got
	return err == nil
}

func (o *Others) note(at place, x *toldMark) bool {
	if _, known := o.events[at]; known || o.count[at.agent] >= mostTold {
		return false
	}
	o.events[at] = x
	o.count[at.agent]++
	who := subjectOf(x.Enrollment, x.Ticket)
	o.who[who] = append(o.who[who], x)
	return true
}

// void takes an event back, also one that comes later.
func (o *Others) void(at place, when models.Millis) bool {
	x := o.events[at]
	if x == nil {
		if o.count[at.agent] < mostTold {
			o.events[at] = &toldMark{agent: at.agent, voided: true, Mark: Mark{Past: attendance.Past{At: when}}}
			o.count[at.agent]++
		}
		return false
	}
	news := !x.voided
	x.voided = true
	return news
}

// Forget lets go of what is too old to matter, and of what agents told that are none of the site's any more.
func (o *Others) Forget(now models.Millis, stays func(uuid.UUID) bool) {
	old := func(x *toldMark) bool { return x.At < now.Add(-keepTold) || !stays(x.agent) }
	for at, x := range o.events {
		if old(x) {
			delete(o.events, at)
			o.count[at.agent]--
		}
	}
	for who, marks := range o.who {
		if o.who[who] = slices.DeleteFunc(marks, old); len(o.who[who]) == 0 {
			delete(o.who, who)
		}
	}
}

// Len is how much is remembered.
func (o *Others) Len() int { return len(o.events) }

// past is the history of somebody with what others have told. What a phone decided is judged
// again by what the phone could know: then nobody else is heard.
func (r *Roster) past(enrollment uuid.UUID, t models.Ref, before models.Millis) attendance.History {
	h := r.history(enrollment, t, before)
	if r.Others == nil || before != 0 {
		return h
	}
	var marks []*toldMark
	for _, who := range r.subjects(enrollment, t) {
		marks = append(marks, r.Others.who[who]...)
	}
	for _, x := range marks {
		a, ours := r.agents[x.agent]
		if x.voided || !ours {
			continue
		}
		p := x.Past
		p.Agent = a.Name
		h[x.Session] = append(h[x.Session], p)
	}
	return h
}

// TailOf is what events of another agent's journal tell. ahead is how far its clock is ahead of this one, in ms.
func TailOf(events []exchange.Stored, head journal.Head, ahead models.Millis) exchange.Tail {
	t := exchange.Tail{Agent: head.Agent, Epoch: head.Epoch, Seq: head.Seq}
	for _, e := range events {
		m := exchange.Mark{Seq: e.Seq, At: e.At() - ahead, Session: e.Session[:], Enrollment: e.Enrollment[:], Ticket: e.Ticket[:], Desk: e.Desk}
		if e.Kind == models.EventVoid {
			m.Voids, m.VoidsIn = e.Target, nil
			if !e.TargetEpoch.IsZero() {
				m.VoidsIn = e.TargetEpoch[:]
			}
		} else if x, ok := MarkOf(e.Event); ok {
			m.Out = x.Direction == models.DirectionOut
		} else {
			continue
		}
		t.Marks = append(t.Marks, m)
	}
	return t
}
