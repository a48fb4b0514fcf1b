package store_test

import (
	"encoding/binary"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/server/store"
)

func TestACursorMissesNoChangeOfConcurrentWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 16, 25
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		sites := []models.Site{{ID: uuid.New(), Code: "A", Zone: models.ZoneWIB}, {ID: uuid.New(), Code: "B", Zone: models.ZoneWIT}}
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSites(sites) }); err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, writers)
		var wait sync.WaitGroup
		for w := range writers {
			wait.Go(func() {
				for i := range each {
					key := binary.BigEndian.AppendUint32(nil, uint32(w*each+i))
					failed <- st.Write(t.Context(), func(tx *store.Tx) error {
						for _, s := range sites {
							tx.Publish(s.ID, exchange.Item{Kind: exchange.KindRevocation, Key: key, Body: []byte{1}})
						}
						return nil
					})
				}
			})
		}
		done := make(chan error)
		go func() {
			var all error
			for range writers * each {
				all = errors.Join(all, <-failed)
			}
			done <- all
		}()
		seen, cursor := map[string]bool{}, int64(0)
		read := func() {
			var rows []models.FeedItem
			if err := st.DB().Where("site_id = ? AND revision > ?", sites[0].ID, cursor).Find(&rows).Error; err != nil {
				t.Error(err)
			}
			for _, r := range rows {
				seen[string(r.Key)] = true
				cursor = max(cursor, r.Revision)
			}
		}
		for reading := true; reading; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				reading = false
			default:
			}
			read()
		}
		wait.Wait()
		if len(seen) != writers*each || cursor != writers*each {
			t.Errorf("the cursor saw %d changes up to revision %d, want %d", len(seen), cursor, writers*each)
		}
	})
}

func TestAnItemKeepsOneRowWithItsLastRevision(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		site := models.Site{ID: uuid.New(), Code: "A", Zone: models.ZoneWIB}
		officer := models.Officer{ID: uuid.New(), SiteID: site.ID, Name: "Sari", PINHash: "x", Active: true}
		steps := []func(tx *store.Tx) error{
			func(tx *store.Tx) error {
				return errors.Join(tx.SaveSites([]models.Site{site}), tx.SaveOfficer(officer), tx.PublishOfficer(officer))
			},
			func(tx *store.Tx) error { officer.Name = "Sari Utami"; return tx.PublishOfficer(officer) },
			func(tx *store.Tx) error { officer.Active = false; return tx.PublishOfficer(officer) },
		}
		for i, step := range steps {
			if err := st.Write(t.Context(), step); err != nil {
				t.Fatal(err)
			}
			var rows []models.FeedItem
			if err := st.DB().Where("site_id = ?", site.ID).Find(&rows).Error; err != nil {
				t.Fatal(err)
			}
			if len(rows) != 1 || rows[0].Revision != int64(i+1) {
				t.Fatalf("after step %d: %d rows, revision %d; want one row of revision %d", i, len(rows), rows[0].Revision, i+1)
			}
			if gone := rows[0].Body == nil; gone != !officer.Active {
				t.Errorf("after step %d the item is a tombstone: %v", i, gone)
			}
			if !officer.Active {
				continue
			}
			plain, err := st.Vault().Open(rows[0].Body, "feed/"+site.ID.String())
			if err != nil {
				t.Fatal(err)
			}
			body, err := exchange.BodyOf[exchange.Officer](exchange.Item{Body: plain})
			if err != nil || body.Name != officer.Name {
				t.Errorf("after step %d the site hears of %q (%v), want %q", i, body.Name, err, officer.Name)
			}
		}
	})
}
