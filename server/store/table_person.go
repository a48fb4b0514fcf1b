package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/names"
)

const linkHashSize = 16

// LinkHash is what a link's unguessable part is found by.
func LinkHash(link string) []byte {
	sum := sha256.Sum256([]byte(link))
	return sum[:linkHashSize]
}

// LinkOf is the unguessable part of a participant's link: 32 hex digits.
func (q Queries) LinkOf(p models.Participant) string {
	return hex.EncodeToString(q.vault.Link(p.ID.String(), p.LinkVersion))
}

// SealParticipant puts the numbers and the link's hash into a participant's row. An empty
// phone number is stored as NULL.
func (q Queries) SealParticipant(p *models.Participant, nik models.NIK, phone models.Phone) error {
	var err error
	if p.NIKSealed, err = q.vault.Seal([]byte(string(nik)), nikScope(p.ID)); err != nil {
		return err
	}
	p.NIKIndex = q.vault.Index("nik", string(nik))
	p.PhoneSealed, p.PhoneIndex = nil, nil
	if phone != "" {
		if p.PhoneSealed, err = q.vault.Seal([]byte(string(phone)), phoneScope(p.ID)); err != nil {
			return err
		}
		p.PhoneIndex = q.vault.Index("phone", string(phone))
	}
	p.LinkHash = LinkHash(q.LinkOf(*p))
	return nil
}

// SealEmail puts an e-mail address into a participant's row; an empty one is stored as
// NULL.
func (q Queries) SealEmail(p *models.Participant, email string) (err error) {
	if p.EmailSealed = nil; email != "" {
		p.EmailSealed, err = q.vault.Seal([]byte(email), emailScope(p.ID))
	}
	return err
}

// EmailOf is a participant's whole e-mail address, or "" if unknown.
func (q Queries) EmailOf(p models.Participant) (string, error) {
	if p.EmailSealed == nil {
		return "", nil
	}
	email, err := q.vault.Open(p.EmailSealed, emailScope(p.ID))
	return string(email), err
}

func emailScope(participant uuid.UUID) string {
	return "participant/" + participant.String() + "/email"
}

func phoneScope(participant uuid.UUID) string {
	return "participant/" + participant.String() + "/phone"
}

func nikScope(participant uuid.UUID) string { return "participant/" + participant.String() + "/nik" }

// NIKIndex is the blind index that finds a participant by NIK.
func (q Queries) NIKIndex(n models.NIK) []byte { return q.vault.Index("nik", string(n)) }

// Participant finds a participant by id.
func (q Queries) Participant(id uuid.UUID) (models.Participant, error) {
	return one[models.Participant](q.db, "id = ?", id)
}

// ParticipantByNumber finds a participant by registration number.
func (q Queries) ParticipantByNumber(number string) (models.Participant, error) {
	return one[models.Participant](q.db, "number = ?", number)
}

// ParticipantByLink finds the participant of a link.
func (q Queries) ParticipantByLink(link string) (models.Participant, error) {
	return one[models.Participant](q.db, "link_hash = ?", LinkHash(link))
}

// ParticipantsByNumbers finds those of the registration numbers that are known.
func (q Queries) ParticipantsByNumbers(numbers []string) ([]models.Participant, error) {
	return in[models.Participant](q.db, "number", numbers)
}

// ParticipantsByNIK finds those of the blind indexes that are known.
func (q Queries) ParticipantsByNIK(indexes [][]byte) ([]models.Participant, error) {
	return in[models.Participant](q.db, "nik_index", indexes)
}

// AddParticipants adds new participants.
func (t *Tx) AddParticipants(rows []models.Participant) error {
	if len(rows) == 0 {
		return nil
	}
	index(rows)
	return translate(t.db.CreateInBatches(rows, chunk).Error)
}

// index fills in what a search looks through.
func index(rows []models.Participant) {
	for i := range rows {
		rows[i].SearchIndex = names.Index(rows[i].Name, rows[i].Number)
	}
}

// fillSearch does so for those who were stored before there was such a search.
func (t *Tx) fillSearch() error {
	rows, err := all[models.Participant](t.db.Where("search_index = '' AND erased_at = 0"))
	if err != nil {
		return err
	}
	index(rows)
	return upsert(t.db, rows, "search_index")
}

// NewLink gives a participant another link; the one before finds nobody any more.
func (t *Tx) NewLink(participant uuid.UUID) (models.Participant, error) {
	p, err := one[models.Participant](t.db, "id = ? AND erased_at = 0", participant)
	if err != nil {
		return p, err
	}
	was := p.LinkVersion
	p.LinkVersion++
	p.LinkHash = LinkHash(t.LinkOf(p))
	return p, changed(t.db.Model(&models.Participant{}).Where("id = ? AND link_version = ?", p.ID, was).
		Updates(map[string]any{"link_version": p.LinkVersion, "link_hash": p.LinkHash}))
}

