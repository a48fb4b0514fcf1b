package store

import (
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// flagCases are the flags of attendance that somebody has to look at.
func flagCases() map[models.Flag]models.CaseKind {
	return map[models.Flag]models.CaseKind{
		models.FlagTwoDesks: models.CaseTwoDesks, models.FlagAfterRevocation: models.CaseAfterRevocation,
		models.FlagClockCorrected: models.CaseClockCorrected, models.FlagClockUnsure: models.CaseClockUnsure, models.FlagLateUpload: models.CaseLateUpload,
		models.FlagPhoneDiffers: models.CasePhoneDiffers,
	}
}

// openCases opens what is not open yet; a case that was settled opens again.
func (t *Tx) openCases(cases []models.Case) error {
	for i := range cases {
		id, err := NewID()
		if err != nil {
			return err
		}
		c := &cases[i]
		c.ID, c.State, c.OpenedAt, c.UpdatedAt = id, models.CaseOpen, t.now, t.now
	}
	if len(cases) == 0 {
		return nil
	}
	return translate(t.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "kind"}, {Name: "subject"}},
		DoUpdates: clause.AssignmentColumns([]string{"state", "updated_at"}),
		Where:     clause.Where{Exprs: []clause.Expression{clause.Eq{Column: clause.Column{Table: "cases", Name: "state"}, Value: models.CaseSettled}}},
	}).CreateInBatches(cases, chunk).Error)
}

// setState says where some cases stand now.
func (t *Tx) setState(to models.CaseState, ids ...uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	return translate(t.db.Model(&models.Case{}).Where("id IN ?", ids).Updates(map[string]any{"state": to, "updated_at": t.now}).Error)
}

// caseAbout is a case about an event.
func caseAbout(kind models.CaseKind, subject string, r models.ScanEvent) models.Case {
	return models.Case{Kind: kind, Subject: subject, SiteID: r.SiteID, AgentID: &r.AgentID, Epoch: &r.Epoch, Seq: r.Seq, SessionID: r.SessionID,
		EnrollmentID: r.EnrollmentID}
}

func eventSubject(r models.ScanEvent) string {
	return fmt.Sprintf("%s/%s/%d", r.AgentID, r.Epoch, r.Seq)
}

// targetSubject names the event that another one is about: that it undoes, or goes on from.
func targetSubject(r models.ScanEvent) string {
	if r.Seq = r.Target; r.TargetEpoch != nil {
		r.Epoch = *r.TargetEpoch
	}
	return eventSubject(r)
}

