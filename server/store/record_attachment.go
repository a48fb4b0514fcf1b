package store

import (
	"cmp"
	"errors"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/journal"
)

func attachmentScope(sum models.Hash) string { return "attachment/" + sum.String() }

// KeepAttachments keeps, sealed, what belongs to events of an agent, and derives anew
// what waited for it. It gives the hashes of those that are here now. An item that no event
// of the agent names is not kept, and neither is one that can't be read.
func (t *Tx) KeepAttachments(agent models.Agent, items [][]byte) ([]models.Hash, error) {
	if err := t.lockSite(agent.SiteID); err != nil {
		return nil, err
	}
	var held []models.Hash
	again := map[pair]bool{}
	for _, raw := range items {
		_, sum, err := journal.ReadAttachment(raw)
		if err != nil {
			continue
		}
		events, err := all[models.ScanEvent](t.db.Omit("bytes").Where("attached = ? AND agent_id = ?", sum, agent.ID))
		if err != nil {
			return nil, err
		}
		if len(events) == 0 {
			continue
		}
		content, err := t.vault.Seal(raw, attachmentScope(sum))
		if err != nil {
			return nil, err
		}
		row := models.Attachment{SHA256: sum, AgentID: agent.ID, Received: t.now, Content: content}
		if err := t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return nil, translate(err)
		}
		held = append(held, sum)
		for p := range pairsOf(events) {
			again[p] = true
		}
	}
	return held, t.foldPairs(again)
}

// Wants gives some of the attachments that an agent's events name and that are missing here.
func (q Queries) Wants(agent uuid.UUID) ([]models.Hash, error) {
	const most = 100
	var sums []models.Hash
	err := q.db.Table("scan_events e").Where("e.agent_id = ? AND e.attached IS NOT NULL", agent).
		Where("NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = e.attached)").
		Order("e.seq").Limit(most).Pluck("e.attached", &sums).Error
	return sums, translate(err)
}

// proven says of which events the attachments are here, also where they were erased since.
func (q Queries) proven(rows []models.ScanEvent) (map[models.Hash]bool, error) {
	var sums []models.Hash
	for _, r := range rows {
		if r.Attached != nil {
			sums = append(sums, *r.Attached)
		}
	}
	found, err := in[models.Attachment](q.db.Select("sha256"), "sha256", sums)
	here := map[models.Hash]bool{}
	for _, a := range found {
		here[a.SHA256] = true
	}
	return here, err
}

// Attachment opens what belongs to an event; ErrNotFound where it has not come, or was erased.
func (q Queries) Attachment(r models.ScanEvent) (journal.Attachment, error) {
	var a journal.Attachment
	if r.Attached == nil {
		return a, ErrNotFound
	}
	row, err := one[models.Attachment](q.db, "sha256 = ?", *r.Attached)
	if err == nil && len(row.Content) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return a, err
	}
	raw, err := q.vault.Open(row.Content, attachmentScope(row.SHA256))
	if err != nil {
		return a, err
	}
	a, sum, err := journal.ReadAttachment(raw)
	if err == nil && sum != row.SHA256 {
		err = errors.New("an attachment is not the one that its event names")
	}
	return a, err
}

// Event finds an event by its place in a journal.
func (q Queries) Event(agent uuid.UUID, epoch models.Epoch, seq int64) (models.ScanEvent, error) {
	return one[models.ScanEvent](q.db, "agent_id = ? AND epoch = ? AND seq = ?", agent, epoch, seq)
}

// SheetsOf lists the pictures of a session's attendance sheets, by when they were taken.
func (q Queries) SheetsOf(session uuid.UUID) ([]models.ScanEvent, error) {
	return all[models.ScanEvent](q.db.Omit("bytes").Where("session_id = ? AND kind = ? AND method = ? AND attached IS NOT NULL", session,
		models.EventNote, models.MethodPaper).
		Order("corrected, agent_id, seq"))
}

// sameWalkIn are the later comings and goings of somebody who walked in.
const sameWalkIn = "agent_id = ? AND kind = ? AND target = ? AND (epoch = ? AND target_epoch IS NULL OR target_epoch = ?)"

// followWalkIns gives each later visit of a walk-in to the person who got the first one, and
// what undoes an event that named nobody to the person who got that.
func (t *Tx) followWalkIns(rows []models.ScanEvent) error {
	for i := range rows {
		r := &rows[i]
		undoes := r.Kind == models.EventVoid && r.EnrollmentID == nil
		if r.Kind != models.EventWalkIn && !undoes || r.Target == 0 {
			continue
		}
		in := r.Epoch
		if r.TargetEpoch != nil {
			in = *r.TargetEpoch
		}
		first, err := t.Event(r.AgentID, in, r.Target)
		if errors.Is(err, ErrNotFound) { // in the same batch: nobody has been asked yet
			continue
		}
		if err != nil {
			return err
		}
		r.EnrollmentID = first.EnrollmentID
	}
	return nil
}

// NotSeen is a person of a class without any counted event at a session.
type NotSeen struct {
	Name, Number string
	NIK4         string // last digits of the ID card's number
}

// NotSeen lists the people of a session's class whom no desk has seen there, by name.
func (q Queries) NotSeen(s models.Session) ([]NotSeen, error) {
	places, err1 := q.EnrollmentsOf(s.ClassID)
	seen, err2 := all[models.Attendance](q.db.Where("session_id = ? AND accepted > 0", s.ID))
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	places = slices.DeleteFunc(places, func(e models.Enrollment) bool {
		return e.Status != models.EnrollmentActive || slices.ContainsFunc(seen, func(a models.Attendance) bool { return a.EnrollmentID == e.ID })
	})
	people, err := q.peopleOf(places)
	list := make([]NotSeen, 0, len(places))
	for _, e := range places {
		p := people[e.ID]
		list = append(list, NotSeen{p.name, p.number, p.nik4})
	}
	slices.SortFunc(list, func(a, b NotSeen) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number, b.Number)) })
	return list, err
}
