package webhook

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Attendance is one recorded attendance as other systems see it: in the API, and in
// messages of the topic attendance.changed.
type Attendance struct {
	Session     uuid.UUID  `json:"session" doc:"The session"`
	Enrollment  uuid.UUID  `json:"enrollment" doc:"The person's place in the class"`
	Class       uuid.UUID  `json:"class" doc:"The class"`
	Site        uuid.UUID  `json:"site" doc:"Where the session is held"`
	ClassCode   string     `json:"class_code" doc:"The code of the class" example:"BDG-BARISTA-1"`
	SessionSeq  int        `json:"session_seq" doc:"The session's number in its class, from 1"`
	Role        string     `json:"role" enum:"participant,instructor" doc:"What the person does in the class"`
	Participant *uuid.UUID `json:"participant,omitempty" doc:"The participant; absent for instructors"`
	Number      string     `json:"number" doc:"The participant's registration number, or the instructor's code"`
	Status      string     `json:"status" enum:"present,late,left_early,excused,sick,absent,pending,unverified,inside,not_enrolled" doc:"What counts: a correction, or else what was derived"`
	Derived     string     `json:"derived" enum:"present,late,left_early,excused,sick,absent,pending,unverified,inside,not_enrolled" doc:"What the record of the desks gives by the policy"`
	Corrected   bool       `json:"corrected" doc:"The status is a decision of the office, which may be the derived one too: then it counts whatever the minutes"`
	Final       bool       `json:"final" doc:"Only a decision of the office changes it. While it is false more may be reported, and the status is provisional"`
	FirstIn     *time.Time `json:"first_in,omitempty" doc:"The first arrival"`
	LastOut     *time.Time `json:"last_out,omitempty" doc:"The last departure"`
	Minutes     int        `json:"minutes" doc:"Minutes present within the session's own time"`
	Flags       []string   `json:"flags" nullable:"false" doc:"What a person should look at; flags never change a status"`
	Revision    int64      `json:"revision" doc:"Grows with every change of any attendance, in the order of commits: of two versions of one attendance, the one with the larger revision counts"`
}

// AttendanceOf shows a recorded attendance to other systems.
func AttendanceOf(f store.AttendanceFact) Attendance {
	flags := []string{}
	if f.Flags != "" {
		flags = strings.Split(f.Flags, ",")
	}
	return Attendance{
		Session: f.SessionID, Enrollment: f.EnrollmentID, Class: f.ClassID, Site: f.SiteID, ClassCode: f.ClassCode, SessionSeq: f.SessionSeq,
		Role: string(f.Role), Participant: f.ParticipantID, Number: f.Number, Status: string(f.Status), Derived: string(f.Derived), Corrected: f.Corrected,
		Final:   f.Final,
		FirstIn: Time(f.FirstIn), LastOut: Time(f.LastOut), Minutes: f.Minutes, Flags: flags, Revision: f.Revision,
	}
}

// Completion is how far one participant is, in the API and in messages of the topic
// completion.changed.
type Completion struct {
	Enrollment  uuid.UUID  `json:"enrollment" doc:"The participant's place in the class"`
	Class       uuid.UUID  `json:"class" doc:"The class"`
	ClassCode   string     `json:"class_code" doc:"The code of the class"`
	Participant *uuid.UUID `json:"participant,omitempty" doc:"The participant"`
	Number      string     `json:"number" doc:"The participant's registration number"`
	Sessions    int        `json:"sessions" doc:"How many sessions the class has"`
	Attended    int        `json:"attended" doc:"How many of them count as attended by the policy"`
	Provisional int        `json:"provisional" doc:"How many of those attended may still change"`
	MayMiss     int        `json:"may_miss" doc:"How many more may be missed before completion is out of reach; negative: it is out of reach"`
	MinutesOwed int        `json:"minutes_owed" doc:"Minutes of the course still to attend, where the policy requires the course's hours; else 0"`
	TasksDone   bool       `json:"tasks_done" doc:"The required tasks were marked as done"`
	Completed   bool       `json:"completed" doc:"The class is completed"`
	CompletedAt *time.Time `json:"completed_at,omitempty" doc:"When it was found completed"`
}

// CompletionOf shows a participant's progress to other systems.
func CompletionOf(f store.CompletionFact) Completion {
	return Completion{
		Enrollment: f.EnrollmentID, Class: f.ClassID, ClassCode: f.ClassCode, Participant: f.ParticipantID, Number: f.Number,
		Sessions: f.Sessions, Attended: f.Attended, Provisional: f.Provisional, MayMiss: f.Missing, MinutesOwed: f.Owed,
		TasksDone: f.TasksDone, Completed: f.Completed, CompletedAt: Time(f.CompletedAt),
	}
}

// ClosedClass is a class from the moment on from which only corrections change its
// attendance.
type ClosedClass struct {
	Class     uuid.UUID  `json:"class" doc:"The class"`
	ClassCode string     `json:"class_code" doc:"The code of the class"`
	ClosedAt  *time.Time `json:"closed_at" doc:"When it was closed"`
}

// The data of messages, by topic.
type (
	// AttendanceData is that of attendance.changed.
	AttendanceData struct {
		Attendance []Attendance `json:"attendance" nullable:"false" doc:"Whose attendance changed, as it was then"`
	}
	// CompletionData is that of completion.changed.
	CompletionData struct {
		Completions []Completion `json:"completions" nullable:"false" doc:"Whose completion changed, as it was then"`
	}
	// ClassData is that of class.completed.
	ClassData struct {
		Classes []ClosedClass `json:"classes" nullable:"false" doc:"The classes that were closed"`
	}
)

// Time is an instant as other systems see it, in UTC; nil without an instant.
func Time(m models.Millis) *time.Time {
	if m == 0 {
		return nil
	}
	t := m.Time()
	return &t
}

// Message is what a receiver gets: type, timestamp and data, as
// https://www.standardwebhooks.com recommends.
type Message[T any] struct {
	Type      models.Topic `json:"type" doc:"The topic"`
	Timestamp time.Time    `json:"timestamp" doc:"Of the change; webhook-timestamp is that of the attempt"`
	Data      T            `json:"data"`
}

// Body is a delivery's message. It is the same for each attempt.
func Body(d models.Delivery) ([]byte, error) {
	switch d.Topic {
	case models.TopicAttendance:
		rows, err := facts(d, AttendanceOf)
		return pack(d, AttendanceData{rows}, err)
	case models.TopicCompletion:
		rows, err := facts(d, CompletionOf)
		return pack(d, CompletionData{rows}, err)
	case models.TopicClass:
		rows, err := facts(d, func(f store.ClassFact) ClosedClass { return ClosedClass{f.ClassID, f.ClassCode, Time(f.ClosedAt)} })
		return pack(d, ClassData{rows}, err)
	}
	return nil, fmt.Errorf("delivery %s: unknown topic %q", d.ID, d.Topic)
}

func facts[F, T any](d models.Delivery, show func(F) T) ([]T, error) {
	var kept []F
	if err := json.Unmarshal(d.Facts, &kept); err != nil {
		return nil, fmt.Errorf("delivery %s: %w", d.ID, err)
	}
	rows := make([]T, len(kept))
	for i, f := range kept {
		rows[i] = show(f)
	}
	return rows, nil
}

func pack[T any](d models.Delivery, data T, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(Message[T]{d.Topic, d.CreatedAt.Time(), data})
	if err != nil {
		return nil, fmt.Errorf("delivery %s: %w", d.ID, err)
	}
	return body, nil
}
