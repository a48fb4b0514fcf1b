// Package database gives tests an empty database of the server with all tables: a copy of
// one that each test binary migrates once. A test uses it like a new one from store.Open:
// master key, data key and epoch are made when the test opens it.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"buktihadir/scripts/e2e/pg"
	"buktihadir/server/store"
)

// file is the name of SQLite's database in a data directory.
const file = "server.db"

// own are the rows that store.Open makes for one database: copies must not share them.
const own = "DELETE FROM data_keys; DELETE FROM settings"

// OnBoth runs a test on SQLite and on PostgreSQL, each beside other tests.
func OnBoth(t *testing.T, test func(t *testing.T, cfg store.Config)) {
	t.Helper()
	for name, empty := range map[string]func(testing.TB) store.Config{"sqlite": SQLite, "postgres": Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, empty(t))
		})
	}
}

// SQLite gives a data directory with a database.
func SQLite(t testing.TB) store.Config {
	t.Helper()
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return store.Config{Dir: dir}
}

// Postgres gives a database of the cluster that the test binary shares, and a data
// directory beside it.
func Postgres(t testing.TB) store.Config {
	t.Helper()
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return store.Config{Dir: t.TempDir(), URL: template.Copy(t)}
}

// Besides opens a database once more, so that a test sees and changes its tables from
// outside the store.
func Besides(t testing.TB, cfg store.Config) *gorm.DB {
	t.Helper()
	dialect := postgres.Open(cfg.URL)
	if cfg.URL == "" {
		dialect = gormsqlite.Dialector{DriverName: "sqlite", DSN: "file:" + filepath.Join(cfg.Dir, file) + "?_pragma=busy_timeout(10000)"}
	}
	db, err := gorm.Open(dialect, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if raw, err := db.DB(); err == nil {
			_ = raw.Close()
		}
	})
	return db
}

// The templates are package variables because go test gives tests of one binary no
// other place in common.
var (
	sqliteTemplate   = sync.OnceValues(migrateSQLite)
	postgresTemplate = sync.OnceValues(migratePostgres)
)

func migrateSQLite() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "template")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the template: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := migrate(context.Background(), store.Config{Dir: dir}); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, file)) // the driver is the store's
	if err != nil {
		return nil, fmt.Errorf("open the template: %w", err)
	}
	if _, err := db.ExecContext(context.Background(), own); err != nil {
		return nil, errors.Join(fmt.Errorf("empty the template: %w", err), db.Close())
	}
	if err := db.Close(); err != nil { // which moves what is in the log into the file
		return nil, fmt.Errorf("close the template: %w", err)
	}
	return os.ReadFile(filepath.Join(dir, file))
}

func migratePostgres() (*pg.Template, error) {
	ctx := context.Background()
	return pg.NewTemplate(ctx, func(url string) error {
		dir, err := os.MkdirTemp("", "template")
		if err != nil {
			return fmt.Errorf("make a folder for the template: %w", err)
		}
		if err := errors.Join(migrate(ctx, store.Config{Dir: dir, URL: url}), os.RemoveAll(dir)); err != nil {
			return err
		}
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return fmt.Errorf("connect to the template: %w", err)
		}
		_, err = conn.Exec(ctx, own)
		return errors.Join(err, conn.Close(ctx))
	})
}

func migrate(ctx context.Context, cfg store.Config) error {
	st, err := store.Open(ctx, cfg)
	if err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	return st.Close()
}
