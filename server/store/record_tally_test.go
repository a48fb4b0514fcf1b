package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// tallies are all counts but those that are zero.
func (c *class) tallies() map[models.TallyKey]int64 {
	c.t.Helper()
	var rows []models.Tally
	c.ok(c.st.DB().Where("count <> 0").Find(&rows).Error)
	out := map[models.TallyKey]int64{}
	for _, r := range rows {
		out[r.TallyKey] = r.Count
	}
	return out
}

// Whatever is reported, corrected, moved or renamed, in any order: what is kept is
// what counting everything anew would give.
func TestTheTalliesAreWhatCountingAnewGives(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		desks := twoDesks(c)
		rapid.Check(t, func(r *rapid.T) {
			c.forgetEvents()
			c.ok(c.st.DB().Exec("DELETE FROM corrections").Error)
			for range rapid.IntRange(1, 6).Draw(r, "steps") {
				c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return c.change(r, tx) }))
				if d := desks[rapid.IntRange(0, 1).Draw(r, "desk")]; rapid.Bool().Draw(r, "reports") {
					d.tell()
				}
			}
			kept := c.tallies()
			c.ok(c.st.Write(t.Context(), (*store.Tx).Recount))
			if diff := cmp.Diff(c.tallies(), kept); diff != "" {
				r.Fatalf("counted anew (-) and kept (+) differ:\n%s", diff)
			}
		})
	})
}

// change does one of the things that move what is counted.
func (c *class) change(r *rapid.T, tx *store.Tx) error {
	place := c.places[rapid.IntRange(0, len(c.places)-1).Draw(r, "who")]
	switch rapid.IntRange(0, 4).Draw(r, "what") {
	case 0:
		status := rapid.SampledFrom([]models.AttendanceStatus{models.StatusPresent, models.StatusSick, models.StatusAbsent}).Draw(r, "status")
		return tx.Correct(models.Correction{SessionID: c.session.ID, EnrollmentID: place.Enrollment.ID, Status: status, Reason: "surat"})
	case 1:
		p, err := tx.Participant(*place.Enrollment.ParticipantID)
		if err != nil {
			return err
		}
		p.Sex = rapid.SampledFrom([]models.Sex{models.SexFemale, models.SexMale, ""}).Draw(r, "sex")
		p.Wave = rapid.IntRange(0, 2).Draw(r, "wave")
		return tx.SaveParticipants([]models.Participant{p})
	case 2:
		s, err := tx.Session(c.session.ID)
		if err != nil {
			return err
		}
		days := models.Millis(rapid.IntRange(-2, 2).Draw(r, "days")) * 24 * 3600 * 1000
		s.StartsAt, s.EndsAt = c.session.StartsAt+days, c.session.EndsAt+days
		if err := tx.SaveSessions([]models.Session{s}); err != nil {
			return err
		}
		return tx.Refold(s)
	case 3:
		s, err := tx.Session(c.session.ID)
		if err != nil {
			return err
		}
		s.Status = rapid.SampledFrom([]models.SessionStatus{models.SessionPlanned, models.SessionCancelled}).Draw(r, "session")
		if err := tx.SaveSessions([]models.Session{s}); err != nil {
			return err
		}
		return tx.Refold(s)
	default:
		e := place.Enrollment
		e.Status = rapid.SampledFrom([]models.EnrollmentStatus{models.EnrollmentActive, models.EnrollmentCancelled}).Draw(r, "place")
		return tx.SaveEnrollments([]models.Enrollment{e})
	}
}

func TestWhoIsCountedAndHow(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		for _, d := range twoDesks(c) {
			d.tell()
		}
		have := c.tallies()
		all := models.TallyKey{Dim: models.ByAll}
		sum := func(day models.LocalDate) (n int64) {
			for _, s := range models.AttendanceStatuses() {
				k := all
				k.Day, k.Measure = day, models.Measure(s)
				n += have[k]
			}
			return n
		}
		if sum("") != 3 || sum(models.ZoneWIB.Date(c.session.StartsAt)) != 3 {
			t.Errorf("%d attendances are counted, %d of the session's day, want 3: %v", sum(""), sum(models.ZoneWIB.Date(c.session.StartsAt)), have)
		}
	})
}
