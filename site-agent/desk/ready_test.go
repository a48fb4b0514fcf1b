package desk_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
)

func TestADeskIsReadyOnlyIfEverythingItNeedsIsThere(t *testing.T) {
	const tomorrow = 24 * time.Hour
	later := func(s *sample.Site) {
		for i := range s.Classes {
			s.Classes[i].Start, s.Classes[i].End = s.Classes[i].Start.Add(tomorrow), s.Classes[i].End.Add(tomorrow)
		}
	}
	and := func(f func(*sample.Site)) func(*sample.Site) {
		return func(s *sample.Site) { later(s); f(s) }
	}
	fine := desk.Machine{Disk: models.Disk{Free: 20 << 30, Total: 60 << 30}, Battery: desk.Battery{Known: true, Plugged: true, Percent: 90}, Phones: 1}
	low := func(free int64) desk.Machine { m := fine; m.Disk.Free = free; return m }
	battery := func(percent int) desk.Machine {
		m := fine
		m.Battery = desk.Battery{Known: true, Percent: percent}
		return m
	}
	for _, tc := range []struct {
		name  string
		plan  func(*sample.Site)
		on    desk.Machine
		met   bool
		pass  time.Duration
		need  desk.Need
		grade desk.Grade
		light desk.Grade
	}{
		{"all is there", later, fine, true, 0, desk.NeedRoster, desk.Good, desk.Good},
		{"the machine says nothing of itself", later, desk.Machine{}, true, 0, desk.NeedDisk, desk.Unknown, desk.Good},
		{"the roster is a day old", later, fine, true, 25 * time.Hour, desk.NeedRoster, desk.Warn, desk.Warn},
		{"the roster is four days old", later, fine, true, 96 * time.Hour, desk.NeedRoster, desk.Bad, desk.Bad},
		{"nobody knows the time", later, fine, false, 0, desk.NeedClock, desk.Bad, desk.Bad},
		{"the disk gets full", later, low(500 << 20), true, 0, desk.NeedDisk, desk.Warn, desk.Warn},
		{"the disk is full", later, low(50 << 20), true, 0, desk.NeedDisk, desk.Bad, desk.Bad},
		{"the battery is half full", later, battery(50), true, 0, desk.NeedPower, desk.Warn, desk.Warn},
		{"the battery is empty", later, battery(5), true, 0, desk.NeedPower, desk.Bad, desk.Bad},
		{"somebody has no ticket", and(func(s *sample.Site) { s.People[0].Body.Ticket = nil }), fine, true, 0, desk.NeedSessions, desk.Warn, desk.Warn},
		{"the pilot is not open", and(func(s *sample.Site) {
			s.Classes[0].Body.Phase = models.PhasePreparing
		}), fine, true, 0, desk.NeedSessions, desk.Bad, desk.Bad},
		{"the class has no secret", and(func(s *sample.Site) { s.Classes[0].Body.Secret = nil }), fine, true, 0, desk.NeedKeys, desk.Bad, desk.Bad},
		{"there are no sessions any more", func(*sample.Site) {}, fine, true, time.Hour, desk.NeedSessions, desk.Unknown, desk.Good},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPlace(t, 3, tc.plan)
			if tc.met {
				at := p.clock()
				if err := p.store.NoteContact(t.Context(), store.Contact{Boot: uuid.Max, Mono: at.Mono, Wall: at.Wall, Server: at.Wall}); err != nil {
					t.Fatal(err)
				}
			}
			p.now.Add(tc.pass.Milliseconds() + 10_000)
			if err := p.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := p.Readiness(t.Context(), tc.on)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Checks {
				if c.Need == tc.need && c.Grade != tc.grade {
					t.Errorf("%s is %s, want %s: %+v", c.Need, c.Grade, tc.grade, c)
				}
			}
			if r.Grade() != tc.light {
				t.Errorf("the light is %s, want %s: %+v", r.Grade(), tc.light, r.Checks)
			}
		})
	}
}

func TestTheNextDayIsTheFirstWithSessionsStillToCome(t *testing.T) {
	p := newPlace(t, 100, func(s *sample.Site) { // three classes: today, and two the day after tomorrow
		for i := range s.Classes[1:] {
			c := &s.Classes[i+1]
			c.Start, c.End = c.Start.Add(48*time.Hour), c.End.Add(48*time.Hour)
		}
	})
	p.now.Add(time.Hour.Milliseconds())
	r, err := p.Readiness(t.Context(), desk.Machine{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Checks {
		if c.Need == desk.NeedSessions && (c.Of != 60 || c.Count != 60 || c.At != p.site.Classes[1].Start) {
			t.Errorf("next day: %d of %d at %d, want 60 of 60 at %d", c.Count, c.Of, c.At, p.site.Classes[1].Start)
		}
	}
}
