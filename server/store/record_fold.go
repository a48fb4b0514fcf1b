package store

import (
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/ledger"
)

// pair is one person at one session.
type pair struct{ session, enrollment uuid.UUID }

// subject names the pair as cases do.
func (p pair) subject() string { return p.session.String() + "/" + p.enrollment.String() }

func pairsOf(rows []models.ScanEvent) map[pair]bool {
	out := map[pair]bool{}
	for _, r := range rows {
		if at, ok := pairOf(r); ok && (r.Kind.Decides(r.Verdict) || r.GivenSession != nil) {
			out[at] = true
		}
	}
	return out
}

// foldPairs derives the attendance of pairs anew from everything that is known.
func (t *Tx) foldPairs(pairs map[pair]bool) error {
	bySession := map[uuid.UUID][]uuid.UUID{}
	for p := range pairs {
		bySession[p.session] = append(bySession[p.session], p.enrollment)
	}
	for session, people := range bySession {
		if err := t.foldSession(session, people); err != nil {
			return err
		}
	}
	return nil
}

// foldSession derives the attendance of people at one session and keeps it. A
// session that is gone from the plan folds nothing; its events stay.
func (t *Tx) foldSession(id uuid.UUID, people []uuid.UUID) error {
	j, err := t.judged(id)
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	rows, err := t.folded(j, people)
	if err != nil || len(rows) == 0 {
		return err
	}
	before, err := in[models.Attendance](t.db.Where("session_id = ?", id), "enrollment_id", people)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].UpdatedAt = t.now
	}
	err = t.db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "session_id"}, {Name: "enrollment_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"status", "derived", "corrected", "final", "first_in", "last_out", "minutes", "open", "flags", "accepted",
			"updated_at"}),
	}).CreateInBatches(rows, chunk).Error
	if err != nil {
		return translate(err)
	}
	if err := t.recount(j.Session, j.rule.class, before, rows); err != nil {
		return err
	}
	t.noteChanged(id, before, rows)
	if err := t.flagged(j.SiteID, rows); err != nil {
		return err
	}
	return t.unlikely(j)
}

// judged is a session with the rule that it is judged by now, and how much its site has told of it.
type judged struct {
	models.Session
	rule  rule
	stage attendance.Stage
}

// judged finds a session that is in the plan.
func (q Queries) judged(id uuid.UUID) (judged, error) {
	s, err := q.Session(id)
	if err != nil {
		return judged{}, err
	}
	return q.judgedNow(s)
}

func (q Queries) judgedNow(s models.Session) (judged, error) {
	r, err1 := q.ruleOf(s)
	mark, err2 := q.watermark(s.SiteID)
	return judged{s, r, attendance.StageAt(r.Session, r.Policy, mark)}, errors.Join(err1, err2)
}

// folded derives the attendance of people at one session from everything that is known.
func (q Queries) folded(j judged, people []uuid.UUID) ([]models.Attendance, error) {
	records, err := q.records(j, people)
	if err != nil {
		return nil, err
	}
	corrections, err := q.corrections(j.ID, people)
	if err != nil {
		return nil, err
	}
	places, err := in[models.Enrollment](q.db, "id", people)
	if err != nil {
		return nil, err
	}
	owing, err := q.owing(j.ID, people)
	if err != nil {
		return nil, err
	}
	enrolled := map[uuid.UUID]models.Millis{}
	for _, e := range places {
		enrolled[e.ID] = e.CreatedAt
	}
	var rows []models.Attendance
	for _, person := range people {
		since, known := enrolled[person]
		if !known {
			continue // of nobody: what was recorded of them waits, or was set aside
		}
		a := attendance.Fold(j.rule.Session, j.rule.Policy, attendance.Told{Records: records[person], Corrections: corrections[person], Stage: j.stage,
			Newcomer: since > j.EndsAt, Closed: j.rule.class.ClosedAt != 0, Owed: owing[person]})
		row := ledger.Result(j.ID, person, a)
		row.ClassID = j.ClassID
		rows = append(rows, row)
	}
	return rows, nil
}

