package main

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	officestore "buktihadir/server/store"
	"buktihadir/site-agent/store"
)

// heal ends every disturbance, lets each agent call three times within 30 seconds, and
// expects that nothing waits any more.
func (w *world) heal() error {
	w.note("everything is well again")
	w.now = max(w.now, lastDay.Start(models.ZoneWIB).Add(7*hour))
	if err := w.office.restart(w.ctx); err != nil {
		return err
	}
	for len(w.phones) > 0 {
		if err := w.findsDesk(); err != nil {
			return err
		}
	}
	for range len(w.strays) / 2 {
		if err := w.stray(); err != nil {
			return err
		}
	}
	w.drain()
	w.watch()
	for len(w.strays) > 0 {
		if err := w.stray(); err != nil {
			return err
		}
	}
	return nil
}

// drain lets each agent call until it has told all, three times at most.
func (w *world) drain() {
	const calls, pause = 3, 10 * time.Second
	waiting := w.posts
	for i := range calls {
		var again []*post
		for _, p := range waiting {
			p.power.restore()
			report, err := p.up.Sync(w.ctx)
			if err != nil || report.Unsent > 0 {
				again = append(again, p)
			}
			if i == calls-1 && len(again) > 0 {
				w.fail("%s is stuck %s after the network healed: %d unsent, %v", p.name, calls*pause, report.Unsent, err)
			}
		}
		waiting, w.now = again, w.now.Add(pause)
	}
}

// check compares the server's record with the disks, with what the desks showed, and with
// the reference.
func (w *world) check() error {
	disks, err := w.disks()
	if err != nil {
		return err
	}
	rows, err := w.office.st.Read(w.ctx).Events(officestore.EventFilter{})
	if err != nil {
		return err
	}
	w.tally.events += len(rows)
	said, err := w.ruled()
	if err != nil {
		return err
	}
	held, contents := map[eventKey]officestore.EventAtSite{}, map[models.Hash]models.Verdict{}
	for _, r := range rows {
		held[eventKey{r.AgentID, r.Epoch, uint64(r.Seq)}] = r
		w.checkRow(r, said)
		what, err := content(w.ledger[r.Hash])
		if err == nil {
			contents[what] = r.Verdict
		}
	}
	for key, canonical := range disks {
		if r, ok := held[key]; !ok || !bytes.Equal(r.Bytes, canonical) {
			w.fail("event %d of agent %s is on its disk, and the server holds %t the same", key.seq, key.agent, ok)
		}
	}
	for what, g := range w.greens {
		if v, ok := contents[what]; !ok && !w.lost[what] || ok && v != g.verdict {
			w.fail("%s showed %q at %s, and the server holds %t %q", g.desk, g.verdict, g.at.Time().In(models.ZoneWIB.Location()).Format("2 Jan 15:04:05"), ok, v)
		}
	}
	w.checkChains(held)
	if err := w.checkAttached(); err != nil {
		return err
	}
	return errors.Join(w.checkLog(), w.checkTallies(), w.checkAttendance(rows, said), w.checkConserved())
}

// checkAttached says that no picture or name waits on a disk.
func (w *world) checkAttached() error {
	for _, p := range w.posts {
		items, _, err := p.st.UnsentAttachments(w.ctx, 100, 1<<20)
		if err != nil {
			return err
		}
		if len(items) > 0 && p.desk != nil && !w.revoked[p.id] {
			w.fail("%s still holds %d pictures or names", p.name, len(items))
		}
	}
	return nil
}

// checkLog asks the server whether its record agrees with its log.
func (w *world) checkLog() error {
	return w.office.st.Write(w.ctx, func(tx *officestore.Tx) error {
		problems, err := tx.CheckLog()
		for _, p := range problems {
			w.fail("the server's log: %v", p)
		}
		return err
	})
}

