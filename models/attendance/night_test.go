package attendance

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// 20.00 to 00.30 on the last day of a month.
func TestANightIsOneSessionOfTheDayThatItStartsOn(t *testing.T) {
	t.Parallel()
	for _, zone := range models.Zones() {
		evening := models.LocalDate("2026-11-30").Start(zone).Add(20 * time.Hour)
		s := Session{ID: uuid.New(), Start: evening, End: evening.Add(4*time.Hour + 30*time.Minute)}
		known := Known{Class: &Class{ID: uuid.New(), Zone: zone, Phase: models.PhaseRunning, Policy: models.DefaultPolicy()}, Sessions: []Session{s},
			Enrollment: &Enrollment{ID: uuid.New()}}
		came := History{s.ID: {{At: evening, Direction: models.DirectionIn}}}
		for _, x := range []struct {
			name string
			past History
			at   time.Duration // since its start
			want models.Verdict
		}{
			{"before the window", nil, -2 * time.Hour, models.VerdictTooEarly},
			{"at its start", nil, 0, models.VerdictAcceptedIn},
			{"leaving after midnight", came, 4*time.Hour + 29*time.Minute, models.VerdictAcceptedOut},
			{"coming when it is over", nil, 7 * time.Hour, models.VerdictClosed},
			{"the day after", nil, 30 * time.Hour, models.VerdictNoSession},
		} {
			if d := Judge(Scan{Manual: true, Direction: models.DirectionAuto}, known, x.past, evening.Add(x.at)); d.Verdict != x.want {
				t.Errorf("%s, %s: %s, want %s", zone, x.name, d.Verdict, x.want)
			}
		}
		for day, want := range map[models.LocalDate]bool{"2026-11-29": false, "2026-11-30": true, "2026-12-01": true, "2026-12-02": false} {
			if s.On(day, zone) != want {
				t.Errorf("%s: of %s is %t", zone, day, !want)
			}
		}
		if s.End = models.LocalDate("2026-12-01").Start(zone); s.On("2026-12-01", zone) {
			t.Errorf("%s: what ends at midnight is of the next day", zone)
		}
	}
}
