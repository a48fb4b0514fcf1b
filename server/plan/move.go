package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// ErrConflicts says that a change of the plan was not made because of the
// conflicts that its Outcome lists.
var ErrConflicts = errors.New("the plan would use something twice")

// Move is when and where a session is to be.
type Move struct {
	Day        models.LocalDate
	Start, End time.Duration // since midnight at the site; see Times
	Site       uuid.UUID     // another one for this session; zero: where it is
	Room       string
	Reason     string
	Agreed     string // to which warnings, see [Outcome.Agreement]
}

// LongestSession bounds a session that ends on the next day: a mistyped end, earlier than the
// start, is more likely than a night of so many hours. By day a long session is warned of.
const LongestSession = 12 * time.Hour

// Times are when a session begins and ends by the wall clocks at its site. An end that is not
// after the start is on the next day; the session is one of the day that it starts on.
func Times(day models.LocalDate, start, end time.Duration, zone models.Zone) (from, until models.Millis) {
	if end <= start {
		end += 24 * time.Hour
	}
	return day.Start(zone).Add(start), day.Start(zone).Add(end)
}

// Outcome is what a change of the plan meets: conflicts forbid it, warnings only
// want to be known.
type Outcome struct {
	Conflicts []Conflict
	Warnings  []Warning
}

// Agreement is a code for the warnings; a person who agrees sends it back. It is ""
// without warnings.
func (o Outcome) Agreement() string { return agreement(o.Warnings) }

// MoveSession moves a session. If something was recorded at it already, it needs a
// reason, derives the results again, and keeps the earlier plan. Warnings that nobody
// agreed to give ErrWarned.
func (p *Service) MoveSession(ctx context.Context, by office.Actor, id uuid.UUID, to Move) (Outcome, error) {
	return p.changeSession(ctx, by, id, change{action: "session.move", reason: to.Reason, agreed: to.Agreed, mode: Apply, site: to.Site, set: to.apply})
}

// TryMove tells the collisions and warnings of MoveSession, without moving.
func (p *Service) TryMove(ctx context.Context, by office.Actor, id uuid.UUID, to Move) (Outcome, error) {
	return p.changeSession(ctx, by, id, change{action: "session.move", reason: to.Reason, mode: Check, site: to.Site, set: to.apply})
}

// CancelSession cancels a session, for a reason. Its records stay. agreed is as for
// MoveSession.
func (p *Service) CancelSession(ctx context.Context, by office.Actor, id uuid.UUID, reason, agreed string) (Outcome, error) {
	return p.changeSession(ctx, by, id, change{
		action: "session.cancel", reason: reason, agreed: agreed, needsReason: true, set: func(s *models.Session, _ models.Zone) error {
			if s.Status == models.SessionCancelled {
				return office.RefuseField("reason", "session.is_cancelled")
			}
			s.Status = models.SessionCancelled
			return nil
		}})
}

// RestoreSession takes a cancellation back, for a reason, if no other session has taken
// its place. agreed is as for MoveSession.
func (p *Service) RestoreSession(ctx context.Context, by office.Actor, id uuid.UUID, reason, agreed string) (Outcome, error) {
	return p.changeSession(ctx, by, id, change{
		action: "session.restore", reason: reason, agreed: agreed, needsReason: true, set: func(s *models.Session, _ models.Zone) error {
			if s.Status != models.SessionCancelled {
				return office.RefuseField("reason", "session.not_cancelled")
			}
			s.Status = models.SessionPlanned
			return nil
		}})
}

func (to Move) apply(s *models.Session, zone models.Zone) error {
	switch {
	case s.Status == models.SessionCancelled:
		return office.RefuseField("day", "session.is_cancelled")
	case !to.Day.Valid():
		return office.RefuseField("day", "session.bad_day")
	case to.Start < 0 || to.Start >= 24*time.Hour:
		return office.RefuseField("start", "session.bad_time")
	case to.End < 0 || to.End >= 24*time.Hour:
		return office.RefuseField("end", "session.bad_time")
	case to.End == to.Start:
		return office.RefuseField("end", "session.ends_at_start")
	}
	from, until := Times(to.Day, to.Start, to.End, zone)
	if to.End < to.Start && until.Sub(from) > LongestSession && (from != s.StartsAt || until != s.EndsAt) {
		return office.RefuseField("end", "session.too_long", "Hours", int(LongestSession.Hours()))
	}
	s.StartsAt, s.EndsAt, s.Room = from, until, strings.TrimSpace(to.Room)
	return nil
}

