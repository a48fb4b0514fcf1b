package main

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/review"
	officestore "buktihadir/server/store"
)

// ruling is what the office has said of a case; nil ids where it didn't say them.
type ruling struct {
	state     models.CaseState
	whose, at *uuid.UUID
}

// rulings are by kind and subject of the case.
type rulings map[string]ruling

func (r rulings) of(kind models.CaseKind, v visit) ruling {
	return r[string(kind)+v.session.String()+"/"+v.place.String()]
}

// decide confirms or dismisses what the office was asked, or says something else than before.
func (w *world) decide() error {
	f := officestore.CaseFilter{State: models.CaseOpen}
	if w.luck.IntN(5) == 0 {
		f.State = []models.CaseState{models.CaseConfirmed, models.CaseDismissed}[w.luck.IntN(2)]
	}
	q := w.office.st.Read(w.ctx)
	list, err := q.ListCases(f, officestore.Slice{Limit: 50})
	if err != nil || len(list.Rows) == 0 {
		return err
	}
	k := list.Rows[w.luck.IntN(len(list.Rows))]
	for _, other := range list.Rows { // rather one that decides about somebody
		if w.luck.IntN(2) == 0 && other.Kind.Counts() {
			k = other
		}
	}
	d := review.Decision{State: []models.CaseState{models.CaseConfirmed, models.CaseDismissed}[w.luck.IntN(2)], Reason: "diperiksa"}
	if slices.Contains(models.Waiting(), k.Kind) && w.luck.IntN(2) == 0 {
		fit, err := q.SessionsToMoveTo(k.Case)
		if err != nil {
			return err
		}
		if len(fit) > 0 {
			d.State, d.MoveTo = models.CaseConfirmed, fit[w.luck.IntN(len(fit))].ID
		}
	}
	if k.Kind.AboutWhom() && w.luck.IntN(4) > 0 {
		c := w.classes[w.luck.IntN(len(w.classes))]
		for _, x := range w.classes {
			if k.SessionID != nil && slices.ContainsFunc(x.sessions, func(s models.Session) bool { return s.ID == *k.SessionID }) {
				c = x
			}
		}
		d.Number = c.people[w.luck.IntN(len(c.people))].number
	}
	done, err := review.Decide(w.ctx, w.office.st, models.User{Name: "Kantor"}, []uuid.UUID{k.ID}, d)
	w.note("  %s: %s %s %s (%d, %v)", k.Kind, d.State, d.Number, d.MoveTo, done, err)
	if errors.Is(err, officestore.ErrUndecidable) || errors.Is(err, review.ErrNoPlace) {
		return nil
	}
	return err
}

// ruled reads what the office was asked, and what it has decided.
func (w *world) ruled() (rulings, error) {
	out, q := rulings{}, w.office.st.Read(w.ctx)
	for _, state := range models.CaseStates() {
		list, err := q.ListCases(officestore.CaseFilter{State: state}, officestore.Slice{Limit: 10_000})
		if err != nil {
			return nil, err
		}
		for _, c := range list.Rows {
			r := ruling{state: state}
			if state == models.CaseConfirmed {
				said, err := q.DecisionsOf(c.ID)
				if err != nil {
					return nil, err
				}
				r.whose, r.at = said[0].EnrollmentID, said[0].SessionID
			}
			out[string(c.Kind)+c.Subject] = r
		}
	}
	return out, nil
}

// settled puts every fact where it counts: where it was recorded, or where the office has said.
// What undoes it is both there and where it was recorded. It undoes nothing of somebody else:
// a server that was put back from a backup may get the event of another copy of the disk in
// the place that it names.
func (w *world) settled(facts map[visit][]fact, said rulings) map[visit][]fact {
	out, was, gone := map[visit][]fact{}, map[eventKey]visit{}, map[eventKey]visit{}
	for v, list := range facts {
		own, c := w.planOf(v.session)
		for _, f := range list {
			to := v
			switch kind := w.asks(f, v, own, c); {
			case f.admitted != nil:
				if said.of(models.CaseMissed, *f.admitted).state != models.CaseConfirmed {
					w.fail("event %d of %s was refused, and counts for somebody without a decision", f.seq, f.agent)
				}
				to, f.given = *f.admitted, true
			case kind != "" && said.of(kind, v).whose != nil:
				if at, ok := w.heldFor(said.of(kind, v), own, c, f); ok {
					to, f.given = at, true
				}
			}
			out[to], was[f.eventKey], gone[f.eventKey] = append(out[to], f), v, to
		}
	}
	for v, list := range facts {
		for _, f := range list {
			if to, ok := gone[f.target]; ok && f.kind == models.EventVoid && to != v && was[f.target] == v {
				out[to] = append(out[to], f)
			}
		}
	}
	return out
}

