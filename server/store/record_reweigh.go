package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
)

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
		err := t.setEvent(r, map[string]any{"quarantine": r.Quarantine, "given_session": r.GivenSession, "given_enrollment": r.GivenEnrollment})
		if err != nil {
			return nil, err
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
	also, err := t.openWaiting(rows)
	if err != nil {
		return nil, err
	}
	maps.Copy(touched, also)
	return touched, t.settleWaiting(rows)
}

// reweighSession weighs all events of a session anew, and derives what they are part of.
func (t *Tx) reweighSession(session uuid.UUID) error {
	rows, err := all[models.ScanEvent](t.db.Omit("bytes").Where("session_id = ? OR given_session = ?", session, session))
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

// openWaiting opens a case for each subject that waits, and gives whose attendance changes by that.
func (t *Tx) openWaiting(rows []models.ScanEvent) (map[pair]bool, error) {
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
		cases = append(cases, caseAbout(kind, subject, r))
	}
	if err := t.openCases(cases); err != nil {
		return nil, err
	}
	touched, err := t.askAgain(cases)
	if err != nil {
		return nil, err
	}
	return touched, t.unlikelyAround(of)
}

// askAgain opens the decided ones of cases about what waits all the same: the session that a
// decision has given it to is not where it was, or not all of it fits there.
func (t *Tx) askAgain(cases []models.Case) (map[pair]bool, error) {
	subjects := make([]string, len(cases))
	for i, c := range cases {
		subjects[i] = c.Subject
	}
	decided, err := in[models.Case](t.db.Where("state = ? AND kind IN ?", models.CaseConfirmed, models.Waiting()), "subject", subjects)
	touched := map[pair]bool{}
	for _, d := range decided {
		if err != nil {
			break
		}
		if !slices.ContainsFunc(cases, func(c models.Case) bool { return c.Kind == d.Kind && c.Subject == d.Subject }) {
			continue
		}
		if err = t.setState(models.CaseOpen, d.ID); err != nil {
			break
		}
		var rows []models.ScanEvent
		if rows, err = t.waitingRows(d); err == nil {
			var also map[pair]bool
			also, err = t.reweigh(rows)
			maps.Copy(touched, also)
		}
	}
	return touched, err
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
		err = t.setState(models.CaseSettled, c.ID)
	}
	return err
}

// standingRows are the events that wait for a kind of decision and were not undone.
func standingRows(rows []models.ScanEvent, kind models.CaseKind) (out []models.ScanEvent) {
	undone := map[string]bool{}
	for _, v := range rows {
		if v.Kind == models.EventVoid {
			undone[targetSubject(v)] = true
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
		j, err := t.judgedNow(s)
		if err != nil {
			return err
		}
		if err := t.unlikely(j); err != nil {
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
	rows, err := all[models.ScanEvent](q.db.Omit("bytes").Where(`quarantine <> '' AND quarantine <> ? AND verdict IN ? AND corrected > ? AND corrected < ? AND
		(class_id = ? OR site_id = ? AND (class_id IS NULL OR class_id NOT IN (SELECT id FROM classes)))`, setAside,
		acceptedVerdicts(), s.StartsAt-day, s.EndsAt+day, s.ClassID, s.SiteID))
	var missed int64
	err2 := q.db.Model(&models.Case{}).Where("kind = ? AND state = ? AND session_id = ?", models.CaseMissed, models.CaseOpen, s.ID).Count(&missed).Error
	if err := errors.Join(err, translate(err2)); err != nil || missed > 0 {
		return true, err
	}
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
		if err := errors.Join(err1, t.setState(models.CaseSettled, c.ID)); err != nil {
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
