package imports_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

// jobs starts the background importer, as the program does.
func (o *fixture) jobs() *imports.Jobs {
	o.T.Helper()
	j, err := imports.NewJobs(imports.New(o.Store), slog.New(slog.DiscardHandler))
	if err != nil {
		o.T.Fatal(err)
	}
	o.T.Cleanup(j.Close)
	return j
}

func (o *fixture) until(j *imports.Jobs, id uuid.UUID, want imports.JobState) imports.Job {
	o.T.Helper()
	for o.T.Context().Err() == nil {
		got, err := j.Job(o.T.Context(), id)
		if err != nil {
			o.T.Fatal(err)
		}
		switch got.State {
		case want:
			return got
		case imports.JobChecking, imports.JobApplying:
		default:
			o.T.Fatalf("the job is %s with %+v, want %s", got.State, got.Report, want)
		}
	}
	o.T.Fatal(context.Cause(o.T.Context()))
	return imports.Job{}
}

func TestAnUploadSurvivesARestart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		first := o.jobs()
		f := imports.File{Kind: imports.KindParticipants, Name: "a.csv", Content: []byte(plantest.PeopleHead + plantest.Person(0, "A")), Pilot: &o.Pilot.ID}
		id, err := first.Upload(t.Context(), plantest.By(), f)
		if err != nil {
			t.Fatal(err)
		}
		first.Close() // in the middle of the check, or after it
		second := o.jobs()
		if got := o.until(second, id, imports.JobReady); got.Report.New != 1 {
			t.Errorf("the check found %+v", got.Report)
		}
		if err := second.Apply(t.Context(), plantest.By(), id); err != nil {
			t.Fatal(err)
		}
		second.Close()
		third := o.jobs()
		o.until(third, id, imports.JobDone)
		if n := len(o.Places("A")); n != 1 {
			t.Errorf("%d places after the import, want 1", n)
		}
		plantest.WantRefusal(t, third.Apply(t.Context(), plantest.By(), id), "import.not_ready")
	})
}

func TestAnUploadWithBadRowsIsRefusedAndSaysWhy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	j := o.jobs()
	id, err := j.Upload(t.Context(), plantest.By(),
		imports.File{Kind: imports.KindParticipants, Name: "a.csv", Content: []byte(plantest.PeopleHead + "REG-1,123,Siti,,\n"), Pilot: &o.Pilot.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.until(j, id, imports.JobRefused); len(got.Report.Errors) != 1 {
		t.Errorf("the report lists %+v", got.Report)
	}
}

// The plan changes between a file's check and its import: a warning that nobody has seen
// asks again, and the next consent imports the file.
func TestAnUploadWithANewWarningWaitsForAnotherWord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	j := o.jobs()
	id, err := j.Upload(t.Context(), plantest.By(), imports.File{Kind: imports.KindSchedule, Name: "a.csv", Pilot: &o.Pilot.ID,
		Content: []byte(plantest.ScheduleHead + "X,SNK,Singkat,4,LPK,LPK Karya,BDG,2,1,2026-12-01,08:00,12:00,R1,,\n")})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.until(j, id, imports.JobReady); len(got.Report.Warnings) != 1 || got.Report.Unseen {
		t.Fatalf("checked: %+v", got.Report)
	}
	if err := o.AddHoliday(t.Context(), plantest.By(), "2026-12-01", "Libur uji", "uji"); err != nil {
		t.Fatal(err)
	}
	say := func() {
		if err := j.Apply(t.Context(), plantest.By(), id); err != nil {
			t.Fatal(err)
		}
	}
	say()
	if got := o.until(j, id, imports.JobReady); len(got.Report.Warnings) != 2 || !got.Report.Unseen {
		t.Errorf("with a new warning: %+v", got.Report)
	}
	if _, err := o.Store.Read(t.Context()).ClassByCode("X"); err == nil {
		t.Error("imported unseen")
	}
	say()
	o.until(j, id, imports.JobDone)
}
