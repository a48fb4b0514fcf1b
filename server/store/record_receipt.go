package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/receipt"
)

// ReceiptState says what has become of what a participant holds a receipt of.
type ReceiptState string

// The states. All but the last three have arrived.
const (
	ReceiptCounts    ReceiptState = "counts"
	ReceiptWaits     ReceiptState = "waits"     // for a decision of the office
	ReceiptUndone    ReceiptState = "undone"    // at the desk, with a reason
	ReceiptSetAside  ReceiptState = "set_aside" // the office has said that it doesn't count
	ReceiptCorrected ReceiptState = "corrected" // the office has decided otherwise about the session
	ReceiptOwed      ReceiptState = "owed"      // it hasn't arrived: a case is open until it does
	ReceiptRefused   ReceiptState = "refused"   // nor has it, and the office has decided about that
	ReceiptUnknown   ReceiptState = "unknown"   // it is no receipt of these people
)

// ReceiptAnswer is what the office says of a receipt.
type ReceiptAnswer struct {
	State      ReceiptState
	Code       receipt.Code
	Direction  models.Direction
	At         models.Millis // by the desk's clock
	Zone       models.Zone
	Class      string          // its code
	Session    *models.Session // nil if nobody can tell
	Attendance models.Attendance
	Reason     string        // of what was undone, or set aside
	Deadline   models.Millis // until when what is owed is waited for
}

// ReceiptDue is how long the office waits for a site to bring what is owed, before it decides: longer than any phone
// or sheet may wait (journal.MaxQueued).
const ReceiptDue = 7 * 24 * time.Hour

// aDay is how far from a session's plan its receipts may lie: it was moved, or a clock was wrong.
const aDay = 24 * time.Hour

// longest bounds how much of a class's time is searched for what a receipt says.
const longest = 400 * aDay

// Receipt says what has become of what one of these enrollments holds a receipt of. What
// has never arrived opens a case, and settles one that has arrived since.
func (t *Tx) Receipt(people []models.Enrollment, code receipt.Code) (ReceiptAnswer, error) {
	for _, e := range people {
		answer, err := t.receiptOf(e, code)
		if err != nil || answer.State != ReceiptUnknown {
			return answer, err
		}
	}
	return ReceiptAnswer{State: ReceiptUnknown, Code: code}, nil
}

// witness is what a receipt of one enrollment is checked against.
type witness struct {
	models.Enrollment
	class    models.Class
	site     models.Site
	sessions []models.Session
	key      *receipt.Key
	whose    []receipt.Whose
	tickets  []models.Ref
}

func (t *Tx) witnessOf(e models.Enrollment) (w witness, err error) {
	w.Enrollment, w.whose = e, []receipt.Whose{receipt.OfPerson(e.ID), receipt.OfTicket(models.Ref{})} // who walked in had neither
	var secret []byte
	if w.class, err = t.Class(e.ClassID); err != nil {
		return w, err
	}
	if secret, err = t.ClassSecret(w.class); err != nil {
		return w, err
	}
	w.key = receipt.KeyOf(secret)
	tickets, err1 := t.TicketsOf(e.ID)
	for _, x := range tickets {
		w.whose, w.tickets = append(w.whose, receipt.OfTicket(x.ID)), append(w.tickets, x.ID)
	}
	var err2, err3 error
	w.sessions, err2 = t.SessionsOf(e.ClassID)
	w.site, err3 = t.Site(w.class.SiteID)
	return w, errors.Join(err1, err2, err3)
}

func (t *Tx) receiptOf(e models.Enrollment, code receipt.Code) (ReceiptAnswer, error) {
	answer := ReceiptAnswer{State: ReceiptUnknown, Code: code}
	w, err := t.witnessOf(e)
	if err != nil {
		return answer, err
	}
	rows, err := t.arrivals(w)
	if err != nil {
		return answer, err
	}
	said, known := receipt.Says{}, false
	i := slices.IndexFunc(rows, func(r models.ScanEvent) bool {
		for _, who := range w.whose {
			said = receipt.Says{Whose: who, Direction: r.Verdict.Direction(), At: r.Occurred}
			if w.key.Of(said) == code {
				return true
			}
		}
		return false
	})
	if i < 0 {
		spans, err := t.spansOf(w)
		if err != nil {
			return answer, err
		}
		if said, known = w.key.Find(code, w.whose, spans); !known {
			return answer, nil
		}
		i = slices.IndexFunc(rows, func(r models.ScanEvent) bool { return carries(r, said) })
	}
	answer.Direction, answer.At, answer.Zone, answer.Class = said.Direction, said.At, w.site.Zone, w.class.Code
	if i >= 0 {
		return t.arrived(w, rows[i], answer)
	}
	return t.owed(w, answer)
}

