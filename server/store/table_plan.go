package store

import (
	"cmp"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// Provider finds an institution by id.
func (q Queries) Provider(id uuid.UUID) (models.Provider, error) {
	return one[models.Provider](q.db, "id = ?", id)
}

// ProviderByCode finds an institution by code.
func (q Queries) ProviderByCode(code string) (models.Provider, error) {
	return one[models.Provider](q.db, "code = ?", code)
}

// Providers lists the institutions by code.
func (q Queries) Providers() ([]models.Provider, error) {
	return all[models.Provider](q.db.Order("code"))
}

// Pilot finds a pilot by id.
func (q Queries) Pilot(id uuid.UUID) (models.Pilot, error) {
	return one[models.Pilot](q.db, "id = ?", id)
}

// Pilots lists the pilots by code.
func (q Queries) Pilots() ([]models.Pilot, error) { return all[models.Pilot](q.db.Order("code")) }

// Officers lists who works the desks of a site, the active first.
func (q Queries) Officers(site uuid.UUID) ([]models.Officer, error) {
	return all[models.Officer](q.db.Where("site_id = ?", site).Order("active DESC, name, id"))
}

// PilotByCode finds a pilot by code.
func (q Queries) PilotByCode(code string) (models.Pilot, error) {
	return one[models.Pilot](q.db, "code = ?", code)
}

// PilotProvinces lists the provinces that take part.
func (q Queries) PilotProvinces(pilot uuid.UUID) ([]models.PilotProvince, error) {
	return all[models.PilotProvince](q.db.Where("pilot_id = ?", pilot).Order("province"))
}

// Sites lists every site by code.
func (q Queries) Sites() ([]models.Site, error) { return all[models.Site](q.db.Order("code")) }

// Site finds a site by id.
func (q Queries) Site(id uuid.UUID) (models.Site, error) { return one[models.Site](q.db, "id = ?", id) }

// SiteByCode finds a site by code.
func (q Queries) SiteByCode(code string) (models.Site, error) {
	return one[models.Site](q.db, "code = ?", code)
}

// Courses lists every course by code.
func (q Queries) Courses() ([]models.Course, error) { return all[models.Course](q.db.Order("code")) }

// Course finds a course by id.
func (q Queries) Course(id uuid.UUID) (models.Course, error) {
	return one[models.Course](q.db, "id = ?", id)
}

// Instructors lists every instructor by code.
func (q Queries) Instructors() ([]models.Instructor, error) {
	return all[models.Instructor](q.db.Order("code"))
}

// Class finds a class by id.
func (q Queries) Class(id uuid.UUID) (models.Class, error) {
	return one[models.Class](q.db, "id = ?", id)
}

// ClassByCode finds a class by code.
func (q Queries) ClassByCode(code string) (models.Class, error) {
	return one[models.Class](q.db, "code = ?", code)
}

// ClassesOf lists a pilot's classes by code.
func (q Queries) ClassesOf(pilot uuid.UUID) ([]models.Class, error) {
	return all[models.Class](q.db.Where("pilot_id = ?", pilot).Order("code"))
}

// AllClasses lists every class by code.
func (q Queries) AllClasses() ([]models.Class, error) { return all[models.Class](q.db.Order("code")) }

// Session finds a session by id.
func (q Queries) Session(id uuid.UUID) (models.Session, error) {
	return one[models.Session](q.db, "id = ?", id)
}

// Teaching says who teaches classes, or did: their instructors by class, without substitutes.
func (q Queries) Teaching(classes ...uuid.UUID) (map[uuid.UUID]map[uuid.UUID]bool, error) {
	rows, err := in[models.Enrollment](q.db.Where("instructor_id IS NOT NULL AND NOT substitute"), "class_id", classes)
	of := map[uuid.UUID]map[uuid.UUID]bool{}
	for _, e := range rows {
		if of[e.ClassID] == nil {
			of[e.ClassID] = map[uuid.UUID]bool{}
		}
		of[e.ClassID][*e.InstructorID] = true
	}
	return of, err
}

// SessionsOf lists the sessions of classes in time order.
func (q Queries) SessionsOf(classes ...uuid.UUID) ([]models.Session, error) {
	return in[models.Session](q.db.Order("starts_at, seq"), "class_id", classes)
}

// SessionsBetween lists planned sessions that touch a span of time, everywhere.
func (q Queries) SessionsBetween(from, to models.Millis) ([]models.Session, error) {
	return all[models.Session](q.db.Where("starts_at < ? AND ends_at > ? AND status = ?", to, from, models.SessionPlanned).Order("starts_at, id"))
}

// SavePilot adds a pilot or replaces it, with its provinces.
func (t *Tx) SavePilot(p models.Pilot, provinces []models.PilotProvince) error {
	if err := t.db.Save(&p).Error; err != nil {
		return translate(err)
	}
	if provinces == nil {
		return nil
	}
	if err := t.db.Where("pilot_id = ?", p.ID).Delete(&models.PilotProvince{}).Error; err != nil {
		return translate(err)
	}
	for i := range provinces {
		provinces[i].PilotID = p.ID
	}
	if len(provinces) == 0 {
		return nil
	}
	return translate(t.db.Create(&provinces).Error)
}

// LockPilot makes the transactions that count against a pilot's quota wait for
// each other. SQLite has one writer anyway.
func (t *Tx) LockPilot(id uuid.UUID) error {
	return translate(t.db.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&models.Pilot{}).Error)
}