// records reads what is known of people at a session, by person.
func (q Queries) records(j judged, people []uuid.UUID) (map[uuid.UUID][]attendance.Record, error) {
	own := q.db.Omit("bytes").Where("session_id = ? AND (given_session IS NULL OR kind = ?) AND quarantine IN ?", j.ID, models.EventVoid, folding())
	rows, err := in[models.ScanEvent](own, "enrollment_id", people)
	given, err2 := in[models.ScanEvent](q.db.Omit("bytes").Where("given_session = ? AND quarantine = ''", j.ID), "given_enrollment", people)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	whose := make([]uuid.UUID, 0, len(rows)+len(given))
	for _, r := range rows {
		whose = append(whose, *r.EnrollmentID)
	}
	for _, r := range given {
		whose = append(whose, *r.GivenEnrollment)
	}
	rows = append(rows, given...)
	var refs []models.Ref
	for _, r := range rows {
		if r.TicketID != nil {
			refs = append(refs, *r.TicketID)
		}
	}
	tickets, err := in[models.Ticket](q.db.Where("revoked_at <> 0"), "id", refs)
	if err != nil {
		return nil, err
	}
	revoked := map[models.Ref]models.Millis{}
	for _, x := range tickets {
		revoked[x.ID] = x.RevokedAt
	}
	here, err := q.proven(rows)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID][]attendance.Record{}
	for i, r := range rows {
		rec := recordOf(r)
		rec.Session = j.ID
		if r.GivenSession != nil && r.Kind == models.EventRefused {
			rec = attendance.Admitted(j.rule.Session, j.rule.Policy, rec)
		}
		rec.Offline, rec.Differs = r.HandedAt != 0, r.HandedAt != 0 && r.Other != models.VerdictNone
		rec.Paper, rec.Noted, rec.Proven = r.KeyedAt != 0, r.Noted, r.Attached != nil && here[*r.Attached]
		rec.Held = r.Quarantine != ""
		if r.TargetEpoch != nil {
			rec.In = *r.TargetEpoch
		}
		if r.TicketID != nil {
			rec.Revoked = revoked[*r.TicketID]
		}
		out[whose[i]] = append(out[whose[i]], rec)
	}
	return out, nil
}

// recordOf is what an event itself says to the rulebook.
func recordOf(r models.ScanEvent) attendance.Record {
	rec := attendance.Record{
		Agent: r.AgentID, Epoch: r.Epoch, Seq: uint64(r.Seq), //nolint:gosec // counts from 1
		Site: r.SiteID, Occurred: r.Corrected, Said: r.Occurred, Received: r.Received,
		Kind: r.Kind, Verdict: r.Verdict, Sure: r.Confidence, Target: uint64(r.Target), //nolint:gosec // counts from 1
	}
	if r.Sure {
		rec.Sure = models.ConfidenceSynced
	}
	return rec
}

func (q Queries) corrections(session uuid.UUID, people []uuid.UUID) (map[uuid.UUID][]attendance.Correction, error) {
	rows, err := in[models.Correction](q.db.Where("session_id = ?", session), "enrollment_id", people)
	out := map[uuid.UUID][]attendance.Correction{}
	for _, c := range rows {
		out[c.EnrollmentID] = append(out[c.EnrollmentID], attendance.Correction{
			Status: c.Status, Order: uint64(c.Order), Withdraws: uint64(c.Withdraws), //nolint:gosec // count from 1
		})
	}
	return out, err
}

// watermark is the instant up to which every active agent of a site has reported
// everything. It is zero while the site has no agent, or one that never reported. When
// all are revoked it stays where the last one brought it: a closed session stays closed.
func (q Queries) watermark(site uuid.UUID) (models.Millis, error) {
	agents, err := all[models.Agent](q.db.Where("site_id = ?", site))
	var low, last models.Millis
	active := false
	for _, a := range agents {
		switch {
		case a.Status != models.AgentActive:
			last = max(last, a.ReportedUntil)
		case !active || a.ReportedUntil < low:
			low, active = a.ReportedUntil, true
		}
	}
	if !active {
		low = last
	}
	return low, err
}

