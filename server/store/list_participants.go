package store

import (
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/models/names"
)

// ParticipantEntry is a participant as a list shows them: no personal numbers.
type ParticipantEntry struct {
	models.Participant
	Classes int
}

// ParticipantFilter narrows a list of participants. Provider is a limit: nil
// means that everybody may be seen.
type ParticipantFilter struct {
	Provider *uuid.UUID
	Words    string // in the name, the registration number; or a whole NIK or phone number
	Wave     int    // 0 for all
	Place    string // "none": without a place; "waiting": on a waiting list
	Province string // where they live, by Kemendagri code
}

// ListParticipants lists participants by name. A whole NIK or phone number finds
// its owner by the blind index.
func (q Queries) ListParticipants(f ParticipantFilter, s Slice) (Listed[ParticipantEntry], error) {
	return listed[ParticipantEntry](q.participantsBy(f), `pa.*,
		(SELECT COUNT(*) FROM enrollments e WHERE e.participant_id = pa.id AND e.status = 'active') AS classes`, "pa.name, pa.id", s)
}

// ParticipantIDs are the participants that a filter finds, at most some, by number.
func (q Queries) ParticipantIDs(f ParticipantFilter, most int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	return ids, translate(q.participantsBy(f).Order("pa.number").Limit(most).Pluck("pa.id", &ids).Error)
}

func (q Queries) participantsBy(f ParticipantFilter) *gorm.DB {
	db := q.db.Table("participants pa").Where("pa.erased_at = 0")
	if f.Provider != nil {
		db = db.Where("EXISTS (SELECT 1 FROM enrollments e JOIN classes c ON c.id = e.class_id WHERE e.participant_id = pa.id AND c.provider_id = ?)", *f.Provider)
	}
	if f.Wave != 0 {
		db = db.Where("pa.wave = ?", f.Wave)
	}
	if words := strings.TrimSpace(f.Words); words != "" {
		db = q.matching(db, words)
	}
	if f.Province != "" {
		db = db.Where("pa.regency LIKE ?", f.Province+"%")
	}
	switch f.Place {
	case "none":
		db = db.Where("NOT EXISTS (SELECT 1 FROM enrollments x WHERE x.participant_id = pa.id AND x.status = ?)", models.EnrollmentActive)
	case "waiting":
		db = db.Where("EXISTS (SELECT 1 FROM waiting_places w WHERE w.participant_id = pa.id AND w.ended_at = 0)")
	}
	return db
}

func (q Queries) matching(db *gorm.DB, words string) *gorm.DB {
	if nik, err := models.ParseNIK(words); err == nil {
		return db.Where("pa.nik_index = ?", q.vault.Index("nik", string(nik)))
	}
	if phone, err := models.ParsePhone(words); err == nil {
		return db.Where("pa.phone_index = ? OR pa.number = ?", q.vault.Index("phone", string(phone)), words)
	}
	return searched(db, words)
}

// searched narrows to the people whom a search finds: each word in their index, or in another
// column.
func searched(db *gorm.DB, words string, columns ...string) *gorm.DB {
	asked := names.Ask(words)
	if asked.Empty() {
		return db.Where("1 = 0")
	}
	for _, p := range asked.Patterns() {
		where, args := "pa.search_index LIKE ? OR pa.search_index LIKE ? OR pa.search_index LIKE ?", []any{p.Sound, p.Plain, p.End}
		for _, column := range columns {
			where, args = where+" OR LOWER("+column+") LIKE ?", append(args, p.Within)
		}
		db = db.Where(where, args...)
	}
	return db
}

// PlaceEntry is one place of a participant in a class.
type PlaceEntry struct {
	models.Enrollment
	ClassCode, CourseTitle string
	ProviderID             uuid.UUID
	ProviderName, SiteName string
	Zone                   models.Zone
	HasTicket              bool
	Sessions, Attended     int
}

// PlacesOf lists a participant's places in classes, as far as the limit allows.
func (q Queries) PlacesOf(participant uuid.UUID, provider *uuid.UUID) ([]PlaceEntry, error) {
	db := q.db.Table("enrollments e").Joins("JOIN classes c ON c.id = e.class_id").Joins("JOIN courses co ON co.id = c.course_id").
		Joins("JOIN providers p ON p.id = c.provider_id").Joins("JOIN sites s ON s.id = c.site_id").Where("e.participant_id = ?", participant)
	if provider != nil {
		db = db.Where("c.provider_id = ?", *provider)
	}
	var rows []PlaceEntry
	return rows, translate(db.Select(`e.*, c.code AS class_code, co.title AS course_title, c.provider_id, p.name AS provider_name, s.name AS site_name, s.zone,
		` + hasTicket + ` AS has_ticket,
		(SELECT COUNT(*) FROM sessions x WHERE x.class_id = c.id AND x.status = 'planned') AS sessions,
		(SELECT COUNT(*) FROM attendances a WHERE a.enrollment_id = e.id AND a.status IN ` + attended + `) AS attended`).
		Order("e.status, c.code").Scan(&rows).Error)
}

// ParticipantWithin finds a participant, if the limit allows.
func (q Queries) ParticipantWithin(id uuid.UUID, provider *uuid.UUID) (models.Participant, error) {
	db := q.db.Table("participants pa").Where("pa.id = ?", id)
	if provider != nil {
		db = db.Where("EXISTS (SELECT 1 FROM enrollments e JOIN classes c ON c.id = e.class_id WHERE e.participant_id = pa.id AND c.provider_id = ?)", *provider)
	}
	var row models.Participant
	return row, translate(db.Select("pa.*").Take(&row).Error)
}

// MaskedNumbers are a participant's NIK and phone number as a page may show
// them: all but the last digits hidden. The phone number may be "".
func (q Queries) MaskedNumbers(p models.Participant) (nik, phone string, err error) {
	n, t, err := q.WholeNumbers(p)
	if err != nil || t == "" {
		return n.Masked(), "", err
	}
	return n.Masked(), t.Masked(), nil
}

// WholeNumbers are a participant's NIK and phone number. The caller must
// write that into the history. The phone number may be "".
func (q Queries) WholeNumbers(p models.Participant) (models.NIK, models.Phone, error) {
	nik, err := q.vault.Open(p.NIKSealed, nikScope(p.ID))
	if err != nil || p.PhoneSealed == nil {
		return models.NIK(nik), "", err
	}
	phone, err := q.vault.Open(p.PhoneSealed, phoneScope(p.ID))
	return models.NIK(nik), models.Phone(phone), err
}
