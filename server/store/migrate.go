package store

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"
)

// schema holds one folder for each database, with the same files in both. A
// file's name without ".sql" is the id of its migration.
//
//go:embed schema/sqlite/*.sql schema/postgres/*.sql
var schema embed.FS

// ErrNewer says that the database was written by a newer program.
var ErrNewer = errors.New("the database belongs to a newer version of this program: install that version, or restore the backup made before the update")

// migrations are the files of a database's folder, in the order of their names.
// Each runs in a transaction of its own, and is never edited once released.
func migrations(database string) ([]*gormigrate.Migration, error) {
	dir := path.Join("schema", database)
	files, err := schema.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", dir, err)
	}
	var out []*gormigrate.Migration
	for _, f := range files {
		script, err := schema.ReadFile(path.Join(dir, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.Name(), err)
		}
		out = append(out, &gormigrate.Migration{
			ID:      strings.TrimSuffix(f.Name(), ".sql"),
			Migrate: func(tx *gorm.DB) error { return tx.Exec(string(script)).Error },
		})
	}
	return out, nil
}

// migrate runs the migrations that the database lacks.
func migrate(db *gorm.DB) error {
	all, err := migrations(db.Name())
	if err != nil {
		return err
	}
	o := *gormigrate.DefaultOptions
	o.UseTransaction, o.ValidateUnknownMigrations = true, true
	err = gormigrate.New(db, &o, all).Migrate()
	if errors.Is(err, gormigrate.ErrUnknownPastMigration) {
		return ErrNewer
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
