package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
)

// ErrTooMany says that a roll call names more people than it may.
var ErrTooMany = errors.New("too many people for one roll call")

// MostCalled bounds how many people one roll call checks in.
const MostCalled = 300

// RollCallRequest checks people in by hand, all of a session at once: who teaches has called
// their names and signs for it.
type RollCallRequest struct {
	ID      uuid.UUID // of the roll call; each person's event has one that follows from it
	Session uuid.UUID
	People  []uuid.UUID // by enrollment
	Reason  string
	Signed  []byte // the picture of the signature
	Signer  string
	Desk    string
	Staff   uuid.UUID
}

// RollCall records a note with the signature, and for each person an event that carries the
// same signature. A retry with the same ids records what is missing.
func (d *Desk) RollCall(ctx context.Context, r RollCallRequest) ([]roster.Outcome, error) {
	switch {
	case strings.TrimSpace(r.Reason) == "":
		return nil, ErrNoReason
	case len(r.People) == 0 || len(r.People) > MostCalled:
		return nil, ErrTooMany
	case len(r.Signed) == 0:
		return nil, ErrNoPicture
	}
	signed := journal.Attachment{Photo: r.Signed, Name: r.Signer, Salt: r.ID[:]} // the same at each retry, and only this page knows it
	content, sum, err := signed.Bytes()
	if err != nil {
		return nil, err
	}
	if _, err := d.Note(ctx, NoteRequest{ID: r.ID, Session: r.Session, Reason: r.Reason, Attached: signed, Desk: r.Desk, Staff: r.Staff}); err != nil {
		return nil, err
	}
	called := make([]roster.Outcome, len(r.People))
	var all errgroup.Group // at once, so that they share a commit
	for i, who := range r.People {
		all.Go(func() (err error) {
			called[i], err = d.record(ctx, uuid.NewSHA1(r.ID, who[:]), func(m *memory, now models.Millis) (draft, error) {
				j, ok := m.JudgeRow(who, r.Session, models.DirectionIn, now)
				if !ok {
					return draft{}, ErrUnknownPerson
				}
				e, o := m.DraftManual(j, roster.ManualCheckIn{Reason: r.Reason, Desk: r.Desk, Staff: r.Staff})
				dr := draft{event: e, outcome: o}
				dr.attach(content, sum) // it is kept once
				return dr, nil
			})
			return err
		})
	}
	return called, all.Wait()
}

// ErrTooFast says that an officer has checked people in by hand faster than anybody looks at
// an ID card. A supervisor may go on, and a roll call is for many at once.
var ErrTooFast = errors.New("too many by hand at a time")

// The limits of it; the office asks about as many, see models/anomaly.
const (
	mostByHand   = 9
	byHandWithin = 8_000 // ms
)

// rushed takes one more check-in by hand of an officer into account, and says whether there
// were too many just before.
func (m *memory) rushed(staff uuid.UUID) bool {
	lately := slices.DeleteFunc(m.byHand[staff], func(at int64) bool { return m.here.Mono-at > byHandWithin })
	if len(lately) >= mostByHand {
		m.byHand[staff] = lately
		return true
	}
	m.byHand[staff] = append(lately, m.here.Mono)
	return false
}
