package imports_test

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/store"
)

// exported writes the plan as a file that an import reads.
func (o *fixture) exported() string {
	o.T.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	write := func(cell func(imports.Field) string, e store.PlannedEntry) error {
		var row []string
		for _, f := range imports.Exported(e) {
			row = append(row, cell(f))
		}
		return w.Write(row)
	}
	if err := write(func(f imports.Field) string { return f.Column }, store.PlannedEntry{}); err != nil {
		o.T.Fatal(err)
	}
	err := o.Store.Read(o.T.Context()).EachPlanned(store.CalendarFilter{}, func(e store.PlannedEntry) error {
		return write(func(f imports.Field) string {
			if f.Numeric {
				return strconv.Itoa(f.Number)
			}
			return f.Text
		}, e)
	})
	if err != nil {
		o.T.Fatal(err)
	}
	w.Flush()
	return b.String()
}

func TestAnExportedPlanRebuildsItselfElsewhere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindSchedule, plantest.ScheduleHead+"B,JHT,Menjahit,16,LPK,LPK Karya,KPG,2,2,2026-11-25,08:00,12:00,R1,P2; P3,Bu Ani; Pak Cahyo\n")
		file := o.exported()
		revision := func() (n int) {
			for _, code := range []string{"A", "B"} {
				for _, item := range o.Feed(o.Class(code).SiteID) {
					n += int(item.Revision)
				}
			}
			return n
		}
		before := revision()
		if rep := o.Good(imports.KindSchedule, file); rep.Rows != 4 || rep.New+rep.Changed != 0 || revision() != before || o.exported() != file {
			t.Errorf("on top of itself: %+v, the sites are at %d instead of %d", rep, revision(), before)
		}
		elsewhere := newOffice(t)
		for _, table := range []any{&models.Enrollment{}, &models.Session{}, &models.Class{}, &models.Instructor{}, &models.Course{}, &models.Provider{}} {
			if err := elsewhere.DB.Where("1 = 1").Delete(table).Error; err != nil {
				t.Fatal(err)
			}
		}
		if rep := elsewhere.Good(imports.KindSchedule, file); rep.New != 4 || elsewhere.exported() != file {
			t.Errorf("elsewhere: %+v\n%s\nwant\n%s", rep, elsewhere.exported(), file)
		}
	})
}

func TestRowsOfAFileThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	row := func(title, hours, capacity, seq, teacher string) string {
		return "X,C-X," + title + "," + hours + ",LPK,LPK Karya,BDG," + capacity + "," + seq + ",2026-11-2" + seq + ",14:00,15:00,R7,P7," + teacher + "\n"
	}
	for _, c := range []struct{ name, second, want string }{
		{"the same", row("Kursus", "16", "2", "6", "Bu Eka"), ""},
		{"another capacity", row("Kursus", "16", "3", "6", "Bu Eka"), "3 class_code import.differs"},
		{"another length of the course", row("Kursus", "20", "2", "6", "Bu Eka"), "3 course_code import.differs"},
		{"another name of who teaches", row("Kursus", "16", "2", "6", "Pak Eko"), "3 instructor_code import.differs"},
		{"no name of who teaches", row("Kursus", "16", "2", "6", ""), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			rep, _ := o.Load(imports.KindSchedule, plantest.ScheduleHead+row("Kursus", "16", "2", "5", "Bu Eka")+c.second)
			if got := strings.Join(plantest.Lines(rep), "; "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAnExampleRowIsNotImported(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rep := o.Good(imports.KindSchedule, plantest.ScheduleHead+
		"#Contoh,BAR,Barista,16,LPK,LPK,BDG,2,1,1999-01-01,08:00,07:00,,,\nX,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-12-01,08:00,12:00,R1,,\n")
	if rep.Rows != 1 || rep.New != 1 {
		t.Errorf("%+v", rep)
	}
	_, err := o.Load(imports.KindSchedule, plantest.ScheduleHead+"#example,,,,,,,,,,,,,,\n")
	plantest.WantRefusal(t, err, "import.no_rows")
}

// A file names no session as cancelled, so it takes no cancellation back either.
func TestAFileLeavesACancelledSessionCancelled(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		before := o.exported()
		first := func() models.Session {
			list, err := o.Store.Read(t.Context()).SessionsOf(o.Class("A").ID)
			if err != nil {
				t.Fatal(err)
			}
			return list[0]
		}
		p, id := plan.New(o.Store), first().ID
		warned, _ := p.CancelSession(t.Context(), plantest.By(), id, "banjir", "")
		if _, err := p.CancelSession(t.Context(), plantest.By(), id, "banjir", warned.Agreement()); err != nil {
			t.Fatal(err)
		}
		o.Good(imports.KindSchedule, before)
		o.Good(imports.KindSchedule, strings.Replace(before, "08:00", "08:30", 1))
		if now := first(); now.Status != models.SessionCancelled {
			t.Errorf("the same file again made it %s", now.Status)
		}
	})
}
