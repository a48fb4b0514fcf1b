package store

import (
	"cmp"
	"errors"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// setAside is why an event doesn't count of which a person has said that it doesn't.
const setAside = "set_aside"

// folds says that with a reason an event is part of somebody's result: it counts, or a result
// waits for what is decided about it.
func folds(reason string) bool { return reason == "" || models.CaseKind(reason).Holds() }

// folding lists these reasons.
func folding() []string {
	list := []string{""}
	for _, k := range models.Waiting() {
		list = append(list, string(k))
	}
	return slices.DeleteFunc(list, func(reason string) bool { return !folds(reason) })
}

// waitsFor names the case that an event waits for.
func waitsFor(r models.ScanEvent) (models.CaseKind, bool) {
	k := models.CaseKind(r.Quarantine)
	if r.SessionID == nil || !slices.Contains(models.Waiting(), k) {
		return "", false
	}
	return k, true
}

// weighs says that the plan decides whether an event counts.
func weighs(r models.ScanEvent) bool {
	_, waits := waitsFor(r)
	return r.SessionID != nil && r.Verdict.Accepted() && r.Kind.Attends() && (r.Quarantine == "" || r.Quarantine == setAside || waits)
}

// pairOf is whose attendance at which session an event is part of; ok is false for one of nobody's.
func pairOf(r models.ScanEvent) (p pair, ok bool) {
	switch {
	case r.GivenSession != nil && r.GivenEnrollment != nil:
		return pair{*r.GivenSession, *r.GivenEnrollment}, true
	case r.SessionID == nil || r.EnrollmentID == nil || !folds(r.Quarantine) && r.Quarantine != setAside:
		return pair{}, false
	}
	return pair{*r.SessionID, *r.EnrollmentID}, true
}

// waitingSubject names what is decided about an event, within its kind of cases: all that one
// person, or one ticket, was recorded with at a session.
func waitingSubject(r models.ScanEvent) string {
	switch {
	case r.EnrollmentID != nil:
		return pair{*r.SessionID, *r.EnrollmentID}.subject()
	case r.TicketID != nil:
		return r.SessionID.String() + "/" + r.TicketID.String()
	}
	if r.Kind == models.EventWalkIn && r.Target != 0 { // goes with the first
		return targetSubject(r)
	}
	return eventSubject(r)
}

// rule is a session as the rulebook takes it.
type rule struct {
	attendance.Session
	models.Policy
	class models.Class
}

// ruleOf reads the rule by which one session is judged.
func (q Queries) ruleOf(s models.Session) (rule, error) {
	rules, err := q.rules(map[uuid.UUID]models.Session{s.ID: s})
	return rules[s.ID], err
}

// rules reads the rules by which sessions are judged.
func (q Queries) rules(sessions map[uuid.UUID]models.Session) (map[uuid.UUID]rule, error) {
	var ids []uuid.UUID
	for id := range sessions {
		ids = append(ids, id)
	}
	versions, err := in[models.SessionVersion](q.db.Order("version DESC"), "session_id", ids)
	if err != nil {
		return nil, err
	}
	classes, pilots, out := map[uuid.UUID]models.Class{}, map[uuid.UUID]models.Pilot{}, map[uuid.UUID]rule{}
	for id, s := range sessions {
		class, err1 := cached(classes, s.ClassID, q.Class)
		pilot, err2 := cached(pilots, class.PilotID, q.Pilot)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		out[id] = rule{rulesOf([]models.Session{s})[0], PolicyOf(class, pilot), class}
	}
	for _, v := range versions {
		r := out[v.SessionID]
		if w := (attendance.Span{Start: v.StartsAt, End: v.EndsAt}); !slices.Contains(r.Was, w) {
			r.Was = append(r.Was, w)
		}
		out[v.SessionID] = r
	}
	return out, nil
}

// FinalAt is the instant that a session's site has to report past until its results are final.
func (q Queries) FinalAt(s models.Session) (models.Millis, error) {
	r, err := q.ruleOf(s)
	return attendance.FinalAt(r.Session, r.Policy), err
}

// doubtAbout names what is unclear about an event by the plan as it stands now; "" if nothing is.
func doubtAbout(r models.ScanEvent, people map[uuid.UUID]models.Enrollment, plan map[uuid.UUID]models.Session, rules map[uuid.UUID]rule,
	knows map[uuid.UUID]Knowing) models.CaseKind {
	s, planned := plan[*r.SessionID]
	if !planned {
		return models.CaseUnknownSession
	}
	if r.EnrollmentID == nil {
		return "" // an unlisted ticket or a walk-in: a case of their own says whose it is
	}
	if e, known := people[*r.EnrollmentID]; !known || e.ClassID != s.ClassID {
		return models.CaseUnknownPerson
	}
	rule := rules[s.ID]
	switch {
	case rule.Cancelled:
		return models.CaseCancelled
	case r.SiteID != s.SiteID && !knows[s.ClassID].Class[r.SiteID]:
		return models.CaseOtherSite
	case r.SiteID != s.SiteID: // by a plan that held it there
		return models.CasePlanChanged
	case attendance.Moved(rule.Session, rule.Policy, recordOf(r)):
		return models.CasePlanChanged
	}
	return ""
}

// strayed are the sessions that are not held where events of them were recorded.
func strayed(rows []models.ScanEvent, plan map[uuid.UUID]models.Session) map[uuid.UUID]models.Session {
	out := map[uuid.UUID]models.Session{}
	for _, r := range rows {
		if r.SessionID == nil {
			continue
		}
		if s, planned := plan[*r.SessionID]; planned && s.SiteID != r.SiteID {
			out[s.ID] = s
		}
	}
	return out
}

// weigh says of rows whether they count by the plan as it stands now and by what was decided,
// or for what they wait. It changes the rows, and stores nothing.
func (q Queries) weigh(rows []models.ScanEvent) error {
	var of []models.ScanEvent // that the plan decides about, and what undoes them
	for _, r := range rows {
		if weighs(r) || r.Kind == models.EventVoid && r.SessionID != nil {
			of = append(of, r)
		}
	}
	if len(of) == 0 {
		return nil
	}
	_, people, plan, err := q.mentioned(of)
	if err != nil {
		return err
	}
	rules, err1 := q.rules(plan)
	said, err2 := q.saidOf(of)
	knows, err3 := q.knowingOf(strayed(of, plan))
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if r.SessionID == nil || !weighs(*r) && r.Kind != models.EventVoid {
			continue
		}
		r.GivenSession, r.GivenEnrollment = nil, nil
		if r.Kind == models.EventVoid { // see follow
			continue
		}
		kind := doubtAbout(*r, people, plan, rules, knows)
		about := said[string(kind)+waitingSubject(*r)]
		if about.whose != nil {
			r.GivenEnrollment = about.whose
			r.GivenSession, err = q.heldFor(about, *r, plan)
			if errors.Is(err, ErrUndecidable) { // the session it was given to has moved away: it waits again
				r.GivenEnrollment, about = nil, ruling{}
			} else if err != nil {
				return err
			}
		}
		switch {
		case kind == "" || about.state == models.CaseConfirmed:
			r.Quarantine = ""
		case about.state == models.CaseDismissed:
			r.Quarantine = setAside
		default:
			r.Quarantine = string(kind)
		}
	}
	return q.follow(rows)
}

