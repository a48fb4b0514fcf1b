package proposal_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/proposal"
	"buktihadir/server/proposal/autoplan"
	"buktihadir/server/store"
)

// unplaced writes participants of a regency, without a class, into the office.
func (o *fixture) unplaced(from, to int, regency string) {
	o.T.Helper()
	var b strings.Builder
	b.WriteString("number,nik,name,phone,regency\n")
	for n := from; n < to; n++ {
		fmt.Fprintf(&b, "REG-%d,%s,Peserta %d,08120000%04d,%s\n", n, plantest.NIK(n), n, n, regency)
	}
	o.Good(imports.KindParticipants, b.String())
}

func (o *fixture) course(code string) models.Course {
	o.T.Helper()
	courses, err := o.Store.Read(o.T.Context()).Courses()
	if err != nil {
		o.T.Fatal(err)
	}
	for _, c := range courses {
		if c.Code == code {
			return c
		}
	}
	o.T.Fatalf("no course %s", code)
	return models.Course{}
}

// asked is a request for one week of mornings that the imported plan uses too.
func (o *fixture) asked() proposal.PlanRequest {
	return proposal.PlanRequest{
		Courses: []uuid.UUID{o.course("BAR").ID}, ClassSeats: 2, MostKm: 100, EmptySeatKm: 1, UnplacedKm: 1000,
		Windows: []autoplan.Window{{First: "2026-11-23", Last: "2026-11-26", From: 8 * time.Hour, To: 16 * time.Hour}},
	}
}

func (o *fixture) propose(r proposal.PlanRequest) (models.AutoPlan, proposal.PlanSummary) {
	o.T.Helper()
	row, err := o.Propose(o.T.Context(), plantest.By(), o.Pilot.ID, r, nil)
	if err != nil {
		o.T.Fatal(err)
	}
	var sum proposal.PlanSummary
	if err := json.Unmarshal([]byte(row.Summary), &sum); err != nil {
		o.T.Fatal(err)
	}
	return row, sum
}

func (o *fixture) proposed(plan uuid.UUID) []store.ProposedEntry {
	o.T.Helper()
	l, err := o.Store.Read(o.T.Context()).ListProposed(plan, store.Slice{Limit: 100})
	if err != nil {
		o.T.Fatal(err)
	}
	return l.Rows
}

func TestAProposalRespectsThePlanThatIsThere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.unplaced(0, 7, "32.73")  // Bandung: 4 seats, of which class A has 2 on the first two mornings
		o.unplaced(7, 9, "53.71")  // Kupang
		o.unplaced(9, 10, "91.71") // Jayapura: nothing near
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(50, "A"))
		before := len(o.History())
		row, sum := o.propose(o.asked())
		if sum.People != 10 || sum.Placed != 8 || sum.Unplaced != 2 || sum.Bound != sum.Total {
			t.Errorf("the summary is %+v", sum)
		}
		why := map[autoplan.Why]string{}
		for _, l := range sum.LeftOut {
			why[l.Why] = fmt.Sprint(l.Regency, " ", l.People)
		}
		if why[autoplan.WhyTooFar] != "91.71 1" || why[autoplan.WhyFull] != "32.73 1" {
			t.Errorf("reasons %+v", sum.LeftOut)
		}
		if got := o.History()[before:]; len(got) != 1 || got[0].Action != "autoplan.propose" {
			t.Errorf("the history says %+v", got)
		}
		classes, err := o.Store.Read(t.Context()).AllClasses()
		if err != nil || len(classes) != 2 {
			t.Errorf("a proposal made classes: %v %v", classes, err)
		}
		if err := o.Accept(t.Context(), plantest.By(), row.ID, nil, nil); err != nil {
			t.Fatal(err)
		}
		for _, p := range o.proposed(row.ID) {
			if p.State != models.ProposalAccepted || p.ClassID == nil {
				t.Errorf("class %d is %s: %s", p.Seq, p.State, p.Problem)
			}
		}
		found, err := plan.Conflicts(o.Store.Read(t.Context()), 0, 1<<62)
		if err != nil || len(found) > 0 {
			t.Errorf("the accepted plan collides: %+v %v", found, err)
		}
		idle, err := o.Store.Read(t.Context()).IdleParticipants(o.Pilot.ID, 0)
		if err != nil || len(idle) != 2 {
			t.Errorf("%d people without a place, want 2: %v", len(idle), err)
		}
		plantest.WantRefusal(t, o.Accept(t.Context(), plantest.By(), row.ID, nil, nil), "autoplan.nothing_chosen")
	})
}

func TestAProposalIsAcceptedInPartAndGoneOnWithLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.unplaced(0, 6, "32.73")
		o.Approve()
		row, _ := o.propose(o.asked())
		all := o.proposed(row.ID)
		if len(all) != 3 {
			t.Fatalf("%d classes, want 3", len(all))
		}
		before := len(o.History())
		if err := o.Accept(t.Context(), plantest.By(), row.ID, []int{2}, nil); err != nil {
			t.Fatal(err)
		}
		states := ""
		for _, p := range o.proposed(row.ID) {
			states += string(p.State) + " "
		}
		if states != "proposed accepted proposed " {
			t.Errorf("the classes are %s", states)
		}
		var actions []string
		for _, h := range o.History()[before:] {
			actions = append(actions, h.Action)
		}
		if strings.Join(actions, " ") != "autoplan.accept class.add" {
			t.Errorf("the history says %v", actions)
		}
		made := o.Places("BAR-BDG-1")
		if len(made) != 2 || len(plantest.Valid(made[0])) != 1 {
			t.Errorf("the class has %d places, the first %d valid tickets", len(made), len(plantest.Valid(made[0])))
		}
		sessions, err := o.Store.Read(t.Context()).SessionsOf(o.Class("BAR-BDG-1").ID)
		if err != nil || len(sessions) != 2 {
			t.Errorf("sessions %+v %v", sessions, err)
		}
	})
}

