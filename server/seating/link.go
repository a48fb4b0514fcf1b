package seating

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// RenewLink gives a participant another link to their page, and new tickets in the place of
// those that are valid: who had the old link has seen the codes. The old link leads nowhere.
func (p *Service) RenewLink(ctx context.Context, by office.Actor, participant uuid.UUID, reason string) (link string, err error) {
	if strings.TrimSpace(reason) == "" {
		return "", office.ReasonNeeded()
	}
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.NewLink(participant)
		if err != nil {
			return err
		}
		link = tx.LinkOf(person)
		places, err := tx.EnrollmentsOfParticipants(participant)
		if err != nil {
			return err
		}
		for _, e := range places {
			if err := replaceValid(tx, e); err != nil {
				return err
			}
		}
		return by.Record(tx, office.Done{Action: "link.renew", Entity: "participant", ID: participant.String(), Reason: reason})
	})
	return link, err
}

// replaceValid replaces the ticket of a place, if it has a valid one. Where no ticket can be
// issued now, the place is left without one, as any other that waits for its pilot to go on.
func replaceValid(tx *store.Tx, e models.Enrollment) error {
	tickets, err := tx.TicketsOf(e.ID)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		if t.RevokedAt == 0 {
			if _, err := replace(tx, "link renewed", e); !errors.Is(err, ErrNoTicketYet) {
				return err
			}
			return tx.PublishEnrollments(e)
		}
	}
	return nil
}
