package store

import "gorm.io/gorm"

// DB lets tests look at the tables themselves.
func (s *Store) DB() *gorm.DB { return s.write }
