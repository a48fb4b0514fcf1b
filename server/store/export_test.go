package store

import (
	"fmt"

	"gorm.io/gorm"

	"buktihadir/models"
)

// DB lets tests look at the tables themselves.
func (s *Store) DB() *gorm.DB { return s.write }

// LogEntities are the rows of the log's tables.
func LogEntities() []any { return []any{logState{}, logRecord{}, logTile{}, logHead{}} }

// Unguard removes the guards of the record, as the owner of the database can.
func (s *Store) Unguard() error {
	for _, table := range []string{"scan_events", "corrections", "case_decisions", "stray_batches", "documents"} {
		for _, what := range []string{"change", "shrink", "exchange"} {
			drop := fmt.Sprintf("DROP TRIGGER IF EXISTS %s_never_%s", table, what)
			if s.write.Name() == "postgres" {
				drop += " ON " + table
			}
			if err := s.write.Exec(drop).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// MigrationIDs are the migrations of a database, in the order in which they run.
func MigrationIDs(database string) (ids []string, err error) {
	all, err := migrations(database)
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	return ids, err
}

// OpenViews counts the connections that views hold.
func (s *Store) OpenViews() int {
	db, err := s.views.DB()
	if err != nil {
		return -1
	}
	return db.Stats().InUse
}

// AddHistory and EachHistory write and stream as many rows as a test likes.
func (t *Tx) AddHistory(rows []models.HistoryEntry) error {
	return t.db.CreateInBatches(rows, chunk).Error
}

// EachHistory streams them in the order of time.
func (q Queries) EachHistory(f func(models.HistoryEntry) error) error {
	return each(q.db.Model(&models.HistoryEntry{}).Order("at"), f)
}

// FillAgents does what opening a database of an earlier version does.
func (t *Tx) FillAgents() error { return t.fillAgents() }
