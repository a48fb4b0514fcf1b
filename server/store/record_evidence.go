package store

import (
	"encoding/hex"

	"github.com/google/uuid"

	"buktihadir/models"
)

// evidence is the entity of documents that corrections go by.
const evidence = "evidence"

func evidenceScope(sum models.Hash) string { return evidence + "/" + hex.EncodeToString(sum[:]) }

// KeepEvidence keeps a paper about one person, or about everybody whom a bulk change
// corrects. It is sealed, because it may speak of an illness. The same paper is kept once.
func (t *Tx) KeepEvidence(d models.Document) error {
	have, err := in[models.Document](t.db.Select("id").Where("entity = ? AND entity_id = ?", evidence, d.EntityID), "sha256", []models.Hash{d.SHA256})
	if err != nil || len(have) > 0 {
		return err
	}
	d.Entity, d.Kind = evidence, models.DocumentEvidence
	if d.ID, err = NewID(); err != nil {
		return err
	}
	if d.Content, err = t.vault.Seal(d.Content, evidenceScope(d.SHA256)); err != nil {
		return err
	}
	return t.AddDocument(d)
}

// Evidence gives the paper that a correction is based on, or ErrNotFound.
func (q Queries) Evidence(correction uuid.UUID) (models.Document, error) {
	c, err := one[models.Correction](q.db, "id = ?", correction)
	if err != nil {
		return models.Document{}, err
	}
	raw, err := hex.DecodeString(c.Evidence)
	if err != nil || len(raw) != len(models.Hash{}) {
		return models.Document{}, ErrNotFound
	}
	whose := c.EnrollmentID
	if c.BulkID != nil { // one paper for all of them
		whose = *c.BulkID
	}
	d, err := one[models.Document](q.db, "entity = ? AND entity_id = ? AND sha256 = ?", evidence, whose, models.Hash(raw))
	if err == nil && len(d.Content) == 0 { // the person was erased
		err = ErrNotFound
	}
	if err != nil {
		return d, err
	}
	d.Content, err = q.vault.Open(d.Content, evidenceScope(d.SHA256))
	return d, err
}