// disks reads every journal that is left.
func (w *world) disks() (map[eventKey][]byte, error) {
	out := map[eventKey][]byte{}
	for _, p := range w.posts {
		heads, err := p.st.Verify(w.ctx)
		if err != nil {
			w.fail("%s: its journal does not verify: %v", p.name, err)
		}
		acked, err := p.st.Acked(w.ctx)
		if err != nil {
			return nil, err
		}
		if h, ok := heads[acked.Epoch]; ok && h != acked {
			w.fail("%s: the server has countersigned %d, the journal goes to %d", p.name, acked.Seq, h.Seq)
		}
		if seen, err := p.st.Witness(w.ctx); err != nil || len(seen.Rival) > 0 {
			w.fail("%s says that the server shows another record than before (%v)", p.name, err)
		}
		p.pos = 0
		events, err := p.st.Rows(w.ctx, 0, 100_000)
		if err := errors.Join(err, p.record(w.ctx)); err != nil {
			return nil, err
		}
		ended, err := p.st.Ended(w.ctx)
		if err != nil {
			return nil, err
		}
		w.tally.epochs += len(ended)
		for _, r := range events {
			canonical, err := r.Event.Bytes()
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(ended, func(e store.Ended) bool { return e.Epoch == r.Event.Epoch && e.Until < r.Event.Seq }) {
				continue // it was renewed in the next epoch
			}
			out[eventKey{r.Event.Agent, r.Event.Epoch, r.Event.Seq}] = canonical
		}
	}
	return out, nil
}

// checkRow holds one event of the server against the ledger and its own bytes.
func (w *world) checkRow(r officestore.EventAtSite, said rulings) {
	e, ok := w.ledger[r.Hash]
	occurred, _ := happened(e)
	switch {
	case journal.HashOf(r.Bytes) != r.Hash:
		w.fail("the server's event %d of %s does not have its hash", r.Seq, r.AgentID)
	case !ok:
		w.fail("the server holds event %d of %s, which no disk ever had", r.Seq, r.AgentID)
	case e.Agent != r.AgentID || e.Seq != uint64(r.Seq) || e.Kind != r.Kind || e.Verdict != r.Verdict || occurred != r.Occurred:
		w.fail("the server's columns of event %d of %s are not what its bytes say", r.Seq, r.AgentID)
	case impossible(e) && e.Verdict.Accepted() && said["quarantine"+eventKey{e.Agent, e.Epoch, e.Seq}.String()].state != models.CaseConfirmed:
		if r.Quarantine != "impossible_time" && r.Quarantine != "unchecked" {
			w.fail("event %d of %s can't be decided without a person, and counts", r.Seq, r.AgentID)
		}
	case slices.Contains(models.Waiting(), models.CaseKind(r.Quarantine)), r.Quarantine == "set_aside": // see checkAttendance
	case strayNote(r): // the class was not at the site yet when the office's backup was made
	case r.Quarantine != "":
		w.fail("event %d of %s is in quarantine: %s", r.Seq, r.AgentID, r.Quarantine)
	}
}

// strayNote says that a note names a class that was never at its site, as far as the office knows.
func strayNote(r officestore.EventAtSite) bool {
	return r.Kind == models.EventNote && r.Quarantine == "enrollment_of_another_class"
}

// checkChains walks every journal that the server holds.
func (w *world) checkChains(held map[eventKey]officestore.EventAtSite) {
	for key, r := range held {
		e, err := journal.Decode(r.Bytes)
		if err != nil {
			w.fail("the server's event %d of %s: %v", key.seq, key.agent, err)
			continue
		}
		before, ok := held[eventKey{key.agent, key.epoch, key.seq - 1}]
		switch {
		case key.seq == 1 && e.Prev != models.Hash{}, key.seq > 1 && !ok, ok && before.Hash != e.Prev:
			w.fail("the server's chain of %s breaks at event %d", key.agent, key.seq)
		}
	}
}

