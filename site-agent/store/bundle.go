package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
)

// BundleKey opens the replies that are made for this agent. It is derived from
// agent.key: a lost database loses no reply.
func (s *Store) BundleKey() bundle.Key { return s.bundles }

// Bundles is what this agent remembers of bundles.
type Bundles struct {
	Replied models.Millis // the server's clock in its newest word on the roster: an older reply's counts no more
	Resend  *uint64       // the server said that it lacks what follows this seq
}

// Bundles reads it.
func (s *Store) Bundles(ctx context.Context) (Bundles, error) {
	var b Bundles
	var resend int64
	if err := s.read.QueryRowContext(ctx, `SELECT replied, resend FROM bundle_state`).Scan(&b.Replied, &resend); err != nil {
		return b, fmt.Errorf("read bundle state: %w", err)
	}
	if resend >= 0 {
		seq := uint64(resend)
		b.Resend = &seq
	}
	return b, nil
}

// SaveBundles replaces it.
func (s *Store) SaveBundles(ctx context.Context, b Bundles) error {
	resend := int64(-1)
	if b.Resend != nil {
		resend = int64(*b.Resend) //nolint:gosec // counts from 0
	}
	if _, err := s.write.ExecContext(ctx, `UPDATE bundle_state SET replied = ?, resend = ?`, int64(b.Replied), resend); err != nil {
		return fmt.Errorf("save bundle state: %w", err)
	}
	return nil
}

// Heard notes that the server has sent the whole roster, or that it must be erased, over
// either way.
func (s *Store) Heard(ctx context.Context, at models.Millis) error {
	if _, err := s.write.ExecContext(ctx, `UPDATE bundle_state SET replied = ? WHERE replied < ?`, int64(at), int64(at)); err != nil {
		return fmt.Errorf("note the server's word: %w", err)
	}
	return nil
}

// EnrolRequest is a request to become an agent that waits for its reply.
type EnrolRequest struct {
	Epoch  models.Epoch
	Invite exchange.Invite
}

// ErrNoRequest says that this data directory has not asked to become an agent.
var ErrNoRequest = errors.New("no request to become an agent was made here")

// EnrolRequest reads the request, or ErrNoRequest.
func (s *Store) EnrolRequest(ctx context.Context) (EnrolRequest, error) {
	var r EnrolRequest
	i := &r.Invite
	err := s.read.QueryRowContext(ctx, `SELECT epoch, server, code, recipient, server_key FROM enrol_request`).
		Scan(&r.Epoch, &i.Server, &i.Code, &i.Recipient, &i.ServerKey)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNoRequest
	}
	if err != nil {
		return r, fmt.Errorf("read the request: %w", err)
	}
	return r, nil
}

// SaveEnrolRequest replaces the request.
func (s *Store) SaveEnrolRequest(ctx context.Context, r EnrolRequest) error {
	_, err := s.write.ExecContext(ctx, `INSERT OR REPLACE INTO enrol_request (id, epoch, server, code, recipient, server_key) VALUES (1, ?, ?, ?, ?, ?)`,
		r.Epoch[:], r.Invite.Server, r.Invite.Code, r.Invite.Recipient, r.Invite.ServerKey)
	if err != nil {
		return fmt.Errorf("save the request: %w", err)
	}
	return nil
}
