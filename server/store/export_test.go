package store

import "gorm.io/gorm"

// DB lets tests look at the tables themselves.
func (s *Store) DB() *gorm.DB { return s.write }

// LogEntities are the rows of the log's tables.
func LogEntities() []any { return []any{logState{}, logRecord{}, logTile{}, logHead{}} }
