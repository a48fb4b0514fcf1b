package store

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Erased stands where an erased participant's name stood.
const Erased = "—"

// ErasePerson makes a participant anonymous: what is left has no name, and this database
// can't lead it back to a person. The record stays whole, for it knows people
// by random numbers only; so do the counts, which keep sex and wave. Gone are name,
// numbers, address, date of birth, residence, link and mails; the texts of tickets, which hold the
// name; papers that corrections go by, and what desks attached; waiting places; and the files that people were
// imported from, once they are done with. The NIK is free for a new registration.
//
// Sites are told: what they keep is overwritten with the next call.
func (t *Tx) ErasePerson(id uuid.UUID) error {
	p, err := t.Participant(id)
	if err != nil {
		return err
	}
	places, err := t.EnrollmentsOfParticipants(id)
	if err != nil {
		return err
	}
	nothing, err := t.vault.Seal(nil, nikScope(id))
	if err != nil {
		return err
	}
	random := make([]byte, 2*linkHashSize+8) // in place of two unique indexes, and of the number
	rand.Read(random)
	err = t.db.Model(&p).Where("id = ?", id).Updates(map[string]any{
		"name": Erased, "search_index": "", "number": "X-" + hex.EncodeToString(random[2*linkHashSize:]), "nik_sealed": nothing, "nik_index": random[:linkHashSize],
		"phone_sealed": nil, "phone_index": nil, "email_sealed": nil, "birth_date": "", "regency": "", "link_version": p.LinkVersion + 1,
		"link_hash": random[linkHashSize : 2*linkHashSize], "erased_at": t.now}).Error
	if err != nil {
		return translate(err)
	}
	ids := make([]uuid.UUID, len(places))
	for i, e := range places {
		ids[i] = e.ID
	}
	if err := t.RevokeTickets("erasure", ids...); err != nil {
		return err
	}
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE tickets SET token = '', revoke_reason = 'erasure' WHERE enrollment_id IN ?", []any{ids}},
		{"UPDATE enrollments SET reason = '' WHERE participant_id = ?", []any{id}},
		{"UPDATE documents SET file_name = '', content = ? WHERE entity = ? AND entity_id IN ?", []any{[]byte{}, evidence, ids}},
		{"UPDATE attachments SET content = ? WHERE sha256 IN (SELECT attached FROM scan_events WHERE enrollment_id IN ?)", []any{[]byte{}, ids}},
		{"DELETE FROM mails WHERE participant_id = ?", []any{id}},
		{"UPDATE waiting_places SET ended_at = ? WHERE participant_id = ? AND ended_at = 0", []any{t.now, id}},
		{"UPDATE data_requests SET said = NULL WHERE participant_id = ?", []any{id}},
		{"UPDATE import_jobs SET content = ? WHERE kind = 'participants' AND state IN ?", []any{[]byte{}, []string{"done", "refused"}}},
	} {
		if err := t.db.Exec(statement.sql, statement.args...).Error; err != nil {
			return translate(err)
		}
	}
	places, err = in[models.Enrollment](t.db, "id", ids)
	if err != nil {
		return err
	}
	return t.PublishEnrollments(places...)
}
