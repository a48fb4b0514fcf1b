package schedule_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/schedule"
	"buktihadir/server/schedule/autoplan"
	"buktihadir/server/store"
)

// unplaced writes participants of a regency, without a class, into the office.
func (o *office) unplaced(from, to int, regency string) {
	o.t.Helper()
	var b strings.Builder
	b.WriteString("number,nik,name,phone,regency\n")
	for n := from; n < to; n++ {
		fmt.Fprintf(&b, "REG-%d,%s,Peserta %d,08120000%04d,%s\n", n, nik(n), n, n, regency)
	}
	o.good(schedule.KindParticipants, b.String())
}

func (o *office) course(code string) models.Course {
	o.t.Helper()
	courses, err := o.st.Read(o.t.Context()).Courses()
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range courses {
		if c.Code == code {
			return c
		}
	}
	o.t.Fatalf("no course %s", code)
	return models.Course{}
}

// asked is a request for one week of mornings that the imported plan uses too.
func (o *office) asked() schedule.PlanRequest {
	return schedule.PlanRequest{
		Courses: []uuid.UUID{o.course("BAR").ID}, ClassSeats: 2, MostKm: 100, EmptySeatKm: 1, UnplacedKm: 1000,
		Windows: []autoplan.Window{{First: "2026-11-23", Last: "2026-11-26", From: 8 * time.Hour, To: 16 * time.Hour}},
	}
}

func (o *office) propose(r schedule.PlanRequest) (models.AutoPlan, schedule.PlanSummary) {
	o.t.Helper()
	row, err := o.Propose(o.t.Context(), by(), o.pilot.ID, r, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	var sum schedule.PlanSummary
	if err := json.Unmarshal([]byte(row.Summary), &sum); err != nil {
		o.t.Fatal(err)
	}
	return row, sum
}

func (o *office) proposed(plan uuid.UUID) []store.ProposedEntry {
	o.t.Helper()
	l, err := o.st.Read(o.t.Context()).ListProposed(plan, store.Slice{Limit: 100})
	if err != nil {
		o.t.Fatal(err)
	}
	return l.Rows
}

func TestAProposalRespectsThePlanThatIsThere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.unplaced(0, 7, "32.73")  // Bandung: 4 seats, of which class A has 2 on the first two mornings
		o.unplaced(7, 9, "53.71")  // Kupang
		o.unplaced(9, 10, "91.71") // Jayapura: nothing near
		o.good(schedule.KindParticipants, peopleHead+person(50, "A"))
		before := len(o.history())
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
		if got := o.history()[before:]; len(got) != 1 || got[0].Action != "autoplan.propose" {
			t.Errorf("the history says %+v", got)
		}
		classes, err := o.st.Read(t.Context()).AllClasses()
		if err != nil || len(classes) != 2 {
			t.Errorf("a proposal made classes: %v %v", classes, err)
		}
		if err := o.Accept(t.Context(), by(), row.ID, nil, nil); err != nil {
			t.Fatal(err)
		}
		for _, p := range o.proposed(row.ID) {
			if p.State != models.ProposalAccepted || p.ClassID == nil {
				t.Errorf("class %d is %s: %s", p.Seq, p.State, p.Problem)
			}
		}
		found, err := schedule.Conflicts(o.st.Read(t.Context()), 0, 1<<62)
		if err != nil || len(found) > 0 {
			t.Errorf("the accepted plan collides: %+v %v", found, err)
		}
		idle, err := o.st.Read(t.Context()).IdleParticipants(o.pilot.ID, 0)
		if err != nil || len(idle) != 2 {
			t.Errorf("%d people without a place, want 2: %v", len(idle), err)
		}
		wantRefusal(t, o.Accept(t.Context(), by(), row.ID, nil, nil), "autoplan.nothing_chosen")
	})
}

