package plan_test

import (
	"errors"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
)

// liveOnly is a policy that refuses fixed codes.
func liveOnly() models.Policy {
	p := models.DefaultPolicy()
	p.LiveOnly = true
	return p
}

// wouldRenew is the agreement that a change asks for, which names how many tickets of how many
// it makes useless.
func wouldRenew(t *testing.T, err error, fixed, held int) office.Actor {
	t.Helper()
	w, ok := errors.AsType[*plan.WouldShift](err)
	if !ok || w.Fixed != fixed || w.Held != held {
		t.Fatalf("%+v, want %d of %d tickets to be renewed", err, fixed, held)
	}
	return plantest.By().Because("uji").Agreeing(w.Agreement)
}

func TestAPolicyThatRefusesFixedCodesRenewsTheTicketsThatPeopleHold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "A")+plantest.Person(2, "B"))
		if _, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID); err != nil {
			t.Fatal(err)
		}
		live := func(class string) (n int) {
			for _, p := range o.Places(class) {
				for _, v := range plantest.Valid(p) {
					if v.Live {
						n++
					}
				}
			}
			return n
		}
		link := func() string { return o.Store.Read(t.Context()).LinkOf(o.Participant(0)) }
		was := link()
		// two participants and their instructor in A, one and theirs in B; a class with its own
		// policy first, then everybody
		own := liveOnly()
		agreed := wouldRenew(t, o.SetClassPolicy(t.Context(), plantest.By(), o.Class("A").ID, &own, "uji"), 3, 3)
		if live("A") != 0 || o.Class("A").Policy != nil {
			t.Fatal("what nobody agreed to was done")
		}
		if err := o.SetClassPolicy(t.Context(), agreed, o.Class("A").ID, &own, "uji"); err != nil || live("A") != 2 || live("B") != 0 {
			t.Fatalf("%v: %d of 2 in A, %d in B", err, live("A"), live("B"))
		}
		agreed = wouldRenew(t, o.SetPolicy(t.Context(), plantest.By(), o.Pilot.ID, liveOnly()), 2, 5)
		if err := o.SetPolicy(t.Context(), agreed, o.Pilot.ID, liveOnly()); err != nil || live("B") != 1 || link() != was {
			t.Fatalf("%v: %d of 1 in B", err, live("B"))
		}
		var told int64
		if err := o.DB.Model(&models.HistoryEntry{}).Where("action = ?", "ticket.renew").Count(&told).Error; err != nil || told != 2 {
			t.Errorf("the history tells of %d renewals, want 2: %v", told, err)
		}
		// what was renewed is not asked for again, and a change the other way takes nothing away
		if err := errors.Join(o.SetPolicy(t.Context(), plantest.By(), o.Pilot.ID, models.DefaultPolicy()),
			o.SetPolicy(t.Context(), plantest.By(), o.Pilot.ID, liveOnly())); err != nil {
			t.Error(err)
		}
	})
}

// Whoever was cut off between the policy and the tickets sees how many are left, and renews them.
func TestTicketsThatAPolicyRefusesAreRenewedLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "A"))
		if _, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID); err != nil {
			t.Fatal(err)
		}
		if err := o.DB.Exec(`UPDATE pilots SET policy = '{"live_only":true}'`).Error; err != nil {
			t.Fatal(err)
		}
		left := func() int {
			q := o.Store.Read(t.Context())
			pilot, err1 := q.Pilot(o.Pilot.ID)
			fixed, _, err2 := q.FixedTickets(o.Now, pilot, o.Class("A"), o.Class("B"))
			unfit, err3 := q.UnfitTickets(o.Class("A").ID, 9)
			if err := errors.Join(err1, err2, err3); err != nil || len(unfit) > fixed {
				t.Fatalf("%v: %d in A, %d in both", err, len(unfit), fixed)
			}
			return fixed
		}
		if left() != 4 {
			t.Fatalf("%d are refused, want 4", left())
		}
		if n, err := o.RenewTickets(t.Context(), plantest.By(), o.Class("A").ID, o.Class("B").ID); err != nil || n != 4 || left() != 0 {
			t.Errorf("%d renewed, %d left, %v", n, left(), err)
		}
	})
}

// After the last session, nobody needs a ticket that changes.
func TestAPolicyAsksNothingForTicketsOfClassesThatAreOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Approve()
	o.Good(imports.KindParticipants, plantest.PeopleHead+strings.Join([]string{plantest.Person(0, "A"), plantest.Person(1, "B")}, ""))
	if _, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID); err != nil {
		t.Fatal(err)
	}
	o.Now = models.LocalDate("2026-11-24").Start(models.ZoneWIB) // B was over yesterday
	wouldRenew(t, o.SetPolicy(t.Context(), plantest.By(), o.Pilot.ID, liveOnly()), 2, 2)
}
