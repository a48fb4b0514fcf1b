package plan

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// OpenFeed makes an address under which a schedule can be read. Where there was
// one, it is over from now on: the new one is another.
func (p *Service) OpenFeed(ctx context.Context, by office.Actor, kind models.FeedKind, subject uuid.UUID) error {
	return p.subscribe(ctx, by, kind, subject, "feed_address.open", func(s *models.Feed, _ models.Millis) error {
		s.Version, s.RevokedAt, s.LastRead, s.Author = s.Version+1, 0, 0, by.Name
		return nil
	})
}

// RevokeFeed ends the address of a schedule.
func (p *Service) RevokeFeed(ctx context.Context, by office.Actor, kind models.FeedKind, subject uuid.UUID) error {
	return p.subscribe(ctx, by, kind, subject, "feed_address.revoke", func(s *models.Feed, now models.Millis) error {
		if s.Version == 0 || s.RevokedAt != 0 {
			return office.Refuse("feed_address.none")
		}
		s.RevokedAt = now
		return nil
	})
}

// subscribe changes an address. Entries outside the actor's scope are not found.
func (p *Service) subscribe(ctx context.Context, by office.Actor, kind models.FeedKind, subject uuid.UUID, action string,
	change func(s *models.Feed, now models.Millis) error) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		found, err := tx.ListSubjects(kind, store.SubjectFilter{Provider: by.Provider, Subject: subject}, store.Slice{Limit: 1})
		if errors.Is(err, store.ErrKind) || err == nil && len(found.Rows) == 0 {
			return store.ErrNotFound
		}
		if err != nil {
			return err
		}
		s, err := tx.Feed(kind, subject)
		if errors.Is(err, store.ErrNotFound) {
			s = models.Feed{Kind: kind, SubjectID: subject}
			s.ID, err = store.NewID()
		}
		if err != nil {
			return err
		}
		if err := change(&s, tx.Now()); err != nil {
			return err
		}
		if err := tx.SaveFeed(s); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: action, Entity: string(kind), ID: subject.String(), Detail: found.Rows[0].Code})
	})
}

// FeedRead notes that a calendar program has read an address.
func (p *Service) FeedRead(ctx context.Context, feed uuid.UUID) error {
	return p.st.Write(ctx, func(tx *store.Tx) error { return tx.ReadFeed(feed) })
}
