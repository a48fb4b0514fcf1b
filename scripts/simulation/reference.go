package main

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// fact is one event as the reference sees it.
type fact struct {
	eventKey
	site     uuid.UUID
	at       models.Millis // the time that the rules use
	said     models.Millis // by the desk's clock
	received models.Millis
	kind     models.EventKind
	verdict  models.Verdict
	unsure   bool          // nobody knows how right the clock was
	target   eventKey      // of a void
	revoked  models.Millis // when the ticket was
	met      bool          // the server has confirmed the clock
	paper    bool
	noted    models.AttendanceStatus // of a note
	proven   bool                    // of a note: there is a picture
	admitted *visit                  // of a refusal: where the office says that it counts
	given    bool                    // the office has said that it counts here
	held     bool                    // by a phone on its own
	differs  bool                    // whose desk would have decided differently
}

// outcome is attendance as the reference derives it.
type outcome struct {
	status, derived   models.AttendanceStatus
	firstIn, lastOut  models.Millis
	minutes, accepted int
	final             bool
	flags             string
}

// span is a time at which a session was planned before.
type span struct{ from, to models.Millis }

// planned is a session with all that its results depend on.
type planned struct {
	models.Session
	policy  models.Policy
	earlier []span             // the newest first
	told    models.Millis      // until when its site has told all
	been    map[uuid.UUID]bool // sites that the class has had to do with
}

// timed says that a scan can be one of a session at a time.
func timed(s models.Session, p models.Policy, f fact) bool {
	if f.kind == models.EventOverride { // a supervisor's hand reaches half a day further
		s.StartsAt, s.EndsAt = s.StartsAt-12*3_600_000, s.EndsAt+12*3_600_000
	}
	return !outside(s, p, f.at) || f.said != 0 && !outside(s, p, f.said)
}

// before is the newest of a session's earlier plans at which a scan was timely.
func (s planned) before(f fact) (models.Session, bool) {
	for _, e := range s.earlier {
		was := s.Session
		was.StartsAt, was.EndsAt = e.from, e.to
		if timed(was, s.policy, f) {
			return was, true
		}
	}
	return s.Session, false
}

// strays says that a scan is not one of the session as it is planned.
func (s planned) strays(f fact) bool {
	_, known := s.before(f)
	return !timed(s.Session, s.policy, f) && (!f.unsure || known)
}

// asks is what the office has to decide about a scan; "" if nothing.
func (s planned) asks(f fact) models.CaseKind {
	const far = 3 * 3_600_000
	wide := s.Session
	wide.StartsAt, wide.EndsAt = wide.StartsAt-far, wide.EndsAt+far
	_, known := s.before(f)
	switch {
	case s.Status == models.SessionCancelled:
		return models.CaseCancelled
	case s.SiteID != f.site && !s.been[f.site]:
		return models.CaseOtherSite
	case s.SiteID != f.site:
		return models.CasePlanChanged
	case s.strays(f) && (known || outside(wide, s.policy, f.at)):
		return models.CasePlanChanged
	}
	return ""
}

type presence struct {
	agent, site uuid.UUID
	in, out     models.Millis
	open        bool
}

// derive says what a person's attendance at a session is. It is a second implementation
// of the rulebook: written from the rules alone, slow, and without shared code.
func derive(plan planned, facts []fact, corrections []models.Correction, enrolled models.Millis, said rulings, v visit) outcome {
	s, p := plan.Session, plan.policy
	var counting []fact
	waits, strays := false, false
	for _, f := range valid(facts) {
		asked := plan.asks(f)
		r := said.of(asked, v)
		if f.given || asked == "" || r.state == models.CaseConfirmed && r.at == nil {
			counting, strays = append(counting, f), strays || plan.strays(f)
		} else if r.state != models.CaseDismissed {
			waits = true
		}
	}
	// Until the session is over as it is planned now, a scan at it can still change the result.
	over := plan.told > s.EndsAt
	final := over && (!p.CheckOut || plan.told > s.EndsAt+models.Millis(p.CheckOutAfter)*60_000) // who is in has left, or will not
	// It is measured by the plan that the first such scan was made by.
	for _, f := range counting {
		if was, known := plan.before(f); plan.strays(f) && known {
			s = was
			break
		}
	}
	present := presences(counting)
	o := outcome{derived: status(s, p, counting, over, final), accepted: len(counting), minutes: minutesIn(s, p, present), final: final && !waits}
	notes := notesIn(facts)
	if len(counting)+len(notes) == 0 && !waits && enrolled > s.EndsAt {
		o.derived = models.StatusNotEnrolled // nobody expected them
	}
	for _, f := range counting {
		if f.verdict == models.VerdictAcceptedOut {
			o.lastOut = max(o.lastOut, f.at)
		} else if o.firstIn == 0 || f.at < o.firstIn {
			o.firstIn = f.at
		}
	}
	missed := o.derived == models.StatusAbsent || o.derived == models.StatusLeftEarly || o.derived == models.StatusUnverified
	corrected := status(s, p, counting, over, final) != asSaid(s, p, counting, over, final) || elsewhen(s, p, counting)
	o.flags = flags(s, p, o, counting, notes, present, corrected, waits || strays)
	if missed && waits {
		o.derived = models.StatusPending
	}
	for _, n := range slices.Backward(notes) {
		if n.proven && (missed || o.derived == models.StatusPending) {
			o.derived = n.noted
			break
		}
	}
	o.status = o.derived
	newest, withdrawn := int64(-1), map[int64]bool{}
	for _, c := range corrections {
		withdrawn[c.Withdraws] = true
	}
	for _, c := range corrections {
		if c.Order > newest && c.Withdraws == 0 && !withdrawn[c.Order] { // orders count from 1
			newest, o.status, o.final = c.Order, c.Status, true
		}
	}
	return o
}

