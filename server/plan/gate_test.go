package plan_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ticket"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/seating"
)

// heard opens what a site's agents are told of one thing; nil if nothing.
func (o *fixture) heard(site string, kind exchange.ItemKind, key []byte) *models.FeedItem {
	o.T.Helper()
	s, err := o.Store.Read(o.T.Context()).SiteByCode(site)
	if err != nil {
		o.T.Fatal(err)
	}
	rows := o.Feed(s.ID)
	for _, r := range rows {
		if r.Kind == uint8(kind) && string(r.Key) == string(key) {
			if r.Body != nil {
				if r.Body, err = o.Store.Vault().Open(r.Body, "feed/"+s.ID.String()); err != nil {
					o.T.Fatal(err)
				}
			}
			return &r
		}
	}
	return nil
}

func heardAs[B exchange.Body](o *fixture, site string, kind exchange.ItemKind, key []byte) B {
	o.T.Helper()
	row := o.heard(site, kind, key)
	if row == nil || row.Body == nil {
		o.T.Fatalf("site %s hears nothing of %x", site, key)
	}
	body, err := exchange.BodyOf[B](exchange.Item{Body: row.Body})
	if err != nil {
		o.T.Fatal(err)
	}
	return body
}

func TestNoTicketIsIssuedWhileTheGateIsClosed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		class := o.Class("A")
		if _, err := o.IssueTickets(t.Context(), plantest.By(), class.ID); !errors.Is(err, seating.ErrNoTicketYet) {
			t.Errorf("issuing before the decision gave %v", err)
		}
		if n := len(o.Places("A")[0].Tickets); n != 0 {
			t.Fatalf("%d tickets before the decision", n)
		}
		if got := heardAs[exchange.Class](o, "BDG", exchange.KindClass, class.ID[:]).Phase; got != models.PhasePreparing {
			t.Errorf("the site hears of phase %s", got)
		}
		plantest.WantRefusal(t, o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, models.PhaseApproved, ""), "plan.decision_needed")
		plantest.WantRefusal(t, o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, models.PhaseRunning, ""), "plan.phase_order")
		plantest.WantRefusal(t, o.Decide(t.Context(),
			plantest.By(), o.Pilot.ID, plan.Decision{
				Number: "1", Date: "2026-13-01", FirstDay: "2026-11-23", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}), "plan.decision_incomplete")
		o.Approve()
		if got := heardAs[exchange.Class](o, "BDG", exchange.KindClass, class.ID[:]).Phase; got != models.PhaseApproved {
			t.Errorf("after the decision the site hears of phase %s", got)
		}
		if n, err := o.IssueTickets(t.Context(), plantest.By(), class.ID); err != nil || n != 2 { // with the instructor's
			t.Errorf("%d tickets issued (%v), want 2", n, err)
		}
		if n, err := o.IssueTickets(t.Context(), plantest.By(), class.ID); err != nil || n != 0 {
			t.Errorf("issuing again gave %d tickets (%v), want none", n, err)
		}
		plantest.WantRefusal(t, o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, models.PhaseSuspended, " "), "plan.reason_needed")
		if err := o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, models.PhaseSuspended, "banjir"); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Enroll(t.Context(), plantest.By(), class.ID, o.People(1, 2)[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := o.IssueTickets(t.Context(), plantest.By(), class.ID); !errors.Is(err, seating.ErrNoTicketYet) {
			t.Errorf("issuing while suspended gave %v", err)
		}
	})
}

