package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

// step is one thing that may happen.
type step struct {
	name   string
	weight int
	take   func(*world) error
}

func steps() []step {
	return slices.Concat(deskSteps(), noteSteps(), lineSteps(), officeSteps())
}

// deck holds every step as often as it weighs.
func deck() []step {
	var out []step
	for _, s := range steps() {
		for range s.weight {
			out = append(out, s)
		}
	}
	return out
}

func deskSteps() []step {
	return []step{
		{"time passes", 16, (*world).wait},
		{"the next session comes near", 6, (*world).skip},
		{"somebody scans", 30, func(w *world) error { return w.scan(models.DirectionAuto) }},
		{"somebody leaves", 6, func(w *world) error { return w.scan(models.DirectionOut) }},
		{"the same code is scanned twice", 4, (*world).scanTwice},
		{"a ticket for another site is scanned", 2, (*world).scanStranger},
		{"something else than a ticket is scanned", 3, (*world).scanNoise},
		{"a rush at the door", 3, (*world).rush},
		{"somebody is checked in by hand", 4, (*world).byHand},
		{"a supervisor overrides", 4, (*world).override},
		{"an event is voided", 4, (*world).void},
		{"a phone goes on alone", 4, (*world).goesAlone},
		{"a phone finds its desk again", 4, (*world).findsDesk},
		{"the power fails during a scan", 4, (*world).crashInScan},
		{"a machine starts again", 3, (*world).reboots},
		{"a clock is set", 2, (*world).setClock},
		{"staff say what time it is", 2, (*world).sayTime},
		{"a disk is full for a while", 2, (*world).fullDisk},
		{"a disk is copied away", 2, (*world).copyDisk},
		{"an older disk is put back", 2, (*world).restoreDisk},
		{"a disk is cloned into a second machine", 1, (*world).cloneDisk},
	}
}

// somePost is one with a desk.
func (w *world) somePost() *post {
	var open []*post
	for _, p := range w.posts {
		if p.desk != nil {
			open = append(open, p)
		}
	}
	return open[w.luck.IntN(len(open))]
}

func (w *world) siteOf(c *stageClass) int { return w.siteAt(c.SiteID) }

func (w *world) siteAt(id uuid.UUID) int {
	return slices.IndexFunc(w.stage.sites, func(s models.Site) bool { return s.ID == id })
}

// somebody is a person of a class at the site, or at another one.
func (w *world) somebody(here func(site int) bool) (*stageClass, *person) {
	var classes []*stageClass
	for _, c := range w.classes {
		if here(w.siteOf(c)) {
			classes = append(classes, c)
		}
	}
	if len(classes) == 0 { // no class is there any more
		classes = w.classes
	}
	c := classes[w.luck.IntN(len(classes))]
	return c, c.people[w.luck.IntN(len(c.people))]
}

func (w *world) wait() error {
	w.now = w.now.Add(time.Duration(1+w.luck.IntN(20*60)) * time.Second)
	return nil
}

// skip goes to about when the next session begins or ends.
func (w *world) skip() error {
	var next models.Millis
	for _, c := range w.classes {
		for _, s := range c.sessions {
			for _, at := range []models.Millis{s.StartsAt, s.EndsAt} {
				if at > w.now.Add(hour/2) && (next == 0 || at < next) {
					next = at
				}
			}
		}
	}
	if next != 0 {
		w.now = next.Add(time.Duration(w.luck.IntN(45)-25) * time.Minute)
	}
	return nil
}

// request is a scan of one of a person's tickets, mostly the newest.
func (w *world) request(who *person, way models.Direction) roster.ScanRequest {
	t := who.tickets[len(who.tickets)-1]
	if w.luck.IntN(8) == 0 {
		t = who.tickets[w.luck.IntN(len(who.tickets))]
	}
	return roster.ScanRequest{ID: w.id(), Code: t.Token, Method: models.MethodCamera, Direction: way, Desk: "pintu"}
}

// id is what a client makes for its request.
func (w *world) id() uuid.UUID {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(w.luck.UintN(256))
	}
	return id
}

func (w *world) scan(way models.Direction) error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site == p.site })
	return w.scanAs(p, who, way)
}

// scanAs scans, and shows the ID card where it is asked for.
func (w *world) scanAs(p *post, who *person, way models.Direction) error {
	r := w.request(who, way)
	o, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Scan(w.ctx, r) })
	if err != nil || o.Spot != models.SpotAsked {
		return err
	}
	r.ID, r.Digits = w.id(), who.nik4
	if w.luck.IntN(5) == 0 {
		r.Digits = "0000"
	}
	_, err = w.answered(p, func() (roster.Outcome, error) { return p.desk.Scan(w.ctx, r) })
	return err
}

// answered notes what a desk showed. A request that the desk refuses to record is not an
// event.
func (w *world) answered(p *post, ask func() (roster.Outcome, error)) (roster.Outcome, error) {
	w.now = w.now.Add(time.Duration(w.luck.IntN(3000)) * time.Millisecond)
	o, err := ask()
	for _, known := range []error{desk.ErrUnknownPerson, desk.ErrNotOverridable, desk.ErrNotSupervisor, desk.ErrNoSession,
		desk.ErrNothingToVoid, desk.ErrImpossibleTime} {
		if errors.Is(err, known) {
			w.note("  %s: %v", p.name, err)
			return o, nil
		}
	}
	if err != nil {
		return o, fmt.Errorf("%s: %w", p.name, err)
	}
	w.note("  %s: event %d %s %q by its clock %s", p.name, o.Seq, o.Kind, o.Verdict, o.Occurred.Time().Format("2 Jan 15:04:05"))
	if !o.Verdict.Accepted() {
		return o, nil
	}
	events, err := p.st.Events(w.ctx, p.epoch, o.Seq-1, 1)
	if err != nil || len(events) == 0 {
		w.fail("%s showed green for event %d and has none (%v)", p.name, o.Seq, err)
		return o, nil
	}
	what, err := content(events[0])
	if _, known := w.greens[what]; !known {
		w.greens[what] = green{p.name, o.Verdict, w.now}
	}
	return o, err
}