// casesOf are the cases that events make by themselves.
func casesOf(rows []models.ScanEvent) []models.Case {
	var out []models.Case
	for _, r := range rows {
		c := caseAbout("", eventSubject(r), r)
		switch kind, _ := waitsFor(r); {
		case kind != "":
			continue // see openWaiting
		case r.Quarantine == setAside, r.GivenSession != nil:
			continue
		case r.Quarantine != "":
			c.Kind, c.Detail = models.CaseQuarantine, r.Quarantine
		case r.Kind == models.EventWalkIn && r.Target != 0:
			continue // goes with the first
		case r.Kind == models.EventWalkIn && r.EnrollmentID == nil:
			c.Kind = models.CaseWalkIn
		case r.Verdict.Accepted() && r.Kind.Attends() && r.EnrollmentID == nil:
			c.Kind = models.CaseUnlisted
		case r.Doubt&uint8(journal.DoubtTicket) != 0 && r.Other.Accepted(): // it showed green for what is no ticket
			c.Kind, c.Detail, c.SessionID, c.EnrollmentID = models.CasePhoneDiffers, string(r.Verdict), nil, nil
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// flagged opens and settles the cases that flags of attendance at one session mean.
func (t *Tx) flagged(site uuid.UUID, rows []models.Attendance) error {
	var want []models.Case
	wanted := map[string]bool{}
	people := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		people[i] = r.EnrollmentID
		subject := pair{r.SessionID, r.EnrollmentID}.subject()
		wanted[string(models.CaseMissed)+subject] = !moot(r)
		for _, f := range r.FlagList() {
			if kind, ok := flagCases()[f]; ok {
				c := models.Case{Kind: kind, Subject: subject, SiteID: site, SessionID: &r.SessionID,
					EnrollmentID: &r.EnrollmentID}
				want = append(want, c)
				wanted[string(kind)+c.Subject] = true
			}
		}
	}
	if err := t.openCases(want); err != nil {
		return err
	}
	kinds := []models.CaseKind{models.CaseMissed}
	for _, k := range flagCases() {
		kinds = append(kinds, k)
	}
	open, err := in[models.Case](t.db.Select("id", "kind", "subject").Where("state = ? AND session_id = ? AND kind IN ?", models.CaseOpen,
		rows[0].SessionID, kinds),
		"enrollment_id", people)
	var gone []uuid.UUID
	for _, c := range open {
		if !wanted[string(c.Kind)+c.Subject] {
			gone = append(gone, c.ID)
		}
	}
	if err != nil {
		return err
	}
	return t.setState(models.CaseSettled, gone...)
}

// CaseFilter narrows the queue.
type CaseFilter struct {
	Kind  models.CaseKind
	State models.CaseState
	Site  uuid.UUID
	IDs   []uuid.UUID // only these; nil: all
}

// CaseEntry is a case as a list shows it.
type CaseEntry struct {
	models.Case
	SiteCode, SiteName string
	Zone               models.Zone
	AgentName          string
	ClassCode          string
	SessionSeq         int
	PersonName         string
	PersonNumber       string
}

// Cause is the key of the text that says why there is this case; "" where there is none.
func (k CaseEntry) Cause() string {
	switch {
	case k.Kind == models.CaseOwed, k.Detail == "" || slices.Contains(models.Anomalies(), k.Kind): // of an anomaly, it is figures
		return ""
	case k.Kind == models.CasePhoneDiffers, k.Kind == models.CaseMissed:
		return "verdict." + k.Detail
	case k.Kind == models.CaseRejected && k.Detail != string(exchange.ConflictFork): // what the program said
		return "cases.cause.unreadable"
	}
	return "cases.cause." + k.Detail
}

const caseColumns = `k.*, s.code AS site_code, s.name AS site_name, s.zone, a.name AS agent_name, c.code AS class_code, x.seq AS session_seq,
	COALESCE(pa.name, i.name) AS person_name, COALESCE(pa.number, i.code) AS person_number`

func (q Queries) caseEntries() *gorm.DB {
	return q.db.Table("cases k").Joins("JOIN sites s ON s.id = k.site_id").Joins("LEFT JOIN agents a ON a.id = k.agent_id").
		Joins("LEFT JOIN sessions x ON x.id = k.session_id").Joins("LEFT JOIN classes c ON c.id = x.class_id").
		Joins("LEFT JOIN enrollments e ON e.id = k.enrollment_id").Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN instructors i ON i.id = e.instructor_id")
}

// ListCases lists the queue, the oldest first.
func (q Queries) ListCases(f CaseFilter, s Slice) (Listed[CaseEntry], error) {
	db := q.caseEntries()
	if f.Kind != "" {
		db = db.Where("k.kind = ?", f.Kind)
	}
	if f.State != "" {
		db = db.Where("k.state = ?", f.State)
	}
	if f.Site != uuid.Nil {
		db = db.Where("k.site_id = ?", f.Site)
	}
	if f.IDs != nil {
		db = db.Where("k.id IN ?", f.IDs)
	}
	return listed[CaseEntry](db, caseColumns, "k.opened_at, k.id", s)
}

// CaseEntry finds one case with all that a page names beside it.
func (q Queries) CaseEntry(id uuid.UUID) (CaseEntry, error) {
	var row CaseEntry
	return row, translate(q.caseEntries().Where("k.id = ?", id).Select(caseColumns).Take(&row).Error)
}

// CaseByID finds one case.
func (q Queries) CaseByID(id uuid.UUID) (models.Case, error) {
	return one[models.Case](q.db, "id = ?", id)
}

// KindsOfCases lists the kinds of some cases, each once.
func (q Queries) KindsOfCases(ids []uuid.UUID) ([]models.CaseKind, error) {
	var kinds []models.CaseKind
	return kinds, translate(q.db.Model(&models.Case{}).Where("id IN ?", ids).Distinct().Order("kind").Pluck("kind", &kinds).Error)
}

// CaseCounts says how many cases of each kind are open.
func (q Queries) CaseCounts() (map[models.CaseKind]int64, error) {
	return countBy[models.CaseKind, int64](q.db.Table("cases").Where("state = ?", models.CaseOpen), "kind")
}

// SiteCases counts the cases of one kind at a site, without those that were dismissed.
type SiteCases struct {
	SiteID             uuid.UUID
	SiteCode, SiteName string
	Kind               models.CaseKind
	Count              int64
}

// CasesBySite counts what is open or confirmed, by site and kind.
func (q Queries) CasesBySite() ([]SiteCases, error) {
	var rows []SiteCases
	return rows, translate(q.db.Table("cases k").Joins("JOIN sites s ON s.id = k.site_id").
		Where("k.state IN ?", []models.CaseState{models.CaseOpen, models.CaseConfirmed}).Group("k.site_id, s.code, s.name, k.kind").
		Select("k.site_id, s.code AS site_code, s.name AS site_name, k.kind, COUNT(*) AS count").Order("s.code, k.kind").Scan(&rows).Error)
}

// DecisionsOf lists what was decided about a case, the newest first.
func (q Queries) DecisionsOf(id uuid.UUID) ([]models.CaseDecision, error) {
	return all[models.CaseDecision](q.db.Where("case_id = ?", id).Order("created_at DESC, id DESC"))
}

// CaseEvent finds the event that a case is about.
func (q Queries) CaseEvent(c models.Case) (models.ScanEvent, error) {
	if c.AgentID == nil || c.Epoch == nil {
		return models.ScanEvent{}, ErrNotFound
	}
	return q.Event(*c.AgentID, *c.Epoch, c.Seq)
}

// RejectedBatch finds bytes that no journal took.
func (q Queries) RejectedBatch(id uuid.UUID) (models.RejectedBatch, error) {
	return one[models.RejectedBatch](q.db, "id = ?", id)
}

// ErrUndecidable says that a decision makes no sense for a case.
var ErrUndecidable = errors.New("this case can't be decided so")

// Decide records a decision about a case and what follows from it: a quarantined
// event counts once it is confirmed, an unlisted ticket counts for the person it belonged to.
// The newest decision holds. A status itself is changed by a correction only.
func (t *Tx) Decide(d models.CaseDecision) error {
	c, err := one[models.Case](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = ?", d.CaseID)
	if err != nil {
		return err
	}
	moves := slices.Contains(models.Waiting(), c.Kind) || c.Kind == models.CaseMissed
	if d.State != models.CaseConfirmed && d.State != models.CaseDismissed || d.SessionID != nil && !moves {
		return ErrUndecidable
	}
	var held []uuid.UUID
	if c.SessionID != nil {
		held = append(held, *c.SessionID)
	}
	if err := t.lockSitesOf([]uuid.UUID{c.SiteID}, held); err != nil {
		return err
	}
	switch c.Kind {
	case models.CaseQuarantine:
		err = t.release(c, d)
	case models.CaseUnlisted, models.CaseWalkIn:
		err = t.attribute(c, d)
	case models.CaseUnknownSession, models.CaseUnknownPerson, models.CaseCancelled, models.CasePlanChanged, models.CaseOtherSite:
		err = t.placeable(c, d)
	case models.CaseMissed: // see admit
	case models.CaseTooFast, models.CaseExactlyOnTime, models.CaseMostlyManual, models.CaseListOrder, models.CaseNobodyCame,
		models.CaseRejected, models.CaseEpoch, models.CaseTwoDesks, models.CaseAfterRevocation, models.CaseClockCorrected,
		models.CaseClockUnsure, models.CaseLateUpload, models.CasePhoneDiffers, models.CaseOwed:
	}
	if err != nil {
		return err
	}
	if d.ID, err = NewID(); err != nil {
		return err
	}
	d.CreatedAt = t.now
	if err := t.db.Create(&d).Error; err != nil {
		return translate(err)
	}
	t.logDecision(d)
	switch err = t.setState(d.State, c.ID); {
	case err != nil:
	case c.Kind == models.CaseMissed:
		err = t.admit(c, d)
	case c.Kind == models.CaseOwed && c.SessionID != nil: // its result was provisional
		err = t.foldSession(*c.SessionID, []uuid.UUID{*c.EnrollmentID})
	case slices.Contains(models.Waiting(), c.Kind):
		err = t.ruled(c)
	}
	return err
}

// Countable says whether a quarantined event could count: what it says is known.
func Countable(r models.ScanEvent) bool {
	return r.SessionID != nil && r.EnrollmentID != nil && r.Kind.Decides(r.Verdict) && slices.Contains(models.EventKinds(), r.Kind)
}

func (t *Tx) release(c models.Case, d models.CaseDecision) error {
	r, err := t.CaseEvent(c)
	if err != nil {
		return err
	}
	reason := c.Detail
	if d.State == models.CaseConfirmed {
		if reason = ""; !Countable(r) {
			return ErrUndecidable
		}
	}
	if err := t.setEvent(r, map[string]any{"quarantine": reason}); err != nil {
		return err
	}
	if !Countable(r) {
		return nil
	}
	return t.foldSession(*r.SessionID, []uuid.UUID{*r.EnrollmentID})
}

// attribute gives an unlisted ticket, or a walk-in, to a person. A dismissed case takes it away again.
func (t *Tx) attribute(c models.Case, d models.CaseDecision) error {
	r, err := t.CaseEvent(c)
	if err != nil {
		return err
	}
	var people []uuid.UUID
	if r.EnrollmentID != nil {
		people = append(people, *r.EnrollmentID)
	}
	var whose *uuid.UUID
	if d.State == models.CaseConfirmed {
		if d.EnrollmentID == nil || r.SessionID == nil {
			return ErrUndecidable
		}
		e, err1 := t.Enrollment(*d.EnrollmentID)
		s, err2 := t.Session(*r.SessionID)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if e.ClassID != s.ClassID {
			return ErrUndecidable
		}
		whose, people = d.EnrollmentID, append(people, *d.EnrollmentID)
	}
	err = t.giveTo(r, whose)
	if err == nil && r.Kind == models.EventWalkIn {
		err = translate(t.db.Model(&models.ScanEvent{}).Where(sameWalkIn, r.AgentID, r.Kind, r.Seq, r.Epoch, r.Epoch).Update("enrollment_id", whose).Error)
	}
	if err != nil || r.SessionID == nil || len(people) == 0 {
		return err
	}
	if err := t.reweighSession(*r.SessionID); err != nil {
		return err
	}
	return t.foldSession(*r.SessionID, people)
}

// giveTo says whose an event is that names nobody, and whose then is what undoes it.
func (t *Tx) giveTo(r models.ScanEvent, whose *uuid.UUID) error {
	voids := t.db.Model(&models.ScanEvent{}).Where(sameWalkIn, r.AgentID, models.EventVoid, r.Seq, r.Epoch, r.Epoch)
	if r.EnrollmentID == nil {
		voids = voids.Where("enrollment_id IS NULL")
	} else {
		voids = voids.Where("enrollment_id = ?", *r.EnrollmentID)
	}
	return errors.Join(translate(voids.Update("enrollment_id", whose).Error), t.setEvent(r, map[string]any{"enrollment_id": whose}))
}

// setEvent changes columns of an event that are decided later.
func (t *Tx) setEvent(r models.ScanEvent, columns map[string]any) error {
	return translate(t.db.Model(&models.ScanEvent{}).Where("agent_id = ? AND epoch = ? AND seq = ?", r.AgentID, r.Epoch, r.Seq).Updates(columns).Error)
}