// asks is what the office has to decide about a fact before it counts; "" if nothing.
func (w *world) asks(f fact, v visit, own planned, c *stageClass) models.CaseKind {
	switch {
	case f.kind == models.EventVoid, f.kind == models.EventNote, !f.verdict.Accepted():
		return ""
	case c == nil:
		return models.CaseUnknownSession
	case !slices.ContainsFunc(c.people, func(p *person) bool { return p.place == v.place }):
		return models.CaseUnknownPerson
	}
	return own.asks(f)
}

// checkMissed says of refusals that only a wrong clock can have made whether anybody was asked.
// Where the plan was changed meanwhile it may have been otherwise then: such a session does not
// make it one that was missed, but asking about it is asking, since nobody is asked about two.
func (w *world) checkMissed(facts map[visit][]fact, said rulings) {
	for v, list := range facts {
		for _, c := range w.classes {
			if w.policy != w.stage.policy || !slices.ContainsFunc(c.people, func(p *person) bool { return p.place == v.place }) {
				continue
			}
			for _, f := range list {
				could, asked := false, false
				for _, s := range c.sessions {
					asked = asked || said.of(models.CaseMissed, visit{s.ID, v.place}).state != ""
					if f.admitted != nil || !f.met || w.moved[s.ID] || s.SiteID != f.site || s.Status != models.SessionPlanned {
						continue
					}
					now := doors(s, w.policy, f.at)
					could = could || f.verdict.OfTime() && now != "" && now != doors(s, w.policy, f.said)
				}
				if could && !asked {
					w.fail("event %d of %s turned somebody away by a wrong clock, and nobody is asked", f.seq, f.agent)
				}
			}
		}
	}
}

// doors is what somebody can do at a session at a time; "" for nothing.
func doors(s models.Session, p models.Policy, at models.Millis) models.Verdict {
	const minute = models.Millis(60_000)
	entering := at >= s.StartsAt-models.Millis(p.CheckInBefore)*minute && at <= s.StartsAt+models.Millis(p.CheckInAfter)*minute && at <= s.EndsAt
	leaving := p.CheckOut && at >= s.EndsAt-models.Millis(p.CheckOutBefore)*minute && at <= s.EndsAt+models.Millis(p.CheckOutAfter)*minute && at >= s.StartsAt
	switch {
	case entering:
		return models.VerdictAcceptedIn
	case leaving:
		return models.VerdictAcceptedOut
	}
	return ""
}

// known are the sites that have had to do with a class.
func (c *stageClass) known() map[uuid.UUID]bool {
	out := maps.Clone(c.been)
	out[c.SiteID] = true
	return out
}

// planOf finds a session with its class; nil if the office has none.
func (w *world) planOf(id uuid.UUID) (planned, *stageClass) {
	for _, c := range w.classes {
		for _, s := range c.sessions {
			if s.ID == id {
				told := w.closed
				if w.asTold != nil {
					told = w.asTold
				}
				return planned{s, w.policy, w.earlier[id], told[w.siteAt(s.SiteID)], c.known()}, c
			}
		}
	}
	return planned{}, nil
}

// heldFor is where a fact counts that the office has given to somebody: at the session that it
// said, else at its own where that is one of their class, else at the first that it fits, at its
// site rather than elsewhere.
func (w *world) heldFor(r ruling, own planned, c *stageClass, f fact) (visit, bool) {
	var class *stageClass
	for _, x := range w.classes {
		if slices.ContainsFunc(x.people, func(p *person) bool { return p.place == *r.whose }) {
			class = x
		}
	}
	switch {
	case class == nil:
		return visit{}, false
	case r.at == nil && class == c:
		return visit{own.ID, *r.whose}, true
	}
	var fit []models.Session
	for _, s := range class.sessions {
		p, _ := w.planOf(s.ID)
		if s.Status == models.SessionPlanned && !p.strays(f) && (r.at == nil || *r.at == s.ID) {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return visit{}, false
	}
	away := func(s models.Session) bool { return s.SiteID != f.site }
	best := slices.MinFunc(fit, func(a, b models.Session) int {
		if away(a) != away(b) {
			if away(a) {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.StartsAt, b.StartsAt)
	})
	return visit{best.ID, *r.whose}, true
}
