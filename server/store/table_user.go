package store

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// UserRow is a user with the name of the institution that bounds them.
type UserRow struct {
	models.User
	ProviderCode, ProviderName string
}

// User finds a user by id.
func (q Queries) User(id uuid.UUID) (models.User, error) { return q.oneUser("id = ?", id) }

// UserByEmail finds a user by their address, which is kept in lower case.
func (q Queries) UserByEmail(email string) (models.User, error) { return q.oneUser("email = ?", email) }

// UserBySetup finds the user whom a set-up link was made for.
func (q Queries) UserBySetup(hash []byte) (models.User, error) {
	return q.oneUser("setup_hash = ?", hash)
}

func (q Queries) oneUser(where string, arg any) (models.User, error) {
	var u models.User
	return u, translate(q.db.Where(where, arg).Take(&u).Error)
}

// HasUsers says whether anybody was ever registered.
func (q Queries) HasUsers() (bool, error) {
	var n int64
	return n > 0, translate(q.db.Model(&models.User{}).Limit(1).Count(&n).Error)
}

// Users lists everybody by name.
func (q Queries) Users() ([]UserRow, error) {
	var rows []UserRow
	return rows, translate(q.db.Table("users u").
		Select("u.*, COALESCE(p.code, '') AS provider_code, COALESCE(p.name, '') AS provider_name").
		Joins("LEFT JOIN providers p ON p.id = u.provider_id").Order("u.name, u.id").Scan(&rows).Error)
}

// AddUser stores a new user; ErrExists if the address is taken.
func (t *Tx) AddUser(u models.User) error { return translate(t.db.Create(&u).Error) }

// SaveUser stores a changed user.
func (t *Tx) SaveUser(u models.User) error {
	return translate(t.db.Model(&models.User{}).Where("id = ?", u.ID).
		Select("Email", "Name", "Role", "ProviderID", "PasswordHash", "SetupHash", "SetupExpires", "Active").
		Updates(&u).Error)
}

// UseSetup stores a user and uses up their set-up link; ErrNotFound if it was used
// before.
func (t *Tx) UseSetup(u models.User, hash []byte) error {
	done := t.db.Model(&models.User{}).Where("id = ? AND setup_hash = ?", u.ID, hash).
		Select("Email", "Name", "PasswordHash", "SetupHash", "SetupExpires").Updates(&u)
	if done.Error == nil && done.RowsAffected == 0 {
		return ErrNotFound
	}
	return translate(done.Error)
}

// HTTPSessions are the signed-in browsers. Its methods have the shape that
// the session library asks for; tokens come hashed.
type HTTPSessions struct{ s *Store }

// HTTPSessions gives the store of signed-in browsers.
func (s *Store) HTTPSessions() HTTPSessions { return HTTPSessions{s} }

// Find gives the data of a session that has not ended.
func (h HTTPSessions) Find(ctx context.Context, token string, now models.Millis) ([]byte, bool, error) {
	var rows []models.HTTPSession
	err := h.s.read.WithContext(ctx).Where("token = ? AND expiry > ?", []byte(token), now).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, false, translate(err)
	}
	return rows[0].Data, true, nil
}

// Commit stores a session.
func (h HTTPSessions) Commit(ctx context.Context, token string, data []byte, expiry models.Millis) error {
	return h.s.Write(ctx, func(t *Tx) error {
		return t.db.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "token"}},
			DoUpdates: clause.AssignmentColumns([]string{"data", "expiry"}),
		}).Create(&models.HTTPSession{Token: []byte(token), Data: data, Expiry: expiry}).Error
	})
}

// Delete ends a session.
func (h HTTPSessions) Delete(ctx context.Context, token string) error {
	return h.s.Write(ctx, func(t *Tx) error {
		return t.db.Where("token = ?", []byte(token)).Delete(&models.HTTPSession{}).Error
	})
}

// DeleteExpired forgets the sessions that ended by themselves.
func (h HTTPSessions) DeleteExpired(ctx context.Context, now models.Millis) error {
	return h.s.Write(ctx, func(t *Tx) error {
		return t.db.Where("expiry <= ?", now).Delete(&models.HTTPSession{}).Error
	})
}
