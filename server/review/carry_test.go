package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/seating"
)

// transfer drafts one from A to B.
func (o *fixture) transfer(people ...int) models.BulkChange {
	o.t.Helper()
	var places []uuid.UUID
	for _, person := range people {
		places = append(places, o.place("A", person).Enrollment.ID)
	}
	b, err := seating.New(o.st).DraftBulk(o.t.Context(),
		o.actor(), seating.BulkRequest{Kind: models.BulkTransfer, Class: o.class("B").ID, Places: places, Reason: "pindah rumah"})
	o.ok(err)
	return b
}

func TestATransferTakesAttendanceAlongOnlyWhereThatIsAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(_ *testing.T, o *fixture) {
		o.apply(o.transfer(0))
		o.want("who was in all of A, in B", o.statuses("B", 0), "not_enrolled not_enrolled not_enrolled")
	})
}

func TestWhatWasAttendedInTheOldClassCountsInTheNewOne(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		b := o.transfer(0, 1, 2, 3)
		o.ok(o.changes().Carry(t.Context(), b.ID, true))
		items, err := o.q().BulkItems(b.ID)
		o.ok(err)
		var carried []int
		for _, it := range items {
			carried = append(carried, it.Carried)
		}
		slices.Sort(carried)
		if !slices.Equal(carried, []int{0, 0, 3, 3}) {
			t.Errorf("the preview says %v, want three sessions each of who was there and who left early", carried)
		}
		before := o.attendances()
		o.apply(b)
		for person, want := range []string{
			"present/not_enrolled present/not_enrolled present/not_enrolled",
			"not_enrolled not_enrolled not_enrolled", // late and too short counted nowhere
			"left_early/not_enrolled left_early/not_enrolled left_early/not_enrolled",
			"not_enrolled not_enrolled not_enrolled",
		} {
			o.want(o.place("B", person).Name, o.statuses("B", person), want)
		}
		v := o.visit("B", 2, 0)
		said, err := o.q().CorrectionsOf(v.Session, v.Enrollment)
		if o.ok(err); len(said) != 1 || !strings.Contains(said[0].Reason, "kelas A sesi 2") || !strings.Contains(said[0].Reason, "pindah rumah") {
			t.Errorf("the correction doesn't say where it comes from: %+v", said)
		}
		progress, err := o.q().Progress(o.class("B").ID, v.Enrollment, o.place("B", 2).Enrollment.ID)
		if o.ok(err); progress[v.Enrollment].Attended != 3 || progress[v.Enrollment].Missed != 0 || progress[o.place("B", 2).Enrollment.ID].Attended != 0 {
			t.Errorf("on the way to completion: %+v", progress)
		}
		o.whole()
		o.undo(b)
		o.want("the undo", o.items(b), "undone undone undone undone")
		for v, a := range o.attendances() {
			if was, known := before[v]; known && was != a {
				t.Errorf("undone it is %+v, it was %+v", a, was)
			} else if !known && (a.Status != models.StatusNotEnrolled || a.Corrected) {
				t.Errorf("undone, the place that was left says %+v", a)
			}
		}
		o.whole()
	})
}

func TestWhoCameToTheNewClassStaysThereWithWhatTheyBrought(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.transfer(0, 2)
	o.ok(o.changes().Carry(t.Context(), b.ID, true))
	o.apply(b)
	o.came("B", 4, 0, 0, 240)
	o.now = o.session("B", 4).EndsAt + 60_000
	o.tell(o.now)
	o.undo(b)
	o.want("the undo", o.items(b), "stuck:came undone")
	o.want("who stayed", o.statuses("B", 0), "present/not_enrolled present/not_enrolled present/not_enrolled")
	o.want("who went back", o.statuses("B", 2), "not_enrolled not_enrolled not_enrolled")
}

func TestWhatTheNewClassKnowsAlreadyStandsAndAnotherCourseTakesNothingAlong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.apply(o.transfer(0))
	v := o.visit("B", 1, 0)
	o.apply(o.draft(models.StatusSick, v))
	o.ok(seating.New(o.st).Cancel(t.Context(), o.actor(), v.Enrollment, "kembali"))
	_, err := seating.New(o.st).Enroll(t.Context(), o.actor(), o.class("A").ID, *o.place("A", 0).Enrollment.ParticipantID)
	o.ok(err)
	b := o.transfer(0)
	o.ok(o.changes().Carry(t.Context(), b.ID, true))
	o.apply(b)
	o.want("what was decided there before", o.statuses("B", 0), "sick/not_enrolled present/not_enrolled present/not_enrolled")

	o.load(imports.KindSchedule, sheetHead+"X,L,Las,4,LP,Lembaga,T-1,6,1,2024-05-09,08:00,12:00,R9\n")
	other, err := seating.New(o.st).DraftBulk(t.Context(),
		o.actor(), seating.BulkRequest{Kind: models.BulkTransfer, Class: o.class("X").ID, Places: []uuid.UUID{o.place("A", 2).Enrollment.ID}, Reason: "salah kursus"})
	o.ok(err)
	o.ok(o.changes().Carry(t.Context(), other.ID, true))
	items, err := o.q().BulkItems(other.ID)
	if o.ok(err); items[0].Carried != 0 {
		t.Errorf("%d sessions of another course would count", items[0].Carried)
	}
}