// change is one change of one session.
type change struct {
	action, reason, agreed string
	needsReason            bool
	mode                   Mode
	site                   uuid.UUID // zero: as it is
	set                    func(*models.Session, models.Zone) error
}

func (p *Service) changeSession(ctx context.Context, by office.Actor, id uuid.UUID, c change) (Outcome, error) {
	var out Outcome
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(id)
		if err != nil {
			return err
		}
		if c.site == uuid.Nil {
			c.site = s.SiteID
		}
		site, err := tx.Site(c.site)
		if err != nil {
			return office.RefuseField("site", "session.bad_site")
		}
		class, err := tx.LockClass(s.ClassID, site.ID)
		if err != nil {
			return err
		}
		if s, err = tx.Session(id); err != nil { // as it is now that nobody else changes it
			return err
		}
		if err := replans(by, class); err != nil {
			return err
		}
		was := s
		s.SiteID = site.ID
		if err := fits(class, was.SiteID, site); err != nil {
			return err
		}
		if err := c.set(&s, site.Zone); err != nil {
			return err
		}
		found, err := examine(tx, class, Change{was, s})
		if err != nil {
			return err
		}
		out = found[0]
		if c.mode == Check {
			return ErrDry
		}
		if len(out.Conflicts) > 0 {
			return ErrConflicts
		}
		if out.Agreement() != "" && out.Agreement() != c.agreed {
			return ErrWarned
		}
		return c.store(tx, by, was, s)
	})
	if errors.Is(err, ErrDry) {
		err = nil
	}
	return out, err
}

// replans says whether the actor may change a class's sessions. A class of another
// institution is not found.
func replans(by office.Actor, c models.Class) error {
	if !by.Plans(c) {
		return store.ErrNotFound
	}
	if c.ClosedAt != 0 {
		return office.Refuse("plan.class_closed", "Class", c.Code)
	}
	return nil
}

// fits refuses a site that is too small for a class, if it goes there from another one.
func fits(class models.Class, was uuid.UUID, site models.Site) error {
	if was != site.ID && class.Capacity > site.Capacity {
		return office.RefuseField("site", "session.site_too_small", "Site", site.Code, "Capacity", site.Capacity, "Class", class.Code, "Seats", class.Capacity)
	}
	return nil
}

func (c change) store(tx *store.Tx, by office.Actor, was, s models.Session) error {
	reason := strings.TrimSpace(c.reason)
	happened, err := tx.SessionHasEvents(s.ID)
	if err != nil {
		return err
	}
	if happened && by.Provider != nil { // an institution that is paid by attendance may not move the time that it is measured by
		return office.RefuseField("reason", "session.happened")
	}
	switch {
	case reason != "":
	case was.SiteID != s.SiteID:
		return office.RefuseField("reason", "plan.reason_needed")
	case happened || c.needsReason:
		return office.RefuseField("reason", "session.reason_needed")
	}
	s.UpdatedAt = tx.Now()
	if err := tx.Replan([]models.Session{s}); err != nil {
		return err
	}
	detail, err := describe(tx, was, s)
	if err != nil {
		return err
	}
	return by.Record(tx, office.Done{Action: c.action, Entity: "session", ID: s.ID.String(), Detail: detail, Reason: reason})
}

// describe is what a session was and is, for the history.
func describe(tx *store.Tx, was, s models.Session) (string, error) {
	from, err1 := tx.Site(was.SiteID)
	to, err2 := tx.Site(s.SiteID)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	change := struct{ From, To string }{meeting(was, from.Zone), meeting(s, to.Zone)}
	if from.ID != to.ID {
		change.From, change.To = change.From+", "+from.Code, change.To+", "+to.Code
	}
	detail, err := json.Marshal(change)
	if err != nil {
		return "", fmt.Errorf("describe a change: %w", err)
	}
	return string(detail), nil
}

func meeting(s models.Session, zone models.Zone) string {
	at := func(m models.Millis, layout string) string { return m.Time().In(zone.Location()).Format(layout) }
	text := at(s.StartsAt, "2006-01-02 15.04") + at(s.EndsAt, "–15.04 ") + string(zone)
	if zone.Date(s.EndsAt) > zone.Date(s.StartsAt) {
		text += " (+1)"
	}
	if s.Room != "" {
		text += ", " + s.Room
	}
	if s.Status == models.SessionCancelled {
		text += " (" + string(s.Status) + ")"
	}
	return text
}
