package seating_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/office"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// changes carries drafted bulk changes on, as the pages do.
func (o *fixture) changes() *bulk.Changes { return changesIn(o.Store) }

func changesIn(st *store.Store) *bulk.Changes {
	return bulk.New(st, func(models.BulkChange) []bulk.Work { return []bulk.Work{seating.Places{}} })
}

// act drafts a bulk change and does it.
func (o *fixture) act(r seating.BulkRequest) models.BulkChange {
	o.T.Helper()
	b, err := o.DraftBulk(o.T.Context(), plantest.By(), r)
	if err != nil {
		o.T.Fatal(err)
	}
	if err := o.changes().Apply(o.T.Context(), office.Actor{Name: "cli"}, b.ID); err != nil {
		o.T.Fatal(err)
	}
	return b
}

func (o *fixture) undo(b models.BulkChange) {
	o.T.Helper()
	if err := o.changes().Undo(o.T.Context(), office.Actor{Name: "cli"}, b.ID, "salah pilih"); err != nil {
		o.T.Fatal(err)
	}
}

// states are what became of everybody in a bulk change, with why not.
func (o *fixture) states(b models.BulkChange) string {
	o.T.Helper()
	items, err := o.Store.Read(o.T.Context()).BulkItems(b.ID)
	if err != nil {
		o.T.Fatal(err)
	}
	var out []string
	for _, it := range items {
		text := string(it.State)
		for _, key := range []string{"class_full", "already_enrolled", "already_cancelled", "participant_busy", "came"} {
			if strings.Contains(it.Problem, "."+key) {
				text += ":" + key
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// in are those with a place in a class, by number.
func (o *fixture) in(class string) string {
	var out []string
	for _, p := range o.Places(class) {
		if p.Enrollment.Status == models.EnrollmentActive {
			out = append(out, p.Number)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (o *fixture) queue(class string) string {
	o.T.Helper()
	rows, err := o.Store.Read(o.T.Context()).Waiting(o.Class(class).ID)
	if err != nil {
		o.T.Fatal(err)
	}
	var out []string
	for _, w := range rows {
		out = append(out, w.Number)
	}
	return strings.Join(out, " ")
}

// place is somebody's place in a class.
func (o *fixture) place(class string, n int) store.Place {
	o.T.Helper()
	number := o.Participant(n).Number
	for _, p := range o.Places(class) {
		if p.Number == number {
			return p
		}
	}
	o.T.Fatalf("%s has no place in %s", number, class)
	return store.Place{}
}

func (o *fixture) want(what, got, want string) {
	o.T.Helper()
	if got != want {
		o.T.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestADraftedBulkChangeChangesNothingUntilItIsDone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		b, err := o.DraftBulk(t.Context(), plantest.By(), seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("A").ID, People: o.People(0, 3), Waiting: true})
		if err != nil {
			t.Fatal(err)
		}
		o.want("the draft", o.states(b), "good good waits:class_full")
		o.want("the class", o.in("A"), "")
		if err := o.changes().Skip(t.Context(), b.ID, 1); err != nil {
			t.Fatal(err)
		}
		o.want("without the first", o.states(b), "skipped good good")
		if err := o.changes().Skip(t.Context(), b.ID, 1); err != nil {
			t.Fatal(err)
		}
		if err := o.changes().Apply(t.Context(), office.Actor{Name: "cli"}, b.ID); err != nil {
			t.Fatal(err)
		}
		o.want("the class", o.in("A"), "REG-0 REG-1")
		o.want("the waiting list", o.queue("A"), "REG-2")
		if n := len(plantest.Valid(o.place("A", 0))); n != 1 {
			t.Errorf("%d valid tickets, want one", n)
		}
		plantest.WantRefusal(t, o.changes().Apply(t.Context(), office.Actor{Name: "cli"}, b.ID), "bulk.is_done")
	})
}

func TestATransferRevokesTheOldTicketAndSignsANewOne(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		people := o.People(0, 3)
		o.act(seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("A").ID, People: people[:2]})
		o.act(seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("B").ID, People: people[2:]})
		var places []uuid.UUID
		for _, p := range o.Places("A") {
			places = append(places, p.Enrollment.ID)
		}
		b := o.act(seating.BulkRequest{Kind: models.BulkTransfer, Class: o.Class("B").ID, Places: places, Reason: "pindah rumah"})
		o.want("the transfer", o.states(b), "done refused:class_full") // B had one seat left
		moved, stayed := o.in("B"), o.in("A")
		if len(strings.Fields(moved)) != 2 || len(strings.Fields(stayed)) != 1 {
			t.Fatalf("A has %q and B %q", stayed, moved)
		}
		n := 0
		if stayed == "REG-0" {
			n = 1
		}
		if len(plantest.Valid(o.place("A", n))) != 0 || len(plantest.Valid(o.place("B", n))) != 1 {
			t.Error("the old ticket is still valid, or there is no new one")
		}
		o.undo(b)
		o.want("taken back", o.in("A"), "REG-0 REG-1")
		o.want("taken back", o.in("B"), "REG-2")
		if len(plantest.Valid(o.place("A", n))) != 1 || len(plantest.Valid(o.place("B", n))) != 0 {
			t.Error("after the undo the tickets are not what the places are")
		}
		plantest.WantRefusal(t, o.changes().Undo(t.Context(), office.Actor{Name: "cli"}, b.ID, "lagi"), "bulk.not_done")
	})
}

func TestThoseWhoWaitAreServedInTurnAndGoBackToTheirTurn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(_ *testing.T, o *fixture) {
		o.act(seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("A").ID, People: o.People(0, 5), Waiting: true})
		o.want("the waiting list", o.queue("A"), "REG-2 REG-3 REG-4")
		o.act(seating.BulkRequest{Kind: models.BulkCancel, Places: []uuid.UUID{o.place("A", 1).Enrollment.ID}, Reason: "mundur"})
		b := o.act(seating.BulkRequest{Kind: models.BulkFill, Class: o.Class("A").ID})
		o.want("who was served", o.states(b), "done")
		o.want("the class", o.in("A"), "REG-0 REG-2")
		o.want("the waiting list", o.queue("A"), "REG-3 REG-4")
		o.undo(b)
		o.want("the class", o.in("A"), "REG-0")
		o.want("the waiting list", o.queue("A"), "REG-2 REG-3 REG-4")
	})
}

