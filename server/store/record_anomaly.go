package store

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/anomaly"
	"buktihadir/models/attendance"
)

// unlikely opens a case for each thing that is unlikely at a session that is over, or that
// nobody's hands can do at any time, and settles those that new reports have explained.
func (t *Tx) unlikely(j judged) error {
	s := j.Session
	found, err := t.findings(j)
	if err != nil {
		return err
	}
	var cases []models.Case
	wanted := map[string]bool{}
	for _, f := range found {
		c := models.Case{Kind: f.Kind, Subject: s.ID.String(), SiteID: s.SiteID, SessionID: &s.ID, Detail: fmt.Sprintf("%d %d", f.Count, f.Of)}
		if f.Agent != uuid.Nil {
			c.Subject += "/" + f.Agent.String()
			c.AgentID = &f.Agent
		}
		cases = append(cases, c)
		wanted[string(c.Kind)+c.Subject] = true
	}
	if err := t.openCases(cases); err != nil {
		return err
	}
	open, err := all[models.Case](t.db.Select("id", "kind", "subject").Where("state = ? AND session_id = ? AND kind IN ?", models.CaseOpen, s.ID,
		models.Anomalies()))
	if err != nil {
		return err
	}
	var gone []uuid.UUID
	for _, c := range open {
		if !wanted[string(c.Kind)+c.Subject] {
			gone = append(gone, c.ID)
		}
	}
	return t.setState(models.CaseSettled, gone...)
}

// findings are what is unlikely at a session. Every report of one that still runs comes here:
// its entries are read only where enough was written down by hand.
func (t *Tx) findings(j judged) ([]anomaly.Finding, error) {
	over := j.stage >= attendance.Over
	if j.Status != models.SessionPlanned {
		return nil, nil
	}
	if !over {
		if n, err := t.countByHand(j.ID); err != nil || n < anomaly.FewestByHand {
			return nil, err
		}
	}
	expected, scans, err := t.entries(j.Session)
	if err != nil || !over {
		return anomaly.AtOnce(scans), err
	}
	found := anomaly.Find(j.StartsAt, expected, scans)
	nobody := func(f anomaly.Finding) bool { return f.Kind == models.CaseNobodyCame }
	if !slices.ContainsFunc(found, nobody) {
		return found, nil
	}
	came, err := t.mayHaveCome(j.Session)
	return slices.DeleteFunc(found, func(f anomaly.Finding) bool { return came && nobody(f) }), err
}

// countByHand counts what was written down by hand at a session.
func (q Queries) countByHand(session uuid.UUID) (n int64, err error) {
	return n, translate(q.db.Model(&models.ScanEvent{}).Where("(session_id = ? OR given_session = ?) AND kind IN ?", session, session,
		[]models.EventKind{models.EventManual, models.EventOverride, models.EventWalkIn}).Count(&n).Error)
}

// entries are every first entry of a session's participants, and how many have a place.
func (t *Tx) entries(s models.Session) (expected int, scans []anomaly.Scan, err error) {
	var list []struct{ ID uuid.UUID }
	err = t.db.Table("enrollments e").Joins("JOIN participants p ON p.id = e.participant_id").
		Where("e.class_id = ? AND e.status = ?", s.ClassID, models.EnrollmentActive).Order("p.name, p.number").Select("e.id").Scan(&list).Error
	if err != nil {
		return 0, nil, translate(err)
	}
	rank := map[uuid.UUID]int{}
	for i, e := range list {
		rank[e.ID] = i
	}
	enters := []models.Verdict{models.VerdictAcceptedIn, models.VerdictUnlisted}
	rows, err := all[models.ScanEvent](t.db.Omit("bytes").Where(`(session_id = ? AND given_session IS NULL AND verdict IN ? OR
		given_session = ? AND verdict IN ?) AND quarantine = '' AND COALESCE(given_enrollment, enrollment_id) IS NOT NULL`,
		s.ID, enters, s.ID, append(models.VerdictsOfTime(), enters...)).Order("corrected, agent_id, epoch, seq"))
	if err != nil {
		return 0, nil, err
	}
	seen := map[uuid.UUID]bool{}
	for _, r := range rows {
		who, _ := pairOf(r)
		place, known := rank[who.enrollment]
		if seen[who.enrollment] || !known { // instructors have a list of their own
			continue
		}
		seen[who.enrollment] = true
		byHand := r.Kind == models.EventManual || r.Kind == models.EventOverride || r.Kind == models.EventWalkIn
		called := r.Kind == models.EventManual && r.Attached != nil // a roll call, signed by who teaches
		scans = append(scans, anomaly.Scan{Agent: r.AgentID, Desk: r.Desk, At: r.Corrected, Manual: byHand, Paper: r.KeyedAt != 0 || called, Rank: place})
	}
	return len(list), scans, nil
}
