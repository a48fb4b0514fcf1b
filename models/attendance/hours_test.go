package attendance_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// fourHours are sessions of four hours each; the first cancelled ones don't count.
func fourHours(n, cancelled int) (list []attendance.Session, results map[uuid.UUID]attendance.Attendance) {
	results = map[uuid.UUID]attendance.Attendance{}
	for i := range n + cancelled {
		id := sessionID(byte(i + 1))
		start := base.Add(time.Duration(i) * 24 * time.Hour)
		list = append(list, attendance.Session{ID: id, Start: start, End: start.Add(4 * time.Hour), Cancelled: i < cancelled})
		results[id] = attendance.Attendance{Status: models.StatusPresent, Derived: models.StatusPresent, Final: true, Minutes: 240}
	}
	return list, results
}

func TestACoursesHoursCountWhereThePolicyRequiresThem(t *testing.T) {
	for _, c := range []struct {
		name                   string
		rule                   models.HoursRule
		share, hours, sessions int
		owed                   int
	}{
		{"half of the hours, and nobody asks", models.HoursIgnore, 100, 16, 2, 0},
		{"half of them, and it is only said", models.HoursWarn, 100, 16, 2, 0},
		{"a policy from before there was a rule", "", 100, 16, 2, 0},
		{"half of them, and all are required", models.HoursRequire, 100, 16, 2, 480},
		{"all of them", models.HoursRequire, 100, 16, 4, 0},
		{"more than all", models.HoursRequire, 100, 16, 5, 0},
		{"the share that is required", models.HoursRequire, 50, 16, 2, 0},
		{"a minute short of it", models.HoursRequire, 51, 16, 2, 10},
		{"a course that is taught online too", models.HoursRequire, 100, 0, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			policy := models.DefaultPolicy()
			policy.Hours, policy.SessionsShare = c.rule, c.share
			sessions, results := fourHours(c.sessions, 1)
			got := attendance.Complete(policy, sessions, results, true, c.hours)
			if got.Owed != c.owed || got.Completed != (c.owed == 0) {
				t.Errorf("owes %d minutes, completed %t; want %d", got.Owed, got.Completed, c.owed)
			}
		})
	}
}

func TestAClassGivesTheHoursOfItsSessions(t *testing.T) {
	sessions, _ := fourHours(3, 1)
	got := attendance.HoursOf(16, sessions, sessions[2].End)
	if want := (attendance.Hours{Course: 960, Planned: 720, Held: 480}); got != want || got.Owed() != 240 {
		t.Errorf("%+v owes %d, want %+v owing 240", got, got.Owed(), want)
	}
	if got := attendance.HoursOf(0, sessions, base); got.Owed() != 0 || got.Held != 0 {
		t.Errorf("of a course whose hours in class nobody knows: %+v", got)
	}
}

// Who may miss nothing owes just what the class owes, and a rule never makes completion easier.
func TestHoursNeverCompleteWhatSessionsDoNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sessions, results := fourHours(rapid.IntRange(0, 8).Draw(t, "sessions"), rapid.IntRange(0, 2).Draw(t, "cancelled"))
		hours, policy := rapid.IntRange(0, 40).Draw(t, "hours"), models.DefaultPolicy()
		policy.SessionsShare = rapid.IntRange(0, 100).Draw(t, "share")
		if missed := rapid.IntRange(0, len(sessions)).Draw(t, "missed"); missed < len(sessions) {
			results[sessions[missed].ID] = attendance.Attendance{Status: models.StatusAbsent, Derived: models.StatusAbsent}
		}
		policy.Hours = models.HoursWarn
		lenient := attendance.Complete(policy, sessions, results, true, hours)
		policy.Hours = models.HoursRequire
		strict := attendance.Complete(policy, sessions, results, true, hours)
		if strict.Completed && !lenient.Completed || strict.Completed != (lenient.Completed && strict.Owed == 0) {
			t.Errorf("required: %+v, not required: %+v", strict, lenient)
		}
		if policy.SessionsShare == 100 && lenient.Completed && strict.Owed != attendance.HoursOf(hours, sessions, base).Owed() {
			t.Errorf("came to all sessions and owes %d minutes, the class %d", strict.Owed, attendance.HoursOf(hours, sessions, base).Owed())
		}
	})
}
