package review

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// MarkTasks records whether a participant has done the class's tasks besides attendance.
// The class must be open. Completion follows from the tasks and attendance.
func MarkTasks(ctx context.Context, st *store.Store, by models.User, enrollment uuid.UUID, done bool, reason string) error {
	return st.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.Enrollment(enrollment)
		if err != nil {
			return err
		}
		if e.Role != models.PersonParticipant {
			return store.ErrNotFound
		}
		class, err := tx.LockClass(e.ClassID)
		if err != nil {
			return err
		}
		if class.ClosedAt != 0 {
			return office.Refuse("closing.tasks_closed", "Class", class.Code)
		}
		if err := tx.MarkTasks(enrollment, done); err != nil {
			return err
		}
		return office.User(by).Record(tx, office.Done{
			Action: "completion.tasks", Entity: "enrollment", ID: enrollment.String(), Detail: strconv.FormatBool(done), Reason: strings.TrimSpace(reason)})
	})
}
