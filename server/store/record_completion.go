package store

import (
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// Progress is how far a person is with a class, and what the office has marked.
type Progress struct {
	attendance.Progress
	TasksDone   bool
	CompletedAt models.Millis // 0: not completed
}

// Progress tells how far people of one class are, by enrollment. It is derived from
// their attendance by the rulebook.
func (q Queries) Progress(class uuid.UUID, people ...uuid.UUID) (map[uuid.UUID]Progress, error) {
	c, err := q.Class(class)
	if err != nil {
		return nil, err
	}
	pilot, err := q.Pilot(c.PilotID)
	if err != nil {
		return nil, err
	}
	course, err := q.Course(c.CourseID)
	if err != nil {
		return nil, err
	}
	sessions, err := q.SessionsOf(class)
	if err != nil {
		return nil, err
	}
	rules := rulesOf(sessions)
	rows, err := in[models.Attendance](q.db.Where("class_id = ?", class), "enrollment_id", people)
	if err != nil {
		return nil, err
	}
	attended := results{}
	for _, a := range rows {
		attended.add(a)
	}
	marks, err := in[models.Completion](q.db, "enrollment_id", people)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]Progress{}
	for _, m := range marks {
		out[m.EnrollmentID] = Progress{TasksDone: m.TasksDone, CompletedAt: m.CompletedAt}
	}
	for _, person := range people {
		p := out[person]
		p.Progress = attendance.Complete(PolicyOf(c, pilot), rules, attended[person], p.TasksDone, course.InClass())
		out[person] = p
	}
	return out, nil
}

// results are attendances by enrollment and session.
type results map[uuid.UUID]map[uuid.UUID]attendance.Attendance

func (r results) add(a models.Attendance) {
	if r[a.EnrollmentID] == nil {
		r[a.EnrollmentID] = map[uuid.UUID]attendance.Attendance{}
	}
	r[a.EnrollmentID][a.SessionID] = attendance.Of(a)
}

func rulesOf(sessions []models.Session) []attendance.Session {
	rules := make([]attendance.Session, len(sessions))
	for i, s := range sessions {
		rules[i] = attendance.Session{ID: s.ID, Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Cancelled: s.Status == models.SessionCancelled}
	}
	return rules
}

// MarkTasks says whether a person has done their class's required tasks. Whether that
// completes the class is found at the transaction's end.
func (t *Tx) MarkTasks(enrollment uuid.UUID, done bool) error {
	e, err := t.Enrollment(enrollment)
	if err != nil {
		return err
	}
	if _, err := t.LockClass(e.ClassID); err != nil { // its attendance stands still meanwhile
		return err
	}
	row, err := one[models.Completion](t.db, "enrollment_id = ?", enrollment)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	was := row
	row.EnrollmentID, row.TasksDone = enrollment, done
	if row == was {
		return nil
	}
	t.altered.completions = append(t.altered.completions, enrollment)
	return translate(t.db.Save(&row).Error)
}

// ClassHours counts what a class gives of its course's hours.
func (q Queries) ClassHours(class models.Class, now models.Millis) (attendance.Hours, error) {
	course, err1 := q.Course(class.CourseID)
	sessions, err2 := q.SessionsOf(class.ID)
	return attendance.HoursOf(course.InClass(), rulesOf(sessions), now), errors.Join(err1, err2)
}

// HoursOf counts what some sessions give of a course's hours.
func HoursOf(course models.Course, sessions map[uuid.UUID]models.Session, now models.Millis) attendance.Hours {
	return attendance.HoursOf(course.InClass(), rulesOf(slices.Collect(maps.Values(sessions))), now)
}

// settle finds, for marked people whose attendance or mark changed, or whose class has other
// sessions or rules, whether they have completed their class now. It announces those for
// whom that changed.
func (t *Tx) settle() error {
	touched := slices.Clone(t.altered.completions)
	for _, people := range t.altered.attendance {
		touched = append(touched, people...)
	}
	for part := range slices.Chunk(slices.Collect(maps.Keys(t.altered.replanned)), chunk) {
		var people []uuid.UUID
		if err := t.db.Model(&models.Completion{}).Joins("JOIN enrollments e ON e.id = completions.enrollment_id").
			Where("e.class_id IN ?", part).Pluck("enrollment_id", &people).Error; err != nil {
			return translate(err)
		}
		touched = append(touched, people...)
	}
	marked, err := in[models.Completion](t.db, "enrollment_id", touched)
	if err != nil || len(marked) == 0 {
		return err
	}
	ids := make([]uuid.UUID, len(marked))
	for i, m := range marked {
		ids[i] = m.EnrollmentID
	}
	places, err := in[models.Enrollment](t.db, "id", ids)
	if err != nil {
		return err
	}
	byClass := map[uuid.UUID][]uuid.UUID{}
	for _, e := range places {
		byClass[e.ClassID] = append(byClass[e.ClassID], e.ID)
	}
	for class, people := range byClass {
		progress, err := t.Progress(class, people...)
		if err != nil {
			return err
		}
		for person, p := range progress {
			if p.Completed == (p.CompletedAt != 0) {
				continue
			}
			row := models.Completion{EnrollmentID: person, TasksDone: p.TasksDone}
			if p.Completed {
				row.CompletedAt = t.now
			}
			if err := t.db.Save(&row).Error; err != nil {
				return translate(err)
			}
			if !slices.Contains(t.altered.completions, person) {
				t.altered.completions = append(t.altered.completions, person)
			}
		}
	}
	return nil
}

// CompletionFact is how far one person is, with what names it elsewhere.
type CompletionFact struct {
	EnrollmentID  uuid.UUID
	ClassID       uuid.UUID
	ClassCode     string
	ProviderID    uuid.UUID
	ParticipantID *uuid.UUID
	Number        string
	Progress
}

// Completions tells how far participants are, in the order of their enrollments.
func (q Queries) Completions(f EnrollmentFilter, s Slice) ([]CompletionFact, error) {
	f.Role = models.PersonParticipant
	places, err := q.ListEnrollments(f, s)
	if err != nil {
		return nil, err
	}
	byClass := map[uuid.UUID][]uuid.UUID{}
	for _, e := range places.Rows {
		byClass[e.ClassID] = append(byClass[e.ClassID], e.ID)
	}
	progress := map[uuid.UUID]Progress{}
	for class, people := range byClass {
		some, err := q.Progress(class, people...)
		if err != nil {
			return nil, err
		}
		for person, p := range some {
			progress[person] = p
		}
	}
	facts := make([]CompletionFact, len(places.Rows))
	for i, e := range places.Rows {
		facts[i] = CompletionFact{EnrollmentID: e.ID, ClassID: e.ClassID, ClassCode: e.ClassCode, ProviderID: e.ProviderID,
			ParticipantID: e.ParticipantID, Number: e.Number, Progress: progress[e.ID]}
	}
	return facts, nil
}