// follow lets what undoes an event go where the office has given that.
func (q Queries) follow(rows []models.ScanEvent) error {
	given := map[string]models.ScanEvent{}
	for _, r := range rows {
		given[eventSubject(r)] = r
	}
	for i := range rows {
		r := &rows[i]
		if r.Kind != models.EventVoid || r.Target == 0 {
			continue
		}
		target, here := given[targetSubject(*r)]
		if !here {
			var err error
			if target, err = q.Event(r.AgentID, *cmp.Or(r.TargetEpoch, &r.Epoch), r.Target); err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		r.GivenSession, r.GivenEnrollment = target.GivenSession, target.GivenEnrollment
	}
	return nil
}

// ruling is what was decided about a waiting subject: where it counts, and for whom, if the
// decision says that.
type ruling struct {
	state     models.CaseState
	whose, at *uuid.UUID
}

// rulingOf is what a decision means for what waits.
func rulingOf(d models.CaseDecision) ruling {
	r := ruling{state: d.State}
	if d.State == models.CaseConfirmed {
		r.whose, r.at = d.EnrollmentID, d.SessionID
	}
	return r
}

// saidOf reads what was decided about the subjects of events, by kind and subject.
func (q Queries) saidOf(rows []models.ScanEvent) (map[string]ruling, error) {
	seen, subjects := map[string]bool{}, []string{}
	for _, r := range rows {
		if s := waitingSubject(r); !seen[s] {
			seen[s], subjects = true, append(subjects, s)
		}
	}
	decided := []models.CaseState{models.CaseConfirmed, models.CaseDismissed}
	cases, err := in[models.Case](q.db.Where("kind IN ? AND state IN ?", models.Waiting(), decided), "subject", subjects)
	about, ids := map[uuid.UUID]string{}, make([]uuid.UUID, len(cases))
	for i, c := range cases {
		ids[i], about[c.ID] = c.ID, string(c.Kind)+c.Subject
	}
	said, err2 := in[models.CaseDecision](q.db.Order("created_at, id"), "case_id", ids)
	out := map[string]ruling{}
	for _, d := range said { // the newest holds
		out[about[d.CaseID]] = rulingOf(d)
	}
	return out, errors.Join(err, err2)
}
