package review_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/imports"
	"buktihadir/server/review"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

func TestManyAreCorrectedAfterAPreviewAndTheUndoGivesBackWhatThereWas(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		warned, _ := o.plan.CancelSession(t.Context(), o.actor(), o.session("A", 2).ID, "banjir", "")
		_, err := o.plan.CancelSession(t.Context(), o.actor(), o.session("A", 2).ID, "banjir", warned.Agreement())
		o.ok(err)
		o.ok(seating.New(o.st).Cancel(t.Context(), o.actor(), o.place("A", 2).Enrollment.ID, "pindah"))
		visits := []store.Visit{
			o.visit("A", 1, 0), o.visit("A", 1, 3), o.visit("A", 1, 2), o.visit("A", 2, 3), o.visit("A", 4, 3), o.visit("A", 1, 3),
			{Session: o.session("A", 1).ID, Enrollment: o.place("B", 4).Enrollment.ID}, o.visit("A", 3, 0), {Session: uuid.New(), Enrollment: uuid.New()},
		}
		before := o.attendances()
		o.want("presence ahead", o.items(o.draft(models.StatusPresent, visits[4])), "refused:session_ahead")
		b := o.draft(models.StatusExcused, visits...)
		o.want("the preview", o.items(b), "good good refused:no_place refused:session_cancelled good refused:no_place good")
		if d := cmp.Diff(before, o.attendances()); d != "" {
			t.Fatalf("the preview changed something:\n%s", d)
		}
		items, err := o.q().BulkItems(b.ID)
		if o.ok(err); items[0].Was != models.StatusPresent || items[1].Was != models.StatusAbsent || items[4].Was != models.StatusPending {
			t.Errorf("the preview says what there is now: %+v", items)
		}
		o.ok(o.changes().Skip(t.Context(), b.ID, 7))
		o.apply(b)
		o.want("the change", o.items(b), "done done refused:no_place refused:session_cancelled done refused:no_place skipped")
		o.want("who was absent", o.statuses("A", 3)[:14], "excused/absent")
		o.want("who was present, and at the cancelled session waits for a decision", o.statuses("A", 0), "excused/present pending present")
		o.whole()
		again := o.draft(models.StatusExcused, visits[:2]...)
		o.want("the same once more", o.items(again), "refused:already refused:already")
		o.undo(b)
		o.want("the undo", o.items(b)[:13], "undone undone")
		if d := cmp.Diff(before, o.attendances()); d != "" {
			t.Errorf("undone it is not what it was (-was +is):\n%s", d)
		}
		v := visits[0]
		said, err := o.q().CorrectionsOf(v.Session, v.Enrollment)
		if o.ok(err); len(said) != 2 || said[0].Withdraws != said[1].Order || said[0].Reason != "salah pilih" || *said[0].BulkID != b.ID {
			t.Errorf("the record keeps neither or only one: %+v", said)
		}
		o.whole()
	})
}

func TestWhatWasDecidedSinceABulkCorrectionStandsAndWhatWasDecidedBeforeComesBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, second := o.visit("A", 1, 3), o.visit("A", 2, 3)
	o.ok(review.Correct(t.Context(), o.st, o.by, second.Session, second.Enrollment, models.StatusSick, "surat dokter"))
	b := o.draft(models.StatusExcused, first, second)
	o.apply(b)
	o.ok(review.Correct(t.Context(), o.st, o.by, first.Session, first.Enrollment, models.StatusPresent, "ada saksi"))
	o.undo(b)
	o.want("the undo", o.items(b), "stuck:decided_since undone")
	o.want("what counts", o.statuses("A", 3), "present/absent sick/absent absent")
	if err := o.changes().Undo(t.Context(), o.bulkBy(), b.ID, "lagi"); err == nil || !strings.Contains(err.Error(), "bulk.not_done") {
		t.Errorf("undone twice: %v", err)
	}
}

