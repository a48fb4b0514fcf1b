package store

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ticket"
)

const purposeTicket = "ticket"

// TicketKey is the key that signs tickets now; the first is made when it is
// first asked for, and every site gets its public half.
func (t *Tx) TicketKey() (ed25519.PrivateKey, error) {
	rows, err := t.signingKeys(purposeTicket)
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		seed, err := t.vault.Open(rows[0].Private, keyScope(rows[0].KeyID))
		if err != nil {
			return nil, err
		}
		return ed25519.NewKeyFromSeed(seed), nil
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make ticket key: %w", err)
	}
	id := ticket.KeyIDOf(pub)
	sealed, err := t.vault.Seal(key.Seed(), keyScope(id[:]))
	if err != nil {
		return nil, err
	}
	row := models.SigningKey{KeyID: id[:], Purpose: purposeTicket, Public: pub, Private: sealed, CreatedAt: t.now}
	if err := t.db.Create(&row).Error; err != nil {
		return nil, translate(err)
	}
	sites, err := t.Sites()
	if err != nil {
		return nil, err
	}
	for _, s := range sites {
		if err := t.publishKeys(s.ID); err != nil {
			return nil, err
		}
	}
	return key, nil
}

func keyScope(id []byte) string { return "key/" + hex.EncodeToString(id) }

// TicketKeys are all public keys that tickets may be signed with.
func (q Queries) TicketKeys() (ticket.Keys, error) {
	rows, err := all[models.SigningKey](q.db.Where("purpose = ?", purposeTicket))
	keys := ticket.Keys{}
	for _, r := range rows {
		keys[ticket.KeyIDOf(r.Public)] = r.Public
	}
	return keys, err
}

func (t *Tx) publishKeys(site uuid.UUID) error {
	rows, err := all[models.SigningKey](t.db.Where("purpose = ?", purposeTicket))
	if err != nil {
		return err
	}
	for _, r := range rows {
		it, err := exchange.NewItem(exchange.KindKey, r.KeyID, exchange.TicketKey{Public: r.Public})
		if err != nil {
			return err
		}
		t.Publish(site, it)
	}
	return nil
}

// NewClassSecret draws and seals the key of a class's rotating codes.
func (t *Tx) NewClassSecret(class uuid.UUID) ([]byte, error) {
	secret := make([]byte, 32)
	rand.Read(secret)
	return t.vault.Seal(secret, classScope(class))
}

func classScope(class uuid.UUID) string { return "class/" + class.String() + "/secret" }

// ClassSecret opens the key of a class's rotating codes.
func (q Queries) ClassSecret(c models.Class) ([]byte, error) {
	return q.vault.Open(c.Secret, classScope(c.ID))
}

// Ticket finds a ticket by id.
func (q Queries) Ticket(id models.Ref) (models.Ticket, error) {
	return one[models.Ticket](q.db, "id = ?", id)
}

// TicketsOf lists the tickets of enrollments that are valid, or were and are revoked.
func (q Queries) TicketsOf(enrollments ...uuid.UUID) ([]models.Ticket, error) {
	return in[models.Ticket](q.db.Order("issued_at, id"), "enrollment_id", enrollments)
}

// TicketEnds counts the valid tickets of a class by their last day.
func (q Queries) TicketEnds(class uuid.UUID) (map[models.LocalDate]int, error) {
	return countBy[models.LocalDate, int](q.db.Model(&models.Ticket{}).Where("class_id = ? AND revoked_at = 0", class), "valid_until")
}

// UnfitTickets lists up to most enrollments of a class whose valid ticket isn't taken at all
// of its sessions: it ends before the last planned one, or has a fixed code that the class's
// policy refuses. A closed class has none.
func (q Queries) UnfitTickets(class uuid.UUID, most int) ([]models.Enrollment, error) {
	c, err := q.ClassEntry(class)
	if err != nil || c.ClosedAt != 0 {
		return nil, err
	}
	pilot, err := q.Pilot(c.PilotID)
	if err != nil {
		return nil, err
	}
	last := models.LocalDate("") // of a class without a planned session
	if c.LastEnd != 0 {
		last = c.Zone.Date(c.LastEnd)
	}
	return all[models.Enrollment](q.db.Where("status = ?", models.EnrollmentActive).Where(
		"id IN (SELECT t.enrollment_id FROM tickets t WHERE t.class_id = ? AND t.revoked_at = 0 AND (t.valid_until < ? OR ? AND NOT t.live))",
		class, last, PolicyOf(c.Class, pilot).LiveOnly).Order("id").Limit(most))
}

// FixedTickets counts the tickets that people hold for classes that refuse fixed codes and
// meet again after now, and how many of these tickets are fixed.
func (q Queries) FixedTickets(now models.Millis, pilot models.Pilot, classes ...models.Class) (fixed, held int, err error) {
	var ids []uuid.UUID
	for _, c := range classes {
		if c.ClosedAt == 0 && PolicyOf(c, pilot).LiveOnly {
			ids = append(ids, c.ID)
		}
	}
	for some := range slices.Chunk(ids, chunk) {
		var n struct{ Held, Fixed int }
		err := q.db.Model(&models.Ticket{}).Where("class_id IN ? AND revoked_at = 0", some).
			Where("EXISTS (SELECT 1 FROM sessions x WHERE x.class_id = tickets.class_id AND x.status = ? AND x.ends_at > ?)", models.SessionPlanned, now).
			Select("COUNT(*) AS held, COUNT(CASE WHEN live THEN NULL ELSE 1 END) AS fixed").Scan(&n).Error
		if err != nil {
			return 0, 0, translate(err)
		}
		fixed, held = fixed+n.Fixed, held+n.Held
	}
	return fixed, held, nil
}

// AddTickets adds newly signed tickets.
func (t *Tx) AddTickets(rows []models.Ticket) error {
	if len(rows) == 0 {
		return nil
	}
	if err := t.db.CreateInBatches(rows, chunk).Error; err != nil {
		return translate(err)
	}
	return t.nowListed(rows)
}

// RevokeTickets revokes the valid tickets of enrollments, and tells their sites.
func (t *Tx) RevokeTickets(reason string, enrollments ...uuid.UUID) error {
	rows, err := in[models.Ticket](t.db.Where("revoked_at = 0"), "enrollment_id", enrollments)
	if err != nil || len(rows) == 0 {
		return err
	}
	known := map[uuid.UUID]Knowing{}
	for _, r := range rows {
		r.RevokedAt = t.now
		err := t.db.Model(&models.Ticket{}).Where("id = ?", r.ID).
			Updates(map[string]any{"revoked_at": t.now, "revoke_reason": reason}).Error
		if err != nil {
			return translate(err)
		}
		knows, err := cached(known, r.ClassID, t.Knowing)
		if err != nil {
			return err
		}
		it, err := revocationItem(r)
		if err != nil {
			return err
		}
		for site := range knows.People {
			t.Publish(site, it)
		}
	}
	return nil
}
