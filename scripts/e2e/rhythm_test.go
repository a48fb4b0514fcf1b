package e2e

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	server "buktihadir/server/store"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/uplink"
)

//survives:file A site brings its journal as a file, once a week, for a month | Neither its computer nor the office calls it silent
func TestAMonthOfWeeklyFilesIsCalledSilentAtNeitherEnd(t *testing.T) {
	t.Parallel()
	database.OnBoth(t, func(t *testing.T, cfg server.Config) {
		now := models.MillisOf(time.Now())
		cfg.Now = func() models.Millis { return now }
		l := lineOn(t, cfg)
		p, office := plan.New(l.office), office.Actor{Name: "test"}
		l.ok(p.SetRhythm(t.Context(), office, l.site, models.RhythmWeekly))
		officer, _, err := p.AddOfficer(t.Context(), office, l.site, "Sari", "", true)
		l.ok(err)
		today := models.ZoneWIB.Date(now)
		sessions := l.teachesEveryDay(today, 30)
		box := l.enrol("meja")
		_, err = box.up.Sync(t.Context())
		l.ok(err)

		boot := uuid.New()
		clock := func() desk.Reading { return desk.Reading{Wall: now, Mono: int64(now - l.now + 1e9), Boot: boot} }
		box.up = uplink.New(box.st, &http.Client{Transport: box.wire}, func() (models.Millis, int64, uuid.UUID) {
			r := clock()
			return r.Wall, r.Mono, r.Boot
		}, slog.New(slog.DiscardHandler))
		d, err := desk.Open(t.Context(), box.st, clock, slog.New(slog.DiscardHandler))
		l.ok(err)
		t.Cleanup(d.Close)
		both := func(when string) (desk.Grade, []models.Ailment) {
			t.Helper()
			l.ok(d.Refresh(t.Context()))
			ready, err := d.Readiness(t.Context(), desk.Machine{})
			l.ok(err)
			list, err := l.office.Read(t.Context()).ListAgents(server.AgentFilter{}, server.Slice{Limit: 2})
			l.ok(err)
			silent, err := l.office.Read(t.Context()).ListAgents(server.AgentFilter{Ails: models.AilmentSilent, Now: now}, server.Slice{Limit: 2})
			l.ok(err)
			ails := list.Rows[0].Ailing(now)
			if (silent.Total > 0) != (ready.Grade() == desk.Bad) {
				t.Errorf("%s: the office finds %d silent, the computer is %s: %+v", when, silent.Total, ready.Grade(), ready.Checks)
			}
			return ready.Grade(), ails
		}
		for day, start := range sessions {
			boot = uuid.New() // it was off for the night
			for _, at := range []time.Duration{-2 * time.Hour, time.Minute, 5 * time.Hour, 15 * time.Hour} {
				now = start.Add(at)
				when := fmt.Sprintf("day %d at %s", day+1, now.Time().In(models.ZoneWIB.Location()).Format("15.04"))
				if at < 0 {
					l.ok(d.ConfirmTime(t.Context(), now, officer.ID))
				}
				if at == time.Minute {
					got, err := d.ManualCheckIn(t.Context(), roster.ManualCheckIn{ID: uuid.New(), Enrollment: l.places[0].Enrollment.ID, Reason: "HP mati", Staff: officer.ID})
					if l.ok(err); !got.Verdict.Accepted() {
						t.Fatalf("%s: %+v", when, got)
					}
				}
				if day%7 == 4 && at == time.Minute { // the plan goes on while the file is on its way
					_, _, err := p.AddOfficer(t.Context(), office, l.site, fmt.Sprint("Petugas ", day), "", false)
					l.ok(err)
				}
				if grade, ails := both(when); grade != desk.Good && day+1 < len(sessions) || len(ails) > 0 {
					t.Fatalf("%s: the computer is %s, the office finds %v", when, grade, ails)
				}
			}
			if day%7 == 6 {
				box.take(l.handIn(box.export().File).Reply)
			}
		}
		now = now.Add(9 * 24 * time.Hour) // and two more sessions are never reported
		if grade, ails := both("nine days later"); grade != desk.Bad || len(ails) != 1 || ails[0] != models.AilmentSilent {
			t.Errorf("nine days later the computer is %s, the office finds %v", grade, ails)
		}
	})
}

// teachesEveryDay plans a session at eight on each of so many days from tomorrow on.
func (l *line) teachesEveryDay(today models.LocalDate, days int) (starts []models.Millis) {
	l.t.Helper()
	text := "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n"
	for i := range days {
		date := today.AddDays(i + 1)
		text += fmt.Sprintf("A,K,Kursus,4,LP,Lembaga,T-1,40,%d,%s,08:00,12:00\n", i+2, date)
		starts = append(starts, date.Start(models.ZoneWIB).Add(8*time.Hour))
	}
	_, err := imports.New(l.office).Import(l.t.Context(), office.Actor{Name: "test"},
		imports.File{Kind: imports.KindSchedule, Name: "x.csv", Content: []byte(text), Pilot: &l.class.PilotID}, plan.Apply, nil)
	l.ok(err)
	return starts
}
