package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// ErrNoAttachment says that the attachment is not here, or was deleted.
var ErrNoAttachment = errors.New("no such attachment")

func attachmentScope(sum models.Hash) string { return "attachment/" + sum.String() }

// Attach keeps the bytes of an event's attachment, in the event's batch: green means
// that both are durable.
func (b *Batch) Attach(sum models.Hash, content []byte, at models.Millis) error {
	_, err := b.tx.ExecContext(b.ctx, `INSERT INTO attachments (hash, made, sealed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		sum[:], int64(at), b.store.sealed(content, attachmentScope(sum)))
	if err != nil {
		return fmt.Errorf("keep an attachment: %w", err)
	}
	return nil
}

// Attachment reads one.
func (s *Store) Attachment(ctx context.Context, sum models.Hash) (journal.Attachment, error) {
	var box []byte
	err := s.read.QueryRowContext(ctx, `SELECT sealed FROM attachments WHERE hash = ?`, sum[:]).Scan(&box)
	if errors.Is(err, sql.ErrNoRows) {
		return journal.Attachment{}, ErrNoAttachment
	}
	if err != nil {
		return journal.Attachment{}, fmt.Errorf("read an attachment: %w", err)
	}
	raw, err := s.open(box, attachmentScope(sum))
	if err != nil {
		return journal.Attachment{}, err
	}
	a, _, err := journal.ReadAttachment(raw)
	return a, err
}

// UnsentAttachments gives attachments that the server does not hold, the oldest first. It
// returns at most that many, and at most that many bytes, except for a single one that is
// larger. more says that there are others.
func (s *Store) UnsentAttachments(ctx context.Context, most, bytes int) (items [][]byte, more bool, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT hash, sealed FROM attachments WHERE held = 0 ORDER BY made, hash`)
	if err != nil {
		return nil, false, fmt.Errorf("read attachments: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for size := 0; rows.Next(); {
		var sum models.Hash
		var box []byte
		if err := rows.Scan(&sum, &box); err != nil {
			return nil, false, fmt.Errorf("read attachments: %w", err)
		}
		raw, err := s.open(box, attachmentScope(sum))
		if err != nil {
			return nil, false, err
		}
		if size += len(raw); len(items) > 0 && (size > bytes || len(items) == most) {
			return items, true, nil
		}
		items = append(items, raw)
	}
	return items, false, rows.Err()
}

// MarkAttachmentsSent notes that the server holds attachments, or that it lost them.
func (s *Store) MarkAttachmentsSent(ctx context.Context, held bool, sums ...models.Hash) error {
	for _, sum := range sums {
		if _, err := s.write.ExecContext(ctx, `UPDATE attachments SET held = ? WHERE hash = ?`, held, sum[:]); err != nil {
			return fmt.Errorf("note an attachment: %w", err)
		}
	}
	return nil
}

// ForgetAttachments erases those that the server holds and that were made before a time.
func (s *Store) ForgetAttachments(ctx context.Context, before models.Millis) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM attachments WHERE held = 1 AND made < ?`, int64(before)); err != nil {
		return fmt.Errorf("erase attachments: %w", err)
	}
	return nil
}
