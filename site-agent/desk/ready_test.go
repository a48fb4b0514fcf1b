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
	afterTomorrow := func(s *sample.Site) { later(s); later(s) }
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
		{"heard from in the morning", later, fine, true, 20 * time.Hour, desk.NeedRhythm, desk.Good, desk.Good},
		{"silent for a day before a session", afterTomorrow, fine, true, 30 * time.Hour, desk.NeedRhythm, desk.Bad, desk.Bad},
		{"silent, and the next session is far away", afterTomorrow, fine, true, 20 * time.Hour, desk.NeedRhythm, desk.Good, desk.Good},
		{"silent before a session, where files come every week", and(func(s *sample.Site) {
			afterTomorrow(s)
			s.Rhythm = models.RhythmWeekly
		}), fine, true, 60 * time.Hour, desk.NeedRhythm, desk.Good, desk.Good},
		{"no file for ten days after a session", and(func(s *sample.Site) { s.Rhythm = models.RhythmWeekly }), fine, true, 10 * 24 * time.Hour,
			desk.NeedRhythm, desk.Bad, desk.Bad},
		{"an old roster, and all sessions are over", func(*sample.Site) {}, fine, true, 23 * time.Hour, desk.NeedRoster, desk.Good, desk.Good},
		{"nobody knows the time", later, fine, false, 0, desk.NeedClock, desk.Warn, desk.Warn},
		{"the disk gets full", later, low(500 << 20), true, 0, desk.NeedDisk, desk.Warn, desk.Warn},
		{"the disk is full", later, low(50 << 20), true, 0, desk.NeedDisk, desk.Bad, desk.Bad},
		{"the battery is half full", later, battery(50), true, 0, desk.NeedPower, desk.Warn, desk.Warn},
		{"the battery is empty", later, battery(5), true, 0, desk.NeedPower, desk.Warn, desk.Warn},
		{"somebody has no ticket", and(func(s *sample.Site) { s.People[0].Body.Ticket = nil }), fine, true, 0, desk.NeedSessions, desk.Warn, desk.Warn},
		{"the pilot is not open", and(func(s *sample.Site) {
			s.Classes[0].Body.Phase = models.PhasePreparing
		}), fine, true, 0, desk.NeedSessions, desk.Bad, desk.Bad},
		{"the class has no secret", and(func(s *sample.Site) { s.Classes[0].Body.Secret = nil }), fine, true, 0, desk.NeedKeys, desk.Bad, desk.Bad},
		{"a class of a later day has no secret", func(s *sample.Site) {
			s.Classes = append(s.Classes, s.Classes[0])
			later(s)
			last := &s.Classes[1]
			last.ID, last.Session, last.Body.Secret, last.Body.Ref = uuid.New(), uuid.New(), nil, models.Ref{9}
			last.Start, last.End = last.Start.Add(tomorrow), last.End.Add(tomorrow)
		}, fine, true, 0, desk.NeedKeys, desk.Warn, desk.Warn},
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
