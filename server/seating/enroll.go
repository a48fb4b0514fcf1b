package seating

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Enroll gives a participant a place in a class, and a ticket where the pilot is
// open. A cancelled place is taken up again.
func (p *Service) Enroll(ctx context.Context, by office.Actor, class, participant uuid.UUID) (models.Enrollment, error) {
	var out models.Enrollment
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Participant(participant); err != nil {
			return err
		}
		rows, _, err := Enroll(tx, map[uuid.UUID][]uuid.UUID{class: {participant}})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return office.Refuse("plan.already_enrolled")
		}
		out = rows[0]
		return by.Record(tx, office.Done{Action: "enrollment.add", Entity: "enrollment", ID: out.ID.String()})
	})
	return out, err
}

// Enroll gives participants places in classes, and tickets if they may be issued. With a
// refusal nobody gets a place. The answer lists the new places only, and warnings about
// them.
func Enroll(tx *store.Tx, wanted map[uuid.UUID][]uuid.UUID) (taken []models.Enrollment, warnings []*office.Refusal, err error) {
	var people []uuid.UUID
	for _, some := range wanted {
		people = append(people, some...)
	}
	s, err := LoadSeats(tx, slices.Collect(maps.Keys(wanted)), people)
	if err != nil {
		return nil, nil, err
	}
	var errs []error
	said := map[string]bool{} // a limit is told once, not once for each whom it keeps out
	for class, some := range wanted {
		for _, person := range some {
			_, err := s.take(class, person)
			if r, ok := errors.AsType[*office.Refusal](err); ok {
				if r.Key != "plan.already_enrolled" && !said[r.Error()] {
					said[r.Error()] = true
					errs = append(errs, r)
				}
			} else if err != nil {
				return nil, nil, err
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	for _, p := range s.pilots {
		if past := p.funds.over(p.Code); past != nil && len(s.taken) > 0 {
			warnings = append(warnings, past)
		}
	}
	return s.taken, warnings, s.Save("")
}

// Cancel takes a place away; its ticket is no longer valid.
func (p *Service) Cancel(ctx context.Context, by office.Actor, enrollment uuid.UUID, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return office.Refuse("plan.reason_needed")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.Enrollment(enrollment)
		if err != nil {
			return err
		}
		s, err := LoadSeats(tx, []uuid.UUID{e.ClassID}, nil)
		if err != nil {
			return err
		}
		if _, err := s.Leave(e); err != nil {
			return err
		}
		if err := s.Save(reason); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "enrollment.cancel", Entity: "enrollment", ID: e.ID.String(), Reason: reason})
	})
}
