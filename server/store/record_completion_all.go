package store

import (
	"errors"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// classesAtOnce is how many classes EachCompletion holds in memory.
const classesAtOnce = 200

// EachCompletion reports how far every active participant is, class by class, of one
// institution or, if it is nil, of all. It reads each table once: O(attendance).
func (q Queries) EachCompletion(provider *uuid.UUID, take func(CompletionFact)) error {
	db := q.db
	if provider != nil {
		db = db.Where("provider_id = ?", *provider)
	}
	classes, err := all[models.Class](db.Order("code"))
	if err != nil {
		return err
	}
	pilots, courses := map[uuid.UUID]models.Pilot{}, map[uuid.UUID]models.Course{}
	for part := range slices.Chunk(classes, classesAtOnce) {
		if err := q.completionsOf(part, pilots, courses, take); err != nil {
			return err
		}
	}
	return nil
}

func (q Queries) completionsOf(
	classes []models.Class, pilots map[uuid.UUID]models.Pilot, courses map[uuid.UUID]models.Course, take func(CompletionFact),
) error {
	ids := make([]uuid.UUID, len(classes))
	for i, c := range classes {
		ids[i] = c.ID
	}
	sessions, err1 := in[models.Session](q.db, "class_id", ids)
	results, err2 := q.resultsOf(ids)
	var people []CompletionFact
	err3 := q.db.Table("enrollments e").Joins("JOIN participants p ON p.id = e.participant_id").Joins("LEFT JOIN completions d ON d.enrollment_id = e.id").
		Where("e.class_id IN ? AND e.status = ?", ids, models.EnrollmentActive).Order("e.class_id, p.number").
		Select(`e.id AS enrollment_id, e.class_id, e.participant_id, p.number, COALESCE(d.tasks_done, FALSE) AS tasks_done,
			COALESCE(d.completed_at, 0) AS completed_at`).Scan(&people).Error
	if err := errors.Join(err1, err2, translate(err3)); err != nil {
		return err
	}
	planned, placed := map[uuid.UUID][]models.Session{}, map[uuid.UUID][]CompletionFact{}
	for _, s := range sessions {
		planned[s.ClassID] = append(planned[s.ClassID], s)
	}
	for _, f := range people {
		placed[f.ClassID] = append(placed[f.ClassID], f)
	}
	for _, c := range classes {
		pilot, err := cached(pilots, c.PilotID, q.Pilot)
		if err != nil {
			return err
		}
		course, err := cached(courses, c.CourseID, q.Course)
		if err != nil {
			return err
		}
		policy, rules := PolicyOf(c, pilot), rulesOf(planned[c.ID])
		for _, f := range placed[c.ID] {
			f.ClassCode, f.ProviderID = c.Code, c.ProviderID
			f.Progress.Progress = attendance.Complete(policy, rules, results[f.EnrollmentID], f.TasksDone, course.InClass())
			take(f)
		}
	}
	return nil
}

// resultsOf are the results of everybody in classes.
func (q Queries) resultsOf(classes []uuid.UUID) (results, error) {
	out := results{}
	err := each(q.db.Model(&models.Attendance{}).Where("class_id IN ?", classes), func(a models.Attendance) error {
		out.add(a)
		return nil
	})
	return out, err
}
