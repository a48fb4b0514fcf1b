package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// AddBudget adds a version of a pilot's budget. Versions are never changed.
func (t *Tx) AddBudget(b models.Budget) error { return translate(t.db.Create(&b).Error) }

// Budgets lists the versions of a pilot's budget, the newest last.
func (q Queries) Budgets(pilot uuid.UUID) ([]models.Budget, error) {
	return all[models.Budget](q.db.Where("pilot_id = ?", pilot).Order("version"))
}

// CostClass is a class of a pilot with what its cost depends on.
type CostClass struct {
	ClassID      uuid.UUID
	ClassCode    string
	CourseTitle  string
	ProviderID   uuid.UUID
	ProviderName string
	Province     string // of the site
	Mode         models.Mode
	Zone         models.Zone
	Capacity     int
	FirstStart   models.Millis // of the sessions that take place; 0: no session
	Enrolled     int
}

// CostClasses lists a pilot's classes by code. O(its places).
func (q Queries) CostClasses(pilot uuid.UUID) ([]CostClass, error) {
	var rows []CostClass
	return rows, translate(q.classes().Where("c.pilot_id = ?", pilot).Order("c.code, c.id").Select(`c.id AS class_id, c.code AS class_code,
		co.title AS course_title, c.provider_id, p.name AS provider_name, SUBSTR(s.regency, 1, 2) AS province, co.mode, s.zone, c.capacity,
		COALESCE((SELECT MIN(x.starts_at) FROM sessions x WHERE x.class_id = c.id AND x.status = 'planned'), 0) AS first_start,
		(SELECT COUNT(*) FROM enrollments e WHERE e.class_id = c.id AND e.status = 'active' AND e.role = 'participant') AS enrolled`).Scan(&rows).Error)
}

// CostPeople is how many people of a wave have a place in a class, came to it and
// completed it.
type CostPeople struct {
	ClassID                       uuid.UUID
	Wave                          int
	Enrolled, Attended, Completed int
}

// CostPeople counts the participants of a pilot by class and wave, without cancelled
// places. O(its places): it looks at a place's sessions only until it finds one that was
// attended (sessions by class, attendances by key).
func (q Queries) CostPeople(pilot uuid.UUID) ([]CostPeople, error) {
	const came = `EXISTS (SELECT 1 FROM sessions x JOIN attendances a ON a.session_id = x.id AND a.enrollment_id = e.id
		WHERE x.class_id = e.class_id AND x.status = 'planned' AND a.status IN ` + attended + `)`
	var rows []CostPeople
	return rows, translate(q.db.Table("enrollments e").Joins("JOIN classes c ON c.id = e.class_id").Joins("JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN completions k ON k.enrollment_id = e.id AND k.completed_at <> 0").Where("c.pilot_id = ? AND e.status = ?", pilot, models.EnrollmentActive).
		Select("e.class_id, pa.wave, COUNT(*) AS enrolled, SUM(CASE WHEN " + came + " THEN 1 ELSE 0 END) AS attended, COUNT(k.enrollment_id) AS completed").
		Group("e.class_id, pa.wave").Order("e.class_id, pa.wave").Scan(&rows).Error)
}
