package plan

import (
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// Staff enrolls instructors in the classes that they teach, so that they sign in too. An
// instructor who is enrolled already stays.
func Staff(tx *store.Tx, teaches map[uuid.UUID]map[uuid.UUID]bool) error {
	have, err := tx.EnrollmentsOf(slices.Collect(maps.Keys(teaches))...)
	if err != nil {
		return err
	}
	var rows, regular []models.Enrollment
	for _, e := range have {
		if e.InstructorID == nil || !teaches[e.ClassID][*e.InstructorID] {
			continue
		}
		delete(teaches[e.ClassID], *e.InstructorID)
		if e.Substitute { // who stood in for somebody, and teaches the class from now on
			e.Substitute = false
			regular = append(regular, e)
		}
	}
	for class, instructors := range teaches {
		for i := range instructors {
			e := models.Enrollment{ClassID: class, Role: models.PersonInstructor, InstructorID: &i, Status: models.EnrollmentActive}
			if e.ID, err = store.NewID(); err != nil {
				return err
			}
			rows = append(rows, e)
		}
	}
	if err := tx.SaveEnrollments(slices.Concat(rows, regular)); err != nil {
		return err
	}
	if _, err := seating.Issue(tx, rows); err != nil && !errors.Is(err, seating.ErrNoTicketYet) {
		return err
	}
	return tx.PublishEnrollments(rows...)
}
