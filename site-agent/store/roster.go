package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// Cursor is how far the copy of the site's roster goes.
type Cursor struct {
	Since     uint64
	Scope     []byte
	Count     int           // items that are alive
	Confirmed models.Millis // when the server last said that the copy is complete, by this agent's clock
	Alarm     string        // why the copy had to be fetched again, if it had
	Withdrawn bool          // the office has deactivated this agent, and the copy is erased
}

// ErrDigest says that the copy of the roster differs from the server's. It will be
// fetched again as a whole.
var ErrDigest = errors.New("the roster differs from the server's: it is fetched anew")

// ErrPage says that a page doesn't continue the copy.
var ErrPage = errors.New("this page of the roster does not continue the copy")

// Cursor reads how far the copy goes.
func (s *Store) Cursor(ctx context.Context) (Cursor, error) {
	st, err := readState(ctx, s.read)
	count := int(st.digest.Count) //nolint:gosec // a roster has few items
	return Cursor{Since: st.since, Scope: st.scope, Count: count, Confirmed: st.confirmed, Alarm: st.alarm, Withdrawn: st.withdrawn}, err
}

type rosterState struct {
	since     uint64
	scope     []byte
	shadowing bool
	digest    exchange.Digest
	confirmed models.Millis
	alarm     string
	withdrawn bool
}

type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readState(ctx context.Context, q rowQuerier) (rosterState, error) {
	var st rosterState
	err := q.QueryRowContext(ctx, `SELECT since, scope, shadowing, count, sum, confirmed_at, alarm, withdrawn FROM roster_state`).
		Scan(&st.since, &st.scope, &st.shadowing, &st.digest.Count, &st.digest.Sum, &st.confirmed, &st.alarm, &st.withdrawn)
	if err != nil {
		return st, fmt.Errorf("read roster state: %w", err)
	}
	return st, nil
}

// ApplyPage stores a page and moves the cursor in one transaction. A full copy
// grows beside the old one and replaces it when it is complete, so that a desk
// never works with half a roster. now is the agent's clock.
func (s *Store) ApplyPage(ctx context.Context, p exchange.RosterPage, now models.Millis) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	st, err := readState(ctx, tx)
	if err != nil {
		return err
	}
	switch {
	case p.Reset:
		if _, err := tx.ExecContext(ctx, `DELETE FROM roster WHERE shadow = 1`); err != nil {
			return fmt.Errorf("start a new copy: %w", err)
		}
		st.shadowing, st.digest, st.scope = true, exchange.Digest{}, p.Scope
	case p.From != st.since || string(p.Scope) != string(st.scope):
		return fmt.Errorf("%w: from %d, have %d", ErrPage, p.From, st.since)
	}
	for _, it := range p.Items {
		if err := s.applyItem(ctx, tx, &st, it); err != nil {
			return err
		}
	}
	st.since = p.To
	mismatch := p.Digest != nil && *p.Digest != st.digest
	switch {
	case mismatch:
		st = rosterState{digest: st.digest, confirmed: st.confirmed, shadowing: st.shadowing, alarm: ErrDigest.Error()}
	case p.Digest != nil:
		if err := swapShadow(ctx, tx, &st); err != nil {
			return err
		}
		st.confirmed, st.alarm = now, ""
	}
	if err := writeState(ctx, tx, st, len(p.Items) > 0 || p.Digest != nil && p.Reset); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if mismatch {
		return ErrDigest
	}
	return nil
}

func swapShadow(ctx context.Context, tx *sql.Tx, st *rosterState) error {
	if !st.shadowing {
		return nil
	}
	st.shadowing = false
	if _, err := tx.ExecContext(ctx, `DELETE FROM roster WHERE shadow = 0`); err != nil {
		return fmt.Errorf("replace the roster: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE roster SET shadow = 0`); err != nil {
		return fmt.Errorf("replace the roster: %w", err)
	}
	return nil
}

func writeState(ctx context.Context, tx *sql.Tx, st rosterState, changed bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE roster_state SET version = version + ?, since = ?, scope = ?, shadowing = ?, count = ?, sum = ?,
		confirmed_at = ?, alarm = ?, withdrawn = 0`,
		changed, int64(st.since), st.scope, st.shadowing, int64(st.digest.Count), st.digest.Sum[:], //nolint:gosec // revisions count from 1
		int64(st.confirmed), st.alarm)
	if err != nil {
		return fmt.Errorf("move the cursor: %w", err)
	}
	return nil
}

func scopeOf(it exchange.Item) string { return fmt.Sprintf("roster/%d/%x", it.Kind, it.Key) }

func (s *Store) applyItem(ctx context.Context, tx *sql.Tx, st *rosterState, it exchange.Item) error {
	var box []byte
	err := tx.QueryRowContext(ctx, `SELECT sealed FROM roster WHERE shadow = ? AND kind = ? AND key = ?`, st.shadowing, it.Kind, it.Key).Scan(&box)
	switch {
	case err == nil:
		old := exchange.Item{Kind: it.Kind, Key: it.Key}
		if old.Body, err = s.open(box, scopeOf(old)); err != nil {
			return err
		}
		st.digest.Remove(old)
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("read roster: %w", err)
	}
	if it.Gone() {
		_, err = tx.ExecContext(ctx, `DELETE FROM roster WHERE shadow = ? AND kind = ? AND key = ?`, st.shadowing, it.Kind, it.Key)
	} else {
		st.digest.Add(it)
		_, err = tx.ExecContext(ctx, `INSERT INTO roster (shadow, kind, key, sealed) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET sealed = excluded.sealed`, st.shadowing, it.Kind, it.Key, s.sealed(it.Body, scopeOf(it)))
	}
	if err != nil {
		return fmt.Errorf("store roster item: %w", err)
	}
	return nil
}

// Withdraw forgets everybody, for the office has deactivated this agent.
func (s *Store) Withdraw(ctx context.Context) error {
	return s.eraseRoster(ctx, 1)
}

// EraseRoster forgets everybody: the copy is not what it should be.
func (s *Store) EraseRoster(ctx context.Context) error { return s.eraseRoster(ctx, 0) }

func (s *Store) eraseRoster(ctx context.Context, withdrawn int) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	_, err = tx.ExecContext(ctx, `DELETE FROM roster; DELETE FROM attachments WHERE held = 1`)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE roster_state SET version = version + 1, since = 0, scope = NULL, shadowing = 0, count = 0,
			sum = zeroblob(32), withdrawn = max(withdrawn, ?)`, withdrawn)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return fmt.Errorf("erase roster: %w", err)
	}
	return nil
}

// Roster opens every item of the copy.
func (b *Batch) Roster() ([]exchange.Item, error) { return b.store.roster(b.ctx, b.tx) }

func (s *Store) roster(ctx context.Context, q querier) (items []exchange.Item, err error) {
	found, err := q.QueryContext(ctx, `SELECT kind, key, sealed FROM roster WHERE shadow = 0`)
	if err != nil {
		return nil, fmt.Errorf("read roster: %w", err)
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var it exchange.Item
		var box []byte
		if err := found.Scan(&it.Kind, &it.Key, &box); err != nil {
			return nil, fmt.Errorf("read roster: %w", err)
		}
		if it.Body, err = s.open(box, scopeOf(it)); err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, found.Err()
}
