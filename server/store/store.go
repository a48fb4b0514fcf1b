// Package store is the server's database: one schema on SQLite (the default) and
// on PostgreSQL. It knows no HTTP and lets no GORM out.
//
// Its files go by what they serve:
//
//   - record_*: the record of attendance and what follows from it. Journals come
//     in (ingest), are folded into attendance (fold, clock), counted (tally) and
//     logged (log); doubts become cases; corrections, papers, agents and the
//     rosters that go back to them (feed, publish) belong here too.
//   - list_*: what pages, files and the API list and count.
//   - table_*: the other tables, row by row: the plan, people, tickets, users,
//     jobs, messages.
//   - the rest: opening a database (sqlite, migrate), snapshots (view), personal
//     numbers (vault), queries over any table (rows).
//
// The rulebook (models/attendance) and the packages above decide who came and who counts.
// The store itself decides only what the record needs in its own transaction: whether a
// batch continues a journal or is rejected, which events are quarantined, whose event it
// is, which cases that opens, up to when a site has reported (the watermark), and so
// which sessions are closed.
//
// Reading: st.Read(ctx) gives Queries, and within st.View they are of one snapshot.
// Changing: st.Write(ctx, func(tx) …) runs one transaction; a Tx has every query too.
// Tx.Publish announces a change of a site's roster; the end of the transaction numbers
// it. Personal numbers and secrets pass through the Vault on their way in and out.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"buktihadir/models"
)

// Config says where the database is.
type Config struct {
	Dir       string               // the data directory; holds the SQLite file and the master key
	URL       string               // postgres://…; empty for SQLite in Dir
	MasterKey []byte               // 32 bytes; nil: Dir/master.key, made on first start
	Now       func() models.Millis // the clock for created and updated columns
}

// Store is the open database. It is safe for concurrent use.
type Store struct {
	write, read *gorm.DB
	views       *gorm.DB // begins views
	vault       *Vault
	now         func() models.Millis
}

// ErrNotFound says that there is no such row.
var ErrNotFound = errors.New("not found")

// ErrExists says that a unique name, code or number is taken.
var ErrExists = errors.New("already exists")

// ErrReferenced says that a row that is pointed at doesn't exist, or still is pointed at.
var ErrReferenced = errors.New("reference to a missing or used row")

// Open opens the database, brings its schema up to date and unlocks the vault.
// A database of a newer program is refused, see ErrNewer.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Now == nil {
		cfg.Now = func() models.Millis { return models.MillisOf(time.Now()) }
	}
	gc := &gorm.Config{
		Logger: logger.Discard, TranslateError: true, PrepareStmt: false, SkipDefaultTransaction: true,
		NowFunc: func() time.Time { return cfg.Now().Time() },
	}
	var s *Store
	var err error
	if cfg.URL == "" {
		s, err = openSQLite(ctx, filepath.Join(cfg.Dir, "server.db"), gc)
	} else {
		s, err = openPostgres(cfg.URL, gc)
	}
	if err != nil {
		return nil, err
	}
	s.now = cfg.Now
	if err := migrate(s.write.WithContext(ctx)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.vault, err = openVault(ctx, s, cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.ensureEpoch(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for _, fill := range []func(*Tx) error{(*Tx).fillLog, (*Tx).fillTallies, (*Tx).fillAgents, (*Tx).fillResults, (*Tx).fillSearch} {
		if err := s.Write(ctx, fill); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

func openPostgres(raw string, gc *gorm.Config) (*Store, error) {
	u, err := url.Parse(raw)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return nil, errors.New("database URL: want postgres://user@host/name")
	}
	db, err := gorm.Open(postgres.Open(raw), gc)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL at %s: %w", u.Redacted(), err)
	}
	s, own := &Store{write: db, read: db}, *gc
	own.DisableAutomaticPing = true
	if s.views, err = gorm.Open(postgres.Open(raw), &own); err == nil {
		err = limit(s.views, viewsAtOnce)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open PostgreSQL at %s: %w", u.Redacted(), err), s.Close())
	}
	return s, nil
}

func limit(g *gorm.DB, connections int) error {
	db, err := g.DB()
	if err == nil {
		db.SetMaxOpenConns(connections)
	}
	return err
}

// Close waits for the connections to end.
func (s *Store) Close() error {
	var errs []error
	for _, g := range []*gorm.DB{s.write, s.read, s.views} {
		if g == nil {
			continue
		}
		if db, err := g.DB(); err == nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Vault seals and opens personal numbers.
func (s *Store) Vault() *Vault { return s.vault }

// Queries are the reads: each of its own moment, or all of a View or a Tx.
type Queries struct {
	db    *gorm.DB
	vault *Vault
}

// Read gives the queries outside a transaction; those of the View that the
// context is in, if it is in one.
func (s *Store) Read(ctx context.Context) Queries {
	db := s.read.WithContext(ctx)
	if v := s.viewOf(ctx); v != nil {
		db = v.read(db)
	}
	return Queries{db: db, vault: s.vault}
}

// Tx is a running transaction. It is not safe for concurrent use.
type Tx struct {
	Queries
	now     models.Millis
	pending map[string]pendingItem
	cells   map[models.TallyKey]int64 // changes of the tallies by the transaction
	logged  []logEntry
	altered changes
}

// Now is the time at which the transaction began.
func (t *Tx) Now() models.Millis { return t.now }

// Write runs f in one transaction: all of it is durable when Write returns nil,
// nothing of it otherwise.
func (s *Store) Write(ctx context.Context, f func(*Tx) error) error {
	return translate(s.write.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		t := &Tx{Queries: Queries{db: db, vault: s.vault}, now: s.now(), pending: map[string]pendingItem{}, cells: map[models.TallyKey]int64{}}
		if err := f(t); err != nil {
			return err
		}
		if err := t.flushFeed(); err != nil {
			return err
		}
		if err := t.flushTallies(); err != nil {
			return err
		}
		if err := t.flushChanges(); err != nil {
			return err
		}
		return t.flushLog()
	}, &sql.TxOptions{}))
}

func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fmt.Errorf("%w: %w", ErrExists, err)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return fmt.Errorf("%w: %w", ErrReferenced, err)
	}
	return err
}
