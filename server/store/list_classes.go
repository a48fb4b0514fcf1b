package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// ClassEntry is a class as a list shows it.
type ClassEntry struct {
	models.Class
	CourseCode, CourseTitle string
	ProviderName            string
	SiteCode, SiteName      string
	Zone                    models.Zone
	PilotCode               string
	Enrolled, Sessions      int
	FirstStart, LastEnd     models.Millis
}

// ClassFilter narrows a list of classes. Provider is a limit, never a wish: nil
// means that everything may be seen.
type ClassFilter struct {
	Provider    *uuid.UUID
	Pilot, Site uuid.UUID
	Province    string // Kemendagri code; "" for all
	Words       string // in its code, its course's title, its provider's or its site's name
}

const classColumns = `c.*, co.code AS course_code, co.title AS course_title, p.name AS provider_name,
	s.code AS site_code, s.name AS site_name, s.zone, pi.code AS pilot_code,
	(SELECT COUNT(*) FROM enrollments e WHERE e.class_id = c.id AND e.status = 'active' AND e.role = 'participant') AS enrolled,
	(SELECT COUNT(*) FROM sessions x WHERE x.class_id = c.id AND x.status = 'planned') AS sessions,
	COALESCE((SELECT MIN(x.starts_at) FROM sessions x WHERE x.class_id = c.id AND x.status = 'planned'), 0) AS first_start,
	COALESCE((SELECT MAX(x.ends_at) FROM sessions x WHERE x.class_id = c.id AND x.status = 'planned'), 0) AS last_end`

func (q Queries) classes() *gorm.DB {
	return q.db.Table("classes c").Joins("JOIN courses co ON co.id = c.course_id").Joins("JOIN providers p ON p.id = c.provider_id").
		Joins("JOIN sites s ON s.id = c.site_id").Joins("JOIN pilots pi ON pi.id = c.pilot_id")
}

// ListClasses lists classes by code.
func (q Queries) ListClasses(f ClassFilter, s Slice) (Listed[ClassEntry], error) {
	db := q.classes()
	if f.Provider != nil {
		db = db.Where("c.provider_id = ?", *f.Provider)
	}
	if f.Pilot != uuid.Nil {
		db = db.Where("c.pilot_id = ?", f.Pilot)
	}
	if f.Site != uuid.Nil {
		db = db.Where("c.site_id = ?", f.Site)
	}
	if f.Province != "" {
		db = db.Where("s.regency LIKE ?", f.Province+".%")
	}
	if f.Words != "" {
		db = db.Where(`LOWER(c.code || ' ' || co.title || ' ' || p.name || ' ' || s.name || ' ' || s.code) LIKE ? ESCAPE '\'`, containing(f.Words))
	}
	return listed[ClassEntry](db, classColumns, "c.code, c.id", s)
}

// ClassEntry finds one class with all that a page names beside it.
func (q Queries) ClassEntry(id uuid.UUID) (ClassEntry, error) {
	var row ClassEntry
	return row, translate(q.classes().Where("c.id = ?", id).Select(classColumns).Take(&row).Error)
}

// PersonEntry is somebody enrolled in a class, with their valid ticket.
type PersonEntry struct {
	models.Enrollment
	Name, Number string // a participant's registration number, an instructor's code
	Ticket       *models.Ref
}

// ClassPeople lists everybody ever enrolled in a class: active first, instructors
// first among them, then by name.
func (q Queries) ClassPeople(class uuid.UUID, s Slice) (Listed[PersonEntry], error) {
	db := q.db.Table("enrollments e").Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN instructors i ON i.id = e.instructor_id").
		Joins("LEFT JOIN tickets t ON t.enrollment_id = e.id AND t.revoked_at = 0").Where("e.class_id = ?", class)
	return listed[PersonEntry](db, `e.*, COALESCE(pa.name, i.name) AS name, COALESCE(pa.number, i.code) AS number,
		t.id AS ticket`, "e.status, e.role, COALESCE(pa.name, i.name), e.id", s)
}
