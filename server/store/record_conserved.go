package store

import (
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// Conserved says what became of the accepted events: each is in a result, or was undone at a desk,
// or stands in the queue. What is in none of these is Lost.
type Conserved struct {
	Accepted, Counted, Undone, Queued int
	Lost                              []models.ScanEvent
}

// Conservation starts from the events, so from what ought to exist, and looks for each where it
// is: not the other way round. O(events).
func (q Queries) Conservation() (Conserved, error) {
	var out Conserved
	undone, queued, counted := map[string]bool{}, map[string]bool{}, map[pair]int{}
	err := each(q.db.Model(&models.ScanEvent{}).Omit("bytes").Where("kind = ? AND target <> 0", models.EventVoid), func(v models.ScanEvent) error {
		undone[targetSubject(v)] = true
		return nil
	})
	if err != nil {
		return out, err
	}
	err = each(q.db.Model(&models.Case{}).Where("state <> ?", models.CaseSettled), func(c models.Case) error {
		queued[string(c.Kind)+c.Subject] = true
		return nil
	})
	if err != nil {
		return out, err
	}
	var results []models.Attendance
	if results, err = all[models.Attendance](q.db.Select("session_id", "enrollment_id", "accepted")); err != nil {
		return out, err
	}
	for _, a := range results {
		counted[pair{a.SessionID, a.EnrollmentID}] = a.Accepted
	}
	folded := map[pair][]models.ScanEvent{}
	accepted := q.db.Model(&models.ScanEvent{}).Omit("bytes").
		Where("verdict IN ? OR given_session IS NOT NULL", acceptedVerdicts())
	err = each(accepted.Order("agent_id, epoch, seq"), func(r models.ScanEvent) error {
		if !r.Kind.Attends() && r.Kind != models.EventRefused { // a refusal is here where the office has taken it back
			return nil
		}
		out.Accepted++
		at, ok := pairOf(r)
		switch {
		case undone[eventSubject(r)]:
			out.Undone++
		case r.Quarantine == "" && ok:
			folded[at] = append(folded[at], r)
		case inQueue(r, queued):
			out.Queued++
		default:
			out.Lost = append(out.Lost, r)
		}
		return nil
	})
	for at, rows := range folded {
		if n := counted[at]; n == len(rows) {
			out.Counted += n
		} else {
			out.Lost = append(out.Lost, rows...)
		}
	}
	return out, err
}

// acceptedVerdicts are those that record attendance.
func acceptedVerdicts() []models.Verdict {
	return slices.DeleteFunc(models.Verdicts(), func(v models.Verdict) bool { return !v.Accepted() })
}

// inQueue says that there is a case about an event, decided or not.
func inQueue(r models.ScanEvent, queued map[string]bool) bool {
	kind, waits := waitsFor(r)
	switch {
	case waits:
		return queued[string(kind)+waitingSubject(r)]
	case r.Quarantine == setAside:
		return slices.ContainsFunc(models.Waiting(), func(k models.CaseKind) bool { return queued[string(k)+waitingSubject(r)] })
	case r.Quarantine != "":
		return queued[string(models.CaseQuarantine)+eventSubject(r)]
	}
	subject := eventSubject(r)
	if r.Kind == models.EventWalkIn && r.Target != 0 { // goes with the first
		subject = targetSubject(r)
	}
	return queued[string(models.CaseUnlisted)+subject] || queued[string(models.CaseWalkIn)+subject]
}

// checkConserved names accepted events that are nowhere.
func (t *Tx) checkConserved() (found []LogProblem, err error) {
	c, err := t.Conservation()
	for _, r := range c.Lost {
		found = append(found, LogProblem{-1, LogUncounted, fmt.Sprintf("event %d of agent %s, epoch %s", r.Seq, r.AgentID, r.Epoch)})
	}
	return found, err
}

// checkExpected names people who were expected at a session of which everybody has reported,
// and of whom no result says anything. It starts from the plan: that a row is gone shows
// nowhere in the rows that are left.
func (t *Tx) checkExpected() (found []LogProblem, err error) {
	sessions, err := all[models.Session](t.db.Where("status = ? AND ends_at < ?", models.SessionPlanned, t.now).Order("starts_at, id"))
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		j, err := t.judgedNow(s)
		if err != nil {
			return found, err
		}
		if j.stage == attendance.Ongoing {
			continue
		}
		people, err1 := t.expected(s)
		results, err2 := all[models.Attendance](t.db.Select("enrollment_id").Where("session_id = ?", s.ID))
		places, err3 := in[models.Enrollment](t.db, "id", people)
		if err := errors.Join(err1, err2, err3); err != nil {
			return found, err
		}
		have := map[uuid.UUID]bool{}
		for _, a := range results {
			have[a.EnrollmentID] = true
		}
		for _, e := range places {
			// Who came to the class after the session, or back to it, was not expected there.
			if !have[e.ID] && e.CreatedAt <= s.EndsAt && e.UpdatedAt <= s.EndsAt {
				found = append(found, LogProblem{-1, LogResultMissing, fmt.Sprintf("session %s, enrollment %s", s.ID, e.ID)})
			}
		}
	}
	return found, nil
}

// CountWaiting counts accepted events that wait for a decision, of one institution's classes
// or, if it is nil, of all.
func (q Queries) CountWaiting(provider *uuid.UUID) (n int64, err error) {
	db := q.db.Model(&models.ScanEvent{}).Where("quarantine <> '' AND quarantine <> ? AND verdict IN ?", setAside, acceptedVerdicts())
	if provider != nil {
		db = db.Where("class_id IN (SELECT id FROM classes WHERE provider_id = ?)", *provider)
	}
	return n, translate(db.Count(&n).Error)
}
