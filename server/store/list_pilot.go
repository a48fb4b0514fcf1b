package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// ProvinceUse is a province of a pilot with how much of its quota is taken.
type ProvinceUse struct {
	Province    string
	Quota, Used int
}

// PilotUse counts a pilot's enrolled participants, and those of each of its
// provinces by where their class is held.
func (q Queries) PilotUse(pilot uuid.UUID) (used int, provinces []ProvinceUse, err error) {
	const enrolled = `(SELECT COUNT(*) FROM enrollments e JOIN classes c ON c.id = e.class_id JOIN sites s ON s.id = c.site_id
		WHERE c.pilot_id = v.pilot_id AND e.role = 'participant' AND e.status = 'active' AND SUBSTR(s.regency, 1, 2) = v.province)`
	err = q.db.Table("pilot_provinces v").Where("v.pilot_id = ?", pilot).Order("v.province").
		Select("v.province, v.quota, " + enrolled + " AS used").Scan(&provinces).Error
	if err != nil {
		return 0, nil, translate(err)
	}
	var n int64
	err = q.db.Table("enrollments e").Joins("JOIN classes c ON c.id = e.class_id").
		Where("c.pilot_id = ? AND e.role = ? AND e.status = ?", pilot, models.PersonParticipant, models.EnrollmentActive).Count(&n).Error
	return int(n), provinces, translate(err)
}

// Documents lists the papers of one thing, the newest version first, without their content.
func (q Queries) Documents(entity string, id uuid.UUID) ([]models.Document, error) {
	var list []models.Document
	return list, translate(q.db.Omit("content").Where("entity = ? AND entity_id = ?", entity, id).Order("kind, version DESC").Find(&list).Error)
}

// Document gives one paper with its content.
func (q Queries) Document(id uuid.UUID) (models.Document, error) {
	var d models.Document
	return d, translate(q.db.Where("id = ?", id).Take(&d).Error)
}
