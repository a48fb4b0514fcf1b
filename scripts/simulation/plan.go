package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/review"
	"buktihadir/server/seating"
	officestore "buktihadir/server/store"
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
		{"the office looks at attendance", 3, (*world).early},
		{"a session is moved", 1, (*world).move},
		{"a session is cancelled", 1, (*world).callOff},
		{"a cancelled session is held", 1, (*world).callOn},
		{"the policy is changed", 1, (*world).newPolicy},
		{"an agent is revoked", 1, (*world).revokeAgent},
		{"an agent is added", 1, (*world).addAgent},
		{"an agent's token is changed", 2, (*world).rotate},
		{"somebody new is enrolled", 2, (*world).newcomer},
		{"the office decides what it is asked", 3, (*world).decide},
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
	site := w.stage.sites[w.siteOf(c)]
	by := time.Duration(w.luck.IntN(7)-3) * hour / 2
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
		return nil
	}
	w.moved[s.ID] = true
	w.earlier[s.ID] = append([]span{{s.StartsAt, s.EndsAt}}, w.earlier[s.ID]...)
	s.StartsAt, s.EndsAt = s.StartsAt.Add(by), s.EndsAt.Add(by)
	return nil
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
			c.people = append(c.people, &person{place: p.Enrollment.ID, participant: *p.Enrollment.ParticipantID, name: p.Name, nik4: fmt.Sprint(n), tickets: p.Tickets})
		}
	}
	return err
}

// decide confirms or dismisses what the office was asked. It changes no attendance.
func (w *world) decide() error {
	open, err := w.office.st.Read(w.ctx).ListCases(officestore.CaseFilter{State: models.CaseOpen}, officestore.Slice{Limit: 50})
	if err != nil || len(open.Rows) == 0 {
		return err
	}
	k := open.Rows[w.luck.IntN(len(open.Rows))]
	to := []models.CaseState{models.CaseConfirmed, models.CaseDismissed}[w.luck.IntN(2)]
	w.note("  %s: %s", k.Kind, to)
	_, err = review.Decide(w.ctx, w.office.st, models.User{Name: "Kantor"}, []uuid.UUID{k.ID}, review.Decision{State: to, Reason: "diperiksa"})
	return err
}
