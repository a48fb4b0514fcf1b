package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/review"
	"buktihadir/server/seating"
)

func officeSteps() []step {
	return []step{
		{"the server starts again", 2, func(w *world) error { return w.office.restart(w.ctx) }},
		{"the server dies while an agent calls", 4, (*world).crashOffice},
		{"a place is cancelled", 2, (*world).cancel},
		{"a place is taken up again", 2, (*world).enrollAgain},
		{"a ticket is revoked", 1, (*world).revokeTicket},
		{"a ticket is issued anew", 2, (*world).reissue},
		{"attendance is corrected", 3, (*world).correct},
		{"the office looks at attendance", 4, (*world).look},
		{"a session is moved", 2, (*world).move},
		{"a session is cancelled", 2, (*world).callOff},
		{"a cancelled session is held", 1, (*world).callOn},
		{"a session is held elsewhere", 1, (*world).sendElsewhere},
		{"a class moves to another site", 1, (*world).moveClass},
		{"somebody is transferred", 1, (*world).transfer},
		{"the policy is changed", 1, (*world).newPolicy},
		{"an agent is revoked", 1, (*world).revokeAgent},
		{"an agent is added", 1, (*world).addAgent},
		{"an agent's token is changed", 2, (*world).rotate},
		{"somebody new is enrolled", 2, (*world).newcomer},
		{"the office decides what it is asked", 6, (*world).decide},
		{"the server is backed up", 1, (*world).backUp},
		{"the server's backup is put back", 1, (*world).restoreOffice},
	}
}

// decided lets a rule of the plan say no.
func (w *world) decided(err error) error {
	if refusal, ok := errors.AsType[*office.Refusal](err); ok {
		w.note("  refused: %v", refusal)
		return nil
	}
	if errors.Is(err, plan.ErrConflicts) || errors.Is(err, plan.ErrWarned) {
		w.note("  refused: %v", err)
		return nil
	}
	return err
}

func (w *world) crashOffice() error {
	w.office.power.cutAfter(w.luck.IntN(3))
	if err := w.call(w.somePost(), 0); err != nil {
		return err
	}
	if !w.office.power.isOff() {
		w.office.power.restore()
		return nil
	}
	w.note("  the server starts again")
	return w.office.restart(w.ctx)
}

func (w *world) cancel() error {
	_, who := w.somebody(func(int) bool { return true })
	w.since[who.place] = true
	w.note("  %s", who.name)
	return w.decided(seating.New(w.office.st).Cancel(w.ctx, actor(), who.place, "mundur"))
}

// enrollAgain gives somebody their place back, who may have lost it.
func (w *world) enrollAgain() error {
	c, who := w.somebody(func(int) bool { return true })
	for _, other := range c.people { // rather somebody without one
		if w.since[other.place] {
			who = other
		}
	}
	w.note("  %s", who.name)
	if _, err := seating.New(w.office.st).Enroll(w.ctx, actor(), c.ID, who.participant); err != nil {
		return w.decided(err)
	}
	return w.newTickets(who)
}

// newTickets gives a person the tickets that were issued since the last call.
func (w *world) newTickets(who *person) error {
	all, err := w.office.st.Read(w.ctx).TicketsOf(who.place)
	for _, t := range all {
		if !slices.ContainsFunc(who.tickets, func(have models.Ticket) bool { return have.ID == t.ID }) {
			who.tickets = append(who.tickets, t)
		}
	}
	return err
}

func (w *world) revokeTicket() error {
	_, who := w.somebody(func(int) bool { return true })
	w.note("  %s", who.name)
	return w.decided(seating.New(w.office.st).RevokeTicket(w.ctx, actor(), who.tickets[len(who.tickets)-1].ID, "hilang"))
}

func (w *world) reissue() error {
	_, who := w.somebody(func(int) bool { return true })
	w.note("  %s", who.name)
	if err := seating.New(w.office.st).ReissueTicket(w.ctx, actor(), who.tickets[len(who.tickets)-1].ID, "hilang"); err != nil {
		return w.decided(err)
	}
	return w.newTickets(who)
}

func (w *world) correct() error {
	c, who := w.somebody(func(int) bool { return true })
	s := c.sessions[w.luck.IntN(len(c.sessions))]
	to := review.Correctable()[w.luck.IntN(len(review.Correctable()))]
	w.note("  %s, session %d of %s: %s", who.name, s.Seq, c.Code, to)
	err := review.Correct(w.ctx, w.office.st, models.User{Name: "Kantor"}, s.ID, who.place, to, "surat keterangan")
	if err == nil {
		w.corrected[visit{s.ID, who.place}] = true
	}
	return w.decided(err)
}