// lockSite makes transactions that derive attendance at a site wait for each
// other: each must see the other's events, or the later would undo the earlier.
func (t *Tx) lockSite(site uuid.UUID) error {
	_, err := one[models.Site](t.db.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}), "id = ?", site)
	return err
}

// reported moves an agent's watermark, and closes what its site's passes. The
// caller holds the site's lock.
func (t *Tx) reported(agent models.Agent, asOf models.Millis) error {
	before, err := t.watermark(agent.SiteID)
	if err != nil {
		return err
	}
	until := min(asOf, t.now) // the best that the agent knew of the time
	err = t.db.Model(&models.Agent{}).Where("id = ? AND reported_until < ?", agent.ID, until).Update("reported_until", until).Error
	if err != nil {
		return translate(err)
	}
	return t.closeSince(agent.SiteID, before)
}

// closeSince derives anew what a site's watermark has passed: a session's end, from which
// on who was not seen there is absent, or the last window that can change a result.
func (t *Tx) closeSince(site uuid.UUID, before models.Millis) error {
	after, err := t.watermark(site)
	if err != nil || after <= before {
		return err
	}
	// No policy lets people leave for longer than a day.
	over, err := all[models.Session](t.db.Where("site_id = ? AND ends_at >= ? AND ends_at < ?", site, before-day, after))
	if err != nil {
		return err
	}
	byID := map[uuid.UUID]models.Session{}
	for _, s := range over {
		byID[s.ID] = s
	}
	rules, err := t.rules(byID)
	if err != nil {
		return err
	}
	for _, s := range over {
		rule := rules[s.ID]
		if attendance.StageAt(rule.Session, rule.Policy, before) == attendance.StageAt(rule.Session, rule.Policy, after) {
			continue
		}
		people, err := t.expected(s)
		if err != nil {
			return err
		}
		if err := t.foldSession(s.ID, people); err != nil {
			return err
		}
	}
	return nil
}

// expected is everybody with a place in a session's class who belongs to the session, unless
// it is cancelled, and who was seen there and has lost it since, or is not known here (any more).
func (t *Tx) expected(s models.Session) ([]uuid.UUID, error) {
	rows, err := t.EnrollmentsOf(s.ClassID)
	if err != nil {
		return nil, err
	}
	said, err := t.Teachings(s.ID)
	if err != nil {
		return nil, err
	}
	known, err := all[models.Attendance](t.db.Where("session_id = ?", s.ID))
	seen := map[uuid.UUID]bool{}
	for _, a := range known {
		seen[a.EnrollmentID] = true
	}
	var ids []uuid.UUID
	for _, e := range rows {
		belongs := e.Status == models.EnrollmentActive && s.Status == models.SessionPlanned && said.Meets(e, s.ID)
		if belongs || seen[e.ID] {
			ids = append(ids, e.ID)
		}
		delete(seen, e.ID)
	}
	for _, a := range known {
		if seen[a.EnrollmentID] {
			ids = append(ids, a.EnrollmentID)
		}
	}
	return ids, err
}

// EventAtSite is an event with its site's code and zone.
type EventAtSite struct {
	models.ScanEvent
	SiteCode string
	Zone     models.Zone
}

// EventFilter narrows what agents reported; the zero value narrows nothing.
type EventFilter struct {
	Class, Agent uuid.UUID
	Since        models.Millis // by when it was received
}

// Events lists what agents reported, in the order in which it arrived.
func (q Queries) Events(f EventFilter) ([]EventAtSite, error) {
	db := q.db.Table("scan_events v").Joins("JOIN sites s ON s.id = v.site_id")
	if f.Class != uuid.Nil {
		db = db.Where("v.class_id = ?", f.Class)
	}
	if f.Agent != uuid.Nil {
		db = db.Where("v.agent_id = ?", f.Agent)
	}
	if f.Since != 0 {
		db = db.Where("v.received >= ?", f.Since)
	}
	var rows []EventAtSite
	return rows, translate(db.Select("v.*, s.code AS site_code, s.zone").Order("v.received, v.agent_id, v.epoch, v.seq").Scan(&rows).Error)
}
