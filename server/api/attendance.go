package api

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

// changesPage is one part of what changed.
type changesPage struct {
	Body struct {
		Items []webhook.Attendance `json:"items" nullable:"false"`
		Next  string               `json:"next" doc:"Send it as cursor to go on; also after the last page, now or in a year: then comes what has changed since"`
		More  bool                 `json:"more" doc:"There is more to fetch at once"`
	}
}

type attendanceQuery struct {
	Limit      int       `query:"limit" minimum:"1" maximum:"1000" default:"500" doc:"How many items at most"`
	Cursor     string    `query:"cursor" maxLength:"64" doc:"What has changed after the page whose next this was; opaque"`
	Class      uuid.UUID `query:"class"`
	Session    uuid.UUID `query:"session"`
	Site       uuid.UUID `query:"site"`
	Enrollment uuid.UUID `query:"enrollment"`
	Province   string    `query:"province" maxLength:"2" doc:"Kemendagri code of the site's province"`
	Status     string    `query:"status" enum:"present,late,left_early,excused,sick,absent,pending,unverified,inside,not_enrolled" doc:"Only with this status now. Who follows changes leaves it out: else they never hear of those that have another status now"`
}

// PersonAttendance is one person at a session, whether anything is recorded or not.
type PersonAttendance struct {
	Enrollment  uuid.UUID `json:"enrollment"`
	Role        string    `json:"role" enum:"participant,instructor"`
	Number      string    `json:"number"`
	Status      string    `json:"status" enum:"present,late,left_early,excused,sick,absent,pending,unverified,inside,not_enrolled"`
	Derived     string    `json:"derived" enum:"present,late,left_early,excused,sick,absent,pending,unverified,inside,not_enrolled"`
	Corrected   bool      `json:"corrected" doc:"The status is a decision of the office"`
	Final       bool      `json:"final" doc:"Only a decision of the office changes it"`
	Minutes     int       `json:"minutes"`
	Flags       []string  `json:"flags" nullable:"false"`
	Corrections int       `json:"corrections" doc:"How many decisions of the office there are, those that were taken back and the taking back too"`
	Waiting     bool      `json:"waiting" doc:"The session is over, and its site has not told everything yet"`
	Cancelled   bool      `json:"cancelled" doc:"The place in the class was cancelled"`
}

type completionQuery struct {
	Paging
	Class  uuid.UUID `query:"class"`
	Status string    `query:"status" enum:"active,cancelled" doc:"Of the place in the class"`
}

func (a *API) attendanceOperations() {
	const tag = "Attendance"
	add(a, op{id: "list-attendance", method: http.MethodGet, path: "/attendance", tag: tag, asks: account.ReadAttendance,
		summary: "Recorded attendance, in the order in which it changed last",
		details: "Fetch all of it once, keep the last `next`, and come back with it: what has changed since then follows, each change at least once and none " +
			"left out. " +
			"After the server was put back from a backup the cursor is refused with 410: start over."}, a.changes)
	add(a, op{id: "list-session-attendance", method: http.MethodGet, path: "/sessions/{id}/attendance", tag: tag, asks: account.ReadAttendance,
		summary: "Everybody at one session, who was not seen too", details: "The same rows as on the session's page."}, a.sessionAttendance)
	add(a, op{id: "list-completions", method: http.MethodGet, path: "/completions", tag: tag, asks: account.ReadCompletions,
		summary: "How far participants are with their classes"}, a.completions)
}

func (a *API) changes(ctx context.Context, in *attendanceQuery) (*changesPage, error) {
	q, after := a.Store.Read(ctx), int64(0)
	if in.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(in.Cursor)
		if err != nil {
			return nil, badCursor()
		}
		if after, err = q.OpenChangeCursor(raw); err != nil {
			return nil, err
		}
	}
	rows, next, more, err := q.Changes(store.ChangeFilter{Provider: visitOf(ctx).Within.Provider(), Class: in.Class, Session: in.Session, Site: in.Site,
		Enrollment: in.Enrollment, Province: in.Province, Status: models.AttendanceStatus(in.Status)}, after, in.Limit)
	if err != nil {
		return nil, err
	}
	cursor, err := q.ChangeCursor(next)
	if err != nil {
		return nil, err
	}
	out := &changesPage{}
	out.Body.Items = []webhook.Attendance{}
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, webhook.AttendanceOf(r))
	}
	out.Body.Next, out.Body.More = base64.RawURLEncoding.EncodeToString(cursor), more
	return out, nil
}

func (a *API) sessionAttendance(ctx context.Context, in *ByID) (*page[PersonAttendance], error) {
	session, err := a.sessionWithin(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := review.OfSession(a.Store.Read(ctx), session.Session, a.Now())
	out := &page[PersonAttendance]{}
	out.Body.Items = []PersonAttendance{}
	for _, r := range rows {
		one := PersonAttendance{Enrollment: r.Enrollment, Role: string(r.Role), Number: r.Number, Status: string(r.Status), Derived: string(r.Derived),
			Corrected: r.Corrected, Final: r.Final,
			Minutes: r.Minutes, Flags: []string{}, Corrections: r.Corrections, Waiting: r.Waiting, Cancelled: r.Cancelled}
		for _, f := range r.Flags {
			one.Flags = append(one.Flags, string(f))
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, err
}

func (a *API) completions(ctx context.Context, in *completionQuery) (*page[webhook.Completion], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.Read(ctx).Completions(store.EnrollmentFilter{Provider: visitOf(ctx).Within.Provider(), Class: in.Class,
		Status: models.EnrollmentStatus(in.Status)}, s)
	return paged(in.Paging, rows, webhook.CompletionOf, func(r store.CompletionFact) uuid.UUID { return r.EnrollmentID }), err
}
