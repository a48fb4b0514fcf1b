package store

import (
	"context"
	"fmt"
)

// Witness is what this agent has seen of the server's log, as signed notes.
type Witness struct {
	Head  []byte // the newest head; empty: none yet
	Rival []byte // a head that does not continue it; empty: the server has shown one history only
}

// Witness reads it.
func (s *Store) Witness(ctx context.Context) (w Witness, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT head, rival FROM witness`).Scan(&w.Head, &w.Rival); err != nil {
		return w, fmt.Errorf("read what was witnessed: %w", err)
	}
	return w, nil
}

// SawHead keeps a head that continues the one before.
func (s *Store) SawHead(ctx context.Context, head []byte) error {
	return s.saw(ctx, `UPDATE witness SET head = ?`, head)
}

// SawRival keeps a head that does not. The first one stays: it is evidence.
func (s *Store) SawRival(ctx context.Context, head []byte) error {
	return s.saw(ctx, `UPDATE witness SET rival = ? WHERE rival = x''`, head)
}

func (s *Store) saw(ctx context.Context, query string, head []byte) error {
	if _, err := s.write.ExecContext(ctx, query, head); err != nil {
		return fmt.Errorf("keep a head of the server's log: %w", err)
	}
	return nil
}
