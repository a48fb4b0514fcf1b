package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// Taught is who teaches one session.
type Taught struct {
	By     []uuid.UUID // enrollments of the class's instructors; the others don't
	Also   uuid.UUID   // an instructor who isn't in the class, or zero: teaches this session only
	Reason string
	Agreed string // to which warnings, see [Outcome.Agreement]
}

// TeachSession changes who teaches one session, for a reason: somebody else stands in for an
// instructor, or one of two does it alone. A substitute gets a ticket of their own and is in the
// class for this session only. Who is in two places at once gives ErrConflicts; warnings that
// nobody agreed to give ErrWarned.
func (p *Service) TeachSession(ctx context.Context, by office.Actor, id uuid.UUID, to Taught) (Outcome, error) {
	var out Outcome
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(id)
		if err != nil {
			return err
		}
		class, err := tx.LockClass(s.ClassID)
		if err != nil {
			return err
		}
		if err := replans(by, class); err != nil {
			return err
		}
		was, err := teachersOf(tx, s)
		if err != nil {
			return err
		}
		if err := teach(tx, class, s, to); err != nil {
			return err
		}
		is, err := teachersOf(tx, s)
		if err != nil {
			return err
		}
		switch {
		case is == "":
			return office.RefuseField("by", "teach.nobody")
		case is == was:
			return office.RefuseField("by", "teach.same")
		case strings.TrimSpace(to.Reason) == "":
			return office.RefuseField("reason", "plan.reason_needed")
		}
		found, err := examine(tx, class, kept(s))
		if err != nil {
			return err
		}
		out = found[0]
		switch {
		case len(out.Conflicts) > 0:
			return ErrConflicts
		case out.Agreement() != "" && out.Agreement() != to.Agreed:
			return ErrWarned
		}
		detail, err := json.Marshal(struct{ From, To string }{was, is})
		if err != nil {
			return fmt.Errorf("describe a change: %w", err)
		}
		return by.Record(tx, office.Done{Action: "session.teach", Entity: "session", ID: s.ID.String(), Detail: string(detail), Reason: strings.TrimSpace(to.Reason)})
	})
	return out, err
}

// teach stores who teaches a session, as exceptions to who teaches its class.
func teach(tx *store.Tx, class models.Class, s models.Session, to Taught) error {
	switch {
	case s.Status == models.SessionCancelled:
		return office.RefuseField("by", "session.is_cancelled")
	case s.EndsAt <= tx.Now(): // who was absent from it is so on the record already
		return office.RefuseField("by", "teach.over")
	}
	chosen := slices.Clone(to.By)
	if to.Also != uuid.Nil {
		e, err := standIn(tx, class, to.Also)
		if err != nil {
			return err
		}
		chosen = append(chosen, e.ID)
	}
	people, err := tx.EnrollmentsOf(class.ID)
	if err != nil {
		return err
	}
	var rows []models.Teaching
	for _, e := range people {
		if e.Role != models.PersonInstructor || e.Status != models.EnrollmentActive {
			continue
		}
		if teaches := slices.Contains(chosen, e.ID); teaches == e.Substitute { // other than the rule for them
			rows = append(rows, models.Teaching{SessionID: s.ID, EnrollmentID: e.ID, Teaches: teaches})
		}
	}
	return tx.SetTeachings(s.ID, rows)
}

// standIn gives the place in a class of an instructor of its institution, who gets one where
// they have none, with a ticket.
func standIn(tx *store.Tx, class models.Class, instructor uuid.UUID) (models.Enrollment, error) {
	i, err := tx.Instructor(instructor)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.ProviderID != class.ProviderID {
		return models.Enrollment{}, office.RefuseField("also", "teach.unknown")
	}
	people, err2 := tx.EnrollmentsOf(class.ID)
	if err := errors.Join(err, err2); err != nil {
		return models.Enrollment{}, err
	}
	e := models.Enrollment{ClassID: class.ID, Role: models.PersonInstructor, InstructorID: &instructor, Substitute: true}
	if n := slices.IndexFunc(people, func(e models.Enrollment) bool { return e.InstructorID != nil && *e.InstructorID == instructor }); n >= 0 {
		if e = people[n]; e.Status == models.EnrollmentActive {
			return e, nil
		}
		e.Substitute = true // taught the class once, and stands in now
	} else if e.ID, err = store.NewID(); err != nil {
		return e, err
	}
	e.Status, e.Reason = models.EnrollmentActive, ""
	rows := []models.Enrollment{e}
	if err := tx.SaveEnrollments(rows); err != nil {
		return e, err
	}
	if _, err := seating.Issue(tx, rows); err != nil && !errors.Is(err, seating.ErrNoTicketYet) {
		return e, err
	}
	return e, tx.PublishEnrollments(rows...)
}

// teachersOf names who teaches a session; "" where nobody does.
func teachersOf(tx *store.Tx, s models.Session) (string, error) {
	known, err := KnownFor(tx.Queries, []models.Session{s})
	var names []string
	for _, e := range known.People[s.ClassID] {
		if e.Role == models.PersonInstructor && known.Meets(e, s) {
			names = append(names, known.Names[e.ID])
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", "), err
}
