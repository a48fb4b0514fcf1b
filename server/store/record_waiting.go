package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// setAside is why an event doesn't count of which a person has said that it doesn't.
const setAside = "set_aside"

// folds are the reasons with which an event is part of somebody's result: it counts, or a
// result waits for what is decided about it.
var folds = []string{"", string(models.CaseCancelled), string(models.CasePlanChanged)} //nolint:gochecknoglobals // a constant list

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
	case r.SessionID == nil || r.EnrollmentID == nil || !slices.Contains(folds, r.Quarantine) && r.Quarantine != setAside:
		return pair{}, false
	}
	return pair{*r.SessionID, *r.EnrollmentID}, true
}

// waitingSubject names what is decided about an event, within its kind of cases: all that one
// person, or one ticket, was recorded with at a session.
func waitingSubject(r models.ScanEvent) string {
	switch {
	case r.EnrollmentID != nil:
		return r.SessionID.String() + "/" + r.EnrollmentID.String()
	case r.TicketID != nil:
		return r.SessionID.String() + "/" + r.TicketID.String()
	}
	if r.Kind == models.EventWalkIn && r.Target != 0 { // goes with the first
		r.Seq = r.Target
		if r.TargetEpoch != nil {
			r.Epoch = *r.TargetEpoch
		}
	}
	return eventSubject(r)
}

// rule is a session as the rulebook takes it.
type rule struct {
	attendance.Session
	models.Policy
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
		out[id] = rule{attendance.Session{ID: id, Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Cancelled: s.Status == models.SessionCancelled}, PolicyOf(class, pilot)}
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
	rules, err := q.rules(map[uuid.UUID]models.Session{s.ID: s})
	return attendance.FinalAt(rules[s.ID].Session, rules[s.ID].Policy), err
}

// doubtAbout names what is unclear about an event by the plan as it stands now; "" if nothing is.
func doubtAbout(r models.ScanEvent, people map[uuid.UUID]models.Enrollment, plan map[uuid.UUID]models.Session, rules map[uuid.UUID]rule) models.CaseKind {
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
	case r.SiteID != s.SiteID: // by a plan that held it there
		return models.CasePlanChanged
	case attendance.Moved(rule.Session, rule.Policy, recordOf(r)):
		return models.CasePlanChanged
	}
	return ""
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
	rules, err := q.rules(plan)
	if err != nil {
		return err
	}
	said, err := q.saidOf(of)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if r.SessionID == nil || !weighs(*r) && r.Kind != models.EventVoid {
			continue
		}
		r.GivenSession, r.GivenEnrollment = nil, nil
		kind := doubtAbout(*r, people, plan, rules)
		about := said[string(kind)+waitingSubject(*r)]
		if about.state == models.CaseConfirmed && kind.AboutWhom() {
			r.GivenEnrollment = about.whose
			r.GivenSession, err = q.heldFor(*about.whose, *r, plan)
			if errors.Is(err, ErrUndecidable) { // the session it was given to has moved away: it waits again
				r.GivenEnrollment, about = nil, ruling{}
			} else if err != nil {
				return err
			}
		}
		switch {
		case r.Kind == models.EventVoid:
		case kind == "" || about.state == models.CaseConfirmed:
			r.Quarantine = ""
		case about.state == models.CaseDismissed:
			r.Quarantine = setAside
		default:
			r.Quarantine = string(kind)
		}
	}
	return nil
}

// ruling is what was decided about a waiting subject.
type ruling struct {
	state models.CaseState
	whose *uuid.UUID
}

// saidOf reads what was decided about the subjects of events, by kind and subject.
func (q Queries) saidOf(rows []models.ScanEvent) (map[string]ruling, error) {
	seen, subjects := map[string]bool{}, []string{}
	for _, r := range rows {
		if s := waitingSubject(r); !seen[s] {
			seen[s], subjects = true, append(subjects, s)
		}
	}
	cases, err := in[models.Case](q.db.Where("kind IN ? AND state IN ?", models.Waiting(), []models.CaseState{models.CaseConfirmed, models.CaseDismissed}), "subject", subjects)
	out := map[string]ruling{}
	for _, c := range cases {
		r := ruling{state: c.State}
		if c.Kind.AboutWhom() && c.State == models.CaseConfirmed {
			said, err := q.DecisionsOf(c.ID)
			if err != nil {
				return nil, err
			}
			r.whose = said[0].EnrollmentID
		}
		out[string(c.Kind)+c.Subject] = r
	}
	return out, err
}