// arrivals are the events that may be what somebody holds a receipt of.
func (q Queries) arrivals(w witness) ([]models.ScanEvent, error) {
	own, err1 := all[models.ScanEvent](q.db.Omit("bytes").Where("(enrollment_id = ? OR given_enrollment = ?) AND verdict IN ?", w.ID, w.ID, acceptedVerdicts()))
	loose := q.db.Omit("bytes").Where("enrollment_id IS NULL AND class_id = ? AND verdict IN ?", w.ClassID, acceptedVerdicts())
	byTicket, err2 := in[models.ScanEvent](loose, "ticket_id", w.tickets)
	walked, err3 := all[models.ScanEvent](loose.Where("kind = ?", models.EventWalkIn))
	rows := slices.DeleteFunc(slices.Concat(own, byTicket, walked), func(r models.ScanEvent) bool { return !r.Kind.Attends() })
	return rows, errors.Join(err1, err2, err3)
}

// slack is how far the time that a phone on its own had shown may lie from the one that its desk took it for.
const slack = 3 * time.Minute

// carries says that an event is what a receipt says. A phone on its own
// tells the time by its last contact; if its clock was set meanwhile, they may differ by as much as it may be alone.
func carries(r models.ScanEvent, said receipt.Says) bool {
	near := time.Duration(0)
	switch {
	case r.HandedAt != 0 && r.Doubt != 0:
		near = aDay
	case r.HandedAt != 0:
		near = slack
	}
	off := r.Occurred.Sub(said.At)
	return r.Verdict.Direction() == said.Direction && off >= -near && off < near+time.Minute
}

// spansOf are the times at which the people of a class may have come: around its sessions, as they are planned
// and as they once were.
func (t *Tx) spansOf(w witness) ([]receipt.Span, error) {
	versions, err := all[models.SessionVersion](t.db.Where("session_id IN (?)", t.db.Model(&models.Session{}).Select("id").Where("class_id = ?", w.ClassID)))
	if err != nil {
		return nil, err
	}
	var spans []receipt.Span
	add := func(from, to models.Millis) {
		spans = append(spans, receipt.Span{From: from.Add(-aDay), To: min(to.Add(aDay), t.now.Add(aDay))})
	}
	for _, s := range w.sessions {
		add(s.StartsAt, s.EndsAt)
	}
	for _, v := range versions {
		add(v.StartsAt, v.EndsAt)
	}
	slices.SortFunc(spans, func(a, b receipt.Span) int { return cmp.Compare(a.From, b.From) })
	var merged []receipt.Span
	for _, s := range spans {
		if last := len(merged) - 1; last >= 0 && s.From <= merged[last].To {
			merged[last].To = max(merged[last].To, s.To)
			continue
		}
		merged = append(merged, s)
	}
	return bounded(merged), nil
}

// bounded keeps the newest of spans, as long as they may be together.
func bounded(spans []receipt.Span) []receipt.Span {
	left := longest
	for i := len(spans) - 1; i >= 0; i-- {
		if left -= spans[i].To.Sub(spans[i].From); left < 0 {
			return spans[i+1:]
		}
	}
	return spans
}

// arrived says what an event counts for.
func (t *Tx) arrived(w witness, r models.ScanEvent, answer ReceiptAnswer) (ReceiptAnswer, error) {
	if err := t.settleOwed([]models.ScanEvent{r}, w.ID); err != nil {
		return answer, err
	}
	at, ok := pairOf(r)
	if id := cmp.Or(r.GivenSession, r.SessionID); id != nil {
		at.session = *id
		s, err := t.Session(*id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return answer, err
		}
		if err == nil {
			answer.Session = &s
		}
	}
	void, err := one[models.ScanEvent](t.db.Omit("bytes"), sameWalkIn, r.AgentID, models.EventVoid, r.Seq, r.Epoch, r.Epoch)
	switch {
	case err == nil:
		answer.State, answer.Reason = ReceiptUndone, void.Reason
		return answer, nil
	case !errors.Is(err, ErrNotFound):
		return answer, err
	case r.Quarantine == setAside:
		answer.State = ReceiptSetAside
		return answer, nil
	case r.Quarantine != "" || !ok || at.enrollment != w.ID:
		answer.State, err = t.undecided(r)
		return answer, err
	}
	answer.Attendance, err = one[models.Attendance](t.db, "session_id = ? AND enrollment_id = ?", at.session, w.ID)
	if answer.State = ReceiptCounts; answer.Attendance.Corrected && answer.Attendance.Status != answer.Attendance.Derived {
		answer.State = ReceiptCorrected
	}
	if errors.Is(err, ErrNotFound) { // its session is gone from the plan
		answer.State, err = ReceiptWaits, nil
	}
	return answer, err
}

