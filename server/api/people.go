package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/privacy"
	"buktihadir/server/store"
)

// Participant is a person who takes part.
type Participant struct {
	ID      uuid.UUID `json:"id"`
	Number  string    `json:"number" doc:"The registration number"`
	Name    string    `json:"name"`
	Sex     string    `json:"sex"`
	Regency string    `json:"regency" doc:"Kemendagri code" example:"32.73"`
	Wave    int       `json:"wave" doc:"The intake they were accepted in"`
	Classes int       `json:"classes" doc:"In how many classes they have a place"`
	NIK     string    `json:"nik,omitempty" doc:"The national ID number; with the scope numbers:read only"`
	Phone   string    `json:"phone,omitempty" doc:"The phone number; with the scope numbers:read only"`
}

// Enrollment is a person's place in a class.
type Enrollment struct {
	ID          uuid.UUID  `json:"id"`
	Class       uuid.UUID  `json:"class"`
	ClassCode   string     `json:"class_code"`
	Role        string     `json:"role" enum:"participant,instructor"`
	Participant *uuid.UUID `json:"participant,omitempty"`
	Number      string     `json:"number" doc:"The participant's registration number, or the instructor's code"`
	Status      string     `json:"status" enum:"active,cancelled"`
	Reason      string     `json:"reason,omitempty" doc:"Why it was cancelled"`
	HasTicket   bool       `json:"has_ticket" doc:"A valid ticket was issued"`
}

type participantQuery struct {
	Paging
	Wave int `query:"wave" minimum:"0" doc:"Only of this intake"`
}

type enrollmentQuery struct {
	Paging
	Class       uuid.UUID `query:"class"`
	Participant uuid.UUID `query:"participant"`
	Role        string    `query:"role" enum:"participant,instructor"`
	Status      string    `query:"status" enum:"active,cancelled"`
}

func (a *API) peopleOperations() {
	const tag = "People"
	add(a, op{id: "list-participants", method: http.MethodGet, path: "/participants", tag: tag, asks: account.ReadPeople, summary: "Participants",
		details: "Personal numbers are shown to tokens that have the scope numbers:read too; that is in the office's history."}, a.participants)
	add(a, op{id: "get-participant", method: http.MethodGet, path: "/participants/{id}", tag: tag, asks: account.ReadPeople, summary: "One participant"},
		a.participant)
	add(a, op{id: "list-enrollments", method: http.MethodGet, path: "/enrollments", tag: tag, asks: account.ReadPeople,
		summary: "Places in classes, cancelled ones too"}, a.enrollments)
	add(a, op{id: "get-enrollment", method: http.MethodGet, path: "/enrollments/{id}", tag: tag, asks: account.ReadPeople, summary: "One place in a class"},
		a.enrollment)
}

func (a *API) participants(ctx context.Context, in *participantQuery) (*page[Participant], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	list, err := a.Store.Read(ctx).ListParticipants(store.ParticipantFilter{Provider: visitOf(ctx).Within.Provider(), Wave: in.Wave}, s)
	if err != nil {
		return nil, err
	}
	numbers, err := a.numbers(ctx, list.Rows[:min(in.Limit, len(list.Rows))])
	if err != nil {
		return nil, err
	}
	show := func(p store.ParticipantEntry) Participant { return participantOf(p, numbers[p.ID]) }
	return paged(in.Paging, list.Rows, show, func(r store.ParticipantEntry) uuid.UUID { return r.ID }), nil
}

func (a *API) participant(ctx context.Context, in *ByID) (*single[Participant], error) {
	q, within := a.Store.Read(ctx), visitOf(ctx).Within.Provider()
	row, err := q.ParticipantWithin(in.ID, within)
	if err != nil {
		return nil, err
	}
	places, err := q.ListEnrollments(store.EnrollmentFilter{Participant: in.ID, Status: models.EnrollmentActive}, store.Slice{Limit: 1})
	if err != nil {
		return nil, err
	}
	entry := store.ParticipantEntry{Participant: row, Classes: int(places.Total)}
	numbers, err := a.numbers(ctx, []store.ParticipantEntry{entry})
	return &single[Participant]{participantOf(entry, numbers[row.ID])}, err
}

// numbers opens the numbers of people for a caller who may see them, and writes down
// that they did.
func (a *API) numbers(ctx context.Context, people []store.ParticipantEntry) (map[uuid.UUID]privacy.Numbers, error) {
	v := visitOf(ctx)
	if !v.May(account.ReadNumbers) || len(people) == 0 {
		return nil, nil
	}
	by := office.Program(v.Name())
	return privacy.NumbersSeen(ctx, a.Store, by, v.Token.ID, people)
}

func participantOf(p store.ParticipantEntry, n privacy.Numbers) Participant {
	return Participant{ID: p.ID, Number: p.Number, Name: p.Name, Sex: string(p.Sex), Regency: p.Regency, Wave: p.Wave, Classes: p.Classes,
		NIK: string(n.NIK), Phone: string(n.Phone)}
}

func (a *API) enrollments(ctx context.Context, in *enrollmentQuery) (*page[Enrollment], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	list, err := a.Store.Read(ctx).ListEnrollments(store.EnrollmentFilter{Provider: visitOf(ctx).Within.Provider(), Class: in.Class,
		Participant: in.Participant, Role: models.PersonRole(in.Role), Status: models.EnrollmentStatus(in.Status)}, s)
	return paged(in.Paging, list.Rows, enrollmentOf, func(r store.EnrollmentEntry) uuid.UUID { return r.ID }), err
}

func (a *API) enrollment(ctx context.Context, in *ByID) (*single[Enrollment], error) {
	row, err := a.enrollmentWithin(ctx, in.ID)
	return &single[Enrollment]{enrollmentOf(row)}, err
}

// enrollmentWithin finds a place that the caller may see.
func (a *API) enrollmentWithin(ctx context.Context, id uuid.UUID) (store.EnrollmentEntry, error) {
	list, err := a.Store.Read(ctx).ListEnrollments(store.EnrollmentFilter{Provider: visitOf(ctx).Within.Provider(), IDs: []uuid.UUID{id}}, store.Slice{Limit: 1})
	if err != nil || len(list.Rows) == 0 {
		return store.EnrollmentEntry{}, cmp.Or(err, store.ErrNotFound)
	}
	return list.Rows[0], nil
}

func enrollmentOf(e store.EnrollmentEntry) Enrollment {
	return Enrollment{ID: e.ID, Class: e.ClassID, ClassCode: e.ClassCode, Role: string(e.Role), Participant: e.ParticipantID, Number: e.Number,
		Status: string(e.Status), Reason: e.Reason, HasTicket: e.HasTicket}
}
