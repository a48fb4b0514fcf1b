package store

import (
	"context"
	"errors"

	"buktihadir/models"
)

// settingPublicURL is where people reached the server when it was last started.
const settingPublicURL = "public_url"

// NotePublicURL notes where people reach the server, for the links that commands print.
func (s *Store) NotePublicURL(ctx context.Context, address string) error {
	return translate(s.write.WithContext(ctx).Save(&models.Setting{Name: settingPublicURL, Value: []byte(address)}).Error)
}

// PublicURL is where people reached the server when it was last started; "" if it never was.
func (q Queries) PublicURL() (string, error) {
	row, err := one[models.Setting](q.db, "name = ?", settingPublicURL)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return string(row.Value), err
}
