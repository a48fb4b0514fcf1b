package store

import (
	"cmp"
	"errors"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// missed opens a case for whoever was turned away only because a desk's clock was wrong, and
// gives whose attendance that may change. What was decided about somebody at a session holds
// for what is found out of them there later.
func (t *Tx) missed(rows []models.ScanEvent) (map[pair]bool, error) {
	var of []models.ScanEvent
	for _, r := range rows {
		if r.EnrollmentID != nil && r.Sure && r.Corrected != r.Occurred && r.Verdict.OfTime() && r.GivenSession == nil {
			of = append(of, r)
		}
	}
	if len(of) == 0 {
		return nil, nil
	}
	_, people, _, err := t.mentioned(of)
	if err != nil {
		return nil, err
	}
	touched, classes := map[pair]bool{}, map[uuid.UUID]classPlan{}
	for _, r := range of {
		e, known := people[*r.EnrollmentID]
		if !known {
			continue
		}
		class, err := cached(classes, e.ClassID, t.planOf)
		if err != nil {
			return nil, err
		}
		s, err := t.missedAt(class, e.ID, r)
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		at := pair{s.ID, e.ID}
		touched[at] = true
		if err := t.openMissed(at, r); err != nil {
			return nil, err
		}
	}
	return touched, nil
}

func (t *Tx) openMissed(at pair, r models.ScanEvent) error {
	_, err := one[models.Case](t.db, "kind = ? AND subject = ? AND state = ?", models.CaseMissed, at.subject(), models.CaseConfirmed)
	switch {
	case err == nil:
		return t.give(r, &at.session, &at.enrollment)
	case !errors.Is(err, ErrNotFound):
		return err
	}
	c := caseAbout(models.CaseMissed, at.subject(), r)
	c.SessionID, c.EnrollmentID, c.Detail = &at.session, &at.enrollment, string(r.Verdict)
	return t.openCases([]models.Case{c})
}

// missedAt finds the session at an event's site that somebody was kept from by a wrong clock:
// one that they could have left, if they had come to it, else one that they could have entered.
func (q Queries) missedAt(class classPlan, person uuid.UUID, r models.ScanEvent) (*models.Session, error) {
	var enters, leaves *models.Session
	for _, s := range class.sessions {
		rule := class.rules[s.ID]
		if s.SiteID != r.SiteID || !attendance.Missed(rule.Session, rule.Policy, recordOf(r)) {
			continue
		}
		if attendance.Admitted(rule.Session, rule.Policy, recordOf(r)).Verdict == models.VerdictAcceptedIn {
			enters = cmp.Or(enters, &s)
			continue
		}
		switch came, err := one[models.Attendance](q.db, "session_id = ? AND enrollment_id = ?", s.ID, person); {
		case err == nil && came.FirstIn != 0:
			return &s, nil
		case err != nil && !errors.Is(err, ErrNotFound):
			return nil, err
		}
		leaves = &s
	}
	return cmp.Or(enters, leaves), nil
}

// give says where an event counts, and for whom; nil for where it says itself.
func (t *Tx) give(r models.ScanEvent, session, enrollment *uuid.UUID) error {
	return t.setEvent(r, map[string]any{"given_session": session, "given_enrollment": enrollment})
}

// admit takes back, or upholds, that somebody was turned away.
func (t *Tx) admit(c models.Case, d models.CaseDecision) error {
	confirmed := d.State == models.CaseConfirmed
	if c.SessionID == nil || c.EnrollmentID == nil || confirmed && (d.EnrollmentID == nil || *d.EnrollmentID != *c.EnrollmentID) {
		return ErrUndecidable
	}
	s, err := t.Session(*c.SessionID)
	if err != nil {
		return err
	}
	rule, err1 := t.ruleOf(s)
	rows, err2 := all[models.ScanEvent](t.db.Omit("bytes").Where("enrollment_id = ? AND site_id = ? AND verdict IN ?", c.EnrollmentID, c.SiteID,
		models.VerdictsOfTime()))
	err = errors.Join(err1, err2)
	given := 0
	for _, r := range rows {
		switch {
		case err != nil:
		case confirmed && attendance.Missed(rule.Session, rule.Policy, recordOf(r)):
			given++
			err = t.give(r, c.SessionID, c.EnrollmentID)
		case r.GivenSession != nil && *r.GivenSession == s.ID:
			err = t.give(r, nil, nil)
		}
	}
	switch {
	case err != nil:
		return err
	case confirmed && given == 0: // the session has moved since
		return ErrUndecidable
	}
	return t.foldSession(s.ID, []uuid.UUID{*c.EnrollmentID})
}

// moot says that somebody's attendance could not be better by what they were kept from.
func moot(a models.Attendance) bool {
	return a.Derived == models.StatusPresent || a.Derived == models.StatusInside && !slices.Contains(a.FlagList(), models.FlagLate)
}
