package store

import (
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
)

// NewID makes an identifier that sorts by time (UUIDv7, RFC 9562).
func NewID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, fmt.Errorf("make an id: %w", err)
	}
	return id, nil
}

// Record adds what was done to the history, in the transaction that does it.
func (t *Tx) Record(h models.HistoryEntry) error {
	id, err := NewID()
	if err != nil {
		return err
	}
	h.ID, h.At = id, t.now
	return translate(t.db.Create(&h).Error)
}

// HistoryFilter narrows the history.
type HistoryFilter struct {
	Entity, EntityID string        // of one thing; "" for all
	Actor            string        // part of a name
	From, To         models.Millis // from when on, and before when; 0: any
}

// ListHistory lists what was done, the newest first.
func (q Queries) ListHistory(f HistoryFilter, s Slice) (Listed[models.HistoryEntry], error) {
	db := q.db.Table("history_entries h")
	if f.Entity != "" {
		db = db.Where("h.entity = ?", f.Entity)
	}
	if f.EntityID != "" {
		db = db.Where("h.entity_id = ?", f.EntityID)
	}
	if f.Actor != "" {
		db = db.Where(`LOWER(h.actor) LIKE ? ESCAPE '\'`, containing(f.Actor))
	}
	if f.From != 0 {
		db = db.Where("h.at >= ?", f.From)
	}
	if f.To != 0 {
		db = db.Where("h.at < ?", f.To)
	}
	return listed[models.HistoryEntry](db, "h.*", "h.at DESC, h.id DESC", s)
}
