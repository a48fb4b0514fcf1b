package schedule_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"buktihadir/server/schedule"
)

// jobs starts the background importer, as the program does.
func (o *office) jobs() *schedule.Jobs {
	o.t.Helper()
	j, err := schedule.NewJobs(o.Planner, slog.New(slog.DiscardHandler))
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(j.Close)
	return j
}

func (o *office) until(j *schedule.Jobs, id uuid.UUID, want schedule.JobState) schedule.Job {
	o.t.Helper()
	for o.t.Context().Err() == nil {
		got, err := j.Job(o.t.Context(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		switch got.State {
		case want:
			return got
		case schedule.JobChecking, schedule.JobApplying:
		default:
			o.t.Fatalf("the job is %s with %+v, want %s", got.State, got.Report, want)
		}
	}
	o.t.Fatal(context.Cause(o.t.Context()))
	return schedule.Job{}
}

func TestAnUploadSurvivesARestart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *office) {
		first := o.jobs()
		f := schedule.File{Kind: schedule.KindParticipants, Name: "a.csv", Content: []byte(peopleHead + person(0, "A")), Pilot: &o.pilot.ID}
		id, err := first.Upload(t.Context(), by(), f)
		if err != nil {
			t.Fatal(err)
		}
		first.Close() // in the middle of the check, or after it
		second := o.jobs()
		if got := o.until(second, id, schedule.JobReady); got.Report.New != 1 {
			t.Errorf("the check found %+v", got.Report)
		}
		if err := second.Apply(t.Context(), by(), id); err != nil {
			t.Fatal(err)
		}
		second.Close()
		third := o.jobs()
		o.until(third, id, schedule.JobDone)
		if n := len(o.places("A")); n != 1 {
			t.Errorf("%d places after the import, want 1", n)
		}
		wantRefusal(t, third.Apply(t.Context(), by(), id), "import.not_ready")
	})
}

func TestAnUploadWithBadRowsIsRefusedAndSaysWhy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	j := o.jobs()
	id, err := j.Upload(t.Context(), by(), schedule.File{Kind: schedule.KindParticipants, Name: "a.csv", Content: []byte(peopleHead + "REG-1,123,Siti,,\n"), Pilot: &o.pilot.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.until(j, id, schedule.JobRefused); len(got.Report.Errors) != 1 {
		t.Errorf("the report lists %+v", got.Report)
	}
}

// Between a file's check and its import, the plan goes on: a warning that nobody saw asks
// again, and the next word imports it.
func TestAnUploadWithANewWarningWaitsForAnotherWord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	j := o.jobs()
	id, err := j.Upload(t.Context(), by(), schedule.File{Kind: schedule.KindSchedule, Name: "a.csv", Pilot: &o.pilot.ID,
		Content: []byte(scheduleHead + "X,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-12-01,08:00,12:00,R1,,\n")})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.until(j, id, schedule.JobReady); len(got.Report.Warnings) != 1 || got.Report.Unseen {
		t.Fatalf("checked: %+v", got.Report)
	}
	if err := o.AddHoliday(t.Context(), by(), "2026-12-01", "Libur uji", "uji"); err != nil {
		t.Fatal(err)
	}
	say := func() {
		if err := j.Apply(t.Context(), by(), id); err != nil {
			t.Fatal(err)
		}
	}
	say()
	if got := o.until(j, id, schedule.JobReady); len(got.Report.Warnings) != 2 || !got.Report.Unseen {
		t.Errorf("with a new warning: %+v", got.Report)
	}
	if _, err := o.st.Read(t.Context()).ClassByCode("X"); err == nil {
		t.Error("imported unseen")
	}
	say()
	o.until(j, id, schedule.JobDone)
}
