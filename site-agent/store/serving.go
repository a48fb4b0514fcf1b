package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrServed says that another program serves the same data directory.
var ErrServed = errors.New("another site-agent already serves this data directory")

// Served is a data directory that this program alone serves, until it is closed or the program ends, however it ends:
// the lock is the operating system's. Other commands may work on the directory beside it.
type Served struct {
	db *sql.DB
	tx *sql.Tx
}

// Serve makes this program the one that serves a data directory, or gives ErrServed.
func Serve(ctx context.Context, dir string) (*Served, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "serve.lock")+"?_txlock=exclusive&_pragma=busy_timeout(0)")
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if busy, ok := errors.AsType[*sqlite.Error](err); ok && busy.Code() == sqlite3.SQLITE_BUSY {
		return nil, errors.Join(ErrServed, db.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take the lock: %w", err), db.Close())
	}
	return &Served{db, tx}, nil
}

// Close lets another program serve the directory.
func (s *Served) Close() error { return errors.Join(s.tx.Rollback(), s.db.Close()) }
