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
	at       models.Millis // the time by which it is judged
	received models.Millis
	kind     models.EventKind
	verdict  models.Verdict
	sure     models.Confidence
	target   eventKey      // of a void
	revoked  models.Millis // when the ticket was
}

// outcome is attendance as the reference derives it.
type outcome struct {
	status, derived   models.AttendanceStatus
	firstIn, lastOut  models.Millis
	minutes, accepted int
	flags             string
}

type presence struct {
	agent, site uuid.UUID
	in, out     models.Millis
	open        bool
}

// derive says what somebody's attendance at a session is. It is the rulebook's
// second opinion: written from the rules alone, slow, and sharing none of its code.
func derive(s models.Session, p models.Policy, facts []fact, corrections []models.Correction, over bool) outcome {
	counting := valid(facts)
	present := presences(counting)
	o := outcome{accepted: len(counting), minutes: minutesIn(s, p, present)}
	entered, left := false, true
	for _, f := range counting {
		if f.verdict == models.VerdictAcceptedOut {
			o.lastOut, left = max(o.lastOut, f.at), true
			continue
		}
		if !entered || f.at < o.firstIn {
			o.firstIn = f.at
		}
		entered, left = true, false
	}
	lateFrom := s.StartsAt + models.Millis(p.LateAfter)*60_000
	length := int((s.EndsAt - s.StartsAt) / 60_000)
	switch {
	case !entered && over && len(counting) > 0:
		o.derived = models.StatusUnverified
	case !entered && over:
		o.derived = models.StatusAbsent
	case !entered:
		o.derived = models.StatusPending
	case o.firstIn > lateFrom:
		o.derived = models.StatusLate
	case p.CheckOut && (over || left) && o.minutes*100 < p.MinutesShare*length:
		o.derived = models.StatusLeftEarly
	default:
		o.derived = models.StatusPresent
	}
	o.status = o.derived
	newest := int64(-1)
	for _, c := range corrections {
		if c.Order > newest {
			newest, o.status = c.Order, c.Status
		}
	}
	o.flags = flags(s, p, counting, present)
	return o
}

// valid drops what was refused, what was voided, and repeats, and sorts by time.
func valid(facts []fact) []fact {
	var out []fact
	for _, f := range facts {
		keep := f.verdict == models.VerdictAcceptedIn || f.verdict == models.VerdictAcceptedOut || f.verdict == models.VerdictUnlisted
		keep = keep && f.kind != models.EventVoid
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
	slices.SortStableFunc(out, func(a, b fact) int {
		return cmp.Or(cmp.Compare(a.at, b.at), bytes.Compare(a.agent[:], b.agent[:]), bytes.Compare(a.epoch[:], b.epoch[:]), cmp.Compare(a.seq, b.seq))
	})
	return out
}

// presences pairs entries and exits: an exit ends what its own desk saw begin,
// else the earliest that is still open; an entry of who is in at that desk is none.
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

func flags(s models.Session, p models.Policy, counting []fact, all []presence) string {
	set := map[models.Flag]bool{}
	for _, f := range counting {
		set[models.FlagClockUnsure] = set[models.FlagClockUnsure] || f.sure == models.ConfidenceUnsure
		set[models.FlagAfterRevocation] = set[models.FlagAfterRevocation] || f.revoked != 0 && f.at > f.revoked
		set[models.FlagOverridden] = set[models.FlagOverridden] || f.kind == models.EventOverride
		set[models.FlagManual] = set[models.FlagManual] || f.kind == models.EventManual
		set[models.FlagLateUpload] = set[models.FlagLateUpload] || f.received > s.EndsAt+models.Millis(p.LateUpload)*3_600_000
		set[models.FlagUnlisted] = set[models.FlagUnlisted] || f.verdict == models.VerdictUnlisted
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
