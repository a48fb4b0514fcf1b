package store

import (
	"cmp"
	"errors"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// This file has where the office may say that something counts: for whom, and at which session.

// heldFor finds the session of a person's class that an event is given to: the one that a
// decision names, else its own where that is one of the class, else the one that it fits, at its
// site before any other.
func (q Queries) heldFor(about ruling, r models.ScanEvent, plan map[uuid.UUID]models.Session) (*uuid.UUID, error) {
	e, err := q.Enrollment(*about.whose)
	if err != nil {
		return nil, err
	}
	if s, ok := plan[*r.SessionID]; ok && about.at == nil && s.ClassID == e.ClassID {
		return &s.ID, nil
	}
	class, err := q.planOf(e.ClassID)
	if err != nil {
		return nil, err
	}
	for _, s := range class.fitting(r) {
		if about.at == nil || s.ID == *about.at {
			return &s.ID, nil
		}
	}
	return nil, ErrUndecidable
}

// classPlan is what a class is to meet for, by start, with the rules that hold for it now.
type classPlan struct {
	sessions []models.Session
	rules    map[uuid.UUID]rule
}

func (q Queries) planOf(class uuid.UUID) (p classPlan, err error) {
	p.sessions, err = all[models.Session](q.db.Where("class_id = ? AND status = ?", class, models.SessionPlanned).Order("starts_at, id"))
	if err != nil {
		return p, err
	}
	byID := map[uuid.UUID]models.Session{}
	for _, s := range p.sessions {
		byID[s.ID] = s
	}
	p.rules, err = q.rules(byID)
	return p, err
}

// fitting lists the sessions that an event fits: those at its site before any other.
func (p classPlan) fitting(r models.ScanEvent) []models.Session {
	fit := slices.DeleteFunc(slices.Clone(p.sessions), func(s models.Session) bool {
		return !attendance.Fits(p.rules[s.ID].Session, p.rules[s.ID].Policy, recordOf(r))
	})
	slices.SortStableFunc(fit, func(a, b models.Session) int { return cmp.Compare(elsewhere(a, r), elsewhere(b, r)) })
	return fit
}

// SessionsToMoveTo lists the sessions that all of what some cases are about could be counted at
// instead of where it was recorded; none where a case is not about what waits, or about nobody.
func (q Queries) SessionsToMoveTo(cases ...models.Case) (fit []models.Session, err error) {
	classes := map[uuid.UUID]classPlan{}
	for i, c := range cases {
		if !slices.Contains(models.Waiting(), c.Kind) || i > 0 && len(fit) == 0 {
			return nil, nil
		}
		rows, err := q.waitingRows(c)
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(rows, func(r models.ScanEvent) bool { return r.Kind == models.EventVoid })
		for k, r := range rows {
			if r.ClassID == nil || r.EnrollmentID == nil {
				return nil, nil
			}
			class, err := cached(classes, *r.ClassID, q.planOf)
			if err != nil {
				return nil, err
			}
			here := class.fitting(r)
			if i == 0 && k == 0 {
				fit = slices.Clone(here)
			}
			fit = slices.DeleteFunc(fit, func(s models.Session) bool {
				return s.ID == *r.SessionID || !slices.ContainsFunc(here, func(x models.Session) bool { return x.ID == s.ID })
			})
		}
	}
	return fit, nil
}

// elsewhere is 1 for a session at another site than an event's, else 0.
func elsewhere(s models.Session, r models.ScanEvent) int {
	if s.SiteID != r.SiteID {
		return 1
	}
	return 0
}

// placeable says whether a decision can give what a case is about to a person, or to another session.
func (t *Tx) placeable(c models.Case, d models.CaseDecision) error {
	switch {
	case d.State != models.CaseConfirmed, !c.Kind.AboutWhom() && d.SessionID == nil: // it counts where it is
		return nil
	case d.EnrollmentID == nil:
		return ErrUndecidable
	}
	rows, err := t.waitingRows(c)
	if err != nil || len(rows) == 0 {
		return cmp.Or(err, ErrUndecidable)
	}
	_, _, plan, err := t.mentioned(rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Kind == models.EventVoid {
			continue
		}
		if at, err := t.heldFor(rulingOf(d), r, plan); err != nil {
			return err
		} else if s, known := plan[*r.SessionID]; known && d.SessionID == nil && s.ID != *at {
			return ErrUndecidable // of another class than the session that it names
		}
	}
	return nil
}

// waitingRows are the events that a case of what waits is about, and what undoes them.
func (q Queries) waitingRows(c models.Case) ([]models.ScanEvent, error) {
	first, err := q.CaseEvent(c)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	of := q.db.Omit("bytes").Where("session_id = ?", first.SessionID)
	if first.EnrollmentID != nil {
		of = of.Where("enrollment_id = ?", first.EnrollmentID)
	}
	rows, err := all[models.ScanEvent](of.Order("corrected, agent_id, epoch, seq"))
	return slices.DeleteFunc(rows, func(r models.ScanEvent) bool { return waitingSubject(r) != c.Subject }), err
}