// heldFor finds the session of a person's class that an event can be of: its own where that is
// one, else the one that it fits, at its site before any other.
func (q Queries) heldFor(enrollment uuid.UUID, r models.ScanEvent, plan map[uuid.UUID]models.Session) (*uuid.UUID, error) {
	e, err := q.Enrollment(enrollment)
	if err != nil {
		return nil, err
	}
	if s, ok := plan[*r.SessionID]; ok && s.ClassID == e.ClassID {
		return &s.ID, nil
	}
	sessions, err := all[models.Session](q.db.Where("class_id = ? AND status = ?", e.ClassID, models.SessionPlanned).Order("starts_at, id"))
	if err != nil {
		return nil, err
	}
	byID := map[uuid.UUID]models.Session{}
	for _, s := range sessions {
		byID[s.ID] = s
	}
	rules, err := q.rules(byID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(sessions, func(a, b models.Session) int { // one at its own site before one that is held elsewhere now
		return cmp.Compare(elsewhere(a, r), elsewhere(b, r))
	})
	for _, s := range sessions {
		if attendance.Fits(rules[s.ID].Session, rules[s.ID].Policy, recordOf(r)) {
			return &s.ID, nil
		}
	}
	return nil, ErrUndecidable
}

// elsewhere is 1 for a session at another site than an event's, else 0.
func elsewhere(s models.Session, r models.ScanEvent) int {
	if s.SiteID != r.SiteID {
		return 1
	}
	return 0
}

// placeable says whether a decision can give what a case is about to a person.
func (t *Tx) placeable(c models.Case, d models.CaseDecision) error {
	if d.State != models.CaseConfirmed {
		return nil
	}
	if d.EnrollmentID == nil {
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
		if at, err := t.heldFor(*d.EnrollmentID, r, plan); err != nil {
			return err
		} else if s, known := plan[*r.SessionID]; known && s.ID != *at {
			return ErrUndecidable // of another class than the session that it names
		}
	}
	return nil
}

// waitingRows are the events that a case of what waits is about, and what undoes them.
func (t *Tx) waitingRows(c models.Case) ([]models.ScanEvent, error) {
	first, err := t.CaseEvent(c)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := all[models.ScanEvent](t.db.Omit("bytes").Where("session_id = ?", first.SessionID).Order("corrected, agent_id, epoch, seq"))
	return slices.DeleteFunc(rows, func(r models.ScanEvent) bool { return waitingSubject(r) != c.Subject }), err
}

// reweigh weighs stored events anew, and stores what has changed. It gives whose attendance
// that was, and is now.
func (t *Tx) reweigh(rows []models.ScanEvent) (map[pair]bool, error) {
	before := slices.Clone(rows)
	if err := t.weigh(rows); err != nil {
		return nil, err
	}
	touched := map[pair]bool{}
	for i, r := range rows {
		was := before[i]
		if r.Quarantine == was.Quarantine && same(r.GivenSession, was.GivenSession) && same(r.GivenEnrollment, was.GivenEnrollment) {
			continue
		}
		err := t.db.Model(&models.ScanEvent{}).Where("agent_id = ? AND epoch = ? AND seq = ?", r.AgentID, r.Epoch, r.Seq).
			Updates(map[string]any{"quarantine": r.Quarantine, "given_session": r.GivenSession, "given_enrollment": r.GivenEnrollment}).Error
		if err != nil {
			return nil, translate(err)
		}
		for _, x := range []models.ScanEvent{was, r} {
			if at, ok := pairOf(x); ok {
				touched[at] = true
			}
		}
	}
	if len(touched) == 0 && !slices.ContainsFunc(rows, func(r models.ScanEvent) bool { _, waits := waitsFor(r); return waits }) {
		return nil, nil
	}
	if err := t.openWaiting(rows); err != nil {
		return nil, err
	}
	return touched, t.settleWaiting(rows)
}

// reweighSession weighs all events of a session anew, and derives what they are part of.
func (t *Tx) reweighSession(session uuid.UUID) error {
	rows, err := all[models.ScanEvent](t.db.Omit("bytes").Where("session_id = ?", session))
	if err != nil {
		return err
	}
	return t.refoldRows(rows)
}

func (t *Tx) refoldRows(rows []models.ScanEvent) error {
	touched, err := t.reweigh(rows)
	if err != nil {
		return err
	}
	return t.foldPairs(touched)
}

// ruled applies what was just decided about a case of what waits.
func (t *Tx) ruled(c models.Case) error {
	rows, err := t.waitingRows(c)
	if err != nil {
		return err
	}
	touched, err := t.reweigh(rows)
	if err != nil || len(rows) == 0 {
		return err
	}
	// The case stands where its events count: at the session that they name, or were given to.
	at := rows[0]
	place := map[string]any{"session_id": at.SessionID, "enrollment_id": at.EnrollmentID}
	if at.GivenSession != nil {
		place = map[string]any{"session_id": at.GivenSession, "enrollment_id": at.GivenEnrollment}
	}
	if err := t.db.Model(&models.Case{}).Where("id = ?", c.ID).Updates(place).Error; err != nil {
		return translate(err)
	}
	if err := t.foldPairs(touched); err != nil {
		return err
	}
	return t.unlikelyAround(rows)
}

// openWaiting opens a case for each subject that waits.
func (t *Tx) openWaiting(rows []models.ScanEvent) error {
	var cases []models.Case
	var of []models.ScanEvent
	seen := map[string]bool{}
	for _, r := range rows {
		kind, waits := waitsFor(r)
		subject := ""
		if waits {
			of, subject = append(of, r), waitingSubject(r)
		}
		if !waits || seen[string(kind)+subject] {
			continue
		}
		seen[string(kind)+subject] = true
		cases = append(cases, models.Case{Kind: kind, Subject: subject, SiteID: r.SiteID, AgentID: &r.AgentID, Epoch: &r.Epoch, Seq: r.Seq, SessionID: r.SessionID,
			EnrollmentID: r.EnrollmentID})
	}
	if err := t.openCases(cases); err != nil {
		return err
	}
	return t.unlikelyAround(of)
}

// settleWaiting settles the cases at the sessions of events for which nothing waits any more:
// the plan fits again, or what waited was undone at the desk.
func (t *Tx) settleWaiting(rows []models.ScanEvent) error {
	seen, sessions := map[uuid.UUID]bool{}, []uuid.UUID{}
	for _, r := range rows {
		if r.SessionID != nil && !seen[*r.SessionID] {
			seen[*r.SessionID], sessions = true, append(sessions, *r.SessionID)
		}
	}
	open, err := in[models.Case](t.db.Where("state = ? AND kind IN ?", models.CaseOpen, models.Waiting()), "session_id", sessions)
	for _, c := range open {
		if err != nil {
			break
		}
		var of []models.ScanEvent
		if of, err = t.waitingRows(c); err != nil || len(standingRows(of, c.Kind)) > 0 {
			continue
		}
		err = translate(t.db.Model(&models.Case{}).Where("id = ?", c.ID).Updates(map[string]any{"state": models.CaseSettled, "updated_at": t.now}).Error)
	}
	return err
}

// standingRows are the events that wait for a kind of decision and were not undone.
func standingRows(rows []models.ScanEvent, kind models.CaseKind) (out []models.ScanEvent) {
	undone := map[string]bool{}
	for _, v := range rows {
		if v.Kind == models.EventVoid {
			v.Seq, v.Epoch = v.Target, *cmp.Or(v.TargetEpoch, &v.Epoch)
			undone[eventSubject(v)] = true
		}
	}
	for _, r := range rows {
		if k, waits := waitsFor(r); waits && k == kind && !undone[eventSubject(r)] {
			out = append(out, r)
		}
	}
	return out
}

// unlikelyAround looks again at what is unlikely at the sessions near events of which nobody
// knows yet where they belong.
func (t *Tx) unlikelyAround(rows []models.ScanEvent) error {
	const day = 24 * 3_600_000
	near := map[uuid.UUID]models.Session{}
	from := map[string]bool{}
	for _, r := range rows {
		key := fmt.Sprint(r.SiteID, r.Corrected/day)
		if from[key] {
			continue
		}
		from[key] = true
		sessions, err := all[models.Session](t.db.Where("site_id = ? AND starts_at > ? AND starts_at < ?", r.SiteID, r.Corrected-2*day, r.Corrected+2*day))
		if err != nil {
			return err
		}
		for _, s := range sessions {
			near[s.ID] = s
		}
	}
	for _, s := range near {
		if err := t.unlikely(s); err != nil {
			return err
		}
	}
	return nil
}

// mayHaveCome says that accepted scans of a session's class, or of a class that nobody knows at
// its site, wait for a decision on the session's day: it is not known that nobody came.
func (q Queries) mayHaveCome(s models.Session) (bool, error) {
	site, err := q.Site(s.SiteID)
	if err != nil {
		return false, err
	}
	const day = 24 * 3_600_000
	rows, err := all[models.ScanEvent](q.db.Omit("bytes").Where(`quarantine <> '' AND quarantine <> ? AND verdict IN ? AND corrected > ? AND corrected < ? AND
		(class_id = ? OR site_id = ? AND (class_id IS NULL OR class_id NOT IN (SELECT id FROM classes)))`, setAside,
		[]models.Verdict{models.VerdictAcceptedIn, models.VerdictAcceptedOut, models.VerdictUnlisted}, s.StartsAt-day, s.EndsAt+day, s.ClassID, s.SiteID))
	first, last := site.Zone.Date(s.StartsAt), site.Zone.Date(s.EndsAt)
	return slices.ContainsFunc(rows, func(r models.ScanEvent) bool {
		on := site.Zone.Date(r.Corrected)
		return r.Kind.Attends() && first <= on && on <= last
	}), err
}

// ClassesAround lists the classes that met at a case's site within a day of its event.
func (q Queries) ClassesAround(c models.Case) ([]uuid.UUID, error) {
	r, err := q.CaseEvent(c)
	if err != nil {
		return nil, err
	}
	const day = 24 * 3_600_000
	var ids []uuid.UUID
	return ids, translate(q.db.Model(&models.Session{}).Where("site_id = ? AND starts_at > ? AND starts_at < ?", r.SiteID, r.Corrected-day, r.Corrected+day).
		Distinct().Order("class_id").Pluck("class_id", &ids).Error)
}

// nowKnown weighs anew what waited for a person whom the office knows now.
func (t *Tx) nowKnown(people []models.Enrollment) error {
	ids := make([]uuid.UUID, len(people))
	for i, e := range people {
		ids[i] = e.ID
	}
	waiting, err := all[models.ScanEvent](t.db.Omit("bytes").Where("quarantine = ?", models.CaseUnknownPerson))
	if err != nil || len(waiting) == 0 {
		return err
	}
	rows := slices.DeleteFunc(waiting, func(r models.ScanEvent) bool { return r.EnrollmentID == nil || !slices.Contains(ids, *r.EnrollmentID) })
	return t.refoldKnown(rows)
}

// nowListed gives what was recorded with tickets that nobody knew to whom they were issued.
func (t *Tx) nowListed(tickets []models.Ticket) error {
	open, err := all[models.Case](t.db.Where("kind = ? AND state = ?", models.CaseUnlisted, models.CaseOpen))
	if err != nil || len(open) == 0 {
		return err
	}
	whose := map[models.Ref]uuid.UUID{}
	for _, x := range tickets {
		whose[x.ID] = x.EnrollmentID
	}
	var rows []models.ScanEvent
	for _, c := range open {
		r, err := t.CaseEvent(c)
		if err != nil {
			return err
		}
		if r.TicketID == nil || whose[*r.TicketID] == uuid.Nil || r.EnrollmentID != nil {
			continue
		}
		person := whose[*r.TicketID]
		err1 := t.giveTo(r, &person)
		r.EnrollmentID = &person
		err2 := t.db.Model(&models.Case{}).Where("id = ?", c.ID).Updates(map[string]any{"state": models.CaseSettled, "updated_at": t.now}).Error
		if err := errors.Join(err1, translate(err2)); err != nil {
			return err
		}
		rows = append(rows, r)
	}
	return t.refoldKnown(rows)
}

// refoldKnown weighs and folds events of which it has just become known whose they are.
func (t *Tx) refoldKnown(rows []models.ScanEvent) error {
	var sites, sessions []uuid.UUID
	for _, r := range rows {
		sites = append(sites, r.SiteID)
		if r.SessionID != nil {
			sessions = append(sessions, *r.SessionID)
		}
	}
	if err := t.lockSitesOf(sites, sessions); err != nil {
		return err
	}
	if _, err := t.reweigh(rows); err != nil {
		return err
	}
	return t.foldPairs(pairsOf(rows))
}
