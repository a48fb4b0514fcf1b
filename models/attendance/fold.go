package attendance

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Record is one event as the fold reads it: any event of any agent, accepted or
// not, about the person whose attendance is asked for.
type Record struct {
	Agent    uuid.UUID
	Epoch    models.Epoch
	Seq      uint64
	Site     uuid.UUID
	Session  uuid.UUID
	Occurred models.Millis // corrected time, by which it is judged
	Said     models.Millis // as the desk said; only ever flagged
	Received models.Millis // when the server got it; only ever flagged
	Kind     models.EventKind
	Verdict  models.Verdict
	Sure     models.Confidence
	Target   uint64                  // of a void: the seq it undoes
	In       models.Epoch            // of a void: the epoch of its target; zero for its own
	Revoked  models.Millis           // when the ticket used was revoked; zero if it never was
	Offline  bool                    // a phone on its own recorded it
	Differs  bool                    // and its agent would have decided otherwise
	Paper    bool                    // keyed in from an attendance sheet
	Noted    models.AttendanceStatus // of a note of the desk: excused or sick
	Proven   bool                    // of a note: its evidence is here
	Held     bool                    // waits for a decision of the office, and counts no sooner
}

type recordKey struct {
	agent uuid.UUID
	epoch models.Epoch
	seq   uint64
}

func (r Record) key() recordKey { return recordKey{r.Agent, r.Epoch, r.Seq} }

func (r Record) leaves() bool { return r.Verdict == models.VerdictAcceptedOut }

// Correction is a decision of the programme office that wins over what was derived.
// A withdrawal of one takes it out of the game, and says nothing else.
type Correction struct {
	Order     uint64 // by the server; the newest wins
	Status    models.AttendanceStatus
	Withdraws uint64 // the order of the correction that counts no more; zero: this is none
}

// Told is everything that was told of one person at one session.
type Told struct {
	Records     []Record // of that person: their order, repeats and batches don't matter
	Corrections []Correction
	Stage       Stage
	Newcomer    bool // enrolled after the session was over, so nobody expected the person there
	Closed      bool // the class is: only a correction changes it
	Owed        bool // the person holds a receipt of what has not arrived yet
}

// Attendance is the result for one person and one session.
type Attendance struct {
	Status    models.AttendanceStatus // what counts: the correction's, if there is one
	Derived   models.AttendanceStatus // what the events say
	Corrected bool                    // Status is a correction's, if it says the same too
	Final     bool                    // only a correction changes Status; else it is provisional
	FirstIn   models.Millis           // zero if nobody saw the person come
	LastOut   models.Millis           // zero if nobody saw the person leave
	Minutes   int                     // present inside the session's own time
	Open      bool                    // is in: the last that is known is an entry, and more may be reported
	Flags     []models.Flag           // in the order of models.Flags
	Accepted  int                     // events that count
}

type stay struct {
	in, out     models.Millis // out is zero for an open one
	site, agent uuid.UUID
}

// Fold derives attendance from everything that was told, and says whether it may still
// change. Nobody is absent before the session is over, and nobody who is in has left early
// before its stage is final.
func Fold(session Session, policy models.Policy, told Told) Attendance {
	counting, held := counted(session.ID, told.Records)
	planned := session
	session = asMet(session, policy, counting)
	notes := notesOf(session.ID, told.Records)
	told.Newcomer = told.Newcomer && len(held)+len(notes) == 0 // a desk knew them
	a, stays := stand(session, policy, counting, told)
	a.Flags = flagsOf(session, planned, policy, counting, notes, stays, correctedTo(session, policy, counting, told, a.Derived))
	a.Flags = flagged(a.Flags, besides(session, policy, a))
	a.Final = told.Closed || told.Stage == Final && len(held) == 0 && !told.Owed
	if len(held) > 0 {
		a.Flags = flagged(a.Flags, models.FlagPlanChanged)
		a.Derived = undecided(a.Derived)
	}
	a.Derived = excuse(a.Derived, notes)
	a.Status = a.Derived
	if c, ok := InForce(told.Corrections); ok {
		a.Status, a.Corrected, a.Final = c.Status, true, true
	}
	return a
}

// InForce is the newest correction that was not withdrawn.
func InForce(corrections []Correction) (newest Correction, ok bool) {
	withdrawn := map[uint64]bool{}
	for _, c := range corrections {
		if c.Withdraws != 0 {
			withdrawn[c.Withdraws] = true
		}
	}
	for _, c := range corrections {
		if c.Withdraws == 0 && !withdrawn[c.Order] && (!ok || c.Order > newest.Order) {
			newest, ok = c, true
		}
	}
	return newest, ok
}

