package main

import (
	"cmp"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	officestore "buktihadir/server/store"
)

// facts sorts the server's events by agent and subject.
func (w *world) facts(rows []officestore.EventAtSite, said rulings) (map[visit][]fact, error) {
	holder, revoked := map[models.Ref]uuid.UUID{}, map[models.Ref]models.Millis{}
	q := w.office.st.Read(w.ctx)
	var places []uuid.UUID
	for _, c := range w.classes {
		for _, who := range c.people {
			places = append(places, who.place)
		}
	}
	tickets, err := q.TicketsOf(places...)
	if err != nil {
		return nil, err
	}
	for _, t := range tickets {
		holder[t.ID], revoked[t.ID] = t.EnrollmentID, t.RevokedAt
	}
	var events []journal.Event
	for _, r := range rows {
		events = append(events, w.ledger[r.Hash])
	}
	anchors, whose := anchorsIn(events), w.whose(events, holder, said)
	out := map[visit][]fact{}
	for i, r := range rows {
		e := events[i]
		w.checkTime(e, r.Corrected, anchors[e.Boot])
		at, met := timeOf(e, anchors[e.Boot])
		key := eventKey{e.Agent, e.Epoch, e.Seq}
		if impossible(e) && e.Verdict.Accepted() && said["quarantine"+key.String()].state != models.CaseConfirmed {
			continue
		}
		if strayNote(r) {
			continue
		}
		occurred, _ := happened(e)
		f := fact{
			eventKey: key, site: r.SiteID, at: at, said: occurred, received: r.Received, kind: e.Kind,
			verdict: e.Verdict, unsure: e.Confidence == models.ConfidenceUnsure && !met, met: met, target: target(e), revoked: revoked[e.Ticket],
			held: e.Happened != 0, differs: e.Happened != 0 && e.Other != "", paper: e.Written != 0, noted: e.Noted,
		}
		if !e.Attached.IsZero() { // it went with a disk, or it is here: see checkAttached
			a, err := q.Attachment(r.ScanEvent)
			f.proven = err == nil && len(a.Salt) > 0
		}
		if e.Verdict.OfTime() && r.GivenSession != nil {
			f.admitted = &visit{*r.GivenSession, *r.GivenEnrollment}
			if s, c := w.planOf(*r.GivenSession); c != nil {
				f.kind, f.verdict = models.EventIn, cmp.Or(doors(s.Session, w.policy, at), models.VerdictAcceptedIn)
			}
		}
		v := visit{e.Session, whose[key]}
		out[v] = append(out[v], f)
	}
	return out, nil
}

func (k eventKey) String() string { return fmt.Sprintf("%s/%s/%d", k.agent, k.epoch, k.seq) }

// whose is whom each event is about: whom it names, whose ticket it was, or whom the office has
// said. What goes on from an event, or undoes it, is about the same person.
func (w *world) whose(events []journal.Event, holder map[models.Ref]uuid.UUID, said rulings) map[eventKey]uuid.UUID {
	out := map[eventKey]uuid.UUID{}
	for range 2 {
		for _, e := range events {
			key := eventKey{e.Agent, e.Epoch, e.Seq}
			who := cmp.Or(e.Enrollment, holder[e.Ticket])
			for _, kind := range []models.CaseKind{models.CaseWalkIn, models.CaseUnlisted} {
				if r := said[string(kind)+key.String()]; r.whose != nil && who == uuid.Nil {
					who = *r.whose
				}
			}
			if who == uuid.Nil && e.Target != 0 {
				who = out[target(e)]
			}
			out[key] = who
		}
	}
	return out
}

// target is the event that a void undoes.
func target(e journal.Event) eventKey {
	if e.TargetEpoch.IsZero() {
		return eventKey{e.Agent, e.Epoch, e.Target}
	}
	return eventKey{e.Agent, e.TargetEpoch, e.Target}
}
