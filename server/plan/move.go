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
	Start, End time.Duration // since midnight at the site
	Room       string
	Reason     string
	Agreed     string // to which warnings, see [Outcome.Agreement]
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
	return p.changeSession(ctx, by, id, change{action: "session.move", reason: to.Reason, agreed: to.Agreed, mode: Apply, set: to.apply})
}

// TryMove tells the collisions and warnings of MoveSession, without moving.
func (p *Service) TryMove(ctx context.Context, by office.Actor, id uuid.UUID, to Move) (Outcome, error) {
	return p.changeSession(ctx, by, id, change{action: "session.move", reason: to.Reason, mode: Check, set: to.apply})
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
	case to.End <= to.Start || to.End >= 24*time.Hour:
		return office.RefuseField("end", "session.ends_before_start")
	}
	s.StartsAt, s.EndsAt, s.Room = to.Day.Start(zone).Add(to.Start), to.Day.Start(zone).Add(to.End), strings.TrimSpace(to.Room)
	return nil
}

// change is one change of one session.
type change struct {
	action, reason, agreed string
	needsReason            bool
	mode                   Mode
	set                    func(*models.Session, models.Zone) error
}

func (p *Service) changeSession(ctx context.Context, by office.Actor, id uuid.UUID, c change) (Outcome, error) {
	var out Outcome
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(id)
		if err != nil {
			return err
		}
		class, err := tx.LockClass(s.ClassID)
		if err != nil {
			return err
		}
		if err := replans(by, class); err != nil {
			return err
		}
		site, err := tx.Site(s.SiteID)
		if err != nil {
			return err
		}
		was := s
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
		return c.store(tx, by, was, s, site.Zone)
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

func (c change) store(tx *store.Tx, by office.Actor, was, s models.Session, zone models.Zone) error {
	reason := strings.TrimSpace(c.reason)
	happened, err := tx.SessionHasEvents(s.ID)
	if err != nil {
		return err
	}
	if happened && by.Provider != nil { // an institution that is paid by attendance may not move the time that it is measured by
		return office.RefuseField("reason", "session.happened")
	}
	if reason == "" && (happened || c.needsReason) {
		return office.RefuseField("reason", "session.reason_needed")
	}
	s.UpdatedAt = tx.Now()
	if err := keepSessions(tx, s); err != nil {
		return err
	}
	detail, err := json.Marshal(struct{ From, To string }{meeting(was, zone), meeting(s, zone)})
	if err != nil {
		return fmt.Errorf("describe a change: %w", err)
	}
	return by.Record(tx, office.Done{Action: c.action, Entity: "session", ID: s.ID.String(), Detail: string(detail), Reason: reason})
}

// keepSessions stores sessions, tells their sites, and derives the recorded attendance
// again.
func keepSessions(tx *store.Tx, sessions ...models.Session) error {
	if err := tx.SaveSessions(sessions); err != nil {
		return err
	}
	if err := tx.PublishSessions(sessions...); err != nil {
		return err
	}
	return tx.Refold(sessions...)
}

func meeting(s models.Session, zone models.Zone) string {
	at := func(m models.Millis, layout string) string { return m.Time().In(zone.Location()).Format(layout) }
	text := at(s.StartsAt, "2006-01-02 15.04") + at(s.EndsAt, "–15.04 ") + string(zone)
	if s.Room != "" {
		text += ", " + s.Room
	}
	if s.Status == models.SessionCancelled {
		text += " (" + string(s.Status) + ")"
	}
	return text
}