// status is what the events that count make of it, without corrections.
func status(s models.Session, p models.Policy, counting []fact, over, final bool) models.AttendanceStatus {
	counting, over = inTime(counting), over && s.Status == models.SessionPlanned
	entered, left, first := false, true, models.Millis(0)
	for _, f := range counting {
		left = f.verdict == models.VerdictAcceptedOut
		if !left && !entered {
			entered, first = true, f.at
		}
	}
	length := int((s.EndsAt - s.StartsAt) / 60_000)
	switch {
	case len(counting) > 0 && !left && !final:
		return models.StatusInside
	case !entered && over && len(counting) > 0:
		return models.StatusUnverified
	case !entered && over:
		return models.StatusAbsent
	case !entered:
		return models.StatusPending
	case first > s.StartsAt+models.Millis(p.LateAfter)*60_000:
		return models.StatusLate
	case p.CheckOut && minutesIn(s, p, presences(counting))*100 < p.MinutesShare*length:
		return models.StatusLeftEarly
	}
	return models.StatusPresent
}

// elsewhen says that somebody was seen at another time than the session's, once the
// clocks were put right.
func elsewhen(s models.Session, p models.Policy, counting []fact) bool {
	for _, f := range counting {
		if f.at != f.said && outside(s, p, f.at) {
			return true
		}
	}
	return false
}

// outside says that nobody can be scanned at the session at a time, by its plan.
func outside(s models.Session, p models.Policy, at models.Millis) bool {
	const minute = models.Millis(60_000)
	return at < s.StartsAt-models.Millis(p.CheckInBefore)*minute || at > s.EndsAt+models.Millis(p.CheckOutAfter)*minute
}

// asSaid is what the desks' own clocks would have made of it.
func asSaid(s models.Session, p models.Policy, counting []fact, over, final bool) models.AttendanceStatus {
	said, same := slices.Clone(counting), true
	for i, f := range said {
		same = same && f.said == f.at
		said[i].at = f.said
	}
	if same {
		said = counting
	}
	return status(s, p, said, over, final)
}

// valid drops refused and voided events and repeats, and sorts the rest by time.
func valid(facts []fact) []fact {
	return standing(facts, func(f fact) bool {
		came := f.verdict == models.VerdictAcceptedIn || f.verdict == models.VerdictAcceptedOut || f.verdict == models.VerdictUnlisted
		return came && f.kind != models.EventVoid && f.kind != models.EventNote
	})
}

// notesIn are what desks have noted of why somebody is not there.
func notesIn(facts []fact) []fact {
	return standing(facts, func(f fact) bool {
		return f.kind == models.EventNote && (f.noted == models.StatusExcused || f.noted == models.StatusSick)
	})
}

func standing(facts []fact, wanted func(fact) bool) []fact {
	var out []fact
	for _, f := range facts {
		keep := wanted(f)
		for _, v := range facts {
			if v.kind == models.EventVoid && v.target == f.eventKey {
				keep = false
			}
		}
		for _, have := range out {
			if have.eventKey == f.eventKey {
				keep = false
			}
		}
		if keep {
			out = append(out, f)
		}
	}
	return inTime(out)
}

