package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/bundle"
)

const purposeBundle = "age"

// BundleKeys opens what agents seal to this server: the key that is given away
// now, then those of before. The first one is made when it is first asked for.
func (t *Tx) BundleKeys() ([]bundle.Key, error) {
	current, err := t.signingKeys(purposeBundle)
	if err != nil {
		return nil, err
	}
	if len(current) == 0 {
		k, err := t.newBundleKey()
		return []bundle.Key{k}, err
	}
	rows, err := all[models.SigningKey](t.db.Where("purpose = ?", purposeBundle).Order("retired_at = 0 DESC, created_at DESC"))
	if err != nil {
		return nil, err
	}
	keys := make([]bundle.Key, len(rows))
	for i, r := range rows {
		plain, err := t.vault.Open(r.Private, keyScope(r.KeyID))
		if err != nil {
			return nil, err
		}
		keys[i] = bundle.Key{Identity: string(plain), Recipient: string(r.Public)}
	}
	return keys, nil
}

func (t *Tx) newBundleKey() (bundle.Key, error) {
	k, err := bundle.NewKey()
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

// LockAgent reads an agent and keeps it as it is until the transaction ends.
func (t *Tx) LockAgent(id uuid.UUID) (models.Agent, error) {
	return one[models.Agent](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = ?", id)
}

// SaveCarried keeps what came of a bundle, and gives it its id. The agent's earlier
// replies are forgotten: this one says all that they said.
func (t *Tx) SaveCarried(b *models.CarriedBundle) (err error) {
	if b.ID, err = NewID(); err != nil {
		return err
	}
	b.Received = t.now
	old := t.db.Model(&models.CarriedBundle{}).Where("agent_id = ? AND reply IS NOT NULL", b.AgentID)
	if err := old.Update("reply", nil).Error; err != nil {
		return translate(err)
	}
	return translate(t.db.Create(b).Error)
}

// CarriedEntry is an import of a bundle as a page shows it. Its reply is left out.
type CarriedEntry struct {
	models.CarriedBundle
	AgentName, SiteCode, SiteName string
	Zone                          models.Zone
	ReplySize                     int
}

func (q Queries) carried() *gorm.DB {
	return q.db.Table("carried_bundles b").Joins("JOIN agents a ON a.id = b.agent_id").Joins("JOIN sites s ON s.id = a.site_id")
}

const carriedColumns = `b.id, b.agent_id, b.received, b.made, b.actor, b.enrolled, b.batches, b.events, b.strays, b.items, b.trouble, b.revoked,
	COALESCE(LENGTH(b.reply), 0) AS reply_size, a.name AS agent_name, s.code AS site_code, s.name AS site_name, s.zone`

// ListCarried lists imports, the newest first.
func (q Queries) ListCarried(part Slice) (Listed[CarriedEntry], error) {
	return listed[CarriedEntry](q.carried(), carriedColumns, "b.received DESC, b.id DESC", part)
}

// Carried finds one import.
func (q Queries) Carried(id uuid.UUID) (CarriedEntry, error) {
	var row CarriedEntry
	return row, translate(q.carried().Where("b.id = ?", id).Select(carriedColumns).Take(&row).Error)
}

// Reply is the file that answers a bundle: ErrNotFound once a newer one does.
func (q Queries) Reply(id uuid.UUID) ([]byte, error) {
	row, err := one[models.CarriedBundle](q.db, "id = ? AND reply IS NOT NULL", id)
	return row.Reply, err
}
