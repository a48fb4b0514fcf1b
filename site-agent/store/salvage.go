package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// ErrDamaged says that the file can't be read as it was written.
var ErrDamaged = errors.New("the agent's data is damaged on disk")

// ErrStranger says that not even who this agent is can be read in a damaged file.
var ErrStranger = errors.New("who this agent is can't be read any more")

// Damaged says whether an error means that the file itself is broken.
func Damaged(err error) bool {
	broken, ok := errors.AsType[*sqlite.Error](err)
	return errors.Is(err, ErrDamaged) || ok && (broken.Code()&0xff == sqlite3.SQLITE_CORRUPT || broken.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// Salvaged says what was saved of a damaged file.
type Salvaged struct {
	Kept   string // the folder with the damaged file, as it was
	Events int    // of the journal, all verified
	Lost   int    // rows of the journal that are there and don't verify; more may be unreadable
	Roster bool   // the roster is whole
}

// Salvage makes a new file of everything that can still be verified in a damaged one: the
// agent's identity, the journal of each epoch up to the last event that continues the one
// before, receipts, and the roster if its digest is right. The damaged file is kept
// beside it. The journal continues in a new epoch, because the server may hold more of
// the old one than this disk.
func Salvage(ctx context.Context, dir string, at models.Millis) (out Salvaged, err error) {
	if out.Kept, err = setAside(dir, at); err != nil {
		return out, err
	}
	work, err := os.MkdirTemp("", "bukti-hadir-salvage")
	if err != nil {
		return out, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := os.CopyFS(filepath.Join(work, "copy"), os.DirFS(out.Kept)); err != nil { // reading a file with a log writes to it
		return out, fmt.Errorf("copy the damaged file: %w", err)
	}
	if err := pad(filepath.Join(work, "copy", fileName)); err != nil {
		return out, fmt.Errorf("lengthen the copy: %w", err)
	}
	old, err := sql.Open("sqlite", "file:"+filepath.Join(work, "copy", fileName))
	if err != nil {
		return out, fmt.Errorf("open the damaged file: %w", err)
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	s, err := Open(ctx, dir)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.takeFrom(ctx, old, out, at)
}

// pad extends a file that was cut off to the length that its header tells
// (https://www.sqlite.org/fileformat.html#the_database_header). SQLite does not read a
// shorter file at all; of the extended one it reads what is before the cut.
func pad(file string) error {
	header := make([]byte, 32)
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if _, err := f.ReadAt(header, 0); err != nil {
		return f.Close() // there is nothing to lengthen
	}
	info, err := f.Stat()
	length := int64(binary.BigEndian.Uint16(header[16:])) * int64(binary.BigEndian.Uint32(header[28:]))
	const absurd = 1 << 34
	if err == nil && info.Size() < length && length < absurd {
		err = f.Truncate(length)
	}
	return errors.Join(err, f.Close())
}

// setAside moves the file, with its log, into a folder that is named by the time.
func setAside(dir string, at models.Millis) (string, error) {
	kept := filepath.Join(dir, "damaged-"+at.Time().UTC().Format("20060102T150405Z"))
	if err := os.Mkdir(kept, 0o700); err != nil {
		return "", fmt.Errorf("keep the damaged file: %w", err)
	}
	for _, name := range []string{fileName, fileName + "-wal", fileName + "-shm"} {
		err := os.Rename(filepath.Join(dir, name), filepath.Join(kept, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("keep the damaged file: %w", err)
		}
	}
	return kept, nil
}

func (s *Store) takeFrom(ctx context.Context, old *sql.DB, out Salvaged, at models.Millis) (Salvaged, error) {
	if err := s.copyRows(ctx, old, "identity"); err != nil {
		return out, fmt.Errorf("%w: %w: %w", ErrDamaged, ErrStranger, err)
	}
	id, err := s.Identity(ctx)
	if err != nil {
		return out, err
	}
	heads, err := s.takeJournal(ctx, old, &out)
	if err != nil {
		return out, err
	}
	for _, table := range []string{"receipts", "contacts",
		"confirmations", "epochs", "bundle_state", "devices", "device_changes", "device_policy", "attachments", "other_addresses"} {
		if err := s.copyRows(ctx, old, table); err != nil && ctx.Err() != nil {
			return out, err // any other error means that the table is lost, and nothing hangs on these
		}
	}
	if out.Roster, err = s.takeRoster(ctx, old); err != nil {
		return out, err
	}
	var fresh models.Epoch
	rand.Read(fresh[:])
	// Events without a receipt are appended again in the new epoch, because they would
	// not be sent from the old one.
	acked, err := s.Acked(ctx)
	if err != nil {
		return out, err
	}
	_, err = s.OpenEpoch(ctx, id.Epoch, min(acked.Seq, heads[id.Epoch].Seq), fresh, at)
	return out, err
}

// takeJournal copies the events that continue the ones before, epoch by epoch.
func (s *Store) takeJournal(ctx context.Context, old *sql.DB, out *Salvaged) (map[models.Epoch]journal.Head, error) {
	heads := map[models.Epoch]journal.Head{}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	rows, err := old.QueryContext(ctx, `SELECT epoch, seq, hash, scan_id, bytes, pos FROM journal ORDER BY pos`)
	if err != nil { // not a row of it can be read
		return heads, nil
	}
	defer func() { _ = rows.Close() }() // rows that cannot be read are lost
	for rows.Next() {
		var r Row
		var scan, raw []byte
		var seq int64
		if err := rows.Scan(&r.Event.Epoch, &seq, &r.Hash, &scan, &raw, &r.Pos); err != nil {
			out.Lost++
			continue
		}
		e, err := journal.Decode(raw)
		if err != nil || e.Epoch != r.Event.Epoch || int64(e.Seq) != seq || journal.HashOf(raw) != r.Hash { //nolint:gosec // seq counts from 1
			out.Lost++
			continue
		}
		h, ok := heads[e.Epoch]
		if !ok {
			h = journal.Head{Agent: e.Agent, Epoch: e.Epoch}
		}
		if h, err = h.Follow(e, raw); err != nil {
			out.Lost++
			continue
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO journal (pos, epoch, seq, hash, scan_id, bytes) VALUES (?, ?, ?, ?, ?, ?)`, r.Pos, e.Epoch[:], seq, r.Hash[:], scan,
			raw)
		if err != nil {
			return nil, fmt.Errorf("keep event %d: %w", e.Seq, err)
		}
		heads[e.Epoch] = h
		out.Events++
	}
	return heads, tx.Commit()
}

// takeRoster copies the roster, and removes it again if its digest is not the server's.
func (s *Store) takeRoster(ctx context.Context, old *sql.DB) (bool, error) {
	err := errors.Join(s.copyRows(ctx, old, "roster"), s.copyRows(ctx, old, "roster_state"))
	if err == nil {
		var items []exchange.Item
		if items, err = s.roster(ctx, s.read); err == nil {
			var have exchange.Digest
			for _, it := range items {
				have.Add(it)
			}
			said, err := readState(ctx, s.read)
			if err == nil && said.since > 0 && !said.shadowing && have == said.digest {
				return true, nil
			}
		}
	}
	return false, s.EraseRoster(ctx)
}

// copyRows copies a table as it is.
func (s *Store) copyRows(ctx context.Context, old *sql.DB, table string) (err error) {
	rows, err := old.QueryContext(ctx, "SELECT * FROM "+table) //nolint:gosec // the names are this package's own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	insert := "INSERT OR REPLACE INTO " + table + " VALUES (?"
	for range columns[1:] {
		insert += ", ?"
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if _, err := s.write.ExecContext(ctx, insert+")", values...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// QuickCheck asks SQLite whether the file holds together. O(file).
func (s *Store) QuickCheck(ctx context.Context) error {
	start := time.Now()
	var said string
	err := s.read.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said)
	if err == nil && said != "ok" {
		err = fmt.Errorf("%w: %s", ErrDamaged, said)
	}
	if err != nil {
		return fmt.Errorf("check the file (%s): %w", time.Since(start), err)
	}
	return nil
}
