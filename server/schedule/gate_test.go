package schedule_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		wantRefusal(t, o.Decide(t.Context(), by(), o.pilot.ID, schedule.Decision{Number: "1", Date: "2026-13-01", FirstDay: "2026-11-23", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}), "plan.decision_incomplete")
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

func TestARubbishDecisionIsRefusedAndLeavesThePilotAsItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		good := schedule.Decision{Number: "KCK/1", Date: "2026-11-01", FirstDay: "2026-11-23", FileName: "k.pdf", FileContents: []byte("%PDF-1.7")}
		for _, c := range []struct {
			name, key string
			spoil     func(*schedule.Decision)
		}{
			{"no number", "plan.decision_incomplete", func(d *schedule.Decision) { d.Number = " " }},
			{"no date", "plan.decision_incomplete", func(d *schedule.Decision) { d.Date = "" }},
			{"a first day that never is", "plan.decision_incomplete", func(d *schedule.Decision) { d.FirstDay = "2026-11-31" }},
			{"no document", "plan.document_needed", func(d *schedule.Decision) { d.FileContents = nil }},
			{"a first day before the decision", "plan.first_day_too_early", func(d *schedule.Decision) { d.FirstDay = "2026-10-31" }},
			{"a decision of tomorrow", "plan.decision_to_come", func(d *schedule.Decision) { d.Date = "2026-11-21" }},
		} {
			d := good
			c.spoil(&d)
			if err := o.Decide(t.Context(), by(), o.pilot.ID, d); err == nil {
				t.Errorf("%s: approved", c.name)
			} else {
				wantRefusal(t, err, c.key)
			}
		}
		pilot, err := o.st.Read(t.Context()).Pilot(o.pilot.ID)
		if err != nil || pilot.Phase != models.PhasePreparing || pilot.DecisionNumber != "" {
			t.Errorf("the pilot is %s with decision %q (%v)", pilot.Phase, pilot.DecisionNumber, err)
		}
		o.decide()
		wantRefusal(t, o.Decide(t.Context(), by(), o.pilot.ID, good), "plan.phase_order") // it is approved already
		for _, next := range []models.Phase{models.PhasePreparing, models.PhaseAwaitingDecision, models.PhaseApproved, models.PhaseClosed, "", "liar"} {
			wantRefusal(t, o.SetPhase(t.Context(), by(), o.pilot.ID, next, ""), "plan.phase_order")
		}
		if err := o.SetPhase(t.Context(), by(), o.pilot.ID, models.PhaseRunning, ""); err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, o.SetPhase(t.Context(), by(), o.pilot.ID, models.PhaseClosed, " "), "plan.reason_needed") // for ever
	})
}

func TestAPilotsHistorySaysWhatEachThingWasBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		policy := o.pilot.Policy
		policy.LateAfter, policy.CheckOut = 20, false
		o.decide()
		for _, err := range []error{
			o.SetQuota(ctx, by().Because("awal"), o.pilot.ID, 100, []models.PilotProvince{{Province: "32", Quota: 40}, {Province: "53"}}),
			o.SetQuota(ctx, by().Because("tambahan"), o.pilot.ID, 120, []models.PilotProvince{{Province: "32", Quota: 60}, {Province: "91", Quota: 10}}),
			o.SetPolicy(ctx, by().Because("surat edaran"), o.pilot.ID, policy),
			o.SetPhase(ctx, by(), o.pilot.ID, models.PhaseSuspended, "banjir"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		got := map[string][]schedule.Change{}
		for _, h := range o.history() {
			got[h.Action+" "+h.Reason] = schedule.ChangesOf(h)
		}
		for action, want := range map[string][]schedule.Change{
			"pilot.approve ": {{"decision:date", "", "2026-11-01"}, {"decision:document", "", "keputusan.pdf"}, {"decision:first_day", "", "2026-11-23"},
				{"decision:number", "", "KCK/1"}, {"phase", "preparing", "approved"}},
			"pilot.quota awal":          {{"province:32", "", "40"}, {"province:53", "", "0"}, {"quota", "0", "100"}},
			"pilot.quota tambahan":      {{"province:32", "40", "60"}, {"province:53", "0", ""}, {"province:91", "", "10"}, {"quota", "100", "120"}},
			"pilot.policy surat edaran": {{"policy:check_out", "true", "false"}, {"policy:late_after", "15", "20"}, {"policy:version", "1", "2"}},
			"pilot.phase banjir":        {{"phase", "approved", "suspended"}},
			"pilot.add ":                {{"code", "", "UJI"}, {"name", "", "Uji coba"}, {"quota", "", "0"}},
		} {
			if diff := cmp.Diff(want, got[action]); diff != "" {
				t.Errorf("%s differs:\n%s", action, diff)
			}
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
