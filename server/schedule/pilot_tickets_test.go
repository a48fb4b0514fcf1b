package schedule_test

import (
	"errors"
	"testing"

	"buktihadir/server/schedule"
)

func TestAllOfAPilotsMissingTicketsAreIssuedAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.good(schedule.KindParticipants, peopleHead+person(0, "A")+person(1, "B"))
		if _, err := o.IssuePilotTickets(t.Context(), by(), o.pilot.ID); !errors.Is(err, schedule.ErrNoTicketYet) {
			t.Errorf("before the decision: %v", err)
		}
		o.decide()
		lacking, err := o.st.Read(t.Context()).CountLackingTickets(o.pilot.ID)
		if err != nil || lacking < 2 {
			t.Fatalf("%d lack a ticket, %v", lacking, err)
		}
		n, err := o.IssuePilotTickets(t.Context(), by(), o.pilot.ID)
		if err != nil || int64(n) != lacking || len(valid(o.places("A")[0])) != 1 || len(valid(o.places("B")[0])) != 1 {
			t.Errorf("%d of %d issued, %v", n, lacking, err)
		}
		if n, err := o.IssuePilotTickets(t.Context(), by(), o.pilot.ID); err != nil || n != 0 {
			t.Errorf("issued again: %d, %v", n, err)
		}
	})
}
