package pilot_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/scripts/e2e"
)

// The whole story, from an empty server to the third week of a pilot.
func TestAPilotOfThreeWeeks(t *testing.T) {
	begun := time.Now()
	lap := func(what string) { t.Logf("%6.1f s  %s", time.Since(begun).Seconds(), what) }
	o := newOffice(t, models.LocalDate("2026-06-04").Start(models.ZoneWIB).Add(9*time.Hour))
	s := &scene{plan: newPlan(t), t: t, o: o, pmo: e2e.OpenBrowser(t, e2e.BrowserOptions{})}
	s.plans()
	lap("planned")
	s.equips()
	lap("equipped")
	s.teaches()
	lap("taught")
	s.joins(s.sites[1], "Joko Susilo")
	reviewer := s.invites()
	lap("a reviewer came")
	s.asks(reviewer)
	lap("answered")
	s.decidesMore(reviewer)
	lap("decided")
}

// decidesMore goes on where the reviewer has looked: a silent site comes back, and what
// the record alone can't know is decided.
func (s *scene) decidesMore(reviewer *e2e.Page) {
	back := s.silent
	s.hearsFrom(reviewer, back)
	s.dismisses()
	c := back.classes[0]
	absent := func(who *person) (n int) {
		for _, f := range who.fates {
			if !f.came {
				n++
			}
		}
		return n
	}
	missed := c.people[slices.IndexFunc(c.people, func(who *person) bool { return absent(who) > 0 })]
	s.corrects(missed, c.sessions[slices.IndexFunc(missed.fates, func(f fate) bool { return !f.came })])
	s.completes(c.people[slices.IndexFunc(c.people, func(who *person) bool { return absent(who) == 0 && who != missed })], s.connects())
	s.agrees(reviewer, c)
	s.transfers(back.classes[4].people[0], s.sites[0].classes[4])
	for _, page := range []*e2e.Page{s.pmo, reviewer} {
		if complaints := page.ConsoleErrors(); len(complaints) > 0 {
			s.t.Errorf("pages complain: %q", complaints)
		}
	}
}

// teaches lives through the days up to the story's end. In the evening the sites call.
func (s *scene) teaches() {
	for i, day := range days() {
		if day == today {
			break
		}
		s.each(func(ctx context.Context, p *post) error {
			return errors.Join(s.half(ctx, p, 2*i), s.half(ctx, p, 2*i+1))
		})
		s.o.goTo(day.Start(models.ZoneWIB).Add(18 * time.Hour))
		s.each(func(ctx context.Context, p *post) error {
			if p.site == s.silent && i >= 4 {
				return nil
			}
			return p.call(ctx, s.o)
		})
	}
	morning := today.Start(models.ZoneWIB)
	s.each(func(ctx context.Context, p *post) error { return s.half(ctx, p, 22) })
	for _, call := range []struct {
		at   time.Duration
		whom func(*post) bool
	}{
		{9*time.Hour + 45*time.Minute, func(p *post) bool { return p.site == s.tardy }},
		{10*time.Hour + 20*time.Minute, func(p *post) bool { return p.site != s.tardy && p.site != s.silent }},
	} {
		s.o.goTo(morning.Add(call.at))
		s.each(func(ctx context.Context, p *post) error {
			switch p.site {
			case s.old:
				p.wire.tell = func(b *exchange.Batch) { b.Version = "0" }
			case s.laden:
				p.wire.tell = func(b *exchange.Batch) { b.Unsent = 40 }
			}
			if !call.whom(p) {
				return nil
			}
			return p.call(ctx, s.o)
		})
	}
	s.o.goTo(s.now())
}

// half is a site's session in one half of a day, if it has one.
func (s *scene) half(ctx context.Context, p *post, slot int) error {
	if p.site == s.skewed {
		p.off = 47 * time.Minute
	}
	for _, c := range p.site.classes {
		for _, x := range c.sessions {
			if x.slot != slot {
				continue
			}
			stranger := s.sites[(p.site.n+7)%len(s.sites)].classes[0].people[slot]
			claimed := s.claimed[0].class.sessions[1]
			if p.site == s.sites[s.claimed[0].class.site.n+1] && slot == claimed.slot {
				if err := p.claim(ctx, claimed, s.claimed); err != nil {
					return err
				}
			}
			return p.teach(ctx, x, stranger)
		}
	}
	return nil
}

// each does something at every site, at several at a time.
func (s *scene) each(do func(context.Context, *post) error) {
	s.t.Helper()
	var wait sync.WaitGroup
	turn := make(chan struct{}, 4)
	errs := make([]error, len(s.posts))
	for i, p := range s.posts {
		wait.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			errs[i] = do(s.t.Context(), p)
		})
	}
	wait.Wait()
	s.o.ok(errors.Join(errs...))
}
