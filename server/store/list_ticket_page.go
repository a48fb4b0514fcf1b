package store

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

// TicketPage is what a participant's page shows of one class.
type TicketPage struct {
	Enrollment models.Enrollment
	Class      models.Class
	Course     models.Course
	Provider   models.Provider
	Site       models.Site
	Phase      models.Phase    // of the pilot
	Ticket     *models.Ticket  // the valid one; nil if no ticket is valid
	Revoked    bool            // a ticket was issued before, and no ticket is valid now
	TailKey    []byte          // of a live ticket: the secret for its rotating codes
	Sessions   []TicketSession // in time order, cancelled ones too
	Progress   Progress
}

// TicketSession is a session with the person's own attendance.
type TicketSession struct {
	models.Session
	Site       models.Site // the class's, unless this one is held elsewhere
	Attendance models.AttendanceStatus
	Derived    models.AttendanceStatus
	Corrected  bool          // the attendance is a decision of the programme office
	Final      bool          // only such a decision changes it
	Told       models.Millis // of a provisional one: until when the site has reported; 0: never
}

// Provisional says that the attendance may still change, see models.Attendance.
func (s TicketSession) Provisional() bool {
	return models.Attendance{Status: s.Attendance, Final: s.Final}.Provisional()
}

// Otherwise says that the office has decided something else than the desks recorded.
func (s TicketSession) Otherwise() bool { return s.Corrected && s.Attendance != s.Derived }

// TicketPagesOf gives the pages of a participant's enrollments: first the class that
// meets next, last those that have ended.
func (q Queries) TicketPagesOf(participant uuid.UUID, now models.Millis) ([]TicketPage, error) {
	places, err := q.EnrollmentsOfParticipants(participant)
	if err != nil {
		return nil, err
	}
	var out []TicketPage
	for _, e := range places {
		p, err := q.ticketPageOf(e)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b TicketPage) int { return cmp.Compare(a.nextAfter(now), b.nextAfter(now)) })
	return out, nil
}

// Next is the session that is going on or comes next; nil after the last.
func (p TicketPage) Next(now models.Millis) *TicketSession {
	for i, s := range p.Sessions {
		if s.Status == models.SessionPlanned && s.EndsAt > now {
			return &p.Sessions[i]
		}
	}
	return nil
}

// Place is where the next session is held; after the last, where the class was.
func (p TicketPage) Place(now models.Millis) models.Site {
	if s := p.Next(now); s != nil {
		return s.Site
	}
	return p.Site
}

// Ended says that the person is no longer enrolled in the class.
func (p TicketPage) Ended() bool { return p.Enrollment.Status != models.EnrollmentActive }

func (p TicketPage) nextAfter(now models.Millis) models.Millis {
	if p.Ended() {
		return 1<<63 - 1
	}
	if s := p.Next(now); s != nil {
		return s.StartsAt
	}
	return 1<<63 - 2
}

func (q Queries) ticketPageOf(e models.Enrollment) (p TicketPage, err error) {
	p.Enrollment = e
	if p.Class, err = q.Class(e.ClassID); err != nil {
		return p, err
	}
	if p.Course, err = q.Course(p.Class.CourseID); err != nil {
		return p, err
	}
	if p.Provider, err = q.Provider(p.Class.ProviderID); err != nil {
		return p, err
	}
	if p.Site, err = q.Site(p.Class.SiteID); err != nil {
		return p, err
	}
	pilot, err := q.Pilot(p.Class.PilotID)
	if err != nil {
		return p, err
	}
	p.Phase = pilot.Phase
	if err := q.ticketOfPage(&p); err != nil {
		return p, err
	}
	sessions, err := q.SessionsOf(p.Class.ID)
	if err != nil {
		return p, err
	}
	results, err := all[models.Attendance](q.db.Where("enrollment_id = ?", e.ID))
	if err != nil {
		return p, err
	}
	of := map[uuid.UUID]models.Attendance{}
	for _, a := range results {
		of[a.SessionID] = a
	}
	sites := map[uuid.UUID]models.Site{p.Site.ID: p.Site}
	for _, s := range sessions {
		site, err := cached(sites, s.SiteID, q.Site)
		if err != nil {
			return p, err
		}
		a := of[s.ID]
		shown := TicketSession{s, site, cmp.Or(a.Status, models.StatusPending), a.Derived, a.Corrected, a.Final, 0}
		if shown.Provisional() {
			if shown.Told, err = q.watermark(s.SiteID); err != nil {
				return p, err
			}
		}
		p.Sessions = append(p.Sessions, shown)
	}
	progress, err := q.Progress(p.Class.ID, e.ID)
	p.Progress = progress[e.ID]
	return p, err
}

func (q Queries) ticketOfPage(p *TicketPage) error {
	issued, err := q.TicketsOf(p.Enrollment.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(issued, func(t models.Ticket) bool { return t.RevokedAt == 0 })
	if i < 0 {
		p.Revoked = len(issued) > 0
		return nil
	}
	p.Ticket = &issued[i]
	if !p.Ticket.Live {
		return nil
	}
	secret, err := q.ClassSecret(p.Class)
	if err != nil {
		return err
	}
	p.TailKey = ticket.TailKey(secret, p.Ticket.ID)
	return nil
}
