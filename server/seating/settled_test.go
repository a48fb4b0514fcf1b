package seating_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

func TestAFileDoesNotMoveWhatSomethingHappenedAt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		sessions, err := o.Store.Read(t.Context()).SessionsOf(o.Class("A").ID)
		if err != nil {
			t.Fatal(err)
		}
		e := o.enrolled("A", 0)
		author := models.User{ID: uuid.New(), Email: "a@contoh.id", Name: "A", Role: models.RoleAdmin}
		correction := models.Correction{ID: uuid.New(), SessionID: sessions[0].ID, EnrollmentID: e.ID, Status: models.StatusPresent, Reason: "uji",
			AuthorID: author.ID, Author: "A", Order: 1}
		for _, row := range []any{&author, &correction} {
			if err := o.DB.Create(row).Error; err != nil {
				t.Fatal(err)
			}
		}
		o.Good(imports.KindSchedule, plantest.ScheduleCSV) // nothing changes
		rep, err := o.Load(imports.KindSchedule, strings.Replace(plantest.ScheduleCSV, "2026-11-23,08:00,12:00,R1", "2026-11-23,09:00,13:00,R1", 1))
		if !errors.Is(err, imports.ErrRows) || len(rep.Errors) != 1 || rep.Errors[0].Key != "import.session_happened" {
			t.Errorf("%v %+v, want the one line refused", err, rep.Errors)
		}
		o.Good(imports.KindSchedule, strings.Replace(plantest.ScheduleCSV, "2026-11-24,08.00,12.00,R1", "2026-11-24,09.00,13.00,R1", 1))
	})
}

func TestAFileChangesNothingOfAClosedClass(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := o.DB.Model(&models.Class{}).Where("code = 'B'").Update("closed_at", 1).Error; err != nil {
		t.Fatal(err)
	}
	o.Good(imports.KindSchedule, plantest.ScheduleCSV) // the same again
	for name, edit := range map[string][2]string{
		"its seats": {"KPG,2,1", "KPG,1,1"}, "its course": {"B,JHT", "B,JHT-2"}, "its hours": {"2026-11-23,08:00,12:00,R1,P2", "2026-11-23,09:00,13:00,R1,P2"},
		"its instructors": {"P2,Bu Ani", "P9,Pak Baru"},
	} {
		rep, err := o.Load(imports.KindSchedule, strings.Replace(plantest.ScheduleCSV, edit[0], edit[1], 1))
		if !errors.Is(err, imports.ErrRows) || len(rep.Errors) != 1 || rep.Errors[0].Key != "import.class_closed" {
			t.Errorf("%s: %v %+v, want the line refused", name, err, rep.Errors)
		}
	}
}

// enrolled gives somebody a place.
func (o *fixture) enrolled(class string, n int) models.Enrollment {
	o.T.Helper()
	e, err := o.Enroll(o.T.Context(), plantest.By(), o.Class(class).ID, o.People(n, n+1)[0])
	if err != nil {
		o.T.Fatal(err)
	}
	return e
}