// move puts a session off, by an import of its new times.
func (w *world) move() error {
	c, _ := w.somebody(func(int) bool { return true })
	i := w.luck.IntN(len(c.sessions))
	s := &c.sessions[i]
	if s.SiteID != c.SiteID { // a file says one site for all of a class
		return nil
	}
	site := w.stage.sites[w.siteOf(c)]
	by := time.Duration(w.luck.IntN(11)-5) * hour / 2
	at := func(x models.Millis) string { return site.Zone.Clock(x.Add(by)) }
	text := "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room\n" +
		fmt.Sprintf("%s,K,Kursus,9,LP,Lembaga,%s,%d,%d,%s,%s,%s,R-%[1]s", c.Code, site.Code, people+5, s.Seq, site.Zone.Date(s.StartsAt.Add(by)), at(s.StartsAt),
			at(s.EndsAt))
	w.note("  session %d of %s by %s", s.Seq, c.Code, by)
	report, err := imports.New(w.office.st).Import(w.ctx,
		actor(), imports.File{Kind: imports.KindSchedule, Name: "x.csv", Content: []byte(text), Pilot: &w.stage.pilot}, plan.Apply, nil)
	if err != nil && !errors.Is(err, imports.ErrRows) {
		return w.decided(err)
	}
	if !report.OK() {
		w.note("  refused: %v %v", report.Errors, report.Problems)
	}
	status := s.Status
	err = w.replanned(c)
	if now := c.sessions[i].Status; now != status {
		w.fail("a file that doesn't say so made a %s session %s", status, now)
	}
	return err
}

// replanned reads what became of a class's plan.
func (w *world) replanned(c *stageClass) error {
	q := w.office.st.Read(w.ctx)
	class, err1 := q.Class(c.ID)
	now, err2 := q.SessionsOf(c.ID)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	for i, s := range now {
		was := c.sessions[i]
		if was.StartsAt != s.StartsAt || was.EndsAt != s.EndsAt {
			w.earlier[s.ID] = append([]span{{was.StartsAt, was.EndsAt}}, w.earlier[s.ID]...)
		}
		w.moved[s.ID] = w.moved[s.ID] || was != s
		c.been[s.SiteID] = true
	}
	c.Class, c.sessions = class, now
	return nil
}

// sendElsewhere holds one session at another site, at the same time.
func (w *world) sendElsewhere() error {
	s := w.anySession(models.SessionPlanned)
	if s == nil {
		return nil
	}
	var c *stageClass
	for _, x := range w.classes {
		if x.ID == s.ClassID {
			c = x
		}
	}
	to := w.stage.sites[w.luck.IntN(len(w.stage.sites))]
	w.note("  session %d of %s to %s", s.Seq, c.Code, to.Code)
	day := to.Zone.Date(s.StartsAt)
	since := func(at models.Millis) time.Duration { return at.Sub(day.Start(to.Zone)) }
	err := agreeing(func(agreed string) (plan.Outcome, error) {
		return plan.New(w.office.st).MoveSession(w.ctx, actor(), s.ID,
			plan.Move{Day: day, Start: since(s.StartsAt), End: since(s.EndsAt), Site: to.ID, Reason: "banjir", Agreed: agreed})
	})
	return errors.Join(w.decided(err), w.replanned(c))
}

// moveClass sends what a class still has to another site.
func (w *world) moveClass() error {
	c := w.classes[w.luck.IntN(len(w.classes))]
	to := w.stage.sites[w.luck.IntN(len(w.stage.sites))]
	w.note("  %s to %s", c.Code, to.Code)
	m := plan.ClassMove{Site: to.ID, Room: "R-" + c.Code, Reason: "gedung dipakai"}
	row, err := plan.New(w.office.st).MoveClass(w.ctx, actor(), c.ID, m, plan.Apply)
	if errors.Is(err, plan.ErrWarned) {
		m.Agreed = row.Agreement()
		_, err = plan.New(w.office.st).MoveClass(w.ctx, actor(), c.ID, m, plan.Apply)
	}
	return errors.Join(w.decided(err), w.replanned(c))
}

