// Package document draws what people sign: attendance sheets of sessions and of
// classes, the report that a class is handed over with, and lists, as PDF on A4.
//
// A Dossier is all that is known of a class; a Renderer draws its papers in a
// language. The same dossier, stamp and language always give the same bytes: the
// package has no clock and reads nothing. A paper without a version is a draft
// and says so on every page; one with a version carries the address of its proof
// as a QR code.
//
// The letters are those of the Go fonts (Latin, Greek, Cyrillic; BSD licence). A letter
// that the font lacks is written as its base letter, or as "?". On a badge such a name is
// left blank, to be written with a pen.
package document

import (
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/templates"
)

// Renderer draws papers in a language.
type Renderer struct {
	Texts *templates.Texts
	Lang  templates.Lang
}

// Stamp is what a paper says of itself.
type Stamp struct {
	Version int           // 0: a draft
	At      models.Millis // when it was issued, or, of a draft, drawn
	By      string        // the person who issued it
	Proof   string        // address of its proof
	Last    *Stamp        // the version that it replaces
}

// Draft says that the paper was not issued.
func (s Stamp) Draft() bool { return s.Version == 0 }

// Dossier is all that a class's papers are made from.
type Dossier struct {
	Code, Course     string
	Hours            int              // of the course
	Given            attendance.Hours // of them, by the class
	Rule             models.HoursRule // about those that it doesn't give
	Provider         string
	Pilot            string
	Site, SiteCode   string
	Address          string
	Zone             models.Zone
	ClosedAt         models.Millis // 0: it is open
	ClosedBy, Reason string        // the reason for which it was closed with something open
	Open             []Open        // what was open at that time
	Sessions         []Session
	People           []Person // instructors first, then by name
	Corrections      []Correction
	Later            []Later // changes after the class was closed, other than corrections
	Officers         []string
}

// Open is an open point with which a class can still be closed. Its text is
// "closing.open_" and the key.
type Open struct {
	Key   string `json:"key"`
	Count int    `json:"count"`
}

// Session is one meeting of the class.
type Session struct {
	ID        uuid.UUID
	Seq       int
	Room      string
	StartsAt  models.Millis
	EndsAt    models.Millis
	Cancelled bool
	Waiting   bool // its site has not told everything
	Elsewhere *Venue
}

// Venue is where a session was held, if not where its class is.
type Venue struct {
	Site, SiteCode, Address string
	Zone                    models.Zone
}

// at is a dossier as the paper of one of its sessions shows it: at the place of that session.
func (d Dossier) at(x Session) Dossier {
	if v := x.Elsewhere; v != nil {
		d.Site, d.SiteCode, d.Address, d.Zone = v.Site, v.SiteCode, v.Address, v.Zone
	}
	return d
}

// Person is somebody of the class, with their presence at each of its sessions.
type Person struct {
	ID           uuid.UUID
	Number, Name string
	Instructor   bool
	At           []Presence // by session; without a status where they were not expected
	Attended     int
	Sessions     int // that count for completion
	Tasks        bool
	Outcome      Outcome // of an instructor, "" or Left
}

// counts says that the person is one of the class's participants.
func (p Person) counts() bool { return !p.Instructor && p.Outcome != Left }

// Outcome is how the class ended for a participant.
type Outcome string

// The outcomes: of all but the first, what is missing.
const (
	Completed   Outcome = "completed"
	NoSessions  Outcome = "sessions" // has missed too many
	NoTasks     Outcome = "tasks"    // the required tasks are not marked
	NoHours     Outcome = "hours"    // came often enough, and to fewer hours than the course has
	NotReported Outcome = "waiting"  // the site has not told of every session
	Left        Outcome = "left"     // had a place and lost it; counts nowhere
)

// Outcomes lists them.
func Outcomes() []Outcome {
	return []Outcome{Completed, NoSessions, NoHours, NoTasks, NotReported, Left}
}

// Presence is one person at one session.
type Presence struct {
	Status, Derived models.AttendanceStatus
	FirstIn         models.Millis
	LastOut         models.Millis
	Minutes         int
	Provisional     bool // it may still change without a correction
	Correction      int  // the number of the correction that decides it; 0: no correction
}

// Correction is a decision of the programme office about one attendance.
type Correction struct {
	No           int // counts from 1 in a class
	Session      int // its number
	Number, Name string
	Status       models.AttendanceStatus
	Derived      models.AttendanceStatus // by the record, as it is now
	Reason       string
	Author       string
	At           models.Millis
	New          bool // made since the version before this one
}

// Later is an attendance that changed after the version before this one without a
// correction: by what a site reported late, or by a decision about a case.
type Later struct {
	Session      int
	Number, Name string
	Status       models.AttendanceStatus
}
