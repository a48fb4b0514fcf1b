package seating_test

import (
	"errors"
	"testing"

	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/seating"
)

func TestAllOfAPilotsMissingTicketsAreIssuedAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "B"))
		if _, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID); !errors.Is(err, seating.ErrNoTicketYet) {
			t.Errorf("before the decision: %v", err)
		}
		o.Approve()
		lacking, err := o.Store.Read(t.Context()).CountLackingTickets(o.Pilot.ID)
		if err != nil || lacking < 2 {
			t.Fatalf("%d lack a ticket, %v", lacking, err)
		}
		n, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID)
		if err != nil || int64(n) != lacking || len(plantest.Valid(o.Places("A")[0])) != 1 || len(plantest.Valid(o.Places("B")[0])) != 1 {
			t.Errorf("%d of %d issued, %v", n, lacking, err)
		}
		if n, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID); err != nil || n != 0 {
			t.Errorf("issued again: %d, %v", n, err)
		}
	})
}
