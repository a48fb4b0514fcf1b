package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"

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

func (q Queries) enrollmentsBy(f EnrollmentFilter) *gorm.DB {
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
	return db
}

// ListEnrollments lists places by id.
func (q Queries) ListEnrollments(f EnrollmentFilter, s Slice) (Listed[EnrollmentEntry], error) {
	return listed[EnrollmentEntry](q.enrollmentsBy(f), `e.*, c.code AS class_code, c.provider_id, COALESCE(pa.number, i.code) AS number,
		`+hasTicket+` AS has_ticket`, "e.id", s)
}

// EnrolledFilter narrows the list of participants' places further.
type EnrolledFilter struct {
	EnrollmentFilter
	Pilot, Site uuid.UUID
	Wave        int    // 0 for all
	Words       string // in the name, the registration number or the class's code
	Ticket      string // "with" or "without" a valid one
}

// EnrolledPerson is a participant's place as the list of all places shows it.
type EnrolledPerson struct {
	EnrollmentEntry
	Name     string
	Wave     int
	SiteCode string
}

// ListEnrolled lists participants' places by class and name.
func (q Queries) ListEnrolled(f EnrolledFilter, s Slice) (Listed[EnrolledPerson], error) {
	return listed[EnrolledPerson](q.roll(f), `e.*, c.code AS class_code, c.provider_id, pa.number, pa.name, pa.wave, si.code AS site_code,
		`+hasTicket+` AS has_ticket`, "c.code, pa.name, e.id", s)
}

// EnrolledIDs are the places that a filter finds, at most some.
func (q Queries) EnrolledIDs(f EnrolledFilter, most int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	return ids, translate(q.roll(f).Order("c.code, pa.name, e.id").Limit(most).Pluck("e.id", &ids).Error)
}

func (q Queries) roll(f EnrolledFilter) *gorm.DB {
	f.Role = models.PersonParticipant
	db := q.enrollmentsBy(f.EnrollmentFilter).Joins("JOIN sites si ON si.id = c.site_id")
	if f.Pilot != uuid.Nil {
		db = db.Where("c.pilot_id = ?", f.Pilot)
	}
	if f.Site != uuid.Nil {
		db = db.Where("c.site_id = ?", f.Site)
	}
	if f.Wave != 0 {
		db = db.Where("pa.wave = ?", f.Wave)
	}
	if f.Words != "" {
		db = searched(db, f.Words, "c.code")
	}
	switch f.Ticket {
	case "with":
		db = db.Where(hasTicket)
	case "without":
		db = db.Where("NOT " + hasTicket)
	}
	return db
}

// lackingTickets are the active places of a pilot that have no valid ticket and can get
// one: those in classes with a session.
func (q Queries) lackingTickets(pilot uuid.UUID) *gorm.DB {
	return q.db.Table("enrollments e").Joins("JOIN classes c ON c.id = e.class_id").
		Where("c.pilot_id = ? AND e.status = ? AND NOT "+hasTicket+" AND EXISTS (SELECT 1 FROM sessions x WHERE x.class_id = c.id)", pilot, models.EnrollmentActive)
}

// CountLackingTickets says how many places of a pilot could get a ticket.
func (q Queries) CountLackingTickets(pilot uuid.UUID) (n int64, err error) {
	err = q.lackingTickets(pilot).Count(&n).Error
	return n, translate(err)
}

// LackingTickets are the places of a pilot that could get a ticket.
func (q Queries) LackingTickets(pilot uuid.UUID) ([]models.Enrollment, error) {
	return all[models.Enrollment](q.lackingTickets(pilot).Select("e.*").Order("e.id"))
}
