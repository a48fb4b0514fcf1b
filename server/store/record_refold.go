package store

import (
	"bytes"
	"errors"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// Refold derives attendance anew at sessions whose times may have changed: where
// somebody was seen, or all is told already. Nothing else would, as no event comes.
func (t *Tx) Refold(sessions ...models.Session) error {
	ids := make([]uuid.UUID, len(sessions))
	for i, s := range sessions {
		ids[i] = s.ID
		t.replans(s.ClassID)
	}
	known, err := in[models.Attendance](t.db, "session_id", ids)
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	for _, a := range known {
		seen[a.SessionID] = true
	}
	// Always in the same order, so that two who do this never wait for each other.
	bySite := slices.Clone(sessions)
	slices.SortFunc(bySite, func(a, b models.Session) int { return slices.Compare(a.SiteID[:], b.SiteID[:]) })
	for _, s := range bySite {
		if err := t.lockSite(s.SiteID); err != nil {
			return err
		}
		if err := t.reweighSession(s.ID); err != nil {
			return err
		}
		if !seen[s.ID] && s.EndsAt > t.now {
			continue
		}
		j, err := t.judgedNow(s)
		if err != nil {
			return err
		}
		if (j.stage == attendance.Ongoing || s.Status == models.SessionCancelled) && !seen[s.ID] {
			continue
		}
		people, err := t.expected(s)
		if err != nil {
			return err
		}
		if err := t.foldSession(s.ID, people); err != nil {
			return err
		}
	}
	return nil
}

// RefoldClasses derives the attendance of classes anew.
func (t *Tx) RefoldClasses(classes ...models.Class) error {
	ids := make([]uuid.UUID, len(classes))
	for i, c := range classes {
		ids[i] = c.ID
	}
	sessions, err := t.SessionsOf(ids...)
	if err != nil {
		return err
	}
	return t.Refold(sessions...)
}

// settingRulebook is the version of the rulebook that all results were derived by.
const settingRulebook = "rulebook"

// fillResults derives all results anew after an update that brought another rulebook. Nobody
// is told of what differs only in what it says besides: other systems hear of changes.
func (t *Tx) fillResults() error {
	now := []byte{attendance.Version}
	by, err := one[models.Setting](t.db, "name = ?", settingRulebook)
	if err != nil && !errors.Is(err, ErrNotFound) || err == nil && bytes.Equal(by.Value, now) {
		return err
	}
	sessions, err := all[models.Session](t.db.Where("id IN (?)", t.db.Session(&gorm.Session{NewDB: true}).Model(&models.Attendance{}).Select("session_id")))
	if err != nil {
		return err
	}
	if err := t.Refold(sessions...); err != nil {
		return err
	}
	t.altered = changes{}
	// What was counted went by the rulebook of then: it is counted anew, not moved.
	if clear(t.cells); len(sessions) > 0 {
		if err := t.Recount(); err != nil {
			return err
		}
	}
	return translate(t.db.Save(&models.Setting{Name: settingRulebook, Value: now}).Error)
}