// stand is where counting records, in their order, leave a person.
func stand(session Session, policy models.Policy, counting []Record, told Told) (Attendance, []stay) {
	stays := pair(counting)
	a := Attendance{Accepted: len(counting)}
	for _, r := range counting {
		if r.leaves() {
			a.LastOut = max(a.LastOut, r.Occurred)
		} else if a.FirstIn == 0 || r.Occurred < a.FirstIn {
			a.FirstIn = r.Occurred
		}
	}
	a.Open = told.Stage < Final && len(counting) > 0 && !counting[len(counting)-1].leaves()
	a.Minutes = minutesWithin(session, policy, stays)
	a.Derived = derive(session, policy, a, told)
	return a, stays
}

// correctedTo says that the status is another one than the desks' own clocks give,
// or that a desk with a wrong clock took the session for another one's time.
func correctedTo(session Session, policy models.Policy, counting []Record, told Told, derived models.AttendanceStatus) bool {
	said := slices.Clone(counting)
	changed := false
	for i := range said {
		if said[i].Said != 0 && said[i].Said != said[i].Occurred {
			if at := said[i].Occurred; at < session.Start.Add(-minutes(policy.CheckInBefore)) || at > session.End.Add(minutes(policy.CheckOutAfter)) {
				return true
			}
			said[i].Occurred, changed = said[i].Said, true
		}
	}
	if !changed {
		return false
	}
	inOrder(said)
	a, _ := stand(session, policy, said, told)
	return a.Derived != derived
}

// counted gives the accepted and not voided records of a session, each once, in
// the order in which they occurred, and apart those that wait for a decision.
func counted(session uuid.UUID, records []Record) (counting, held []Record) {
	for _, r := range standing(session, records, func(r Record) bool { return r.Verdict.Accepted() && r.Kind.Attends() }) {
		if r.Held {
			held = append(held, r)
		} else {
			counting = append(counting, r)
		}
	}
	return counting, held
}

// undecided is a status while a decision is waited for: nobody is said to have missed anything.
func undecided(derived models.AttendanceStatus) models.AttendanceStatus {
	switch derived {
	case models.StatusAbsent, models.StatusUnverified, models.StatusLeftEarly:
		return models.StatusPending
	case models.StatusPresent, models.StatusLate, models.StatusInside, models.StatusPending, models.StatusExcused, models.StatusSick, models.StatusNotEnrolled:
	}
	return derived
}

// flagged puts a flag where it stands among others.
func flagged(flags []models.Flag, also models.Flag) []models.Flag {
	var out []models.Flag
	for _, f := range models.Flags() {
		if f == also || slices.Contains(flags, f) {
			out = append(out, f)
		}
	}
	return out
}

// notesOf gives what desks noted of why somebody is not there, as counted does.
func notesOf(session uuid.UUID, records []Record) []Record {
	return standing(session, records, func(r Record) bool { return r.Kind == models.EventNote && r.Noted.Noted() })
}

// excuse gives the status of the newest note whose evidence is here. It takes the place
// of having missed the session or a part of it, never of having been there.
func excuse(derived models.AttendanceStatus, notes []Record) models.AttendanceStatus {
	missed := derived == models.StatusPending || derived == models.StatusAbsent || derived == models.StatusLeftEarly || derived == models.StatusUnverified
	for _, n := range slices.Backward(notes) {
		if n.Proven && missed {
			return n.Noted
		}
	}
	return derived
}

// standing gives the records of a session that are of some kind and were not voided.
func standing(session uuid.UUID, records []Record, kind func(Record) bool) []Record {
	voided := map[recordKey]bool{}
	for _, r := range records {
		if r.Kind == models.EventVoid && r.Target != 0 {
			in := r.In
			if in.IsZero() {
				in = r.Epoch
			}
			voided[recordKey{r.Agent, in, r.Target}] = true
		}
	}
	var out []Record
	for _, r := range records {
		if r.Session == session && kind(r) && !voided[r.key()] {
			out = append(out, r)
		}
	}
	inOrder(out)
	seen := map[recordKey]bool{}
	return slices.DeleteFunc(out, func(r Record) bool {
		again := seen[r.key()]
		seen[r.key()] = true
		return again
	})
}

// inOrder sorts by time; what breaks a tie is the same everywhere.
func inOrder(records []Record) {
	slices.SortFunc(records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Occurred, b.Occurred), bytes.Compare(a.Agent[:], b.Agent[:]),
			bytes.Compare(a.Epoch[:], b.Epoch[:]), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Received, b.Received))
	})
}

// pair makes stays of ins and outs in time order. A check-out ends the stay
// that its own agent saw begin, else the earliest that is still open: one desk
// may let people in and another out.
func pair(sorted []Record) []stay {
	var stays []stay
	for _, r := range sorted {
		at := slices.IndexFunc(stays, func(s stay) bool { return s.out == 0 && s.agent == r.Agent })
		if r.leaves() && at < 0 {
			at = slices.IndexFunc(stays, func(s stay) bool { return s.out == 0 })
		}
		switch {
		case r.leaves() && at >= 0:
			stays[at].out = r.Occurred
		case !r.leaves() && at < 0:
			stays = append(stays, stay{in: r.Occurred, site: r.Site, agent: r.Agent})
		}
	}
	return stays
}