func inTime(facts []fact) []fact {
	out := slices.Clone(facts)
	slices.SortStableFunc(out, func(a, b fact) int {
		return cmp.Or(cmp.Compare(a.at, b.at), bytes.Compare(a.agent[:], b.agent[:]), bytes.Compare(a.epoch[:], b.epoch[:]), cmp.Compare(a.seq, b.seq))
	})
	return out
}

// presences pairs entries and exits. An exit ends the presence that its own desk saw
// begin, otherwise the earliest open one. A second entry at the same desk is ignored.
func presences(sorted []fact) []presence {
	var all []presence
	for _, f := range sorted {
		own, earliest := -1, -1
		for i, p := range all {
			if p.open && p.agent == f.agent && own < 0 {
				own = i
			}
			if p.open && earliest < 0 {
				earliest = i
			}
		}
		if f.verdict != models.VerdictAcceptedOut {
			if own < 0 {
				all = append(all, presence{agent: f.agent, site: f.site, in: f.at, open: true})
			}
			continue
		}
		if own < 0 {
			own = earliest
		}
		if own >= 0 {
			all[own].out, all[own].open = f.at, false
		}
	}
	return all
}

// minutesIn cuts the session at every entry and exit and counts the pieces in
// which somebody was there.
func minutesIn(s models.Session, p models.Policy, all []presence) int {
	ends := func(x presence) models.Millis {
		switch {
		case !x.open:
			return x.out
		case !p.CheckOut:
			return s.EndsAt
		default:
			return max(x.in, s.StartsAt) + models.Millis(p.OpenStay)*60_000
		}
	}
	cuts := []models.Millis{s.StartsAt, s.EndsAt}
	for _, x := range all {
		for _, at := range []models.Millis{x.in, ends(x)} {
			if at > s.StartsAt && at < s.EndsAt {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	there := models.Millis(0)
	for i, from := range cuts[1:] {
		piece := cuts[i]
		for _, x := range all {
			if x.in <= piece && ends(x) > piece {
				there += from - piece
				break
			}
		}
	}
	return int(there / models.Millis(time.Minute/time.Millisecond))
}

func flags(s models.Session, p models.Policy, o outcome, counting, notes []fact, all []presence, corrected, moved bool) string {
	set := map[models.Flag]bool{models.FlagClockCorrected: corrected, models.FlagPlanChanged: moved}
	short := o.minutes*100 < p.MinutesShare*int((s.EndsAt-s.StartsAt)/60_000)
	late := o.firstIn > s.StartsAt+models.Millis(p.LateAfter)*60_000
	inside := o.derived == models.StatusInside
	set[models.FlagLate] = inside && late
	set[models.FlagLeftEarly] = p.CheckOut && short && o.derived == models.StatusLate
	set[models.FlagTooShort] = !p.CheckOut && short && !inside && o.firstIn != 0
	for _, f := range counting {
		set[models.FlagClockUnsure] = set[models.FlagClockUnsure] || f.unsure && !f.paper
		set[models.FlagAfterRevocation] = set[models.FlagAfterRevocation] || f.revoked != 0 && f.at > f.revoked
		set[models.FlagOverridden] = set[models.FlagOverridden] || f.kind == models.EventOverride
		set[models.FlagManual] = set[models.FlagManual] || f.kind == models.EventManual
		set[models.FlagLateUpload] = set[models.FlagLateUpload] || f.received > s.EndsAt+models.Millis(p.LateUpload)*3_600_000
		set[models.FlagPhoneOffline] = set[models.FlagPhoneOffline] || f.held
		set[models.FlagPhoneDiffers] = set[models.FlagPhoneDiffers] || f.differs
		set[models.FlagUnlisted] = set[models.FlagUnlisted] || f.verdict == models.VerdictUnlisted && f.kind != models.EventWalkIn
		set[models.FlagWalkIn] = set[models.FlagWalkIn] || f.kind == models.EventWalkIn
		set[models.FlagPaper] = set[models.FlagPaper] || f.paper
	}
	for _, n := range notes {
		set[models.FlagNoted] = set[models.FlagNoted] || n.proven
		set[models.FlagUnproven] = set[models.FlagUnproven] || !n.proven
	}
	end := func(x presence) models.Millis {
		if x.open {
			return max(s.EndsAt, x.in)
		}
		return x.out
	}
	for _, a := range all {
		for _, b := range all {
			if a.site != b.site && a.in < end(b) && b.in < end(a) {
				set[models.FlagTwoDesks] = true
			}
		}
	}
	var names []string
	for _, f := range models.Flags() {
		if set[f] {
			names = append(names, string(f))
		}
	}
	return strings.Join(names, ",")
}
