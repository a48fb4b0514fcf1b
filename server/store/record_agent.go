package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// codeLife is how long a one-time code makes a program an agent.
const codeLife = 24 * time.Hour

// ErrBadCode says that a one-time code is wrong, used or too old.
var ErrBadCode = errors.New("the code is wrong, was used, or is older than 24 hours")

// NewAgentCode makes a one-time code for an agent at a site, in four groups of four.
func (t *Tx) NewAgentCode(site uuid.UUID, name string) (code string, expires models.Millis, err error) {
	raw := make([]byte, 16)
	rand.Read(raw)
	for i, b := range raw {
		if i > 0 && i%4 == 0 {
			code += "-"
		}
		code += string(models.CodeAlphabet[b%32])
	}
	expires = t.now.Add(codeLife)
	return code, expires, translate(t.db.Create(&models.AgentCode{
		CodeHash: hashOf(models.TypedCode(code)), SiteID: site, Name: name, ExpiresAt: expires, CreatedAt: t.now,
	}).Error)
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// EnrolAgent makes the program that holds a code an agent, and gives its bearer token.
// The same program may ask again with the same code, also much later: the first answer
// may have been lost, or the bundle with it is read twice. It gets the same token, and
// once it has used it nothing changes. A program that was an agent before this server
// was put back from a backup stays the same agent.
func (t *Tx) EnrolAgent(req exchange.EnrolRequest) (models.Agent, string, error) {
	row, err := one[models.AgentCode](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "code_hash = ?", hashOf(models.TypedCode(req.Code)))
	if errors.Is(err, ErrNotFound) || err == nil && row.ExpiresAt < t.now {
		return models.Agent{}, "", ErrBadCode
	}
	if err != nil {
		return models.Agent{}, "", err
	}
	if req.Was != uuid.Nil && req.At != row.SiteID {
		return models.Agent{}, "", ErrBadCode
	}
	token := base64.RawURLEncoding.EncodeToString(t.vault.Index("agent token", string(row.CodeHash)+string(req.PublicKey)))
	if row.AgentID != nil {
		agent, err := t.Agent(*row.AgentID)
		if err != nil || !bytes.Equal(agent.PublicKey, req.PublicKey) {
			return models.Agent{}, "", errors.Join(err, ErrBadCode)
		}
		if agent.LastContact > agent.EnrolledAt {
			return agent, token, nil
		}
		agent.Epoch, agent.Version = req.Epoch, text(req.Version)
		return agent, token, translate(t.db.Save(&agent).Error)
	}
	if _, err := t.Agent(req.Was); !errors.Is(err, ErrNotFound) { // it may only be somebody whom nobody knows
		return models.Agent{}, "", cmp.Or(err, ErrBadCode)
	}
	told, err := t.watermark(row.SiteID) // a newcomer throws nothing open again that is told already
	if err != nil {
		return models.Agent{}, "", err
	}
	agent := models.Agent{
		SiteID: row.SiteID, Name: row.Name, Status: models.AgentActive, PublicKey: req.PublicKey, TokenHash: hashOf(token),
		Epoch: req.Epoch, Version: text(req.Version), EnrolledAt: t.now, LastContact: t.now, ReportedUntil: told,
	}
	if agent.ID = req.Was; agent.ID == uuid.Nil {
		if agent.ID, err = NewID(); err != nil {
			return agent, "", err
		}
	}
	if err := t.db.Create(&agent).Error; err != nil {
		return agent, "", translate(err)
	}
	row.UsedAt, row.AgentID = t.now, &agent.ID
	if err := t.publishAgent(agent); err != nil {
		return agent, "", err
	}
	return agent, token, translate(t.db.Save(&row).Error)
}

// Agent finds an agent by id.
func (q Queries) Agent(id uuid.UUID) (models.Agent, error) {
	return one[models.Agent](q.db, "id = ?", id)
}

// AgentByToken finds whose bearer token this is: the present one, or the next.
func (q Queries) AgentByToken(token string) (models.Agent, error) {
	return one[models.Agent](q.db, "token_hash = ? OR next_token_hash = ?", hashOf(token), hashOf(token))
}

// RotateToken makes the token that an agent is to use next. It is told with the
// next answer, and again until it is used; the present one works until then.
func (t *Tx) RotateToken(id uuid.UUID) error {
	a, err := one[models.Agent](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = ?", id)
	if err != nil {
		return err
	}
	a.TokenTurn++
	a.NextTokenHash = hashOf(t.nextToken(a))
	return translate(t.db.Save(&a).Error)
}

// nextToken can be made again: an answer that was lost is told again.
func (t *Tx) nextToken(a models.Agent) string {
	return base64.RawURLEncoding.EncodeToString(t.vault.Index("next agent token", fmt.Sprintf("%s/%d", a.ID, a.TokenTurn)))
}

// TurnToken says which token an agent that has just shown one is to use from now
// on; empty: the one it has. Once it has shown the next one the old one is over.
func (t *Tx) TurnToken(a models.Agent, shown string) (string, error) {
	if a.NextTokenHash == nil {
		return "", nil
	}
	if bytes.Equal(a.NextTokenHash, hashOf(shown)) {
		return "", translate(t.db.Model(&models.Agent{}).Where("id = ? AND next_token_hash = ?", a.ID, a.NextTokenHash).
			Updates(map[string]any{"token_hash": a.NextTokenHash, "next_token_hash": nil}).Error)
	}
	return t.nextToken(a), nil
}

// TokenFor is the token that an agent is to use from now on, for one that has proved
// by its key who it is: its disk may be older than the last change.
func (t *Tx) TokenFor(id uuid.UUID) (string, error) {
	a, err := t.Agent(id)
	if err == nil && a.TokenTurn == 0 { // only a hash of the first one is known here
		if err = t.RotateToken(id); err == nil {
			a, err = t.Agent(id)
		}
	}
	return t.nextToken(a), err
}

// RevokeAgent ends an agent's trust. It may still bring what it has recorded; what
// waited for it alone is closed. The agent is locked before its site, as in a push.
func (t *Tx) RevokeAgent(id uuid.UUID) error {
	a, err := one[models.Agent](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = ?", id)
	if err != nil || a.Status == models.AgentRevoked {
		return err
	}
	if err := t.lockSite(a.SiteID); err != nil {
		return err
	}
	before, err := t.watermark(a.SiteID)
	if err != nil {
		return err
	}
	a.Status, a.RevokedAt = models.AgentRevoked, t.now
	if err := t.db.Save(&a).Error; err != nil {
		return translate(err)
	}
	if err := t.publishAgent(a); err != nil {
		return err
	}
	return t.closeSince(a.SiteID, before)
}

const (
	purposeNote = "note"
	noteName    = "bukti-hadir"
)

// NoteKey signs the server's word: receipts. It is made when it is first asked for.
func (t *Tx) NoteKey() (signer note.Signer, verifier string, err error) {
	rows, err := t.signingKeys(purposeNote)
	if err != nil {
		return nil, "", err
	}
	var skey string
	if len(rows) > 0 {
		plain, err := t.vault.Open(rows[0].Private, keyScope(rows[0].KeyID))
		if err != nil {
			return nil, "", err
		}
		skey, verifier = string(plain), string(rows[0].Public)
	} else if skey, verifier, err = t.newNoteKey(); err != nil {
		return nil, "", err
	}
	signer, err = note.NewSigner(skey)
	if err != nil {
		return nil, "", fmt.Errorf("note key: %w", err)
	}
	return signer, verifier, nil
}

// signingKeys lists the keys that sign now, the newest first. If there is
// none yet, the caller holds the lock to make it.
func (t *Tx) signingKeys(purpose string) ([]models.SigningKey, error) {
	read := func() ([]models.SigningKey, error) {
		return all[models.SigningKey](t.db.Where("purpose = ? AND retired_at = 0", purpose).Order("created_at DESC"))
	}
	rows, err := read()
	if err != nil || len(rows) > 0 {
		return rows, err
	}
	if err := t.lockKeys(); err != nil {
		return nil, err
	}
	return read()
}

func (t *Tx) newNoteKey() (skey, vkey string, err error) {
	if skey, vkey, err = note.GenerateKey(rand.Reader, noteName); err != nil {
		return "", "", fmt.Errorf("make note key: %w", err)
	}
	id := hashOf(vkey)[:8]
	sealed, err := t.vault.Seal([]byte(skey), keyScope(id))
	if err != nil {
		return "", "", err
	}
	row := models.SigningKey{KeyID: id, Purpose: purposeNote, Public: []byte(vkey), Private: sealed, CreatedAt: t.now}
	return skey, vkey, translate(t.db.Create(&row).Error)
}

// Contact is what an agent says about itself when it calls.
type Contact struct {
	Version   string
	Unsent    uint64
	RosterRev uint64
	Now       models.Millis // its clock; zero: it did not say
	Disk      models.Disk
}

// NoteContact remembers that an agent called.
func (t *Tx) NoteContact(agent uuid.UUID, c Contact) error {
	set := map[string]any{"last_contact": t.now, "version": text(c.Version), "unsent": int64(c.Unsent), "roster_rev": int64(c.RosterRev), //nolint:gosec // counts
		"roster_at": gorm.Expr("CASE WHEN (SELECT f.revision FROM site_feeds f WHERE f.site_id = agents.site_id) > ? THEN roster_at ELSE ? END",
			int64(c.RosterRev), int64(t.now))} //nolint:gosec // a count
	if c.Disk.Known() {
		set["disk_free"], set["disk_total"] = c.Disk.Free, c.Disk.Total
	}
	if c.Now != 0 {
		set["clock_offset"] = int64(c.Now - t.now)
	}
	return translate(t.db.Model(&models.Agent{}).Where("id = ?", agent).Updates(set).Error)
}

// settingEpoch names the row that says which life of this server it is.
const settingEpoch = "epoch"

// ensureEpoch draws the server's epoch in a new database.
func (s *Store) ensureEpoch(ctx context.Context) error {
	return s.Write(ctx, func(t *Tx) error {
		row := models.Setting{Name: settingEpoch, Value: make([]byte, 16)}
		rand.Read(row.Value)
		return t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	})
}

// lockKeys makes transactions that may make a signing key wait for each other:
// two first keys at once would each be pinned by somebody.
func (t *Tx) lockKeys() error {
	_, err := one[models.Setting](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "name = ?", settingEpoch)
	return err
}

// scope names what a cursor belongs to: this server's life, and the site.
func (t *Tx) scope(site uuid.UUID) ([]byte, error) {
	epoch, err := one[models.Setting](t.db, "name = ?", settingEpoch)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte("bukti-hadir/scope/1" + hex.EncodeToString(epoch.Value) + site.String()))
	return sum[:16], nil
}