func TestAClassWhoseRoomWasTakenMeanwhileIsRefusedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.unplaced(0, 4, "32.73")
		o.unplaced(4, 6, "53.71")
		row, _ := o.propose(o.asked())
		o.Good(imports.KindSchedule, plantest.ScheduleHead+
			"C,BAR,Barista,16,LPK,LPK Karya,BDG,4,1,2026-11-25,08:00,12:00,R2,P9,Pak Joko\n")
		if _, err := o.Enroll(t.Context(), plantest.By(), o.Class("B").ID, o.Participant(4).ID); err != nil {
			t.Fatal(err)
		}
		if err := o.Accept(t.Context(), plantest.By(), row.ID, nil, nil); err != nil {
			t.Fatal(err)
		}
		refused, enrolled := 0, 0
		for _, p := range o.proposed(row.ID) {
			switch p.State {
			case models.ProposalRefused:
				refused++
				if !strings.Contains(p.Problem, "autoplan.conflict_capacity") {
					t.Errorf("class %d is refused for %s", p.Seq, p.Problem)
				}
			case models.ProposalAccepted:
				entry, err := o.Store.Read(t.Context()).EnrollmentsOf(*p.ClassID)
				if err != nil {
					t.Fatal(err)
				}
				enrolled += len(entry)
			default:
				t.Errorf("class %d is still %s", p.Seq, p.State)
			}
		}
		if refused != 1 || enrolled != 3 {
			t.Errorf("%d classes refused and %d people enrolled, want 1 and 3", refused, enrolled)
		}
	})
}

func TestNoClassIsProposedOnAHoliday(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.unplaced(0, 2, "32.73")
	r := o.asked()
	r.Windows = []autoplan.Window{{First: "2026-12-24", Last: "2026-12-29", From: 8 * time.Hour, To: 16 * time.Hour}}
	row, sum := o.propose(r)
	all := o.proposed(row.ID)
	if sum.Placed != 2 || len(all) != 1 {
		t.Fatalf("the summary is %+v", sum)
	}
	if strings.Contains(all[0].Meetings, fmt.Sprint(models.LocalDate("2026-12-25").Start(models.ZoneWIB).Add(8*time.Hour))) {
		t.Errorf("a meeting on Christmas: %s", all[0].Meetings)
	}
}

func TestARequestThatMakesNoSenseIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, c := range []struct {
		name, key, field string
		change           func(*proposal.PlanRequest)
	}{
		{"no course", "autoplan.no_course", "courses", func(r *proposal.PlanRequest) { r.Courses = nil }},
		{"no window", "autoplan.no_window", "windows", func(r *proposal.PlanRequest) { r.Windows = nil }},
		{"a window that ends before it begins", "autoplan.bad_window", "windows", func(r *proposal.PlanRequest) { r.Windows[0].Last = "2026-11-22" }},
		{"a night class", "autoplan.bad_hours", "windows", func(r *proposal.PlanRequest) { r.Windows[0].To = 22 * time.Hour }},
		{"nine hours a day", "autoplan.bad_hours", "windows", func(r *proposal.PlanRequest) { r.Windows[0].To = 17 * time.Hour }},
		{"yesterday", "autoplan.past_window", "windows", func(r *proposal.PlanRequest) { r.Windows[0].First = "2026-11-19" }},
		{"classes without seats", "plan.bad_number", "class_seats", func(r *proposal.PlanRequest) { r.ClassSeats = 0 }},
		{"people worth nothing", "plan.bad_number", "unplaced_km", func(r *proposal.PlanRequest) { r.UnplacedKm = 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := o.asked()
			c.change(&r)
			_, err := o.Propose(t.Context(), plantest.By(), o.Pilot.ID, r, nil)
			plantest.WantRefusal(t, err, c.key)
			if f, ok := err.(*office.Refusal); !ok || f.Field != c.field {
				t.Errorf("%v names no field, or another than %s", err, c.field)
			}
		})
	}
}

func TestAProposalSurvivesARestart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.unplaced(0, 6, "32.73")
		first, err := proposal.NewProposals(proposal.New(o.Store), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		id, err := first.Propose(t.Context(), plantest.By(), o.Pilot.ID, o.asked())
		if err != nil {
			t.Fatal(err)
		}
		first.Close() // in the middle of it, or after it
		second, err := proposal.NewProposals(proposal.New(o.Store), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		o.untilReady(second, id)
		if err := second.Accept(t.Context(), plantest.By(), id, nil); err != nil {
			t.Fatal(err)
		}
		second.Close()
		third, err := proposal.NewProposals(proposal.New(o.Store), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(third.Close)
		if got := o.untilReady(third, id); got.Count[models.ProposalAccepted] != 3 {
			t.Errorf("the classes are %+v, want 3 accepted", got.Count)
		}
	})
}

func (o *fixture) untilReady(w *proposal.Proposals, id uuid.UUID) proposal.Proposal {
	o.T.Helper()
	for o.T.Context().Err() == nil {
		got, err := w.Proposal(o.T.Context(), id)
		if err != nil {
			o.T.Fatal(err)
		}
		if !got.Running() {
			if got.State != proposal.ProposalReady {
				o.T.Fatalf("the proposal is %s: %s", got.State, got.Summary)
			}
			return got
		}
	}
	return proposal.Proposal{}
}
