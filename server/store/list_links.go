package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// LinkEntry is a participant's place with what is needed to send them their link.
type LinkEntry struct {
	models.Participant
	ClassCode, CourseTitle, ProviderName string
	HasTicket                            bool
	Link                                 string       // the unguessable part
	Whole                                models.Phone // "" if unknown
	Email                                string       // "" if unknown
}

// LinkFilter says whose links are listed: those of a class, or of a pilot.
type LinkFilter struct{ Class, Pilot uuid.UUID }

// EachLink gives every place of the filter, by class and name, with the whole phone
// number. The caller must write that into the history. Rows are read one by one.
func (q Queries) EachLink(f LinkFilter, take func(LinkEntry) error) (n int, err error) {
	db := q.db.Table("enrollments e").Joins("JOIN participants pa ON pa.id = e.participant_id").Joins("JOIN classes c ON c.id = e.class_id").
		Joins("JOIN courses co ON co.id = c.course_id").
		Joins("JOIN providers pr ON pr.id = c.provider_id").Where("e.status = ? AND pa.erased_at = 0", models.EnrollmentActive)
	if f.Class != uuid.Nil {
		db = db.Where("e.class_id = ?", f.Class)
	} else {
		db = db.Where("c.pilot_id = ?", f.Pilot)
	}
	db = db.Select("pa.*, c.code AS class_code, co.title AS course_title, pr.name AS provider_name, " + hasTicket +
		" AS has_ticket").Order("c.code, pa.name, pa.number")
	err = each(db, func(x LinkEntry) (err error) {
		x.Link = q.LinkOf(x.Participant)
		if x.PhoneSealed != nil {
			phone, err := q.vault.Open(x.PhoneSealed, phoneScope(x.ID))
			if err != nil {
				return err
			}
			x.Whole = models.Phone(phone)
		}
		if x.Email, err = q.EmailOf(x.Participant); err != nil {
			return err
		}
		if err := take(x); err != nil {
			return err
		}
		n++
		return nil
	})
	return n, err
}

// LinkMailed notes that a participant's present link was put in a mail.
func (t *Tx) LinkMailed(p models.Participant) error {
	return changed(t.db.Model(&models.Participant{}).Where("id = ?", p.ID).Update("link_mailed", p.LinkVersion+1))
}
