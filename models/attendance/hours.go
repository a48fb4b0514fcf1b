package attendance

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// Hours is what a course has to give in class, and what a class gives of it, in minutes.
type Hours struct {
	Course        int // 0: not known
	Planned, Held int // by the sessions that were not cancelled; by those of them that are over
}

// HoursOf counts the hours of a class. course are those that its course has to give in class.
func HoursOf(course int, sessions []Session, now models.Millis) Hours {
	h := Hours{Course: course * 60}
	for _, s := range planned(sessions) {
		h.Planned += length(s)
		if s.End <= now {
			h.Held += length(s)
		}
	}
	return h
}

// Owed are the minutes of the course that no session is planned for.
func (h Hours) Owed() int { return max(0, h.Course-h.Planned) }

// owes is how many minutes a person has to attend yet, where the policy requires its share of
// the course's hours. A session that counts as attended counts whole, and so does one that
// isn't asked of who came to the class later.
func owes(policy models.Policy, sessions []Session, results map[uuid.UUID]Attendance, hours int) int {
	if policy.HoursRule() != models.HoursRequire {
		return 0
	}
	owed := (hours*60*policy.SessionsShare + 99) / 100
	for _, s := range planned(sessions) {
		a := results[s.ID]
		if Attends(policy, s, a) || policy.NewcomersExempt && a.Status == models.StatusNotEnrolled {
			owed -= length(s)
		}
	}
	return max(0, owed)
}
