package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// EnrollmentEntry is a place in a class as a list shows it.
type EnrollmentEntry struct {
	models.Enrollment
	ClassCode  string
	ProviderID uuid.UUID
	Number     string // a participant's registration number, an instructor's code
	HasTicket  bool
}

// EnrollmentFilter narrows a list of places. Provider is a limit: nil means that
// everything may be seen.
type EnrollmentFilter struct {
	Provider           *uuid.UUID
	Class, Participant uuid.UUID
	Role               models.PersonRole
	Status             models.EnrollmentStatus
	IDs                []uuid.UUID // only these; nil: all
}

// ListEnrollments lists places by id.
func (q Queries) ListEnrollments(f EnrollmentFilter, s Slice) (Listed[EnrollmentEntry], error) {
	db := q.db.Table("enrollments e").Joins("JOIN classes c ON c.id = e.class_id").
		Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").Joins("LEFT JOIN instructors i ON i.id = e.instructor_id")
	if f.Provider != nil {
		db = db.Where("c.provider_id = ?", *f.Provider)
	}
	if f.Class != uuid.Nil {
		db = db.Where("e.class_id = ?", f.Class)
	}
	if f.Participant != uuid.Nil {
		db = db.Where("e.participant_id = ?", f.Participant)
	}
	if f.Role != "" {
		db = db.Where("e.role = ?", f.Role)
	}
	if f.Status != "" {
		db = db.Where("e.status = ?", f.Status)
	}
	if f.IDs != nil {
		db = db.Where("e.id IN ?", f.IDs)
	}
	return listed[EnrollmentEntry](db, `e.*, c.code AS class_code, c.provider_id, COALESCE(pa.number, i.code) AS number,
		EXISTS (SELECT 1 FROM tickets t WHERE t.enrollment_id = e.id AND t.revoked_at = 0) AS has_ticket`, "e.id", s)
}