// SetReminders turns the mails on or off that remind a participant of sessions, and says
// whether that changed anything.
func (t *Tx) SetReminders(participant uuid.UUID, on bool) (bool, error) { //nolint:revive // the state, not a choice of ways
	off := t.now
	if on {
		off = 0
	}
	db := t.db.Model(&models.Participant{}).Where("id = ? AND (reminders_off = 0) <> ?", participant, on).UpdateColumn("reminders_off", off)
	return db.RowsAffected > 0, translate(db.Error)
}

// SaveParticipants changes participants, and moves what is counted of them along.
func (t *Tx) SaveParticipants(rows []models.Participant) error {
	ids := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	was, err := in[models.Participant](t.db, "id", ids)
	if err != nil {
		return err
	}
	var moved []uuid.UUID
	for _, p := range rows {
		if slices.ContainsFunc(was, func(o models.Participant) bool { return o.ID == p.ID && (o.Sex != p.Sex || o.Wave != p.Wave) }) {
			moved = append(moved, p.ID)
		}
	}
	if err := t.tallyPeople(moved, -1); err != nil {
		return err
	}
	index(rows)
	err = upsert(t.db, rows, "name", "search_index", "nik_sealed", "nik_index", "phone_sealed", "phone_index", "email_sealed", "birth_date", "sex", "regency",
		"wave", "link_version", "link_hash", "updated_at")
	if err != nil {
		return err
	}
	return t.tallyPeople(moved, 1)
}

// Enrollment finds an enrollment by id.
func (q Queries) Enrollment(id uuid.UUID) (models.Enrollment, error) {
	return one[models.Enrollment](q.db, "id = ?", id)
}

// EnrollmentsOf lists the enrollments of classes, cancelled ones too.
func (q Queries) EnrollmentsOf(classes ...uuid.UUID) ([]models.Enrollment, error) {
	return in[models.Enrollment](q.db.Order("id"), "class_id", classes)
}

// EnrollmentsOfParticipants lists where participants have a place, cancelled ones too.
func (q Queries) EnrollmentsOfParticipants(ids ...uuid.UUID) ([]models.Enrollment, error) {
	return in[models.Enrollment](q.db.Order("id"), "participant_id", ids)
}

// SaveEnrollments adds enrollments or changes their status.
func (t *Tx) SaveEnrollments(rows []models.Enrollment) error {
	for i := range rows {
		rows[i].UpdatedAt = t.now
	}
	if err := upsert(t.db, rows, "substitute", "status", "reason", "updated_at"); err != nil {
		return err
	}
	return t.nowKnown(rows)
}

// CountEnrolled counts the participants with a place in a pilot: in all, and by
// the province of their class's site.
func (q Queries) CountEnrolled(pilot uuid.UUID) (total int, byProvince map[string]int, err error) {
	var rows []struct {
		Province string
		Count    int
	}
	err = q.db.Table("enrollments e").Joins("JOIN classes c ON c.id = e.class_id").Joins("JOIN sites s ON s.id = c.site_id").
		Where("c.pilot_id = ? AND e.status = ? AND e.role = ?", pilot, models.EnrollmentActive, models.PersonParticipant).
		Select("SUBSTR(s.regency, 1, 2) AS province, COUNT(*) AS count").Group("SUBSTR(s.regency, 1, 2)").Scan(&rows).Error
	byProvince = map[string]int{}
	for _, r := range rows {
		byProvince[r.Province] += r.Count
		total += r.Count
	}
	return total, byProvince, translate(err)
}

// Place is a person's place in a class, with every ticket that was issued for it.
type Place struct {
	Enrollment   models.Enrollment
	Name, Number string
	Link         string // the unguessable part of a participant's page; empty for instructors
	Tickets      []models.Ticket
}

// Places lists a class's places by name.
func (q Queries) Places(class uuid.UUID) ([]Place, error) {
	rows, err := q.EnrollmentsOf(class)
	if err != nil {
		return nil, err
	}
	people, err := q.peopleOf(rows)
	if err != nil {
		return nil, err
	}
	var ids, participants []uuid.UUID
	for _, e := range rows {
		ids = append(ids, e.ID)
		if e.ParticipantID != nil {
			participants = append(participants, *e.ParticipantID)
		}
	}
	links := map[uuid.UUID]string{}
	known, err := in[models.Participant](q.db, "id", participants)
	if err != nil {
		return nil, err
	}
	for _, p := range known {
		links[p.ID] = q.LinkOf(p)
	}
	tickets := map[uuid.UUID][]models.Ticket{}
	issued, err := q.TicketsOf(ids...)
	if err != nil {
		return nil, err
	}
	for _, t := range issued {
		tickets[t.EnrollmentID] = append(tickets[t.EnrollmentID], t)
	}
	var out []Place
	for _, e := range rows {
		p := Place{Enrollment: e, Name: people[e.ID].name, Number: people[e.ID].number, Tickets: tickets[e.ID]}
		if e.ParticipantID != nil {
			p.Link = links[*e.ParticipantID]
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Place) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number, b.Number)) })
	return out, nil
}