// transfer takes somebody's place in a class away and gives them one in another.
func (w *world) transfer() error {
	from, who := w.somebody(func(int) bool { return true })
	to := w.classes[w.luck.IntN(len(w.classes))]
	if to == from {
		return nil
	}
	w.note("  %s to %s", who.name, to.Code)
	seats := seating.New(w.office.st)
	w.since[who.place] = true
	if err := seats.Cancel(w.ctx, actor(), who.place, "pindah kelas"); err != nil {
		return w.decided(err)
	}
	e, err := seats.Enroll(w.ctx, actor(), to.ID, who.participant)
	if err != nil {
		return w.decided(err)
	}
	w.since[e.ID] = true
	if slices.ContainsFunc(to.people, func(p *person) bool { return p.place == e.ID }) { // they had one there before
		return nil
	}
	there := &person{place: e.ID, participant: who.participant, name: who.name, number: who.number, nik4: who.nik4}
	to.people = append(to.people, there)
	return w.newTickets(there)
}

// anySession draws a session in a state.
func (w *world) anySession(in models.SessionStatus) *models.Session {
	var list []*models.Session
	for _, c := range w.classes {
		for i := range c.sessions {
			if c.sessions[i].Status == in {
				list = append(list, &c.sessions[i])
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[w.luck.IntN(len(list))]
}

// agreeing changes the plan, whatever it warns of.
func agreeing(change func(agreed string) (plan.Outcome, error)) error {
	out, err := change("")
	if errors.Is(err, plan.ErrWarned) {
		_, err = change(out.Agreement())
	}
	return err
}

func (w *world) callOff() error {
	s := w.anySession(models.SessionPlanned)
	if s == nil {
		return nil
	}
	w.note("  session %d of %s", s.Seq, s.ClassID)
	err := agreeing(func(agreed string) (plan.Outcome, error) {
		return plan.New(w.office.st).CancelSession(w.ctx, actor(), s.ID, "banjir", agreed)
	})
	if err == nil {
		s.Status, w.moved[s.ID] = models.SessionCancelled, true
	}
	return w.decided(err)
}

func (w *world) callOn() error {
	s := w.anySession(models.SessionCancelled)
	if s == nil {
		return nil
	}
	w.note("  session %d of %s", s.Seq, s.ClassID)
	err := agreeing(func(agreed string) (plan.Outcome, error) {
		return plan.New(w.office.st).RestoreSession(w.ctx, actor(), s.ID, "surut", agreed)
	})
	if err != nil {
		return w.decided(err)
	}
	now, err := w.office.st.Read(w.ctx).Session(s.ID)
	s.Status = now.Status
	return err
}

// newPolicy changes a number of the pilot's policy, for what has happened already too.
func (w *world) newPolicy() error {
	p := w.policy
	for _, n := range []*int{&p.LateAfter, &p.MinutesShare, &p.OpenStay, &p.CheckInBefore, &p.CheckOutAfter} {
		if w.luck.IntN(3) == 0 {
			*n = []int{0, 15, 60, 90}[w.luck.IntN(4)]
		}
	}
	p.CheckOut = w.luck.IntN(4) > 0
	w.note("  %+v", p)
	err := plan.New(w.office.st).SetPolicy(w.ctx, actor(), w.stage.pilot, p)
	if shift, ok := errors.AsType[*plan.WouldShift](err); ok {
		w.note("  %d results of %d people", shift.Results, shift.People)
		err = plan.New(w.office.st).SetPolicy(w.ctx, actor().Agreeing(shift.Agreement), w.stage.pilot, p)
	}
	if err == nil {
		w.policy = p
	}
	return w.decided(err)
}

// newcomer adds a person who was unknown before: one more row in the list of
// participants.
func (w *world) newcomer() error {
	c := w.classes[w.luck.IntN(len(w.classes))]
	n := 1000 + w.copies
	w.copies++
	text := fmt.Sprintf("number,nik,name,class_code\nP-%d,320000010190%04d,Peserta %d,%s", n, n, n, c.Code)
	w.note("  Peserta %d in %s", n, c.Code)
	report, err := imports.New(w.office.st).Import(w.ctx,
		actor(), imports.File{Kind: imports.KindParticipants, Name: "x.csv", Content: []byte(text), Pilot: &w.stage.pilot}, plan.Apply, nil)
	if err != nil && !errors.Is(err, imports.ErrRows) {
		return w.decided(err)
	}
	if !report.OK() {
		w.note("  refused: %v %v", report.Errors, report.Problems)
		return nil
	}
	places, err := w.office.st.Read(w.ctx).Places(c.ID)
	for _, p := range places {
		if p.Number == fmt.Sprint("P-", n) {
			w.since[p.Enrollment.ID] = true
			c.people = append(c.people, &person{
				place: p.Enrollment.ID, participant: *p.Enrollment.ParticipantID, name: p.Name, number: p.Number, nik4: fmt.Sprint(n), tickets: p.Tickets,
			})
		}
	}
	return err
}
