package attendance

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// Of reads a result as it is kept. Nobody else makes an Attendance of a row.
func Of(row models.Attendance) Attendance {
	return Attendance{Status: row.Status, Derived: row.Derived, Corrected: row.Corrected, Final: row.Final, FirstIn: row.FirstIn, LastOut: row.LastOut,
		Minutes: row.Minutes, Open: row.Open, Flags: row.FlagList(), Accepted: row.Accepted}
}

// Progress is how far a person is with a class.
type Progress struct {
	Attended, Sessions int
	Provisional        int // of those attended: what may still change
	Missed             int // what only a correction changes
	Missing            int // sessions that may still be missed before completion is out of reach; negative: out of reach
	Owed               int // minutes of the course's hours that the person has to attend yet, where the policy requires them
	Completed          bool
}

// Needed is how many more sessions the person must come to: 0 once it was often enough.
func (p Progress) Needed() int {
	return max(0, p.Sessions-p.Missed-p.Missing-p.Attended)
}

// Attends says whether an attendance counts as having been at its session: on time or
// late, and long enough, or by a correction whatever the minutes. A correction to the
// very status that the events give is one too.
func Attends(policy models.Policy, s Session, a Attendance) bool {
	came := a.Status == models.StatusPresent || a.Status == models.StatusLate
	return came && (a.Corrected || !tooShort(s, policy, a.Minutes))
}

// Complete applies the policy's shares to a person's attendance at a class's sessions, see
// Attends. hours are those that its course has to give in class; 0: not known.
func Complete(policy models.Policy, sessions []Session, results map[uuid.UUID]Attendance, tasksDone bool, hours int) Progress {
	var p Progress
	for _, s := range planned(sessions) {
		p.Sessions++
		a := results[s.ID]
		switch {
		case Attends(policy, s, a):
			p.Attended++
			if !a.Final {
				p.Provisional++
			}
		case a.Final && a.Status == models.StatusNotEnrolled && policy.NewcomersExempt:
			p.Sessions--
		case a.Final && a.Status != models.StatusPending && a.Status != models.StatusInside:
			p.Missed++
		}
	}
	needed := (p.Sessions*policy.SessionsShare + 99) / 100
	p.Missing = p.Sessions - needed - p.Missed
	p.Owed = owes(policy, sessions, results, hours)
	p.Completed = p.Sessions > 0 && p.Attended-p.Provisional >= needed && p.Owed == 0 && tasksDone
	return p
}

// Carried is what an attendance at a session says of the session with the same number
// of another class of the course, where somebody goes on: what counts here counts there,
// and who left early has left early. About anything else it says nothing.
func Carried(policy models.Policy, s Session, a Attendance) (status models.AttendanceStatus, ok bool) {
	if !a.Final || !Attends(policy, s, a) && a.Status != models.StatusLeftEarly {
		return "", false
	}
	return a.Status, true
}
