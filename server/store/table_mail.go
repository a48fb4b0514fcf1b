package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// AddMail puts a mail in the outbox. It is there if, and only if, the transaction is. A mail
// that has an ID is added once: ErrExists.
func (t *Tx) AddMail(m models.Mail, content []byte) (uuid.UUID, error) {
	var err error
	if m.ID == uuid.Nil {
		if m.ID, err = NewID(); err != nil {
			return m.ID, err
		}
	}
	if m.Content, err = t.vault.Seal(content, mailScope(m.ID)); err != nil {
		return m.ID, err
	}
	m.Sending = models.Sending{State: models.DeliveryWaiting, NextAt: t.now}
	return m.ID, translate(t.db.Create(&m).Error)
}

func mailScope(id uuid.UUID) string { return "mail/" + id.String() + "/content" }

// MailContent opens what a mail carries.
func (q Queries) MailContent(m models.Mail) ([]byte, error) {
	return q.vault.Open(m.Content, mailScope(m.ID))
}

// ClaimMail takes the mail that is longest due, as claim has it.
func (s *Store) ClaimMail(ctx context.Context, lease time.Duration) (models.Mail, error) {
	return claim(ctx, s, lease, nil, func(m *models.Mail) (uuid.UUID, *models.Sending) { return m.ID, &m.Sending })
}

// SaveMail stores the result of an attempt, unless another process has claimed the mail
// since. It deletes the content of a mail that was sent.
func (t *Tx) SaveMail(m models.Mail, claimed models.Millis) error {
	if m.State == models.DeliveryDone {
		m.Content = nil
	}
	return saveSending(t, m.ID, claimed, &m, "Content")
}

// MayGetMail says whether the recipient of a mail may still see its content.
func (q Queries) MayGetMail(m models.Mail) (bool, error) {
	if m.UserID == nil {
		return true, nil
	}
	u, err := q.User(*m.UserID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && u.Standing() != "" && u.Standing() == m.Standing, err
}

// Mail finds a mail by id.
func (q Queries) Mail(id uuid.UUID) (models.Mail, error) { return one[models.Mail](q.db, "id = ?", id) }

// MailsPosted says which of some mails there are, sent or not.
func (q Queries) MailsPosted(ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := in[models.Mail](q.db.Select("id"), "id", ids)
	there := map[uuid.UUID]bool{}
	for _, m := range rows {
		there[m.ID] = true
	}
	return there, err
}

// MailAgain puts a mail that was given up back in the queue, under its old Message-ID.
func (t *Tx) MailAgain(id uuid.UUID) error {
	return changed(t.db.Model(&models.Mail{}).Where("id = ? AND state = ?", id, models.DeliveryDead).Updates(t.anew()))
}

// ForgetMail deletes what was taken or given up before an instant.
func (t *Tx) ForgetMail(before models.Millis) error {
	return translate(t.db.Where("state <> ? AND updated_at < ?", models.DeliveryWaiting, before).Delete(&models.Mail{}).Error)
}
