package schedule_test

import (
	"errors"
	"testing"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ticket"
	"buktihadir/server/schedule"
)

// heard opens what a site's agents are told of one thing; nil if nothing.
func (o *office) heard(site string, kind exchange.ItemKind, key []byte) *models.FeedItem {
	o.t.Helper()
	s, err := o.st.Read(o.t.Context()).SiteByCode(site)
	if err != nil {
		o.t.Fatal(err)
	}
	rows := o.feed(s.ID)
	for _, r := range rows {
		if r.Kind == uint8(kind) && string(r.Key) == string(key) {
			if r.Body != nil {
				if r.Body, err = o.st.Vault().Open(r.Body, "feed/"+s.ID.String()); err != nil {
					o.t.Fatal(err)
				}
			}
			return &r
		}
	}
	return nil
}

func heardAs[B exchange.Body](o *office, site string, kind exchange.ItemKind, key []byte) B {
	o.t.Helper()
	row := o.heard(site, kind, key)
	if row == nil || row.Body == nil {
		o.t.Fatalf("site %s hears nothing of %x", site, key)
	}
	body, err := exchange.BodyOf[B](exchange.Item{Body: row.Body})
	if err != nil {
		o.t.Fatal(err)
	}
	return body
}

func TestNoTicketIsIssuedWhileTheGateIsClosed(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.good(schedule.KindParticipants, peopleHead+person(0, "A"))
		class := o.class("A")
		if _, err := o.IssueTickets(t.Context(), by(), class.ID); !errors.Is(err, schedule.ErrNoTicketYet) {
			t.Errorf("issuing before the decision gave %v", err)
		}
		if n := len(o.places("A")[0].Tickets); n != 0 {
			t.Fatalf("%d tickets before the decision", n)
		}
		if got := heardAs[exchange.Class](o, "BDG", exchange.KindClass, class.ID[:]).Phase; got != models.PhasePreparing {
			t.Errorf("the site hears of phase %s", got)
		}
		wantRefusal(t, o.SetPhase(t.Context(), by(), o.pilot.ID, models.PhaseApproved, ""), "plan.decision_needed")
		wantRefusal(t, o.SetPhase(t.Context(), by(), o.pilot.ID, models.PhaseRunning, ""), "plan.phase_order")
		wantRefusal(t, o.Decide(t.Context(), by(), o.pilot.ID, schedule.Decision{Number: "1", Date: "2026-13-01", FirstDay: "2026-11-23"}), "plan.decision_incomplete")
		o.decide()
		if got := heardAs[exchange.Class](o, "BDG", exchange.KindClass, class.ID[:]).Phase; got != models.PhaseApproved {
			t.Errorf("after the decision the site hears of phase %s", got)
		}
		if n, err := o.IssueTickets(t.Context(), by(), class.ID); err != nil || n != 2 { // with the instructor's
			t.Errorf("%d tickets issued (%v), want 2", n, err)
		}
		if n, err := o.IssueTickets(t.Context(), by(), class.ID); err != nil || n != 0 {
			t.Errorf("issuing again gave %d tickets (%v), want none", n, err)
		}
		wantRefusal(t, o.SetPhase(t.Context(), by(), o.pilot.ID, models.PhaseSuspended, " "), "plan.reason_needed")
		if err := o.SetPhase(t.Context(), by(), o.pilot.ID, models.PhaseSuspended, "banjir"); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Enroll(t.Context(), by(), class.ID, o.people(1, 2)[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := o.IssueTickets(t.Context(), by(), class.ID); !errors.Is(err, schedule.ErrNoTicketYet) {
			t.Errorf("issuing while suspended gave %v", err)
		}
	})
}

func TestATicketNamesItsClassAndOutlivesItsLastDay(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.decide()
		o.good(schedule.KindParticipants, peopleHead+person(0, "A"))
		issued := valid(o.places("A")[0])
		if len(issued) != 1 {
			t.Fatalf("%d valid tickets, want one at once with the enrollment", len(issued))
		}
		keys, err := o.st.Read(t.Context()).TicketKeys()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ticket.Parse(issued[0].Token)
		if err != nil {
			t.Fatal(err)
		}
		if err := keys.Verify(got); err != nil {
			t.Errorf("verify: %v", err)
		}
		day := func(d models.LocalDate) ticket.Day { return ticket.DayOf(d.Start("").Time()) }
		if got.Class != o.class("A").Ref || got.ID != issued[0].ID || got.Name != "Peserta 0" || got.ValidFrom != day("2026-11-20") || got.ValidUntil != day("2027-01-23") { // 60 days after the last session
			t.Errorf("the ticket says %+v", got)
		}
		for id, public := range keys {
			if k := heardAs[exchange.TicketKey](o, "KPG", exchange.KindKey, id[:]); string(k.Public) != string(public) {
				t.Error("a site hears of another key")
			}
		}
	})
}

