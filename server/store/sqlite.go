package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"

	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"modernc.org/sqlite"
)

// dialector is GORM's SQLite dialect over the pure Go driver, whose error codes the
// original does not know (https://www.sqlite.org/rescode.html).
type dialector struct{ gormsqlite.Dialector }

const (
	constraintPrimaryKey = 1555
	constraintUnique     = 2067
	constraintForeignKey = 787
)

func (d dialector) Translate(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case constraintPrimaryKey, constraintUnique:
		return gorm.ErrDuplicatedKey
	case constraintForeignKey:
		return gorm.ErrForeignKeyViolated
	}
	return err
}

// openSQLite opens one writing connection, which takes its lock when a
// transaction begins, a pool of readers, and one of views.
func openSQLite(ctx context.Context, file string, gc *gorm.Config) (*Store, error) {
	open := func(q url.Values, connections int) (*gorm.DB, error) {
		q["_pragma"] = []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)", "foreign_keys(1)"}
		db, err := sql.Open("sqlite", "file:"+file+"?"+q.Encode())
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", file, err)
		}
		db.SetMaxOpenConns(connections)
		if err := assertDurable(ctx, db); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), db.Close())
		}
		own := *gc
		g, err := gorm.Open(dialector{gormsqlite.Dialector{Conn: db}}, &own)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), db.Close())
		}
		return g, nil
	}
	var s Store
	var err error
	if s.write, err = open(url.Values{"_txlock": {"immediate"}}, 1); err == nil {
		s.read, err = open(url.Values{}, max(4, runtime.NumCPU()))
	}
	if err == nil {
		s.views, err = open(url.Values{}, viewsAtOnce)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &s, nil
}

// oldestSQLite is the first release without the WAL-reset corruption
// (https://www.sqlite.org/releaselog/3_51_3.html).
const oldestSQLite = 3_051_003

// assertDurable reads back the settings that durability depends on, because drivers have
// different defaults.
func assertDurable(ctx context.Context, db *sql.DB) error {
	var mode, version string
	var synchronous, foreignKeys int
	for _, q := range []struct {
		text string
		dst  any
	}{
		{"PRAGMA journal_mode", &mode}, {"PRAGMA synchronous", &synchronous},
		{"PRAGMA foreign_keys", &foreignKeys}, {"SELECT sqlite_version()", &version},
	} {
		if err := db.QueryRowContext(ctx, q.text).Scan(q.dst); err != nil {
			return fmt.Errorf("%s: %w", q.text, err)
		}
	}
	const full = 2
	if mode != "wal" || synchronous != full || foreignKeys != 1 {
		return fmt.Errorf("not durable: journal_mode=%s synchronous=%d foreign_keys=%d", mode, synchronous, foreignKeys)
	}
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return fmt.Errorf("SQLite version %q: %w", version, err)
	}
	if major*1_000_000+minor*1_000+patch < oldestSQLite {
		return fmt.Errorf("SQLite %s is older than 3.51.3, which may corrupt its log", version)
	}
	return nil
}