func TestWhoNeverCameGivesTheirPlaceToWhoWaits(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.act(seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("A").ID, People: o.People(0, 4), Waiting: true})
		_, err := o.DraftBulk(t.Context(), plantest.By(), seating.BulkRequest{Kind: models.BulkReplace, Class: o.Class("A").ID, Reason: "tidak datang"})
		plantest.WantRefusal(t, err, "bulk.nobody") // no session is over yet: there is no no-show
		o.attended("A", 0, models.StatusPresent)
		o.attended("A", 1, models.StatusAbsent)
		b := o.act(seating.BulkRequest{Kind: models.BulkReplace, Class: o.Class("A").ID, Reason: "tidak datang"})
		o.want("the change", o.states(b), "done")
		o.want("the class", o.in("A"), "REG-0 REG-2")
		o.want("the waiting list", o.queue("A"), "REG-3")
		o.undo(b)
		o.want("the class", o.in("A"), "REG-0 REG-1")
		o.want("the waiting list", o.queue("A"), "REG-2 REG-3")
	})
}

func TestAnUndoLeavesWhoCameInTheirPlace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(_ *testing.T, o *fixture) {
		b := o.act(seating.BulkRequest{Kind: models.BulkEnroll, Class: o.Class("A").ID, People: o.People(0, 2)})
		o.attended("A", 0, models.StatusLate)
		o.undo(b)
		o.want("the undo", o.states(b), "stuck:came undone")
		o.want("the class", o.in("A"), "REG-0")
	})
}

// attended writes a result as the fold of a reported session would.
func (o *fixture) attended(class string, n int, status models.AttendanceStatus) {
	o.T.Helper()
	e := o.place(class, n).Enrollment
	sessions, err := o.Store.Read(o.T.Context()).SessionsOf(e.ClassID)
	if err != nil {
		o.T.Fatal(err)
	}
	err = o.DB.Create(&models.Attendance{SessionID: sessions[0].ID, EnrollmentID: e.ID, ClassID: e.ClassID, Status: status, Derived: status}).Error
	if err != nil {
		o.T.Fatal(err)
	}
}

func TestWhateverIsDoneInBulkNoLimitIsPassedAndTheLastActCanBeUndone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	people := o.People(0, 6)
	if err := o.SetQuota(t.Context(), plantest.By(), o.Pilot.ID, 3, nil); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 5).Draw(rt, "acts") {
			r := seating.BulkRequest{Kind: rapid.SampledFrom([]models.BulkKind{models.BulkEnroll, models.BulkCancel, models.BulkTransfer, models.BulkFill}).Draw(rt,
				"kind"),
				Waiting: rapid.Bool().Draw(rt, "waiting"), Reason: "uji"}
			r.Class = o.Class(rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "class")).ID
			r.People = rapid.SliceOfN(rapid.SampledFrom(people), 1, 6).Draw(rt, "people")
			var places []uuid.UUID
			for _, p := range slices.Concat(o.Places("A"), o.Places("B")) {
				places = append(places, p.Enrollment.ID)
			}
			if len(places) > 0 {
				r.Places = rapid.SliceOfN(rapid.SampledFrom(places), 1, 6).Draw(rt, "places")
			}
			before := o.in("A") + "|" + o.in("B")
			b, err := o.DraftBulk(t.Context(), plantest.By(), r)
			if err != nil {
				continue // no people are left for it
			}
			if err := o.changes().Apply(t.Context(), office.Actor{Name: "cli"}, b.ID); err != nil {
				rt.Fatal(err)
			}
			a, c := strings.Fields(o.in("A")), strings.Fields(o.in("B"))
			if len(a) > 2 || len(c) > 2 || len(a)+len(c) > 3 {
				rt.Fatalf("A has %v and B %v: two seats each, three in all", a, c)
			}
			for _, number := range a {
				if slices.Contains(c, number) {
					rt.Fatalf("%s is in two classes at once", number)
				}
			}
			if rapid.Bool().Draw(rt, "undo") {
				if err := o.changes().Undo(t.Context(), office.Actor{Name: "cli"}, b.ID, "uji"); err != nil {
					rt.Fatal(err)
				}
				if after := o.in("A") + "|" + o.in("B"); after != before {
					rt.Fatalf("undone it is %q, it was %q", after, before)
				}
			}
		}
	})
}
