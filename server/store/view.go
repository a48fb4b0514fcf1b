package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// viewsAtOnce is how many views have a connection at the same time; more wait.
// They have a pool of their own: a view that holds a connection and asks for
// one of another pool never waits for a view that does the same.
const viewsAtOnce = 64

// View runs f. Everything that f reads with its context is one snapshot of the database,
// taken by the first read: figures on one page agree even if somebody writes in the
// meantime. A view without reads costs nothing, and a view inside a view is the same
// view.
//
// Writes inside a view are their own transactions, as always. Their changes are not in
// the snapshot; call EndView after a write to read them. A view serves one goroutine,
// like a Tx. It ends when f returns, panics, or calls EndView.
func (s *Store) View(ctx context.Context, f func(context.Context) error) error {
	if s.viewOf(ctx) != nil {
		return f(ctx)
	}
	v := &view{}
	v.begin = func() (*sql.Tx, error) {
		db, err := s.views.DB()
		if err != nil {
			return nil, err
		}
		return db.BeginTx(ctx, snapshotOf(s.views))
	}
	defer v.end()
	return f(context.WithValue(ctx, viewKey{s}, v))
}

// EndView gives back the connection of the view that a context is in, if it has one. Call
// it before an answer goes out, which a slow client may hold up, or after a write. The next
// read in the view begins another snapshot. Queries that were made before must not be used after it.
func (s *Store) EndView(ctx context.Context) {
	if v := s.viewOf(ctx); v != nil {
		v.end()
	}
}

// viewKey finds the view of one store in a context.
type viewKey struct{ store *Store }

func (s *Store) viewOf(ctx context.Context) *view {
	v, _ := ctx.Value(viewKey{s}).(*view)
	return v
}

// outside is a context that reads as if it were in no view.
func (s *Store) outside(ctx context.Context) context.Context {
	return context.WithValue(ctx, viewKey{s}, (*view)(nil))
}

// view is a snapshot that begins when it is first needed.
type view struct {
	begin func() (*sql.Tx, error)
	mu    sync.Mutex
	tx    *sql.Tx
}

// read gives a database whose queries read the snapshot.
func (v *view) read(db *gorm.DB) *gorm.DB {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tx == nil {
		tx, err := v.begin()
		if err != nil {
			_ = db.AddError(fmt.Errorf("begin a view: %w", err)) // each query on it reports this error
			return db
		}
		v.tx = tx
	}
	db.Statement.ConnPool = snapshot{v.tx}
	return db
}

func (v *view) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tx != nil {
		_ = v.tx.Rollback() // nothing was written
		v.tx = nil
	}
}

// snapshotOf are the options of a transaction that reads one snapshot.
func snapshotOf(db *gorm.DB) *sql.TxOptions {
	if db.Name() == "postgres" {
		return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	return &sql.TxOptions{ReadOnly: true} // every transaction of SQLite reads one
}

// snapshot is the connection of a view.
type snapshot struct{ *sql.Tx }

// each gives f one row of a query after the other, however many they are. f may
// ask for more, in a view too.
func each[T any](db *gorm.DB, f func(T) error) (err error) {
	if _, is := db.Statement.ConnPool.(snapshot); is && db.Name() == "postgres" {
		return eachFetched(db, f)
	}
	rows, err := db.Rows()
	if err != nil {
		return translate(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row T
		if err := db.ScanRows(rows, &row); err != nil {
			return translate(err)
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// eachFetched reads through a cursor of the database: a connection of PostgreSQL
// answers one query at a time, and while f asks for more no rows may stand open.
func eachFetched[T any](db *gorm.DB, f func(T) error) error {
	query := db.Session(&gorm.Session{DryRun: true}).Find(&[]T{})
	if query.Error != nil {
		return translate(query.Error)
	}
	name, fresh := `"each `+uuid.NewString()+`"`, db.Session(&gorm.Session{NewDB: true})
	declare := "DECLARE " + name + " NO SCROLL CURSOR FOR " + query.Statement.SQL.String()
	if _, err := db.Statement.ConnPool.ExecContext(db.Statement.Context, declare, query.Statement.Vars...); err != nil {
		return translate(err)
	}
	for {
		var rows []T
		if err := fresh.Raw(fmt.Sprintf("FETCH %d FROM %s", chunk, name)).Scan(&rows).Error; err != nil {
			return translate(err)
		}
		for _, row := range rows {
			if err := f(row); err != nil {
				return errors.Join(err, fresh.Exec("CLOSE "+name).Error)
			}
		}
		if len(rows) < chunk {
			return translate(fresh.Exec("CLOSE " + name).Error)
		}
	}
}
