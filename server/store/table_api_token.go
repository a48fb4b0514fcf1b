package store

import (
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// TokenEntry is a token with the name of the institution that bounds it.
type TokenEntry struct {
	models.APIToken
	ProviderCode, ProviderName string
}

// APITokens lists every token, the newest first.
func (q Queries) APITokens() ([]TokenEntry, error) {
	var rows []TokenEntry
	return rows, translate(q.db.Table("api_tokens t").Joins("LEFT JOIN providers p ON p.id = t.provider_id").
		Select("t.*, COALESCE(p.code, '') AS provider_code, COALESCE(p.name, '') AS provider_name").Order("t.id DESC").Scan(&rows).Error)
}

// APIToken finds a token by id.
func (q Queries) APIToken(id uuid.UUID) (models.APIToken, error) {
	return one[models.APIToken](q.db, "id = ?", id)
}

// APITokenByHash finds a token by its hash.
func (q Queries) APITokenByHash(hash []byte) (models.APIToken, error) {
	return one[models.APIToken](q.db, "token_hash = ?", hash)
}

// AddAPIToken stores a new token.
func (t *Tx) AddAPIToken(row models.APIToken) error { return translate(t.db.Create(&row).Error) }

// RevokeAPIToken ends a token; one that was revoked before stays as it was.
func (t *Tx) RevokeAPIToken(id uuid.UUID) error {
	return translate(t.db.Model(&models.APIToken{}).Where("id = ? AND revoked_at = 0", id).Update("revoked_at", t.now).Error)
}

// UsedAPIToken notes that a token was used now; to the minute, so that a program that
// calls often costs few writes.
func (t *Tx) UsedAPIToken(id uuid.UUID) error {
	return translate(t.db.Model(&models.APIToken{}).Where("id = ? AND last_used < ?", id, t.now.Add(-time.Minute)).Update("last_used", t.now).Error)
}
