package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/crypto/chacha20poly1305"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// Identity is the agent's identity with its server.
type Identity struct {
	Agent      uuid.UUID
	Epoch      models.Epoch
	Name       string
	Token      string // bearer token
	ServerURL  string
	ServerKey  string // verifier key of the server's notes
	Recipient  string // the key that bundles to the server are encrypted to
	Site       exchange.Site
	EnrolledAt models.Millis
}

// ErrNotEnrolled says that this data directory belongs to no agent yet.
var ErrNotEnrolled = errors.New("this agent is not enrolled yet: run `site-agent enroll --server URL --code CODE` first")

// ErrEnrolled says that this data directory already belongs to an agent.
var ErrEnrolled = errors.New("this data directory is already enrolled: use another one (--data) for a new agent")

// Identity reads who this agent is, or ErrNotEnrolled.
func (s *Store) Identity(ctx context.Context) (Identity, error) {
	var id Identity
	var token, site []byte
	var agent [16]byte
	var raw []byte
	err := s.read.QueryRowContext(ctx, `SELECT agent, epoch, name, token, server_url, server_key, site, enrolled_at, recipient FROM identity`).
		Scan(&raw, &id.Epoch, &id.Name, &token, &id.ServerURL, &id.ServerKey, &site, &id.EnrolledAt, &id.Recipient)
	if errors.Is(err, sql.ErrNoRows) {
		return id, ErrNotEnrolled
	}
	if err != nil {
		return id, fmt.Errorf("read identity: %w", err)
	}
	copy(agent[:], raw)
	id.Agent = agent
	plain, err := s.open(token, "token")
	if err != nil {
		return id, err
	}
	id.Token = string(plain)
	id.Site, err = exchange.BodyOf[exchange.Site](exchange.Item{Kind: exchange.KindSite, Body: site})
	return id, err
}

// SaveIdentity makes this data directory an agent's, once. Enrolling again as
// the same agent replaces the token.
func (s *Store) SaveIdentity(ctx context.Context, id Identity) error {
	if have, err := s.Identity(ctx); err == nil && have.Agent != id.Agent {
		return ErrEnrolled
	} else if err != nil && !errors.Is(err, ErrNotEnrolled) {
		return err
	}
	site, err := exchange.NewItem(exchange.KindSite, id.Site.ID[:], id.Site)
	if err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, `INSERT INTO identity (id, agent, epoch, name, token, server_url, server_key, site, enrolled_at, recipient)
		VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET token = excluded.token, server_url = excluded.server_url, recipient = excluded.recipient`,
		id.Agent[:], id.Epoch[:], id.Name, s.sealed([]byte(id.Token), "token"), id.ServerURL, id.ServerKey, site.Body, int64(id.EnrolledAt), id.Recipient)
	if err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	return nil
}

// ErrSealed says that what was sealed on this disk can't be opened with agent.key.
var ErrSealed = errors.New("the data on this disk does not belong to this agent.key")

func (s *Store) sealed(plain []byte, scope string) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(nonce)
	return s.seal.Seal(nonce, nonce, plain, []byte(scope))
}

func (s *Store) open(box []byte, scope string) ([]byte, error) {
	if len(box) < chacha20poly1305.NonceSizeX {
		return nil, ErrSealed
	}
	plain, err := s.seal.Open(nil, box[:chacha20poly1305.NonceSizeX], box[chacha20poly1305.NonceSizeX:], []byte(scope))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrSealed, scope)
	}
	return plain, nil
}

// Contact is a meeting with the server: both clocks at one moment.
type Contact struct {
	Boot   uuid.UUID
	Mono   int64         // ms since boot
	Wall   models.Millis // the agent's clock
	Server models.Millis // the server's
}

// steady is how much the clock differences of two meetings may differ, in ms, to count as
// equal. The later one then replaces both, and the table stays small.
const steady = 1000

// NoteContact remembers a meeting.
func (s *Store) NoteContact(ctx context.Context, c Contact) error {
	res, err := s.write.ExecContext(ctx, `UPDATE contacts SET mono = ?, wall = ?, server = ?
		WHERE pos = (SELECT max(pos) FROM contacts) AND boot = ? AND abs((wall - server) - ?) < ?`,
		c.Mono, int64(c.Wall), int64(c.Server), c.Boot[:], int64(c.Wall-c.Server), steady)
	if err == nil {
		var known int64
		if known, err = res.RowsAffected(); known > 0 {
			return nil
		}
	}
	if err == nil {
		_, err = s.write.ExecContext(ctx, `INSERT INTO contacts (boot, mono, wall, server) VALUES (?, ?, ?, ?)`,
			c.Boot[:], c.Mono, int64(c.Wall), int64(c.Server))
	}
	if err != nil {
		return fmt.Errorf("note contact: %w", err)
	}
	return nil
}

// LastContact is the newest meeting with the server; ok is false if there was none.
func (s *Store) LastContact(ctx context.Context) (c Contact, ok bool, err error) {
	var boot []byte
	err = s.read.QueryRowContext(ctx, `SELECT boot, mono, wall, server FROM contacts ORDER BY pos DESC LIMIT 1`).
		Scan(&boot, &c.Mono, &c.Wall, &c.Server)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("read contact: %w", err)
	}
	copy(c.Boot[:], boot)
	return c, true, nil
}
