package figures

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Standing is where somebody stands on the way to completing a class.
type Standing string

// The standings.
const (
	StandingDone  Standing = "done"
	StandingTasks Standing = "tasks" // came often enough, and the tasks are not marked
	StandingHours Standing = "hours" // came often enough, and the class gave too few hours
	StandingLost  Standing = "lost"  // has missed too much
	StandingLast  Standing = "last"  // may not miss another session
	StandingWay   Standing = "way"
)

// Standings lists them.
func Standings() []Standing {
	return []Standing{StandingLost, StandingLast, StandingHours, StandingTasks, StandingWay, StandingDone}
}

// StandingOf says where a progress stands.
func StandingOf(p store.Progress) Standing {
	switch {
	case p.Completed:
		return StandingDone
	case p.Missing < 0:
		return StandingLost
	case p.Sessions > 0 && p.Attended+p.Missed == p.Sessions && p.Owed > 0:
		return StandingHours
	case p.Sessions > 0 && p.Attended+p.Missed == p.Sessions:
		return StandingTasks
	case p.Missing == 0:
		return StandingLast
	}
	return StandingWay
}

// ProgressLine is one participant of one class, on the way to completing it.
type ProgressLine struct {
	store.CompletionFact
	Name string
}

// Held is the number of a person's sessions that are over.
func (l ProgressLine) Held() int { return l.Attended + l.Missed }

// Share is how many of those they came to.
func (l ProgressLine) Share() float64 { return share(int64(l.Attended), int64(l.Held())) }

// Progress gives the people at a stage, those with the lowest attendance first, and the
// number of people at each stage. Provider limits them to one institution; nil is no
// limit. NameProgress names them.
func Progress(q store.Queries, provider *uuid.UUID, wanted Standing) (lines []ProgressLine, counts map[Standing]int, err error) {
	counts = map[Standing]int{}
	err = q.EachCompletion(provider, func(f store.CompletionFact) {
		s := StandingOf(f.Progress)
		if counts[s]++; s == wanted {
			lines = append(lines, ProgressLine{CompletionFact: f})
		}
	})
	slices.SortStableFunc(lines, func(a, b ProgressLine) int { return cmp.Compare(a.Share(), b.Share()) })
	return lines, counts, err
}

// NameProgress says what the people of lines are called.
func NameProgress(q store.Queries, lines []ProgressLine) error {
	rows := make([]models.Enrollment, len(lines))
	for i, l := range lines {
		rows[i] = models.Enrollment{ID: l.EnrollmentID, ClassID: l.ClassID, Role: models.PersonParticipant, ParticipantID: l.ParticipantID}
	}
	names, err := q.Names(rows)
	for i := range lines {
		lines[i].Name = names[lines[i].EnrollmentID]
	}
	return err
}
