package store

import (
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

type pendingItem struct {
	site uuid.UUID
	item exchange.Item
}

// Publish announces that agents of a site must know an item from now on, or,
// where the item has no body, must forget it. Items are numbered when the
// transaction ends: then each touched site's counter row is locked, so that
// revisions are handed out in the order of commits.
func (t *Tx) Publish(site uuid.UUID, item exchange.Item) {
	t.pending[fmt.Sprintf("%s/%d/%x", site, item.Kind, item.Key)] = pendingItem{site, item}
}

// revisionItems is how many items one revision has at most: a page holds whole
// revisions, and a message no more than 16,384 items.
const revisionItems = 10_000

func (t *Tx) flushFeed() error {
	bySite := map[uuid.UUID][]models.FeedItem{}
	for _, key := range slices.Sorted(maps.Keys(t.pending)) {
		p := t.pending[key]
		row := models.FeedItem{SiteID: p.site, Kind: uint8(p.item.Kind), Key: p.item.Key}
		if !p.item.Gone() {
			var err error
			if row.Body, err = t.vault.Seal(p.item.Body, feedScope(p.site)); err != nil {
				return err
			}
		}
		bySite[p.site] = append(bySite[p.site], row)
	}
	sites := slices.SortedFunc(maps.Keys(bySite), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for _, site := range sites {
		rows := bySite[site]
		parts := int64((len(rows) + revisionItems - 1) / revisionItems)
		feed := models.SiteFeed{SiteID: site, Revision: parts}
		err := t.db.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "site_id"}},
			DoUpdates: clause.Assignments(map[string]any{"revision": gorm.Expr("site_feeds.revision + ?", parts)}),
		}, clause.Returning{}).Create(&feed).Error
		if err != nil {
			return fmt.Errorf("number the roster of site %s: %w", site, err)
		}
		for i := range rows {
			rows[i].Revision = feed.Revision - parts + 1 + int64(i/revisionItems)
		}
		err = t.db.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "site_id"}, {Name: "kind"}, {Name: "key"}},
			DoUpdates: clause.AssignmentColumns([]string{"revision", "body"}),
		}).CreateInBatches(rows, 500).Error
		if err != nil {
			return fmt.Errorf("publish to site %s: %w", site, err)
		}
	}
	return nil
}

func feedScope(site uuid.UUID) string { return "feed/" + site.String() }