func TestARubbishDecisionIsRefusedAndLeavesThePilotAsItIs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		good := plan.Decision{Number: "KCK/1", Date: "2026-11-01", FirstDay: "2026-11-23", FileName: "k.pdf", FileContents: []byte("%PDF-1.7")}
		for _, c := range []struct {
			name, key string
			spoil     func(*plan.Decision)
		}{
			{"no number", "plan.decision_incomplete", func(d *plan.Decision) { d.Number = " " }},
			{"no date", "plan.decision_incomplete", func(d *plan.Decision) { d.Date = "" }},
			{"a first day that never is", "plan.decision_incomplete", func(d *plan.Decision) { d.FirstDay = "2026-11-31" }},
			{"no document", "plan.document_needed", func(d *plan.Decision) { d.FileContents = nil }},
			{"a first day before the decision", "plan.first_day_too_early", func(d *plan.Decision) { d.FirstDay = "2026-10-31" }},
			{"a decision of tomorrow", "plan.decision_to_come", func(d *plan.Decision) { d.Date = "2026-11-21" }},
		} {
			d := good
			c.spoil(&d)
			if err := o.Decide(t.Context(), plantest.By(), o.Pilot.ID, d); err == nil {
				t.Errorf("%s: approved", c.name)
			} else {
				plantest.WantRefusal(t, err, c.key)
			}
		}
		pilot, err := o.Store.Read(t.Context()).Pilot(o.Pilot.ID)
		if err != nil || pilot.Phase != models.PhasePreparing || pilot.DecisionNumber != "" {
			t.Errorf("the pilot is %s with decision %q (%v)", pilot.Phase, pilot.DecisionNumber, err)
		}
		o.Approve()
		plantest.WantRefusal(t, o.Decide(t.Context(), plantest.By(), o.Pilot.ID, good), "plan.phase_order") // it is approved already
		for _, next := range []models.Phase{models.PhasePreparing, models.PhaseAwaitingDecision, models.PhaseApproved, models.PhaseClosed, "", "liar"} {
			plantest.WantRefusal(t, o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, next, ""), "plan.phase_order")
		}
		if err := o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, models.PhaseRunning, ""); err != nil {
			t.Fatal(err)
		}
		plantest.WantRefusal(t, o.SetPhase(t.Context(), plantest.By(), o.Pilot.ID, models.PhaseClosed, " "), "plan.reason_needed") // for ever
	})
}

func TestAPilotsHistorySaysWhatEachThingWasBefore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		ctx := t.Context()
		policy := o.Pilot.Policy
		policy.LateAfter, policy.CheckOut = 20, false
		o.Approve()
		for _, err := range []error{
			o.SetQuota(ctx, plantest.By().Because("awal"), o.Pilot.ID, 100, []models.PilotProvince{{Province: "32", Quota: 40}, {Province: "53"}}),
			o.SetQuota(ctx, plantest.By().Because("tambahan"), o.Pilot.ID, 120, []models.PilotProvince{{Province: "32", Quota: 60}, {Province: "91", Quota: 10}}),
			o.SetPolicy(ctx, plantest.By().Because("surat edaran"), o.Pilot.ID, policy),
			o.SetPhase(ctx, plantest.By(), o.Pilot.ID, models.PhaseSuspended, "banjir"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		got := map[string][]office.Change{}
		for _, h := range o.History() {
			got[h.Action+" "+h.Reason] = office.ChangesOf(h)
		}
		for action, want := range map[string][]office.Change{
			"pilot.approve ": {{Field: "decision:date", To: "2026-11-01"},
				{Field: "decision:document", To: "keputusan.pdf"},
				{Field: "decision:first_day", To: "2026-11-23"},
				{Field: "decision:number", To: "KCK/1"},
				{Field: "phase", From: "preparing", To: "approved"}},
			"pilot.quota awal": {{Field: "province:32", To: "40"},
				{Field: "province:53", To: "0"},
				{Field: "quota", From: "0", To: "100"}},
			"pilot.quota tambahan": {{Field: "province:32", From: "40", To: "60"},
				{Field: "province:53", From: "0"},
				{Field: "province:91", To: "10"},
				{Field: "quota", From: "100", To: "120"}},
			"pilot.policy surat edaran": {{Field: "policy:check_out", From: "true", To: "false"},
				{Field: "policy:late_after", From: "15", To: "20"},
				{Field: "policy:version", From: "1", To: "2"}},
			"pilot.phase banjir": {{Field: "phase", From: "approved", To: "suspended"}},
			"pilot.add ": {{Field: "code", To: "UJI"},
				{Field: "name", To: "Uji coba"},
				{Field: "quota", To: "0"}},
		} {
			if diff := cmp.Diff(want, got[action]); diff != "" {
				t.Errorf("%s differs:\n%s", action, diff)
			}
		}
	})
}

