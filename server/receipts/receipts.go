// Package receipts answers who holds a receipt, see models/receipt: whether what it says has arrived.
package receipts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attempts"
	"buktihadir/models/receipt"
	"buktihadir/server/account"
	"buktihadir/server/store"
)

// wrongTries and window bound how many codes that are nobody's somebody may ask for: guessing one that is believed takes
// some 100,000.
const wrongTries, window = 20, time.Hour

// Service answers about receipts. It is safe for concurrent use.
type Service struct {
	st    *store.Store
	now   func() models.Millis
	tries *attempts.Limiter // by participant
}

// New makes the service.
func New(st *store.Store, now func() models.Millis) *Service {
	return &Service{st: st, now: now, tries: attempts.New(attempts.Rule{Free: wrongTries, Window: window})}
}

// Ask says what has become of what a participant holds a receipt of. It refuses with
// [receipt.ErrMistyped], or with [account.LockedError] after too many codes that are no receipt of theirs.
func (s *Service) Ask(ctx context.Context, participant uuid.UUID, typed string) (answer store.ReceiptAnswer, err error) {
	code, err := receipt.Parse(typed)
	if err != nil {
		return answer, err
	}
	if until := s.tries.Take(participant.String(), s.now()); until != 0 {
		return answer, account.LockedError{Until: until}
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		people, err := tx.EnrollmentsOfParticipants(participant)
		if err != nil {
			return err
		}
		answer, err = tx.Receipt(people, code)
		return err
	})
	if err != nil || answer.State != store.ReceiptUnknown {
		s.tries.GiveBack(participant.String())
	}
	return answer, err
}
