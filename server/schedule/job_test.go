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
	o := newOffice(t, "")
	j := o.jobs()
	id, err := j.Upload(t.Context(), by(), schedule.File{Kind: schedule.KindParticipants, Name: "a.csv", Content: []byte(peopleHead + "REG-1,123,Siti,,\n"), Pilot: &o.pilot.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.until(j, id, schedule.JobRefused); len(got.Report.Errors) != 1 {
		t.Errorf("the report lists %+v", got.Report)
	}
}
