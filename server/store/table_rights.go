package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

func saidScope(request uuid.UUID) string { return "request/" + request.String() }

// AddRequest stores a participant's request, in their own words, sealed.
func (t *Tx) AddRequest(r models.DataRequest, said string) (err error) {
	if r.Said, err = t.vault.Seal([]byte(said), saidScope(r.ID)); err != nil {
		return err
	}
	return translate(t.db.Create(&r).Error)
}

// Said is a participant's request in their own words; "" after an erasure.
func (q Queries) Said(r models.DataRequest) (string, error) {
	if r.Said == nil {
		return "", nil
	}
	said, err := q.vault.Open(r.Said, saidScope(r.ID))
	return string(said), err
}

// Request finds a request by id.
func (q Queries) Request(id uuid.UUID) (models.DataRequest, error) {
	return one[models.DataRequest](q.db, "id = ?", id)
}

// RequestsOf lists what a participant has asked, the newest first.
func (q Queries) RequestsOf(participant uuid.UUID) ([]models.DataRequest, error) {
	return all[models.DataRequest](q.db.Where("participant_id = ?", participant).Order("created_at DESC, id DESC"))
}

// AnswerRequest decides an open request. If two decide at once the second gets
// ErrNotFound.
func (t *Tx) AnswerRequest(r models.DataRequest) error {
	done := t.db.Model(&models.DataRequest{}).Where("id = ? AND state = ?", r.ID, models.RequestOpen).
		Updates(map[string]any{"state": r.State, "decided_at": t.now, "answer": r.Answer, "author_id": r.AuthorID, "author": r.Author})
	if done.Error == nil && done.RowsAffected == 0 {
		return ErrNotFound
	}
	return translate(done.Error)
}

// RequestEntry is a request with the participant who made it.
type RequestEntry struct {
	models.DataRequest
	Name, Number string
}

// OpenRequests lists what waits for an answer, by its deadline.
func (q Queries) OpenRequests(s Slice) (Listed[RequestEntry], error) {
	return listed[RequestEntry](q.requests().Where("r.state = ?", models.RequestOpen), requestColumns, "r.due_at, r.id", s)
}

// AnsweredRequests lists what was answered, the newest first.
func (q Queries) AnsweredRequests(s Slice) (Listed[RequestEntry], error) {
	return listed[RequestEntry](q.requests().Where("r.state <> ?", models.RequestOpen), requestColumns, "r.decided_at DESC, r.id", s)
}

const requestColumns = "r.*, pa.name, pa.number"

func (q Queries) requests() *gorm.DB {
	return q.db.Table("data_requests r").Joins("JOIN participants pa ON pa.id = r.participant_id")
}

// CountRequests counts the requests that are open, and those of them that are overdue.
func (q Queries) CountRequests(now models.Millis) (open, overdue int64, err error) {
	err = q.db.Model(&models.DataRequest{}).Where("state = ?", models.RequestOpen).Count(&open).Error
	if err == nil && open > 0 {
		err = q.db.Model(&models.DataRequest{}).Where("state = ? AND due_at < ?", models.RequestOpen, now).Count(&overdue).Error
	}
	return open, overdue, translate(err)
}

// Acknowledged is what a participant has agreed to by a version of the purpose.
func (q Queries) Acknowledged(participant uuid.UUID, version int) (models.Acknowledgement, error) {
	return one[models.Acknowledgement](q.db, "participant_id = ? AND version = ?", participant, version)
}

// SaveAcknowledgement keeps that a participant has agreed, or takes it back.
func (t *Tx) SaveAcknowledgement(a models.Acknowledgement) error {
	return translate(t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&a).Error)
}

// Erased says which of these participants were made anonymous.
func (q Queries) Erased(people []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := in[models.Participant](q.db.Select("id").Where("erased_at <> 0"), "id", people)
	gone := map[uuid.UUID]bool{}
	for _, p := range rows {
		gone[p.ID] = true
	}
	return gone, err
}

// EventsOfPlace lists what happened to one person at the desks in the sessions of
// their class, by time.
func (q Queries) EventsOfPlace(e models.Enrollment) ([]EventEntry, error) {
	var rows []EventEntry
	return rows, translate(q.db.Table("scan_events v").Joins("LEFT JOIN agents g ON g.id = v.agent_id").
		Where("v.session_id IN (SELECT id FROM sessions WHERE class_id = ?) AND v.enrollment_id = ?", e.ClassID, e.ID).
		Select("v.*, COALESCE(g.name, '') AS agent_name").Order("v.corrected, v.seq").Scan(&rows).Error)
}

// CorrectionsOfPlace lists the decisions about one person's attendance in their class,
// in their order.
func (q Queries) CorrectionsOfPlace(e models.Enrollment) ([]models.Correction, error) {
	return all[models.Correction](q.db.Where("session_id IN (SELECT id FROM sessions WHERE class_id = ?) AND enrollment_id = ?", e.ClassID, e.ID).
		Order("created_at, position"))
}

// NumbersSeen lists who has had whole numbers before them that were, or may have been,
// somebody's: lists of their classes and pilots, and programs that read participants.
func (q Queries) NumbersSeen(since models.Millis, classesAndPilots []string) ([]models.HistoryEntry, error) {
	const most = 100
	return all[models.HistoryEntry](q.db.Where("at >= ? AND (action = ? OR action = ? AND entity_id IN ?)", since, "api.numbers", LinksExported, classesAndPilots).
		Order("at DESC").Limit(most))
}

// LinksExported is the history's word for a list of links with whole phone numbers.
const LinksExported = "ticket.export"
