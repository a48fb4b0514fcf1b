package ledger

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
)

// AnchorOf is what an event says of the time of day at one moment of a boot.
func AnchorOf(e journal.Event) (attendance.Anchor, bool) {
	switch {
	case e.Kind != models.EventClock || e.Boot == uuid.Nil:
		return attendance.Anchor{}, false
	case e.Server != 0:
		return attendance.Anchor{Mono: e.Mono, Time: e.Server, Met: true}, true
	}
	return attendance.Anchor{Mono: e.Mono, Time: e.Confirmed}, e.Confirmed != 0
}

// finish does what needs all lines: the root, the receipts, the clocks, the results.
func (v *verifier) finish() {
	v.line = 0
	if v.Whole {
		if v.next < v.Size {
			v.found(FoundMissing, fmt.Sprintf("%d..%d", v.next, v.Size-1))
		}
		if v.tree.root() != v.Root {
			v.found(FoundRoot, "")
		}
	}
	for key := range v.heads {
		if !v.receipts[key] {
			v.found(FoundReceipt, fmt.Sprintf("agent %s, epoch %s", key.agent, key.epoch))
		}
	}
	records := map[person][]attendance.Record{}
	seen := map[person]bool{} // somebody whose result the server must have
	for _, e := range v.events {
		var sure bool
		e.Occurred, sure = e.Said, false
		if e.boot != uuid.Nil {
			e.Occurred, sure = attendance.Correct(e.Said, e.mono, v.anchors[e.Agent][e.boot])
		}
		sure = sure && !e.set
		if e.Occurred != e.corrected || sure != e.sure {
			v.foundAt(e.line, FoundClock, eventName(journal.Head{Agent: e.Agent, Epoch: e.Epoch, Seq: e.Seq}))
		}
		if sure {
			e.Sure = models.ConfidenceSynced
		}
		if e.given && !v.named[e.at] && !v.named[person{enrollment: e.at.enrollment}] {
			v.foundAt(e.line, FoundPerson, eventName(journal.Head{Agent: e.Agent, Epoch: e.Epoch, Seq: e.Seq}))
		}
		if e.given && e.Kind == models.EventRefused { // by a wrong clock, which the office has taken back
			s := v.sessions[e.Session]
			e.Record = attendance.Admitted(s.rule(), s.Policy, e.Record)
		}
		if e.folds {
			records[e.at] = append(records[e.at], e.Record)
			if e.Verdict.Accepted() { // a note or a void may be about nobody that the office knows
				seen[e.at] = true
			}
		}
	}
	for at := range v.decided {
		seen[at] = true
	}
	for at := range seen {
		_, planned := v.sessions[at.session] // a session that was removed from the plan has no results
		if _, ok := v.results[at]; planned && !ok {
			v.found(FoundResultGone, at.String())
		}
	}
	for at, r := range v.results {
		v.recount(at, r, records[at])
	}
}

func (p person) String() string {
	return fmt.Sprintf("session %s, enrollment %s", p.session, p.enrollment)
}

// recount derives a result again. A closed session stays closed when an agent that has
// not reported yet is added to its site.
func (v *verifier) recount(at person, r resultAt, records []attendance.Record) {
	s, ok := v.sessions[at.session]
	if !ok {
		v.foundAt(r.line, FoundNoSession, at.String())
		return
	}
	told := attendance.Told{Records: records, Corrections: v.decided[at], Newcomer: r.Derived == models.StatusNotEnrolled}
	for _, told.Stage = range []attendance.Stage{attendance.Final, attendance.Over, s.stage()} {
		a := attendance.Fold(s.rule(), s.Policy, told)
		have := Result(at.session, at.enrollment, a)
		have.Corrected, have.Final = false, false // no file says them
		if have == (models.Attendance{
			SessionID: r.SessionID, EnrollmentID: r.EnrollmentID, Status: r.Status, Derived: r.Derived, FirstIn: r.FirstIn, LastOut: r.LastOut,
			Minutes: r.Minutes, Open: r.Open, Flags: r.Flags, Accepted: r.Accepted,
		}) {
			return
		}
	}
	v.foundAt(r.line, FoundResult, at.String())
}

// Result is what the fold gives as it is stored.
func Result(session, enrollment uuid.UUID, a attendance.Attendance) models.Attendance {
	flags := make([]string, len(a.Flags))
	for i, f := range a.Flags {
		flags[i] = string(f)
	}
	return models.Attendance{
		SessionID: session, EnrollmentID: enrollment, Status: a.Status, Derived: a.Derived, Corrected: a.Corrected, Final: a.Final,
		FirstIn: a.FirstIn, LastOut: a.LastOut,
		Minutes: a.Minutes, Open: a.Open, Flags: strings.Join(flags, ","), Accepted: a.Accepted,
	}
}

// frontier is the right edge of a tree that grows: the heads of its full subtrees,
// the largest first.
type frontier struct {
	size  int64
	heads []Hash
}

func (f *frontier) add(leaf Hash) {
	f.heads = append(f.heads, leaf)
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.heads) - 1
		f.heads = append(f.heads[:last-1], tlog.NodeHash(f.heads[last-1], f.heads[last]))
	}
	f.size++
}

func (f *frontier) root() Hash {
	if len(f.heads) == 0 {
		return Hash{}
	}
	h := f.heads[len(f.heads)-1]
	for i := len(f.heads) - 2; i >= 0; i-- {
		h = tlog.NodeHash(f.heads[i], h)
	}
	return h
}
