package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// claim takes the message that is longest due, of those with these columns. No other
// server of the same database takes it until the lease is over; a server that dies with
// it thereby leaves it to the others. ErrNotFound says that no message is due. The
// function of gives a row's id and its state of sending.
func claim[T any](ctx context.Context, s *Store, lease time.Duration, like map[string]any, of func(*T) (uuid.UUID, *models.Sending)) (T, error) {
	for {
		now := s.now()
		row, err := one[T](s.write.WithContext(ctx).Order("next_at, id").Where(like), "state = ? AND next_at <= ?", models.DeliveryWaiting, now)
		if err != nil {
			return row, err
		}
		id, sending := of(&row)
		claimed := now.Add(lease)
		took := s.write.WithContext(ctx).Model(new(T)).
			Where("id = ? AND state = ? AND next_at = ?", id, models.DeliveryWaiting, sending.NextAt).UpdateColumn("next_at", claimed)
		if took.Error != nil || took.RowsAffected == 1 {
			sending.NextAt = claimed
			return row, translate(took.Error)
		}
	}
}

// saveSending stores the result of an attempt, and some more columns, unless another
// process has claimed the message since.
func saveSending[T any](t *Tx, id uuid.UUID, claimed models.Millis, row *T, more ...string) error {
	columns := append([]string{"State", "Attempts", "Since", "NextAt", "Problem", "UpdatedAt"}, more...)
	return translate(t.db.Model(new(T)).Where("id = ? AND next_at = ?", id, claimed).Select(columns).Updates(row).Error)
}

// anew puts a message back in the queue, under its old id.
func (t *Tx) anew() map[string]any {
	return map[string]any{"state": models.DeliveryWaiting, "attempts": 0, "since": 0, "next_at": t.now}
}
