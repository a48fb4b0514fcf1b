package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

type correctionInput struct {
	Body struct {
		Session    uuid.UUID `json:"session"`
		Enrollment uuid.UUID `json:"enrollment"`
		Status     string    `json:"status" enum:"present,late,left_early,excused,sick,absent" doc:"What counts from now on"`
		Reason     string    `json:"reason" minLength:"1" maxLength:"2000" doc:"Why; it stays visible, and is part of the record that is proven"`
	}
}

type enrollmentInput struct {
	Body struct {
		Class       uuid.UUID `json:"class"`
		Participant uuid.UUID `json:"participant,omitempty" doc:"The participant, or else their number"`
		Number      string    `json:"number,omitempty" maxLength:"64" doc:"Registration number"`
	}
}

type cancelInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

type tasksInput struct {
	Enrollment uuid.UUID `path:"enrollment" doc:"The participant's place in the class"`
	Body       struct {
		TasksDone bool   `json:"tasks_done" doc:"The class's required tasks are done"`
		Reason    string `json:"reason,omitempty" maxLength:"2000"`
	}
}

func (a *API) writeOperations() {
	const tag = "Changes"
	add(a, op{id: "correct-attendance", method: http.MethodPost, path: "/corrections", tag: tag, asks: account.WriteCorrections, status: http.StatusCreated,
		summary: "Override the derived status of one person at one session",
		details: "Both values stay visible. The newest correction counts. The same one again, by the same token, is not recorded twice."}, a.correct)
	add(a, op{id: "mark-tasks", method: http.MethodPut, path: "/completions/{enrollment}", tag: tag, asks: account.WriteCorrections,
		summary: "Say whether a participant has done the required tasks"}, a.markTasks)
	add(a, op{id: "add-enrollment", method: http.MethodPost, path: "/enrollments", tag: tag, asks: account.WriteEnrollments, status: http.StatusCreated,
		summary: "Give a participant a place in a class",
		details: "Refused with 409 where a rule says no: quota, capacity, another class at that time. A ticket is issued where the pilot is open."}, a.enroll)
	add(a, op{id: "cancel-enrollment", method: http.MethodPost, path: "/enrollments/{id}/cancel", tag: tag, asks: account.WriteEnrollments,
		summary: "Take a place away; its ticket is no longer valid"}, a.cancel)
}

// by is the caller as the history names it.
func by(ctx context.Context) office.Actor {
	v := visitOf(ctx)
	return office.Actor{ID: &v.Token.ID, Name: v.Name(), Provider: v.Within.Provider()}
}

// author is the caller as a decision names it.
func author(ctx context.Context) models.User {
	v := visitOf(ctx)
	return models.User{ID: v.Token.ID, Name: v.Name()}
}

func (a *API) correct(ctx context.Context, in *correctionInput) (*single[webhook.Attendance], error) {
	b, q := in.Body, a.Store.Read(ctx)
	before, err := q.CorrectionsOf(b.Session, b.Enrollment)
	if err != nil {
		return nil, err
	}
	if len(before) > 0 && before[0].AuthorID == author(ctx).ID && string(before[0].Status) == b.Status && before[0].Reason == strings.TrimSpace(b.Reason) {
		return a.corrected(q, b.Session, b.Enrollment) // the answer was lost, and they ask again
	}
	err = review.Correct(ctx, a.Store, author(ctx), b.Session, b.Enrollment, models.AttendanceStatus(b.Status), b.Reason)
	if err != nil {
		return nil, err
	}
	return a.corrected(q, b.Session, b.Enrollment)
}

func (a *API) corrected(q store.Queries, session, enrollment uuid.UUID) (*single[webhook.Attendance], error) {
	rows, _, _, err := q.Changes(store.ChangeFilter{Session: session, Enrollment: enrollment}, 0, 1)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &single[webhook.Attendance]{webhook.AttendanceOf(rows[0])}, nil
}

func (a *API) markTasks(ctx context.Context, in *tasksInput) (*single[webhook.Completion], error) {
	if err := review.MarkTasks(ctx, a.Store, author(ctx), in.Enrollment, in.Body.TasksDone, in.Body.Reason); err != nil {
		return nil, err
	}
	rows, err := a.Store.Read(ctx).Completions(store.EnrollmentFilter{IDs: []uuid.UUID{in.Enrollment}}, store.Slice{Limit: 1})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &single[webhook.Completion]{webhook.CompletionOf(rows[0])}, nil
}

func (a *API) enroll(ctx context.Context, in *enrollmentInput) (*single[Enrollment], error) {
	participant := in.Body.Participant
	if participant == uuid.Nil {
		if in.Body.Number == "" {
			return nil, huma.Error422UnprocessableEntity("participant", &huma.ErrorDetail{Location: "body.participant", Message: "give participant or number"})
		}
		p, err := a.Store.Read(ctx).ParticipantByNumber(in.Body.Number)
		if err != nil {
			return nil, err
		}
		participant = p.ID
	}
	e, err := a.Seating.Enroll(ctx, by(ctx), in.Body.Class, participant)
	if err != nil {
		return nil, err
	}
	return a.enrollment(ctx, &ByID{e.ID})
}

func (a *API) cancel(ctx context.Context, in *cancelInput) (*single[Enrollment], error) {
	if err := a.Seating.Cancel(ctx, by(ctx), in.ID, in.Body.Reason); err != nil {
		return nil, err
	}
	return a.enrollment(ctx, &in.ByID)
}