func TestABulkCorrectionHasABoundAndNeedsSomebody(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	many := make([]store.Visit, bulk.Most+1)
	for i := range many {
		many[i] = store.Visit{Session: o.session("A", 1).ID, Enrollment: uuid.New()}
	}
	for want, visits := range map[string][]store.Visit{"bulk.too_many": many, "bulk.nobody": nil} {
		_, err := review.DraftCorrections(t.Context(), o.st, o.by, review.Request{Visits: visits, Status: models.StatusSick, Reason: "uji"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want the refusal %s", err, want)
		}
	}
}

// attendances are all that are recorded, without when they were derived.
func (o *fixture) attendances() map[store.Visit]models.Attendance {
	o.t.Helper()
	out := map[store.Visit]models.Attendance{}
	for _, class := range []string{"A", "B"} {
		rows, err := o.q().AttendanceMatrix(o.class(class).ID)
		o.ok(err)
		for _, a := range rows {
			if a.UpdatedAt = 0; a.Status == models.StatusPending && a.Flags == "" { // says as much as no row
				continue
			}
			out[store.Visit{Session: a.SessionID, Enrollment: a.EnrollmentID}] = a
		}
	}
	return out
}

// tallies are what is counted, without what is zero.
func (o *fixture) tallies() string {
	o.t.Helper()
	var out []string
	for _, dim := range append(models.Dimensions(), models.ByAll) {
		counts, err := o.q().Tallies(uuid.Nil, dim)
		o.ok(err)
		for key, n := range counts {
			for m, count := range n {
				if count == 0 {
					delete(n, m)
				}
			}
			if len(n) == 0 {
				delete(counts, key)
			}
		}
		out = append(out, fmt.Sprint(dim, counts))
	}
	return strings.Join(out, "\n")
}

func TestWhateverIsCorrectedTheUndoOfTheLastGivesBackExactlyWhatThereWas(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var visits []store.Visit
	for n := 1; n <= 3; n++ {
		for person := range 4 {
			visits = append(visits, o.visit("A", n, person))
		}
		visits = append(visits, o.visit("B", n, 4))
	}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 3).Draw(rt, "acts") {
			some := rapid.SliceOfN(rapid.SampledFrom(visits), 1, 8).Draw(rt, "who")
			before := o.attendances()
			b := o.draft(rapid.SampledFrom(review.Correctable()).Draw(rt, "status"), some...)
			o.apply(b)
			for _, v := range some {
				if a := o.at(v); a.Status != b.Status {
					rt.Fatalf("%+v was corrected to %s", a, b.Status)
				}
			}
			if rapid.Bool().Draw(rt, "undo") {
				o.undo(b)
				if d := cmp.Diff(before, o.attendances()); d != "" {
					rt.Fatalf("undone it is not what it was (-was +is):\n%s", d)
				}
			}
		}
		kept := o.tallies()
		o.ok(o.st.Write(o.t.Context(), (*store.Tx).Recount))
		if d := cmp.Diff(o.tallies(), kept); d != "" {
			rt.Fatalf("counted anew (-) and kept (+) differ:\n%s", d)
		}
	})
	o.whole()
}

// BenchmarkBulkCorrections previews corrections of people in classes of forty at three
// past sessions, makes them and takes them back. It reports the cost of each.
func BenchmarkBulkCorrections(b *testing.B) {
	o := newOffice(b)
	sheet, people := sheetHead, "number,nik,name,class_code\n"
	const classes, seats = 42, 40
	for c := range classes {
		for n, day := range []string{"2024-05-10", "2024-05-11", "2024-05-12"} {
			sheet += fmt.Sprintf("C%d,K,Kursus,16,LP,Lembaga,T-1,%d,%d,%s,08:00,12:00,R%d\n", c, seats, n+1, day, c+10)
		}
		for i := range seats {
			at := 100 + c*seats + i
			people += fmt.Sprintf("P-%d,327300150695%04d,Peserta %d,C%d\n", at, at, at, c)
		}
	}
	o.load(imports.KindSchedule, sheet)
	o.load(imports.KindParticipants, people)
	visits, err := o.q().Visits(store.VisitFilter{Measure: models.Measure(models.StatusAbsent)}, bulk.Most)
	if o.ok(err); len(visits) != bulk.Most {
		b.Fatalf("%d people are absent", len(visits))
	}
	ctx, changes := context.Background(), o.changes()
	for b.Loop() {
		c, err := review.DraftCorrections(ctx, o.st, o.by, review.Request{Visits: visits, Status: models.StatusExcused, Reason: "libur daerah"})
		if err == nil {
			err = changes.Apply(ctx, o.bulkBy(), c.ID)
		}
		if err == nil {
			err = changes.Undo(ctx, o.bulkBy(), c.ID, "uji")
		}
		o.ok(err)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(visits)), "µs/person")
}
