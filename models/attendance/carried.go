package attendance

import "buktihadir/models"

// Carried is what an attendance at a session says of the session with the same number
// of another class of the course, where somebody goes on: what counts here counts there,
// and who left early has left early. About anything else it says nothing.
func Carried(policy models.Policy, s Session, a Attendance) (status models.AttendanceStatus, ok bool) {
	if a.Open || !Attends(policy, s, a) && a.Status != models.StatusLeftEarly {
		return "", false
	}
	return a.Status, true
}