// scanTwice is a client that got no answer and asks again: it is one event.
func (w *world) scanTwice() error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site == p.site })
	r := w.request(who, models.DirectionAuto)
	scan := func() (roster.Outcome, error) { return p.desk.Scan(w.ctx, r) }
	first, err := w.answered(p, scan)
	if err != nil {
		return err
	}
	if w.luck.IntN(2) == 0 {
		if err := p.restart(w.ctx); err != nil {
			return err
		}
	}
	second, err := w.answered(p, scan)
	if err == nil && first.Seq != second.Seq {
		w.fail("one request became event %d and event %d of %s", first.Seq, second.Seq, p.name)
	}
	return err
}

func (w *world) scanStranger() error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site != p.site })
	return w.scanAs(p, who, models.DirectionAuto)
}

func (w *world) scanNoise() error {
	p := w.somePost()
	_, who := w.somebody(func(int) bool { return true })
	r := w.request(who, models.DirectionAuto)
	code := []byte(r.Code)
	if w.luck.IntN(2) == 0 {
		code = make([]byte, w.luck.IntN(400))
	}
	for range 1 + len(code)/3 {
		if len(code) > 0 {
			code[w.luck.IntN(len(code))] = byte(w.luck.UintN(256))
		}
	}
	r.Code = string(code)
	o, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Scan(w.ctx, r) })
	if o.Verdict.Accepted() {
		w.fail("%s showed green for %q", p.name, r.Code)
	}
	return err
}

func (w *world) rush() error {
	p := w.somePost()
	for range 3 + w.luck.IntN(5) {
		_, who := w.somebody(func(site int) bool { return site == p.site })
		if err := w.scanAs(p, who, models.DirectionAuto); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) byHand() error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site == p.site })
	way := []models.Direction{models.DirectionAuto, models.DirectionIn, models.DirectionOut}[w.luck.IntN(3)]
	r := roster.ManualCheckIn{ID: w.id(), Enrollment: who.place, Direction: way, Reason: "lupa tiket", Desk: "pintu"}
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.ManualCheckIn(w.ctx, r) })
	return err
}

func (w *world) override() error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site == p.site })
	r := desk.OverrideRequest{ScanRequest: w.request(who, models.DirectionAuto), Reason: "dikenal", Supervisor: w.stage.supervisors[p.site]}
	if w.luck.IntN(3) == 0 {
		r.Direction = models.DirectionOut
	}
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Override(w.ctx, r) })
	return err
}

func (w *world) void() error {
	p := w.somePost()
	head, err := p.st.Head(w.ctx)
	if err != nil || head.Seq == 0 {
		return err
	}
	r := desk.VoidRequest{ID: w.id(), Seq: 1 + w.luck.Uint64N(head.Seq), Reason: "salah orang", Desk: "pintu"}
	_, err = w.answered(p, func() (roster.Outcome, error) { return p.desk.Void(w.ctx, r) })
	return err
}

// crashInScan cuts the power before the commit, or after it and before anybody
// saw the answer; the client asks again.
func (w *world) crashInScan() error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site == p.site })
	r := w.request(who, models.DirectionAuto)
	kept := w.luck.IntN(2)
	p.power.cutAfter(kept)
	first, err := p.desk.Scan(w.ctx, r)
	switch {
	case kept == 0 && err == nil:
		w.fail("%s showed an answer to what was never committed", p.name)
	case kept == 1 && err != nil:
		return err
	}
	p.power.cut()
	if err := w.settle(p); err != nil {
		return err
	}
	again, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Scan(w.ctx, r) })
	if err == nil && kept == 1 && again.Seq != first.Seq {
		w.fail("%s: a scan whose answer was lost became event %d and event %d", p.name, first.Seq, again.Seq)
	}
	return err
}

// settle starts a machine again whose power has failed.
func (w *world) settle(p *post) error {
	if !p.power.isOff() {
		return nil
	}
	w.note("  %s starts again after a power cut", p.name)
	p.reboot(p.off)
	return p.restart(w.ctx)
}

// clockError is how far a machine's clock may be off.
func (w *world) clockError() time.Duration {
	switch w.luck.IntN(6) {
	case 0:
		return -w.now.Time().Sub(time.Unix(int64(w.luck.IntN(3600)), 0)) // it woke up in 1970
	case 1:
		return 24 * hour
	case 2:
		return time.Duration(w.luck.IntN(600)-300) * time.Second
	default:
		return 0
	}
}

func (w *world) reboots() error {
	p := w.somePost()
	p.reboot(w.clockError())
	w.note("  %s is off by %s now", p.name, p.off)
	return p.restart(w.ctx)
}

func (w *world) setClock() error {
	p := w.somePost()
	p.off = w.clockError()
	w.note("  %s is off by %s now", p.name, p.off)
	return nil
}

// sayTime is what staff read off a watch, which may be wrong.
func (w *world) sayTime() error {
	p := w.somePost()
	at := w.now
	if w.luck.IntN(4) == 0 {
		at = at.Add(time.Duration(w.luck.IntN(7200)-3600) * time.Second)
	}
	w.note("  at %s: %s, wrong by %s", p.name, at.Time().Format("15:04:05"), time.Duration(at-w.now)*time.Millisecond)
	p.said.boot, p.said.off = p.boot, at.Sub(w.now)
	return p.desk.ConfirmTime(w.ctx, at, w.stage.supervisors[p.site])
}
