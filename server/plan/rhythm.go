package plan

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// SetRhythm says how a site brings its journal home, and tells its agents.
func (p *Service) SetRhythm(ctx context.Context, by office.Actor, site uuid.UUID, r models.Rhythm) error {
	if !slices.Contains(models.Rhythms(), r) {
		return office.RefuseField("rhythm", "plan.bad_rhythm")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Site(site)
		if err != nil || s.Rhythm == r {
			return err
		}
		if err := tx.SetRhythm(site, r); err != nil {
			return err
		}
		s.Rhythm = r
		if err := tx.PublishSite(s); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "site.rhythm", Entity: "site", ID: site.String(), Detail: string(r)})
	})
}