func TestARevokedTicketIsToldToTheSiteAndReplaced(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.decide()
		o.good(schedule.KindParticipants, peopleHead+person(0, "A"))
		first := valid(o.places("A")[0])[0]
		wantRefusal(t, o.ReissueTicket(t.Context(), by(), first.ID, ""), "plan.reason_needed")
		if err := o.ReissueTicket(t.Context(), by(), first.ID, "hilang"); err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, o.ReissueTicket(t.Context(), by(), first.ID, "hilang"), "plan.already_revoked")
		place := o.places("A")[0]
		if now := valid(place); len(now) != 1 || now[0].ID == first.ID || len(place.Tickets) != 2 {
			t.Fatalf("tickets after a reissue: %+v", place.Tickets)
		}
		heardAs[exchange.Revocation](o, "BDG", exchange.KindRevocation, first.ID[:])
		e := heardAs[exchange.Enrollment](o, "BDG", exchange.KindEnrollment, place.Enrollment.ID[:])
		if second := valid(place)[0].ID; string(e.Ticket) != string(second[:]) || e.NIK4 != nik(0)[12:] || e.Number != "REG-0" {
			t.Errorf("the site expects %+v", e)
		}
	})
}

func TestACancelledPlaceLosesItsTicketAndMayBeTakenUpAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.decide()
		o.good(schedule.KindParticipants, peopleHead+person(0, "A"))
		place := o.places("A")[0]
		first := valid(place)[0]
		wantRefusal(t, o.Cancel(t.Context(), by(), place.Enrollment.ID, ""), "plan.reason_needed")
		if err := o.Cancel(t.Context(), by(), place.Enrollment.ID, "pindah"); err != nil {
			t.Fatal(err)
		}
		if n := len(valid(o.places("A")[0])); n != 0 {
			t.Errorf("%d valid tickets of a cancelled place", n)
		}
		heardAs[exchange.Revocation](o, "BDG", exchange.KindRevocation, first.ID[:])
		if e := heardAs[exchange.Enrollment](o, "BDG", exchange.KindEnrollment, place.Enrollment.ID[:]); !e.Cancelled {
			t.Error("the site still expects a cancelled place")
		}
		if _, err := o.IssueTickets(t.Context(), by(), o.class("A").ID); err != nil || len(valid(o.places("A")[0])) != 0 {
			t.Errorf("a ticket was signed for a cancelled place (%v)", err)
		}
		again, err := o.Enroll(t.Context(), by(), o.class("A").ID, *place.Enrollment.ParticipantID)
		if err != nil || again.ID != place.Enrollment.ID {
			t.Errorf("enrolling again gave %v (%v)", again.ID, err)
		}
		if now := valid(o.places("A")[0]); len(now) != 1 || now[0].ID == first.ID {
			t.Errorf("tickets after enrolling again: %+v", now)
		}
		_, err = o.Enroll(t.Context(), by(), o.class("A").ID, *place.Enrollment.ParticipantID)
		wantRefusal(t, err, "plan.already_enrolled")
	})
}

func TestEveryChangeIsInTheHistory(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.decide()
		o.good(schedule.KindParticipants, peopleHead+person(0, "A"))
		place := o.places("A")[0]
		site := o.class("A").SiteID
		officer, pin, err := o.AddOfficer(t.Context(), by(), site, "Sari", "", true)
		if err != nil || len(pin) != 6 {
			t.Fatalf("officer with PIN %q: %v", pin, err)
		}
		if heard := heardAs[exchange.Officer](o, "BDG", exchange.KindOfficer, officer.ID[:]); heard.PINHash == "" || heard.PINHash == pin || !heard.Supervisor {
			t.Errorf("the site hears of officer %+v", heard)
		}
		for _, err := range []error{
			o.SetPolicy(t.Context(), by(), o.pilot.ID, models.DefaultPolicy()),
			o.RevokeTicket(t.Context(), by(), valid(place)[0].ID, "hilang"),
			o.Cancel(t.Context(), by(), place.Enrollment.ID, "pindah"),
			o.RemoveOfficer(t.Context(), by(), officer.ID),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if o.heard("BDG", exchange.KindOfficer, officer.ID[:]).Body != nil {
			t.Error("the site still knows a removed officer")
		}
		got := map[string]int{}
		for _, h := range o.history() {
			got[h.Action]++
			if h.Actor != "cli" || h.At != o.now {
				t.Errorf("%s was done by %q at %d", h.Action, h.Actor, h.At)
			}
			if h.Action == "enrollment.cancel" && h.Reason != "pindah" {
				t.Errorf("the cancellation's reason is %q", h.Reason)
			}
		}
		for _, action := range []string{"pilot.add", "import.sites", "import.schedule", "pilot.approve", "import.participants", "officer.add",
			"pilot.policy", "ticket.revoke", "enrollment.cancel", "officer.remove"} {
			if got[action] != 1 {
				t.Errorf("%s is in the history %d times, want once", action, got[action])
			}
		}
	})
}
