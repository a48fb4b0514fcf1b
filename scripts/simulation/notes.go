package main

import (
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

// noteSteps are what staff write down besides scans, and what two boxes tell each other.
func noteSteps() []step {
	return []step{
		{"somebody's absence is noted", 3, (*world).noteAbsence},
		{"somebody of no list is let in", 2, (*world).walkIn},
		{"somebody of no list leaves", 1, (*world).walkOut},
		{"a row of a sheet is keyed in", 4, (*world).keyIn},
		{"the boxes of a site hear each other", 3, (*world).hears},
	}
}

// meeting draws somebody of a class at a desk's site, and a session of the class.
func (w *world) meeting(p *post) (models.Session, *person) {
	c, who := w.somebody(func(site int) bool { return site == p.site })
	near := c.sessions[0]
	for _, s := range c.sessions {
		if w.luck.IntN(3) > 0 && s.StartsAt < w.now.Add(hour) {
			near = s
		}
	}
	return near, who
}

// picture is a photograph, or what passes for one here.
func (w *world) picture() []byte { return append([]byte{0xff, 0xd8, 0xff}, byte(w.luck.UintN(256))) }

func (w *world) attached(name string, photo bool) journal.Attachment { //nolint:revive // photo is a fact, not a switch
	a := journal.Attachment{Name: name}
	for range journal.SaltSize {
		a.Salt = append(a.Salt, byte(w.luck.UintN(256)))
	}
	if photo {
		a.Photo = w.picture()
	}
	return a
}

func (w *world) noteAbsence() error {
	p := w.somePost()
	s, who := w.meeting(p)
	r := desk.NoteRequest{ID: w.id(), Session: s.ID, Enrollment: who.place,
		Noted:  []models.AttendanceStatus{models.StatusExcused, models.StatusSick}[w.luck.IntN(2)],
		Reason: "surat", Desk: "pintu"}
	if w.luck.IntN(3) > 0 {
		r.Attached = w.attached("", true)
	}
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Note(w.ctx, r) })
	return err
}

func (w *world) walkIn() error {
	p := w.somePost()
	s, _ := w.meeting(p)
	who := w.attached("Tamu", w.luck.IntN(2) == 0)
	who.Number = "1234"
	r := desk.WalkInRequest{ID: w.id(), Session: s.ID, Direction: models.DirectionIn, Who: who, Desk: "pintu"}
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.WalkIn(w.ctx, r) })
	return err
}

// walkOut lets one of a session's walk-ins go.
func (w *world) walkOut() error {
	p := w.somePost()
	s, _ := w.meeting(p)
	for _, n := range p.desk.Notes(s.ID) {
		if n.Kind == models.EventWalkIn && !n.Left {
			r := desk.WalkInRequest{ID: w.id(), Session: s.ID, Direction: models.DirectionOut, Before: n.Seq, Desk: "pintu"}
			_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.WalkIn(w.ctx, r) })
			return err
		}
	}
	return nil
}

func (w *world) keyIn() error {
	p := w.somePost()
	s, who := w.meeting(p)
	r := desk.KeyInRequest{ID: w.id(), Session: s.ID, Enrollment: who.place, Direction: models.DirectionIn, Written: s.StartsAt, Desk: "kertas"}
	if w.luck.IntN(3) == 0 {
		r.Direction, r.Written = models.DirectionOut, s.EndsAt
	}
	r.Written = r.Written.Add(time.Duration(w.luck.IntN(40)-20) * time.Minute)
	if w.luck.IntN(4) == 0 {
		r.Supervisor, r.Reason = w.stage.supervisors[p.site], "ada di daftar"
	}
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.KeyIn(w.ctx, r) })
	return err
}

// hears brings what the other boxes of a site have in their journals to one of them, as the
// network of the site does: it changes what desks show, and nothing that is recorded.
func (w *world) hears() error {
	p := w.somePost()
	for _, other := range w.posts {
		if other.desk == nil || other.site != p.site || other.id == p.id || other.id == uuid.Nil {
			continue
		}
		head, err := other.st.Head(w.ctx)
		if err != nil {
			return err
		}
		list, err := other.st.Events(w.ctx, head.Epoch, 0, 1000)
		if err != nil {
			return err
		}
		var stored []exchange.Stored
		for _, e := range list {
			stored = append(stored, exchange.Stored{Event: e})
		}
		ahead := models.Millis((other.off - p.off) / time.Millisecond)
		p.desk.Hear(desk.ByNetwork, []exchange.Tail{roster.TailOf(stored, head, ahead)}, exchange.Heard{Agent: other.id, At: p.desk.Now()})
	}
	return nil
}
