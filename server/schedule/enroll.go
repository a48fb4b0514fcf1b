package schedule

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Enroll gives a participant a place in a class, and a ticket where the pilot is
// open. A cancelled place is taken up again.
func (p *Planner) Enroll(ctx context.Context, by Actor, class, participant uuid.UUID) (models.Enrollment, error) {
	var out models.Enrollment
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Participant(participant); err != nil {
			return err
		}
		e := enroller{tx: tx, by: by}
		rows, err := e.enroll(map[uuid.UUID][]uuid.UUID{class: {participant}})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return refuse("plan.already_enrolled")
		}
		out = rows[0]
		if err := refoldClass(tx, class); err != nil {
			return err
		}
		return by.record(tx, "enrollment.add", "enrollment", out.ID.String(), "", "")
	})
	return out, err
}

// enroller enrolls many at once.
type enroller struct {
	tx *store.Tx
	by Actor
}

// enroll gives participants places in classes, and tickets where the gate is
// open. Who has a place already is left out of the answer.
func (e enroller) enroll(wanted map[uuid.UUID][]uuid.UUID) ([]models.Enrollment, error) {
	adding := map[uuid.UUID]map[string]int{} // by pilot and province
	pilots := map[uuid.UUID]models.Pilot{}
	var fresh []models.Enrollment
	for class, participants := range wanted {
		c, err := e.tx.Class(class)
		if err != nil {
			return nil, err
		}
		site, err := e.tx.Site(c.SiteID)
		if err != nil {
			return nil, err
		}
		// Seats are counted under the pilot's lock: two who count at once would
		// both find the last one.
		if _, ok := pilots[c.PilotID]; !ok {
			if err := e.tx.LockPilot(c.PilotID); err != nil {
				return nil, err
			}
			if pilots[c.PilotID], err = e.tx.Pilot(c.PilotID); err != nil {
				return nil, err
			}
			adding[c.PilotID] = map[string]int{}
		}
		rows, err := e.places(c, participants)
		if err != nil {
			return nil, err
		}
		adding[c.PilotID][provinceOf(site)] += len(rows)
		fresh = append(fresh, rows...)
	}
	for id, pilot := range pilots {
		if err := checkQuota(e.tx, pilot, adding[id]); err != nil {
			return nil, err
		}
	}
	if err := e.tx.SaveEnrollments(fresh); err != nil {
		return nil, err
	}
	if err := e.busy(fresh); err != nil {
		return nil, err
	}
	if _, err := issue(e.tx, fresh); err != nil && !errors.Is(err, ErrNoTicketYet) {
		return nil, err
	}
	return fresh, e.tx.PublishEnrollments(fresh...)
}

// busy refuses people whose classes meet at the same time.
func (e enroller) busy(fresh []models.Enrollment) error {
	var participants []uuid.UUID
	for _, x := range fresh {
		participants = append(participants, *x.ParticipantID)
	}
	places, err := e.tx.EnrollmentsOfParticipants(participants...)
	if err != nil {
		return err
	}
	classesOf := map[uuid.UUID][]uuid.UUID{}
	for _, x := range places {
		if x.Status == models.EnrollmentActive {
			classesOf[*x.ParticipantID] = append(classesOf[*x.ParticipantID], x.ClassID)
		}
	}
	clashes := map[[2]uuid.UUID]bool{}
	var errs []error
	for participant, classes := range classesOf {
		for i, a := range classes {
			for _, b := range classes[i+1:] {
				clash, known := clashes[[2]uuid.UUID{a, b}]
				if !known {
					if clash, err = e.meetAtOnce(a, b); err != nil {
						return err
					}
					clashes[[2]uuid.UUID{a, b}] = clash
				}
				if clash {
					p, err := e.tx.Participant(participant)
					if err != nil {
						return err
					}
					errs = append(errs, refuse("plan.participant_busy", "Number", p.Number))
				}
			}
		}
	}
	return errors.Join(errs...)
}

func (e enroller) meetAtOnce(a, b uuid.UUID) (bool, error) {
	sessions, err := e.tx.SessionsOf(a, b)
	if err != nil {
		return false, err
	}
	for i, x := range sessions {
		for _, y := range sessions[i+1:] {
			if x.ClassID != y.ClassID && x.StartsAt < y.EndsAt && y.StartsAt < x.EndsAt &&
				x.Status == models.SessionPlanned && y.Status == models.SessionPlanned {
				return true, nil
			}
		}
	}
	return false, nil
}

// places makes the new enrollments of one class, within its capacity.
func (e enroller) places(c models.Class, participants []uuid.UUID) ([]models.Enrollment, error) {
	if c.ClosedAt != 0 {
		return nil, refuse("plan.class_closed", "Class", c.Code)
	}
	have, err := e.tx.EnrollmentsOf(c.ID)
	if err != nil {
		return nil, err
	}
	of := map[uuid.UUID]models.Enrollment{}
	taken := 0
	for _, h := range have {
		if h.ParticipantID != nil {
			of[*h.ParticipantID] = h
			if h.Status == models.EnrollmentActive {
				taken++
			}
		}
	}
	var fresh []models.Enrollment
	for _, id := range participants {
		h, ok := of[id]
		if ok && h.Status == models.EnrollmentActive {
			continue
		}
		if !ok {
			h = models.Enrollment{ClassID: c.ID, Role: models.PersonParticipant, ParticipantID: &id}
			if h.ID, err = newID(); err != nil {
				return nil, err
			}
		}
		h.Status, h.Reason = models.EnrollmentActive, ""
		of[id] = h
		fresh = append(fresh, h)
	}
	if taken+len(fresh) > c.Capacity {
		return nil, refuse("plan.class_full", "Class", c.Code, "Left", max(0, c.Capacity-taken), "Capacity", c.Capacity)
	}
	return fresh, nil
}

// Cancel takes a place away; its ticket is no longer valid.
func (p *Planner) Cancel(ctx context.Context, by Actor, enrollment uuid.UUID, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return refuse("plan.reason_needed")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.Enrollment(enrollment)
		if err != nil {
			return err
		}
		if e.Status == models.EnrollmentCancelled {
			return refuse("plan.already_cancelled")
		}
		e.Status, e.Reason = models.EnrollmentCancelled, reason
		if err := tx.SaveEnrollments([]models.Enrollment{e}); err != nil {
			return err
		}
		if err := tx.RevokeTickets(reason, e.ID); err != nil {
			return err
		}
		if err := tx.PublishEnrollments(e); err != nil {
			return err
		}
		if err := refoldClass(tx, e.ClassID); err != nil {
			return err
		}
		return by.record(tx, "enrollment.cancel", "enrollment", e.ID.String(), "", reason)
	})
}

// refoldClass derives anew who was expected at the sessions that are over already.
func refoldClass(tx *store.Tx, class uuid.UUID) error {
	sessions, err := tx.SessionsOf(class)
	if err != nil {
		return err
	}
	return tx.Refold(sessions...)
}
