package store

import (
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
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
		closed, err := t.closed(s)
		if err != nil {
			return err
		}
		if !closed && !seen[s.ID] {
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
