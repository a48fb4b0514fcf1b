package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// Provider finds an institution by id.
func (q Queries) Provider(id uuid.UUID) (models.Provider, error) {
	var p models.Provider
	return p, translate(q.db.Where("id = ?", id).Take(&p).Error)
}

// ProviderByCode finds an institution by code.
func (q Queries) ProviderByCode(code string) (models.Provider, error) {
	var p models.Provider
	return p, translate(q.db.Where("code = ?", code).Take(&p).Error)
}

// Providers lists the institutions by code.
func (q Queries) Providers() ([]models.Provider, error) {
	var list []models.Provider
	return list, translate(q.db.Order("code").Find(&list).Error)
}

// Pilot finds a pilot by id.
func (q Queries) Pilot(id uuid.UUID) (models.Pilot, error) {
	var p models.Pilot
	return p, translate(q.db.Where("id = ?", id).Take(&p).Error)
}

// Pilots lists the pilots by code.
func (q Queries) Pilots() ([]models.Pilot, error) {
	var list []models.Pilot
	return list, translate(q.db.Order("code").Find(&list).Error)
}

// Officers lists who works the desks of a site, the active first.
func (q Queries) Officers(site uuid.UUID) ([]models.Officer, error) {
	var list []models.Officer
	return list, translate(q.db.Where("site_id = ?", site).Order("active DESC, name, id").Find(&list).Error)
}
