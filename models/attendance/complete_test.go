package attendance_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

func TestWhenAClassIsDone(t *testing.T) {
	derived := func(s models.AttendanceStatus, minutes int) attendance.Attendance {
		return attendance.Attendance{Status: s, Derived: s, Final: true, Minutes: minutes}
	}
	corrected := func(to, from models.AttendanceStatus, minutes int) attendance.Attendance {
		return attendance.Attendance{Status: to, Derived: from, Corrected: true, Final: true, Minutes: minutes}
	}
	whole := derived(models.StatusPresent, 100)
	for _, c := range []struct {
		name    string
		results []attendance.Attendance // of sessions of 100 minutes
		policy  func(p *models.Policy)
		noTasks bool
		want    attendance.Progress
	}{
		{name: "no session", want: attendance.Progress{}},
		{name: "every session", results: []attendance.Attendance{whole, whole}, want: attendance.Progress{Attended: 2, Sessions: 2, Completed: true}},
		{name: "every session, and the tasks not done", results: []attendance.Attendance{whole, whole}, noTasks: true, want: attendance.Progress{Attended: 2, Sessions: 2}},
		{name: "a session to come", results: []attendance.Attendance{whole, {}}, want: attendance.Progress{Attended: 1, Sessions: 2}},
		{name: "a session whose site has not reported", results: []attendance.Attendance{whole, derived(models.StatusPending, 0)}, want: attendance.Progress{Attended: 1, Sessions: 2}},
		{name: "came, and it may change still", results: []attendance.Attendance{{Status: models.StatusPresent, Derived: models.StatusPresent, Minutes: 100}},
			want: attendance.Progress{Attended: 1, Sessions: 1, Provisional: 1}},
		{name: "left early so far", results: []attendance.Attendance{{Status: models.StatusLeftEarly, Derived: models.StatusLeftEarly, Minutes: 2}}, want: attendance.Progress{Sessions: 1}},
		{name: "absent so far", results: []attendance.Attendance{{Status: models.StatusAbsent, Derived: models.StatusAbsent}}, want: attendance.Progress{Sessions: 1}},
		{name: "a session before the enrolment", results: []attendance.Attendance{whole, derived(models.StatusNotEnrolled, 0)},
			want: attendance.Progress{Attended: 1, Sessions: 2, Missed: 1, Missing: -1}},
		{name: "a session before the enrolment, where it is not asked for", results: []attendance.Attendance{whole, derived(models.StatusNotEnrolled, 0)},
			policy: func(p *models.Policy) { p.NewcomersExempt = true }, want: attendance.Progress{Attended: 1, Sessions: 1, Completed: true}},
		{name: "a session missed", results: []attendance.Attendance{whole, derived(models.StatusAbsent, 0)}, want: attendance.Progress{Attended: 1, Sessions: 2, Missed: 1, Missing: -1}},
		{name: "a session missed of two, where half is enough", results: []attendance.Attendance{whole, derived(models.StatusAbsent, 0)},
			policy: func(p *models.Policy) { p.SessionsShare = 50 }, want: attendance.Progress{Attended: 1, Sessions: 2, Missed: 1, Completed: true}},
		{name: "one of three, where a third is not quite enough", results: []attendance.Attendance{whole, {}, {}},
			policy: func(p *models.Policy) { p.SessionsShare = 34 }, want: attendance.Progress{Attended: 1, Sessions: 3, Missing: 1}},
		{name: "one of three, where a third is enough", results: []attendance.Attendance{whole, {}, {}},
			policy: func(p *models.Policy) { p.SessionsShare = 33 }, want: attendance.Progress{Attended: 1, Sessions: 3, Missing: 2, Completed: true}},
		{name: "late, and long enough", results: []attendance.Attendance{derived(models.StatusLate, 80)}, want: attendance.Progress{Attended: 1, Sessions: 1, Completed: true}},
		{name: "late, and a minute too short", results: []attendance.Attendance{derived(models.StatusLate, 79)}, want: attendance.Progress{Sessions: 1, Missed: 1, Missing: -1}},
		{name: "left early", results: []attendance.Attendance{derived(models.StatusLeftEarly, 79)}, want: attendance.Progress{Sessions: 1, Missed: 1, Missing: -1}},
		{name: "still in", results: []attendance.Attendance{{Status: models.StatusInside, Derived: models.StatusInside, Open: true}}, want: attendance.Progress{Sessions: 1}},
		{name: "corrected to present counts whatever the minutes", results: []attendance.Attendance{corrected(models.StatusPresent, models.StatusAbsent, 0)},
			want: attendance.Progress{Attended: 1, Sessions: 1, Completed: true}},
		{name: "corrected to late too", results: []attendance.Attendance{corrected(models.StatusLate, models.StatusLeftEarly, 10)},
			want: attendance.Progress{Attended: 1, Sessions: 1, Completed: true}},
		{name: "late, a minute too short, and corrected to late: the office says that it counts", results: []attendance.Attendance{corrected(models.StatusLate, models.StatusLate, 79)},
			want: attendance.Progress{Attended: 1, Sessions: 1, Completed: true}},
		{name: "left early, and corrected to just that", results: []attendance.Attendance{corrected(models.StatusLeftEarly, models.StatusLeftEarly, 79)}, want: attendance.Progress{Sessions: 1, Missed: 1, Missing: -1}},
		{name: "excused is not attended", results: []attendance.Attendance{corrected(models.StatusExcused, models.StatusAbsent, 0)}, want: attendance.Progress{Sessions: 1, Missed: 1, Missing: -1}},
		{name: "corrected to absent, whatever the minutes", results: []attendance.Attendance{corrected(models.StatusAbsent, models.StatusPresent, 100)}, want: attendance.Progress{Sessions: 1, Missed: 1, Missing: -1}},
		{name: "seen to leave and never to come", results: []attendance.Attendance{derived(models.StatusUnverified, 0)}, want: attendance.Progress{Sessions: 1, Missed: 1, Missing: -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			policy, results := models.DefaultPolicy(), map[uuid.UUID]attendance.Attendance{}
			if c.policy != nil {
				c.policy(&policy)
			}
			sessions := []attendance.Session{{ID: sessionID(99), Start: base, End: base + 6_000_000, Cancelled: true}}
			for i, r := range c.results {
				id := sessionID(byte(i + 1))
				sessions = append(sessions, attendance.Session{ID: id, Start: base, End: base + 6_000_000})
				results[id] = r
			}
			if got := attendance.Complete(policy, sessions, results, !c.noTasks, 0); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestWhoComesAsOftenAsIsNeededIsDone(t *testing.T) {
	whole := attendance.Attendance{Status: models.StatusPresent, Derived: models.StatusPresent, Final: true, Minutes: 100}
	gone := attendance.Attendance{Status: models.StatusAbsent, Derived: models.StatusAbsent, Final: true}
	progress := func(share, sessions, came, missed int) attendance.Progress {
		policy, results := models.DefaultPolicy(), map[uuid.UUID]attendance.Attendance{}
		policy.SessionsShare = share
		var list []attendance.Session
		for i := range sessions {
			id := sessionID(byte(i + 1))
			list = append(list, attendance.Session{ID: id, Start: base, End: base + 6_000_000})
			if i < came {
				results[id] = whole
			} else if i < came+missed {
				results[id] = gone
			}
		}
		return attendance.Complete(policy, list, results, true, 0)
	}
	for _, share := range []int{1, 50, 80, 100} {
		for sessions := range 9 {
			for came := range sessions + 1 {
				for missed := range sessions - came + 1 {
					p := progress(share, sessions, came, missed)
					if p.Missing < 0 || sessions == 0 {
						continue
					}
					if !progress(share, sessions, came+p.Needed(), missed).Completed {
						t.Errorf("%d%% of %d, came %d, missed %d: %d more are not enough", share, sessions, came, missed, p.Needed())
					}
					if p.Needed() > 0 && progress(share, sessions, came+p.Needed()-1, missed).Completed {
						t.Errorf("%d%% of %d, came %d, missed %d: fewer than %d more are enough", share, sessions, came, missed, p.Needed())
					}
				}
			}
		}
	}
}