// minutesWithin counts whole minutes of the union of all stays inside the session.
func minutesWithin(session Session, policy models.Policy, stays []stay) int {
	type span struct{ from, to models.Millis }
	var spans []span
	for _, s := range stays {
		to := s.out
		if to == 0 {
			to = session.End
			if policy.CheckOut {
				to = min(max(s.in, session.Start).Add(minutes(policy.OpenStay)), session.End)
			}
		}
		if from, to := max(s.in, session.Start), min(to, session.End); from < to {
			spans = append(spans, span{from, to})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var total time.Duration
	var until models.Millis
	for _, s := range spans {
		if from := max(s.from, until); from < s.to {
			total += s.to.Sub(from)
			until = s.to
		}
	}
	return int(total / time.Minute)
}

func length(s Session) int { return int(s.End.Sub(s.Start) / time.Minute) }

// tooShort says that a stay is less than the share of a session that counts.
func tooShort(session Session, policy models.Policy, minutes int) bool {
	return minutes*100 < policy.MinutesShare*length(session)
}

func isLate(session Session, policy models.Policy, a Attendance) bool {
	return a.FirstIn > session.Start.Add(minutes(policy.LateAfter))
}

func derive(session Session, policy models.Policy, a Attendance, told Told) models.AttendanceStatus {
	over := told.Stage >= Over && !session.Cancelled // nobody is absent from what did not take place
	switch {
	case a.Open:
		return models.StatusInside
	case a.FirstIn == 0 && a.Accepted > 0 && over: // seen to leave and never to come: not absent, and not proven present
		return models.StatusUnverified
	case a.Accepted == 0 && told.Newcomer:
		return models.StatusNotEnrolled
	case a.FirstIn == 0 && over:
		return models.StatusAbsent
	case a.FirstIn == 0:
		return models.StatusPending
	case isLate(session, policy, a):
		return models.StatusLate
	case policy.CheckOut && tooShort(session, policy, a.Minutes):
		return models.StatusLeftEarly
	}
	return models.StatusPresent
}

// besides is what is true of an attendance besides its derived status; "" if nothing is.
func besides(session Session, policy models.Policy, a Attendance) models.Flag {
	short := !a.Open && a.FirstIn != 0 && tooShort(session, policy, a.Minutes)
	switch {
	case a.Open && isLate(session, policy, a):
		return models.FlagLate
	case short && policy.CheckOut && a.Derived == models.StatusLate:
		return models.FlagLeftEarly
	case short && !policy.CheckOut:
		return models.FlagTooShort
	}
	return ""
}

func flagsOf(session, planned Session, policy models.Policy, counting, notes []Record, stays []stay, corrected bool) []models.Flag {
	set := map[models.Flag]bool{models.FlagTwoDesks: twoSites(session, stays), models.FlagClockCorrected: corrected}
	late := session.End.Add(time.Duration(policy.LateUpload) * time.Hour)
	for _, r := range counting {
		set[models.FlagClockUnsure] = set[models.FlagClockUnsure] || r.Sure == models.ConfidenceUnsure && !r.Paper
		set[models.FlagAfterRevocation] = set[models.FlagAfterRevocation] || r.Revoked != 0 && r.Occurred > r.Revoked
		set[models.FlagOverridden] = set[models.FlagOverridden] || r.Kind == models.EventOverride
		set[models.FlagManual] = set[models.FlagManual] || r.Kind == models.EventManual
		set[models.FlagLateUpload] = set[models.FlagLateUpload] || r.Received > late
		set[models.FlagPhoneOffline] = set[models.FlagPhoneOffline] || r.Offline
		set[models.FlagPhoneDiffers] = set[models.FlagPhoneDiffers] || r.Differs
		set[models.FlagUnlisted] = set[models.FlagUnlisted] || r.Verdict == models.VerdictUnlisted && r.Kind != models.EventWalkIn
		set[models.FlagPaper] = set[models.FlagPaper] || r.Paper
		set[models.FlagPlanChanged] = set[models.FlagPlanChanged] || !Fits(planned, policy, r)
		set[models.FlagWalkIn] = set[models.FlagWalkIn] || r.Kind == models.EventWalkIn
	}
	for _, n := range notes {
		set[models.FlagNoted] = set[models.FlagNoted] || n.Proven
		set[models.FlagUnproven] = set[models.FlagUnproven] || !n.Proven
	}
	var out []models.Flag
	for _, f := range models.Flags() {
		if set[f] {
			out = append(out, f)
		}
	}
	return out
}

// twoSites says that the person was in at two places at a time.
func twoSites(session Session, stays []stay) bool {
	end := func(s stay) models.Millis {
		if s.out == 0 {
			return max(session.End, s.in)
		}
		return s.out
	}
	for i, a := range stays {
		for _, b := range stays[i+1:] {
			if a.site != b.site && a.in < end(b) && b.in < end(a) {
				return true
			}
		}
	}
	return false
}
