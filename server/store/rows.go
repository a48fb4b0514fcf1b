package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// one reads the row that a condition names.
func one[T any](db *gorm.DB, where string, args ...any) (T, error) {
	var row T
	err := translate(db.Where(where, args...).Take(&row).Error)
	return row, err
}

func all[T any](db *gorm.DB) ([]T, error) {
	var rows []T
	err := translate(db.Find(&rows).Error)
	return rows, err
}

// chunk is how many keys or rows go into one statement: SQLite takes 32,766
// variables, and the widest row, an event's, has 37 columns.
const chunk = 880

// in reads the rows whose column has one of the keys.
func in[T any, K any](db *gorm.DB, column string, keys []K) ([]T, error) {
	var out []T
	for from := 0; from < len(keys); from += chunk {
		part, err := all[T](db.Session(&gorm.Session{}).Where(column+" IN ?", keys[from:min(from+chunk, len(keys))]))
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// upsert adds rows, or replaces the named columns where the id is taken.
func upsert[T any](db *gorm.DB, rows []T, columns ...string) error {
	if len(rows) == 0 {
		return nil
	}
	err := db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns(columns)}).
		CreateInBatches(rows, chunk).Error
	return translate(err)
}

// countBy counts the rows of a query by one of their columns.
func countBy[K ~string, N int | int64](q *gorm.DB, column string) (map[K]N, error) {
	var rows []struct {
		Key   K
		Count N
	}
	err := q.Select(column + " AS key, COUNT(*) AS count").Group(column).Scan(&rows).Error
	counts := map[K]N{}
	for _, r := range rows {
		counts[r.Key] = r.Count
	}
	return counts, translate(err)
}

// changed is ErrNotFound where an update met no row.
func changed(db *gorm.DB) error {
	if db.Error == nil && db.RowsAffected == 0 {
		return ErrNotFound
	}
	return translate(db.Error)
}
