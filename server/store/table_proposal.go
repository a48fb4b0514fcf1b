package store

import (
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Idle is somebody without a place in a pilot.
type Idle struct {
	ID      uuid.UUID
	Regency string
}

// IdleParticipants lists those of a wave (0: of all) with no place in a pilot, by
// registration number.
func (q Queries) IdleParticipants(pilot uuid.UUID, wave int) ([]Idle, error) {
	db := q.db.Table("participants p").Select("p.id, p.regency").Where(`NOT EXISTS (SELECT 1 FROM enrollments e JOIN classes c ON c.id = e.class_id
		WHERE e.participant_id = p.id AND e.status = ? AND c.pilot_id = ?)`, models.EnrollmentActive, pilot)
	if wave > 0 {
		db = db.Where("p.wave = ?", wave)
	}
	var rows []Idle
	return rows, translate(db.Order("p.number").Scan(&rows).Error)
}

// PlacesElsewhere lists the participants' places in classes of other pilots that
// meet in a span of time.
func (q Queries) PlacesElsewhere(pilot uuid.UUID, from, to models.Millis) ([]models.Enrollment, error) {
	return all[models.Enrollment](q.db.Where(`status = ? AND participant_id IS NOT NULL AND class_id IN (SELECT c.id FROM classes c
		JOIN sessions s ON s.class_id = c.id WHERE c.pilot_id <> ? AND s.status = ? AND s.starts_at < ? AND s.ends_at > ?)`,
		models.EnrollmentActive, pilot, models.SessionPlanned, to, from).Order("class_id, id"))
}

// SessionsAt lists a site's planned sessions that touch a span of time.
func (q Queries) SessionsAt(site uuid.UUID, from, to models.Millis) ([]models.Session, error) {
	return all[models.Session](q.db.Where("site_id = ? AND starts_at < ? AND ends_at > ? AND status = ?", site, to, from, models.SessionPlanned).
		Order("starts_at, id"))
}

// SaveAutoPlan adds a proposal or changes its state.
func (t *Tx) SaveAutoPlan(a models.AutoPlan) error {
	a.UpdatedAt = t.now
	return upsert(t.db, []models.AutoPlan{a}, "state", "summary", "actor_id", "updated_at")
}

// AutoPlan finds a proposal.
func (q Queries) AutoPlan(id uuid.UUID) (models.AutoPlan, error) {
	return one[models.AutoPlan](q.db, "id = ?", id)
}

// AutoPlansIn lists the proposals in some states, the oldest first.
func (q Queries) AutoPlansIn(states ...string) ([]models.AutoPlan, error) {
	return all[models.AutoPlan](q.db.Where("state IN ?", states).Order("created_at, id"))
}

// RecentAutoPlans lists the newest proposals.
func (q Queries) RecentAutoPlans(limit int) ([]models.AutoPlan, error) {
	return all[models.AutoPlan](q.db.Order("created_at DESC, id DESC").Limit(limit))
}

// SaveProposedClasses adds the classes of a proposal.
func (t *Tx) SaveProposedClasses(rows []models.ProposedClass) error {
	for part := range slices.Chunk(rows, chunk) {
		if err := t.db.Create(&part).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}

// WantProposedClasses marks classes of a proposal that are to become classes, and returns
// how many. It skips those that are classes already. Without seqs it marks all.
func (t *Tx) WantProposedClasses(plan uuid.UUID, seqs []int) (int64, error) {
	free := []models.ProposalState{models.Proposed, models.ProposalRefused}
	db := t.db.Model(&models.ProposedClass{}).Where("plan_id = ? AND state IN ?", plan, free)
	if len(seqs) > 0 {
		db = db.Where("seq IN ?", seqs)
	}
	done := db.Updates(map[string]any{"state": models.ProposalWanted, "problem": ""})
	return done.RowsAffected, translate(done.Error)
}

// SettleProposedClass says what a class of a proposal came to.
func (t *Tx) SettleProposedClass(c models.ProposedClass) error {
	return translate(t.db.Model(&models.ProposedClass{}).Where("plan_id = ? AND seq = ?", c.PlanID, c.Seq).
		Updates(map[string]any{"state": c.State, "problem": c.Problem, "class_id": c.ClassID}).Error)
}

// ProposedClass finds a class of a proposal, with its people.
func (q Queries) ProposedClass(plan uuid.UUID, seq int) (models.ProposedClass, error) {
	return one[models.ProposedClass](q.db, "plan_id = ? AND seq = ?", plan, seq)
}

// WantedClasses lists the numbers of a proposal's classes that are to become classes.
func (q Queries) WantedClasses(plan uuid.UUID) ([]int, error) {
	var seqs []int
	return seqs, translate(q.db.Model(&models.ProposedClass{}).Where("plan_id = ? AND state = ?", plan, models.ProposalWanted).
		Order("seq").Pluck("seq", &seqs).Error)
}

// CountProposed counts a proposal's classes by state.
func (q Queries) CountProposed(plan uuid.UUID) (map[models.ProposalState]int, error) {
	return countBy[models.ProposalState, int](q.db.Table("proposed_classes").Where("plan_id = ?", plan), "state")
}

// ProposedEntry is a proposed class as a list shows it, without its people.
type ProposedEntry struct {
	PlanID             uuid.UUID
	Seq                int
	SiteID             uuid.UUID
	SiteCode, SiteName string
	Regency            string
	Zone               models.Zone
	CourseTitle        string
	Seats, Count       int
	Travel             int64
	StartsAt, EndsAt   models.Millis
	Meetings           string
	State              models.ProposalState
	Problem            string
	ClassID            *uuid.UUID
}

// ListProposed lists a proposal's classes in order.
func (q Queries) ListProposed(plan uuid.UUID, s Slice) (Listed[ProposedEntry], error) {
	db := q.db.Table("proposed_classes pc").Joins("JOIN sites si ON si.id = pc.site_id").Joins("JOIN courses co ON co.id = pc.course_id").
		Where("pc.plan_id = ?", plan)
	return listed[ProposedEntry](db, `pc.plan_id, pc.seq, pc.site_id, si.code AS site_code, si.name AS site_name, si.regency, si.zone,
		co.title AS course_title, pc.seats, pc.count, pc.travel, pc.starts_at, pc.ends_at, pc.meetings, pc.state, pc.problem, pc.class_id`, "pc.seq", s)
}
