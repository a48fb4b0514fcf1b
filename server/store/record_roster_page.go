package store

import (
	"bytes"
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// pageRows is about how many items a page of the roster has: a page ends where a
// revision ends, whatever its length.
const pageRows = 1000

// RosterPage reads what changed for a site after a cursor. A cursor of another
// scope starts over.
func (t *Tx) RosterPage(site uuid.UUID, since uint64, scope []byte) (exchange.RosterPage, error) {
	own, err := t.scope(site)
	if err != nil {
		return exchange.RosterPage{}, err
	}
	p := exchange.RosterPage{Protocol: exchange.Protocol, Scope: own, From: since, Now: t.now}
	if since == 0 || !bytes.Equal(scope, own) {
		p.From, p.Reset = 0, true
	}
	// Writers number their items under this row's lock: while it is shared, what is
	// read below is the site at one revision, and the digest is of that one.
	feed, err := one[models.SiteFeed](t.db.Clauses(clause.Locking{Strength: "SHARE"}), "site_id = ?", site)
	if errors.Is(err, ErrNotFound) {
		p.Digest = &exchange.Digest{}
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Latest = uint64(feed.Revision)                           //nolint:gosec // counts from 1
	rows, err := t.changes(site, int64(p.From), feed.Revision) //nolint:gosec // counts from 1
	if err != nil {
		return p, err
	}
	p.To = p.Latest
	if len(rows) > 0 && rows[len(rows)-1].Revision < feed.Revision {
		p.To = uint64(rows[len(rows)-1].Revision) //nolint:gosec // counts from 1
	}
	for _, r := range rows {
		if r.Body == nil && p.Reset {
			continue // nothing to forget
		}
		it, err := t.item(r)
		if err != nil {
			return p, err
		}
		p.Items = append(p.Items, it)
	}
	if p.To == p.Latest {
		p.Digest, err = t.digest(site)
	}
	return p, err
}

// changes reads whole revisions: about pageRows rows, or one revision.
func (t *Tx) changes(site uuid.UUID, after, until int64) ([]models.FeedItem, error) {
	query := t.db.Where("site_id = ? AND revision > ? AND revision <= ?", site, after, until).Order("revision, kind, key")
	rows, err := all[models.FeedItem](query.Limit(pageRows + 1))
	if err != nil || len(rows) <= pageRows {
		return rows, err
	}
	cut := rows[pageRows].Revision
	whole := rows[:0:0]
	for _, r := range rows {
		if r.Revision < cut {
			whole = append(whole, r)
		}
	}
	if len(whole) > 0 {
		return whole, nil
	}
	return all[models.FeedItem](t.db.Where("site_id = ? AND revision = ?", site, cut).Order("revision, kind, key"))
}

func (t *Tx) item(r models.FeedItem) (exchange.Item, error) {
	it := exchange.Item{Kind: exchange.ItemKind(r.Kind), Key: r.Key}
	if r.Body == nil {
		return it, nil
	}
	var err error
	it.Body, err = t.vault.Open(r.Body, feedScope(r.SiteID))
	return it, err
}

// digest opens every item that is alive at a site: a few milliseconds for a
// thousand people, paid once a pull.
func (t *Tx) digest(site uuid.UUID) (*exchange.Digest, error) {
	rows, err := all[models.FeedItem](t.db.Where("site_id = ? AND body IS NOT NULL", site))
	if err != nil {
		return nil, err
	}
	var d exchange.Digest
	for _, r := range rows {
		it, err := t.item(r)
		if err != nil {
			return nil, err
		}
		d.Add(it)
	}
	return &d, nil
}