// undecided says whether the office has yet to decide about an event, or has decided that it doesn't count.
func (q Queries) undecided(r models.ScanEvent) (ReceiptState, error) {
	subjects := []string{eventSubject(r)}
	if r.SessionID != nil {
		subjects = append(subjects, waitingSubject(r))
	}
	dismissed, err := all[models.Case](q.db.Select("id").Where("subject IN ? AND state = ? AND kind IN ?", subjects, models.CaseDismissed,
		append(models.Waiting(), models.CaseQuarantine, models.CaseUnlisted, models.CaseWalkIn)))
	if len(dismissed) > 0 {
		return ReceiptSetAside, err
	}
	return ReceiptWaits, err
}

// owed opens a case about what a site owes, or says what was decided about it.
func (t *Tx) owed(w witness, answer ReceiptAnswer) (ReceiptAnswer, error) {
	answer.State = ReceiptOwed
	c := models.Case{Kind: models.CaseOwed, Subject: w.ID.String() + "/" + string(answer.Code), SiteID: w.class.SiteID, EnrollmentID: &w.ID,
		Detail: fmt.Sprintf("%s %d", answer.Direction, answer.At)}
	if s := nearest(w.sessions, answer.At); s != nil {
		answer.Session, c.SessionID, c.SiteID = s, &s.ID, s.SiteID
	}
	if err := t.lockSitesOf([]uuid.UUID{c.SiteID}, nil); err != nil {
		return answer, err
	}
	if err := t.openCases([]models.Case{c}); err != nil {
		return answer, err
	}
	now, err := one[models.Case](t.db, "kind = ? AND subject = ?", c.Kind, c.Subject)
	if err != nil {
		return answer, err
	}
	answer.Deadline = now.OpenedAt.Add(ReceiptDue)
	switch now.State {
	case models.CaseOpen, models.CaseSettled:
	case models.CaseDismissed:
		answer.State = ReceiptRefused
	case models.CaseConfirmed:
		answer.State = ReceiptCorrected
	}
	if c.SessionID == nil {
		return answer, nil
	}
	if err := t.foldSession(*c.SessionID, []uuid.UUID{w.ID}); err != nil {
		return answer, err
	}
	answer.Attendance, err = one[models.Attendance](t.db, "session_id = ? AND enrollment_id = ?", *c.SessionID, w.ID)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return answer, err
}

// nearest is the session that a moment lies in or next to; nil if there is none.
func nearest(sessions []models.Session, at models.Millis) *models.Session {
	away := func(s models.Session) models.Millis { return max(s.StartsAt-at, at-s.EndsAt, 0) }
	var best *models.Session
	for i, s := range sessions {
		if best == nil || away(s) < away(*best) {
			best = &sessions[i]
		}
	}
	return best
}

// owedSays is what a receipt says that a case is about.
func owedSays(c models.Case) (s receipt.Says, ok bool) {
	if c.Kind != models.CaseOwed {
		return s, false
	}
	n, err := fmt.Sscanf(c.Detail, "%s %d", &s.Direction, &s.At)
	return s, err == nil && n == 2
}

// Owed is what the receipt says that the case is about; nil if it is about none.
func (k CaseEntry) Owed() *receipt.Says {
	if said, ok := owedSays(k.Case); ok {
		return &said
	}
	return nil
}

// Due is until when what is owed is waited for.
func (k CaseEntry) Due() models.Millis { return k.OpenedAt.Add(ReceiptDue) }

// settleOwed settles the cases about receipts whose events have arrived. People are those of events that name
// nobody.
func (t *Tx) settleOwed(rows []models.ScanEvent, people ...uuid.UUID) error {
	for _, r := range rows {
		if r.EnrollmentID != nil && r.Verdict.Accepted() && r.Kind.Attends() {
			people = append(people, *r.EnrollmentID)
		}
	}
	open, err := in[models.Case](t.db.Where("kind = ? AND state = ?", models.CaseOwed, models.CaseOpen), "enrollment_id", people)
	var met []uuid.UUID
	for _, c := range open {
		said, ok := owedSays(c)
		if ok && slices.ContainsFunc(rows, func(r models.ScanEvent) bool {
			return (r.EnrollmentID == nil || *r.EnrollmentID == *c.EnrollmentID) && r.Verdict.Accepted() && r.Kind.Attends() && carries(r, said)
		}) {
			met = append(met, c.ID)
		}
	}
	return errors.Join(err, t.setState(models.CaseSettled, met...))
}

// owing are those of some people to whom a site owes what they hold a receipt of at a session.
func (q Queries) owing(session uuid.UUID, people []uuid.UUID) (map[uuid.UUID]bool, error) {
	open, err := in[models.Case](q.db.Select("enrollment_id").Where("kind = ? AND state = ? AND session_id = ?", models.CaseOwed, models.CaseOpen, session),
		"enrollment_id", people)
	out := map[uuid.UUID]bool{}
	for _, c := range open {
		out[*c.EnrollmentID] = true
	}
	return out, err
}
