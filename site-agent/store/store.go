// Package store is the agent's storage: one SQLite file with the journal, the roster and
// what is known of the server. A row of the journal is durable when Batch.Commit returns;
// the roster is sealed on disk.
//
// Several processes may use one file at a time (a desk that serves, a terminal that
// scans). The file's write lock orders their batches, and a process that keeps state in
// memory asks Batch.Versions what has changed since.
package store

import (
	"context"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
	_ "modernc.org/sqlite" // the pure Go driver "sqlite"

	"buktihadir/models/bundle"
)

// Store is the open file. It is safe for concurrent use.
type Store struct {
	write, read *sql.DB
	insert      *sql.Stmt
	versions    *sql.Stmt
	find        *sql.Stmt
	device      ed25519.PrivateKey
	seal        cipher.AEAD
	bundles     bundle.Key
}

// fileName is the file in the data directory; its write-ahead log is beside it.
const fileName = "agent.db"

// Open opens or makes DIR/agent.db and DIR/agent.key. A file of a newer program
// is refused, see ErrNewer.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	secret, err := deviceSecret(filepath.Join(dir, "agent.key"))
	if err != nil {
		return nil, err
	}
	s := &Store{}
	if err := s.deriveKeys(secret); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, fileName)
	if s.write, err = openFile(ctx, file, url.Values{"_txlock": {"immediate"}}, 1); err != nil {
		return nil, err
	}
	if err := migrate(ctx, s.write); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.read, err = openFile(ctx, file, url.Values{}, max(4, runtime.NumCPU())); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	for stmt, text := range map[**sql.Stmt]string{
		&s.insert:   `INSERT INTO journal (epoch, seq, hash, scan_id, bytes) VALUES (?, ?, ?, ?, ?)`,
		&s.versions: `SELECT coalesce((SELECT max(pos) FROM journal), 0), version, (SELECT epoch FROM identity) FROM roster_state`,
		&s.find:     `SELECT pos, epoch, seq, hash, bytes FROM journal WHERE scan_id = ?`,
	} {
		if *stmt, err = s.write.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // closed with the store
			return nil, errors.Join(fmt.Errorf("prepare: %w", err), s.Close())
		}
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// DeviceKey signs the journal's heads. It never leaves the agent.
func (s *Store) DeviceKey() ed25519.PrivateKey { return s.device }

func (s *Store) deriveKeys(secret []byte) error {
	seed, err := hkdf.Key(sha256.New, secret, nil, "bukti-hadir/device/1", ed25519.SeedSize)
	if err != nil {
		return fmt.Errorf("derive device key: %w", err)
	}
	s.device = ed25519.NewKeyFromSeed(seed)
	key, err := hkdf.Key(sha256.New, secret, nil, "bukti-hadir/roster/1", chacha20poly1305.KeySize)
	if err != nil {
		return fmt.Errorf("derive roster key: %w", err)
	}
	if s.seal, err = chacha20poly1305.NewX(key); err != nil {
		return fmt.Errorf("roster key: %w", err)
	}
	if seed, err = hkdf.Key(sha256.New, secret, nil, "bukti-hadir/bundle/1", 32); err != nil {
		return fmt.Errorf("derive bundle key: %w", err)
	}
	s.bundles, err = bundle.KeyFrom(seed)
	return err
}

const secretSize = 32

// deviceSecret reads the agent's secret, or makes it.
func deviceSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(secret) != secretSize {
			return nil, fmt.Errorf("%s: want %d hex digits", path, 2*secretSize)
		}
		return secret, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the agent's key: %w", err)
	}
	secret := make([]byte, secretSize)
	rand.Read(secret)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the agent's key: %w", err)
	}
	_, werr := f.WriteString(hex.EncodeToString(secret) + "\n")
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("make the agent's key: %w", err)
	}
	return secret, nil
}

func openFile(ctx context.Context, file string, q url.Values, connections int) (*sql.DB, error) {
	// On macOS a plain fsync leaves what was written in the disk's own cache.
	q["_pragma"] = []string{"busy_timeout(15000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)", "foreign_keys(1)"}
	db, err := sql.Open("sqlite", "file:"+file+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	db.SetMaxOpenConns(connections)
	if err := assertDurable(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), db.Close())
	}
	return db, nil
}

// oldestSQLite is the first release without the WAL-reset corruption
// (https://www.sqlite.org/releaselog/3_51_3.html).
const oldestSQLite = 3_051_003

// assertDurable reads back the settings that durability depends on, because drivers have
// different defaults.
func assertDurable(ctx context.Context, db *sql.DB) error {
	var mode, version string
	var synchronous, foreignKeys int
	err := db.QueryRowContext(ctx, `SELECT j.journal_mode, s.synchronous, f.foreign_keys, sqlite_version()
		FROM pragma_journal_mode j, pragma_synchronous s, pragma_foreign_keys f`).Scan(&mode, &synchronous, &foreignKeys, &version)
	if err != nil {
		return fmt.Errorf("read back the settings: %w", err)
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