// SaveProviders adds institutions or renames them.
func (t *Tx) SaveProviders(rows []models.Provider) error { return upsert(t.db, rows, "name") }

// SaveCourses adds courses or changes them.
func (t *Tx) SaveCourses(rows []models.Course) error {
	ids := make([]uuid.UUID, len(rows))
	for i, c := range rows {
		ids[i] = c.ID
	}
	taught, err := in[models.Class](t.db, "course_id", ids)
	if err != nil {
		return err
	}
	for _, c := range taught {
		t.replans(c.ID)
	}
	return upsert(t.db, rows, "title", "hours", "mode", "provider_id")
}

// SaveInstructors adds instructors or renames them.
func (t *Tx) SaveInstructors(rows []models.Instructor) error {
	return upsert(t.db, rows, "name", "provider_id")
}

// SaveSites adds sites or changes them.
func (t *Tx) SaveSites(rows []models.Site) error {
	for i := range rows {
		rows[i].Rhythm = cmp.Or(rows[i].Rhythm, models.RhythmNetwork)
	}
	return upsert(t.db, rows, "name", "address", "regency", "latitude", "longitude", "capacity", "zone", "disadvantaged", "facilities", "rhythm",
		"updated_at")
}

// SetRhythm changes how a site brings its journal home.
func (t *Tx) SetRhythm(site uuid.UUID, r models.Rhythm) error {
	return translate(t.db.Model(&models.Site{}).Where("id = ?", site).Updates(map[string]any{"rhythm": r, "updated_at": t.now}).Error)
}

// SaveClasses adds classes or changes them.
func (t *Tx) SaveClasses(rows []models.Class) error {
	var closing []uuid.UUID
	for _, c := range rows {
		if c.ClosedAt != 0 {
			closing = append(closing, c.ID)
		}
	}
	open, err := in[models.Class](t.db.Where("closed_at = 0"), "id", closing)
	if err != nil {
		return err
	}
	for _, c := range open {
		t.altered.closed = append(t.altered.closed, c.ID)
	}
	return upsert(t.db, rows, "course_id", "provider_id", "site_id", "capacity", "policy", "own_version", "closed_at", "updated_at")
}

// SaveSessions adds or changes sessions; the earlier state is kept.
func (t *Tx) SaveSessions(rows []models.Session) error {
	if err := t.keepVersions(rows); err != nil {
		return err
	}
	return upsert(t.db, rows, "site_id", "seq", "room", "starts_at", "ends_at", "status", "updated_at")
}

// SaveOfficer adds an officer or changes one.
func (t *Tx) SaveOfficer(o models.Officer) error {
	return upsert(t.db, []models.Officer{o}, "name", "pin_hash", "supervisor", "active")
}

// Officer finds an officer by id.
func (q Queries) Officer(id uuid.UUID) (models.Officer, error) {
	return one[models.Officer](q.db, "id = ?", id)
}

// AddDocument keeps a file as the next version of its kind.
func (t *Tx) AddDocument(d models.Document) error {
	last, err := t.lastVersion(d)
	if err != nil {
		return err
	}
	d.Version = last + 1
	return translate(t.db.Create(&d).Error)
}

// lastVersion is the newest version of a document's kind, or 0 without a document.
func (q Queries) lastVersion(d models.Document) (last int, err error) {
	err = q.db.Model(&models.Document{}).Where("entity = ? AND entity_id = ? AND kind = ?", d.Entity, d.EntityID, d.Kind).
		Select("COALESCE(MAX(version), 0)").Scan(&last).Error
	return last, translate(err)
}