// checkAttendance compares every result with the reference.
func (w *world) checkAttendance(rows []officestore.EventAtSite, said rulings) error {
	q := w.office.st.Read(w.ctx)
	facts, err := w.facts(rows, said)
	if err != nil {
		return err
	}
	w.checkMissed(facts, said)
	facts = w.settled(facts, said)
	for _, c := range w.classes {
		results, err := q.AttendanceMatrix(c.ID)
		if err != nil {
			return err
		}
		places, err := q.EnrollmentsOf(c.ID)
		if err != nil {
			return err
		}
		have, enrolled := map[visit]*models.Attendance{}, map[uuid.UUID]models.Millis{}
		for _, e := range places {
			enrolled[e.ID] = e.CreatedAt
		}
		for i, a := range results {
			have[visit{a.SessionID, a.EnrollmentID}] = &results[i]
		}
		for _, s := range c.sessions {
			for _, who := range c.people {
				v := visit{s.ID, who.place}
				var corrections []models.Correction
				if w.corrected[v] {
					if corrections, err = q.CorrectionsOf(s.ID, who.place); err != nil {
						return err
					}
				}
				plan, _ := w.planOf(s.ID)
				if plan.told < 0 {
					continue
				}
				w.compare(c, s, who, have[v], derive(plan, facts[v], corrections, enrolled[who.place], said, v))
			}
		}
	}
	return nil
}

// checkConserved says that every accepted event counts, was undone, or waits for a person.
func (w *world) checkConserved() error {
	c, err := w.office.st.Read(w.ctx).Conservation()
	for _, r := range c.Lost {
		w.fail("event %d of %s (%s, quarantine %q) is in no result, and nobody is asked", r.Seq, r.AgentID, r.Kind, r.Quarantine)
	}
	return err
}

// visit is one person at one session.
type visit struct{ session, place uuid.UUID }

// compare holds one result against the reference's.
func (w *world) compare(c *stageClass, s models.Session, who *person, a *models.Attendance, want outcome) {
	if a == nil {
		expected := want.accepted == 0 && want.status == want.derived &&
			(want.derived == models.StatusPending || want.derived == models.StatusNotEnrolled || w.since[who.place])
		if !expected {
			w.fail("%s, session %d of %s: nothing is known, want %+v", who.name, s.Seq, c.Code, want)
		}
		return
	}
	got := outcome{a.Status, a.Derived, a.FirstIn, a.LastOut, a.Minutes, a.Accepted, a.Final, a.Flags}
	if got != want {
		w.fail("%s, session %d of %s: %+v, want %+v", who.name, s.Seq, c.Code, got, want)
	}
}

// look holds every result against the reference in the middle of everything, as far as the
// office has been told. A site that has got another agent since is told less of than before:
// its results are looked at again once that one has told.
func (w *world) look() error {
	for _, p := range w.posts {
		if p.st == nil {
			continue
		}
		if err := p.record(w.ctx); err != nil {
			return err
		}
	}
	w.asTold = maps.Clone(w.heard)
	defer func() { w.asTold = nil }()
	now, err := w.marks()
	for site, mark := range now {
		if mark < w.asTold[site] {
			w.asTold[site] = -1
		}
	}
	if err != nil {
		return err
	}
	rows, err := w.office.st.Read(w.ctx).Events(officestore.EventFilter{})
	if err != nil {
		return err
	}
	said, err := w.ruled()
	if err != nil {
		return err
	}
	return errors.Join(w.early(), w.checkAttendance(rows, said), w.checkConserved())
}

// marks are until when the office takes each site to have told everything.
func (w *world) marks() (map[int]models.Millis, error) {
	all, err := w.office.st.Read(w.ctx).Watermarks()
	out := map[int]models.Millis{}
	for i, site := range w.stage.sites {
		out[i] = all[site.ID].ReportedUntil
	}
	return out, err
}

// early lists people who are called absent before their site has reported everything.
func (w *world) early() error {
	return w.eachResult(func(s planned, a models.Attendance) {
		if a.Derived == models.StatusAbsent && !w.moved[a.SessionID] && s.EndsAt >= w.closed[w.siteAt(s.SiteID)] {
			w.fail("somebody is absent from session %s, which its site has not told about", a.SessionID)
		}
	})
}