func TestAProposalIsAcceptedInPartAndGoneOnWithLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.unplaced(0, 6, "32.73")
		o.decide()
		row, _ := o.propose(o.asked())
		all := o.proposed(row.ID)
		if len(all) != 3 {
			t.Fatalf("%d classes, want 3", len(all))
		}
		before := len(o.history())
		if err := o.Accept(t.Context(), by(), row.ID, []int{2}, nil); err != nil {
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
		for _, h := range o.history()[before:] {
			actions = append(actions, h.Action)
		}
		if strings.Join(actions, " ") != "autoplan.accept class.add" {
			t.Errorf("the history says %v", actions)
		}
		made := o.places("BAR-BDG-1")
		if len(made) != 2 || len(valid(made[0])) != 1 {
			t.Errorf("the class has %d places, the first %d valid tickets", len(made), len(valid(made[0])))
		}
		sessions, err := o.st.Read(t.Context()).SessionsOf(o.class("BAR-BDG-1").ID)
		if err != nil || len(sessions) != 2 {
			t.Errorf("sessions %+v %v", sessions, err)
		}
	})
}

func TestAClassWhoseRoomWasTakenMeanwhileIsRefusedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.unplaced(0, 4, "32.73")
		o.unplaced(4, 6, "53.71")
		row, _ := o.propose(o.asked())
		o.good(schedule.KindSchedule, scheduleHead+
			"C,BAR,Barista,16,LPK,LPK Karya,BDG,4,1,2026-11-25,08:00,12:00,R2,P9,Pak Joko\n")
		if _, err := o.Enroll(t.Context(), by(), o.class("B").ID, o.participant(4).ID); err != nil {
			t.Fatal(err)
		}
		if err := o.Accept(t.Context(), by(), row.ID, nil, nil); err != nil {
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
				entry, err := o.st.Read(t.Context()).EnrollmentsOf(*p.ClassID)
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
		change           func(*schedule.PlanRequest)
	}{
		{"no course", "autoplan.no_course", "courses", func(r *schedule.PlanRequest) { r.Courses = nil }},
		{"no window", "autoplan.no_window", "windows", func(r *schedule.PlanRequest) { r.Windows = nil }},
		{"a window that ends before it begins", "autoplan.bad_window", "windows", func(r *schedule.PlanRequest) { r.Windows[0].Last = "2026-11-22" }},
		{"a night class", "autoplan.bad_hours", "windows", func(r *schedule.PlanRequest) { r.Windows[0].To = 22 * time.Hour }},
		{"nine hours a day", "autoplan.bad_hours", "windows", func(r *schedule.PlanRequest) { r.Windows[0].To = 17 * time.Hour }},
		{"yesterday", "autoplan.past_window", "windows", func(r *schedule.PlanRequest) { r.Windows[0].First = "2026-11-19" }},
		{"classes without seats", "plan.bad_number", "class_seats", func(r *schedule.PlanRequest) { r.ClassSeats = 0 }},
		{"people worth nothing", "plan.bad_number", "unplaced_km", func(r *schedule.PlanRequest) { r.UnplacedKm = 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := o.asked()
			c.change(&r)
			_, err := o.Propose(t.Context(), by(), o.pilot.ID, r, nil)
			wantRefusal(t, err, c.key)
			if f, ok := err.(interface{ Input() string }); !ok || f.Input() != c.field {
				t.Errorf("%v names no field, or another than %s", err, c.field)
			}
		})
	}
}

func TestAProposalSurvivesARestart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		o.unplaced(0, 6, "32.73")
		first, err := schedule.NewProposals(o.Planner, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		id, err := first.Propose(t.Context(), by(), o.pilot.ID, o.asked())
		if err != nil {
			t.Fatal(err)
		}
		first.Close() // in the middle of it, or after it
		second, err := schedule.NewProposals(o.Planner, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		o.untilReady(second, id)
		if err := second.Accept(t.Context(), by(), id, nil); err != nil {
			t.Fatal(err)
		}
		second.Close()
		third, err := schedule.NewProposals(o.Planner, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(third.Close)
		if got := o.untilReady(third, id); got.Count[models.ProposalAccepted] != 3 {
			t.Errorf("the classes are %+v, want 3 accepted", got.Count)
		}
	})
}

func (o *office) untilReady(w *schedule.Proposals, id uuid.UUID) schedule.Proposal {
	o.t.Helper()
	for o.t.Context().Err() == nil {
		got, err := w.Proposal(o.t.Context(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		if !got.Running() {
			if got.State != schedule.ProposalReady {
				o.t.Fatalf("the proposal is %s: %s", got.State, got.Summary)
			}
			return got
		}
	}
	return schedule.Proposal{}
}
