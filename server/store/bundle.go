package store

import (
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/parcel"
)

const purposeBundle = "age"

// BundleKeys opens what agents seal to this server: the key that is given away
// now, then those of before. The first one is made when it is first asked for.
func (t *Tx) BundleKeys() ([]parcel.Key, error) {
	current, err := t.signingKeys(purposeBundle)
	if err != nil {
		return nil, err
	}
	if len(current) == 0 {
		k, err := t.newBundleKey()
		return []parcel.Key{k}, err
	}
	rows, err := all[models.SigningKey](t.db.Where("purpose = ?", purposeBundle).Order("retired_at = 0 DESC, created_at DESC"))
	if err != nil {
		return nil, err
	}
	keys := make([]parcel.Key, len(rows))
	for i, r := range rows {
		plain, err := t.vault.Open(r.Private, keyScope(r.KeyID))
		if err != nil {
			return nil, err
		}
		keys[i] = parcel.Key{Identity: string(plain), Recipient: string(r.Public)}
	}
	return keys, nil
}

func (t *Tx) newBundleKey() (parcel.Key, error) {
	k, err := parcel.NewKey()
	if err != nil {
		return k, err
	}
	id := hashOf(k.Recipient)[:8]
	sealed, err := t.vault.Seal([]byte(k.Identity), keyScope(id))
	if err != nil {
		return k, err
	}
	row := models.SigningKey{KeyID: id, Purpose: purposeBundle, Public: []byte(k.Recipient), Private: sealed, CreatedAt: t.now}
	return k, translate(t.db.Create(&row).Error)
}

// LockAgent reads an agent anew and keeps it as it is until the transaction ends.
func (t *Tx) LockAgent(a *models.Agent) (err error) {
	*a, err = one[models.Agent](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = ?", a.ID)
	return err
}