func TestATicketNamesItsClassAndOutlivesItsLastDay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		issued := plantest.Valid(o.Places("A")[0])
		if len(issued) != 1 {
			t.Fatalf("%d valid tickets, want one at once with the enrollment", len(issued))
		}
		keys, err := o.Store.Read(t.Context()).TicketKeys()
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
		// 60 days after the last session
		if got.Class != o.Class("A").Ref || got.ID != issued[0].ID || got.Name != "Peserta 0" || got.ValidFrom != day("2026-11-20") ||
			got.ValidUntil != day("2027-01-23") {
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
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		first := plantest.Valid(o.Places("A")[0])[0]
		plantest.WantRefusal(t, o.ReissueTicket(t.Context(), plantest.By(), first.ID, ""), "plan.reason_needed")
		if err := o.ReissueTicket(t.Context(), plantest.By(), first.ID, "hilang"); err != nil {
			t.Fatal(err)
		}
		plantest.WantRefusal(t, o.ReissueTicket(t.Context(), plantest.By(), first.ID, "hilang"), "plan.already_revoked")
		place := o.Places("A")[0]
		if now := plantest.Valid(place); len(now) != 1 || now[0].ID == first.ID || len(place.Tickets) != 2 {
			t.Fatalf("tickets after a reissue: %+v", place.Tickets)
		}
		heardAs[exchange.Revocation](o, "BDG", exchange.KindRevocation, first.ID[:])
		e := heardAs[exchange.Enrollment](o, "BDG", exchange.KindEnrollment, place.Enrollment.ID[:])
		if second := plantest.Valid(place)[0].ID; string(e.Ticket) != string(second[:]) || e.NIK4 != plantest.NIK(0)[12:] || e.Number != "REG-0" {
			t.Errorf("the site expects %+v", e)
		}
	})
}

func TestACancelledPlaceLosesItsTicketAndMayBeTakenUpAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		place := o.Places("A")[0]
		first := plantest.Valid(place)[0]
		plantest.WantRefusal(t, o.Cancel(t.Context(), plantest.By(), place.Enrollment.ID, ""), "plan.reason_needed")
		if err := o.Cancel(t.Context(), plantest.By(), place.Enrollment.ID, "pindah"); err != nil {
			t.Fatal(err)
		}
		if n := len(plantest.Valid(o.Places("A")[0])); n != 0 {
			t.Errorf("%d valid tickets of a cancelled place", n)
		}
		heardAs[exchange.Revocation](o, "BDG", exchange.KindRevocation, first.ID[:])
		if e := heardAs[exchange.Enrollment](o, "BDG", exchange.KindEnrollment, place.Enrollment.ID[:]); !e.Cancelled {
			t.Error("the site still expects a cancelled place")
		}
		if _, err := o.IssueTickets(t.Context(), plantest.By(), o.Class("A").ID); err != nil || len(plantest.Valid(o.Places("A")[0])) != 0 {
			t.Errorf("a ticket was signed for a cancelled place (%v)", err)
		}
		again, err := o.Enroll(t.Context(), plantest.By(), o.Class("A").ID, *place.Enrollment.ParticipantID)
		if err != nil || again.ID != place.Enrollment.ID {
			t.Errorf("enrolling again gave %v (%v)", again.ID, err)
		}
		if now := plantest.Valid(o.Places("A")[0]); len(now) != 1 || now[0].ID == first.ID {
			t.Errorf("tickets after enrolling again: %+v", now)
		}
		_, err = o.Enroll(t.Context(), plantest.By(), o.Class("A").ID, *place.Enrollment.ParticipantID)
		plantest.WantRefusal(t, err, "plan.already_enrolled")
	})
}

func TestEveryChangeIsInTheHistory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		place := o.Places("A")[0]
		site := o.Class("A").SiteID
		officer, pin, err := o.AddOfficer(t.Context(), plantest.By(), site, "Sari", "", true)
		if err != nil || len(pin) != 6 {
			t.Fatalf("officer with PIN %q: %v", pin, err)
		}
		if heard := heardAs[exchange.Officer](o, "BDG", exchange.KindOfficer, officer.ID[:]); heard.PINHash == "" || heard.PINHash == pin || !heard.Supervisor {
			t.Errorf("the site hears of officer %+v", heard)
		}
		for _, err := range []error{
			o.SetPolicy(t.Context(), plantest.By(), o.Pilot.ID, models.DefaultPolicy()),
			o.RevokeTicket(t.Context(), plantest.By(), plantest.Valid(place)[0].ID, "hilang"),
			o.Cancel(t.Context(), plantest.By(), place.Enrollment.ID, "pindah"),
			o.RemoveOfficer(t.Context(), plantest.By(), officer.ID),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if o.heard("BDG", exchange.KindOfficer, officer.ID[:]).Body != nil {
			t.Error("the site still knows a removed officer")
		}
		got := map[string]int{}
		for _, h := range o.History() {
			got[h.Action]++
			if h.Actor != "cli" || h.At != o.Now {
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
