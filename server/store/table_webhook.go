package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// ClassFact is a class that was closed.
type ClassFact struct {
	ClassID    uuid.UUID
	ClassCode  string
	ProviderID uuid.UUID
	ClosedAt   models.Millis
}

// factsPerMessage keeps a message within what any receiver takes.
const factsPerMessage = 100

// flushMessages stores the messages that the transaction's changes mean for webhooks.
// They are there if, and only if, the change is.
func (t *Tx) flushMessages() error {
	c := t.altered
	if len(c.attendance) == 0 && len(c.completions) == 0 && len(c.closed) == 0 {
		return nil
	}
	hooks, err := all[models.Webhook](t.db.Where("active = ?", true).Order("id"))
	if err != nil || len(hooks) == 0 {
		return err
	}
	var out outbox
	for session, people := range c.attendance {
		var rows []AttendanceFact
		for part := range slices.Chunk(people, chunk) {
			some, err := t.facts(t.revisions(ChangeFilter{}).Where("r.session_id = ? AND r.enrollment_id IN ?", session, part))
			if err != nil {
				return err
			}
			rows = append(rows, planned(some)...)
		}
		if len(rows) > 0 {
			put(&out, t, hooks, models.TopicAttendance, rows[0].ProviderID, rows)
		}
	}
	if err := t.completionMessages(&out, hooks); err != nil {
		return err
	}
	closed, err := in[models.Class](t.db, "id", c.closed)
	if err != nil {
		return err
	}
	for _, class := range closed {
		put(&out, t, hooks, models.TopicClass, class.ProviderID, []ClassFact{{class.ID, class.Code, class.ProviderID, class.ClosedAt}})
	}
	if out.err != nil || len(out.rows) == 0 {
		return out.err
	}
	return translate(t.db.CreateInBatches(out.rows, chunk).Error)
}

func (t *Tx) completionMessages(out *outbox, hooks []models.Webhook) error {
	for part := range slices.Chunk(t.altered.completions, chunk) {
		facts, err := t.Completions(EnrollmentFilter{IDs: part}, Slice{After: &uuid.Nil, Limit: len(part)})
		if err != nil {
			return err
		}
		byProvider := map[uuid.UUID][]CompletionFact{}
		for _, f := range facts {
			byProvider[f.ProviderID] = append(byProvider[f.ProviderID], f)
		}
		for provider, some := range byProvider {
			put(out, t, hooks, models.TopicCompletion, provider, some)
		}
	}
	return nil
}

// outbox collects messages.
type outbox struct {
	rows []models.Delivery
	err  error
}

// put addresses facts of one institution to every webhook that is to know them.
func put[T any](o *outbox, t *Tx, hooks []models.Webhook, topic models.Topic, provider uuid.UUID, facts []T) {
	for part := range slices.Chunk(facts, factsPerMessage) {
		packed, err := json.Marshal(part)
		o.err = errors.Join(o.err, err)
		for _, h := range hooks {
			if !slices.Contains(strings.Fields(h.Topics), string(topic)) || h.ProviderID != nil && *h.ProviderID != provider {
				continue
			}
			id, err := NewID()
			o.err = errors.Join(o.err, err)
			o.rows = append(o.rows, models.Delivery{ID: id, WebhookID: h.ID, Topic: topic, Facts: packed, CreatedAt: t.now,
				Sending: models.Sending{State: models.DeliveryWaiting, NextAt: t.now}})
		}
	}
}

// AddWebhook stores a webhook, its secret sealed.
func (t *Tx) AddWebhook(h models.Webhook, secret []byte) error {
	var err error
	if h.Secret, err = t.vault.Seal(secret, webhookScope(h.ID)); err != nil {
		return err
	}
	return translate(t.db.Create(&h).Error)
}

func webhookScope(id uuid.UUID) string { return "webhook/" + id.String() + "/secret" }

// WebhookSecret is the key that a webhook's messages are signed with.
func (q Queries) WebhookSecret(h models.Webhook) ([]byte, error) {
	return q.vault.Open(h.Secret, webhookScope(h.ID))
}

// SetWebhookActive switches a webhook on or off. Messages for a webhook that is off keep
// waiting.
func (t *Tx) SetWebhookActive(id uuid.UUID, active bool) error {
	return changed(t.db.Model(&models.Webhook{}).Where("id = ?", id).Update("active", active))
}

// Webhook finds a webhook by id.
func (q Queries) Webhook(id uuid.UUID) (models.Webhook, error) {
	return one[models.Webhook](q.db, "id = ?", id)
}

// WebhookEntry is a webhook with its institution and how its messages fare.
type WebhookEntry struct {
	models.Webhook
	ProviderName  string
	Waiting, Dead int
	LastDone      models.Millis
}

// Webhooks lists every webhook by name.
func (q Queries) Webhooks() ([]WebhookEntry, error) {
	var rows []WebhookEntry
	return rows, translate(q.db.Table("webhooks w").Joins("LEFT JOIN providers p ON p.id = w.provider_id").Select(`w.*, COALESCE(p.name, '') AS provider_name,
		(SELECT COUNT(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting') AS waiting,
		(SELECT COUNT(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'dead') AS dead,
		COALESCE((SELECT MAX(d.updated_at) FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'delivered'), 0) AS last_done`).
		Order("w.name, w.id").Scan(&rows).Error)
}

// DeliveryFilter narrows a list of deliveries.
type DeliveryFilter struct {
	Webhook uuid.UUID
	State   models.DeliveryState
}

// ListDeliveries lists messages, the newest first.
func (q Queries) ListDeliveries(f DeliveryFilter, s Slice) (Listed[models.Delivery], error) {
	db := q.db.Table("deliveries d").Where("d.webhook_id = ?", f.Webhook)
	if f.State != "" {
		db = db.Where("d.state = ?", f.State)
	}
	return listed[models.Delivery](db, "d.*", "d.id DESC", s)
}

// WebhooksDue lists the active webhooks that have messages due.
func (q Queries) WebhooksDue(now models.Millis) ([]models.Webhook, error) {
	return all[models.Webhook](q.db.Where(`active = ? AND EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = webhooks.id AND d.state = ? AND d.next_at <= ?)`,
		true, models.DeliveryWaiting, now).Order("id"))
}

// ClaimDelivery takes a webhook's message that is longest due, until a lease is over:
// see claim. ErrNotFound says that no message is due.
func (s *Store) ClaimDelivery(ctx context.Context, webhook uuid.UUID, lease time.Duration) (models.Delivery, error) {
	return claim(ctx, s, lease, map[string]any{"webhook_id": webhook}, func(d *models.Delivery) (uuid.UUID, *models.Sending) { return d.ID, &d.Sending })
}

// SaveDelivery stores the result of an attempt, unless another process has claimed the
// message since.
func (t *Tx) SaveDelivery(d models.Delivery, claimed models.Millis) error {
	return saveSending(t, d.ID, claimed, &d, "Status")
}

// SendAgain puts a message back in the queue, under its old id.
func (t *Tx) SendAgain(webhook, id uuid.UUID) error {
	return changed(t.db.Model(&models.Delivery{}).Where("id = ? AND webhook_id = ?", id, webhook).Updates(t.anew()))
}

// ForgetDeliveries deletes what arrived before an instant.
func (t *Tx) ForgetDeliveries(before models.Millis) error {
	return translate(t.db.Where("state = ? AND updated_at < ?", models.DeliveryDone, before).Delete(&models.Delivery{}).Error)
}
