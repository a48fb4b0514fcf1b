package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// ClassMove is where a class goes for good, with all its sessions ahead.
type ClassMove struct {
	Site   uuid.UUID
	Room   string // of these sessions; those of the old site mean nothing there
	Reason string
	Agreed string // to which warnings, see [Row.Agreement]
}

// MoveClass moves a class to another site, for a reason: the sessions that have not begun, at
// the same hours by the clocks there. What was held stays where it was, with its records; one
// session that was sent elsewhere stays there too. Tickets stay valid. The answer lists the
// sessions that move, with their collisions and warnings; one that collides keeps all of them
// where they are.
func (p *Service) MoveClass(ctx context.Context, by office.Actor, id uuid.UUID, to ClassMove, mode Mode) (Row, error) {
	var out Row
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		class, site, err := lockMove(tx, by, id, to)
		if err != nil {
			return err
		}
		was, err := tx.Site(class.SiteID)
		if err != nil {
			return err
		}
		ahead, err := sessionsAhead(tx, by, class)
		if err != nil {
			return err
		}
		out = moveAll(ahead, was, site, to.Room, tx.Now())
		class.SiteID, class.UpdatedAt = site.ID, tx.Now()
		if err := tx.Replan(ahead, class); err != nil {
			return err
		}
		if err := out.examine(tx, class, kept); err != nil {
			return err
		}
		switch {
		case mode == Check:
			return ErrDry
		case out.collides():
			return ErrConflicts
		case strings.TrimSpace(to.Reason) == "":
			return office.RefuseField("reason", "plan.reason_needed")
		case out.Agreement() != "" && out.Agreement() != to.Agreed:
			return ErrWarned
		}
		detail, err := json.Marshal(struct{ From, To string }{was.Code, strings.TrimSpace(site.Code + "\n" + out.describe(site.Zone))})
		if err != nil {
			return fmt.Errorf("describe a change: %w", err)
		}
		return by.Record(tx, office.Done{Action: "class.move", Entity: "class", ID: class.ID.String(), Detail: string(detail), Reason: strings.TrimSpace(to.Reason)})
	})
	if errors.Is(err, ErrDry) {
		err = nil
	}
	return out, err
}

// lockMove locks what moves, and refuses a site that can't take it.
func lockMove(tx *store.Tx, by office.Actor, id uuid.UUID, to ClassMove) (class models.Class, site models.Site, err error) {
	if class, err = tx.Class(id); err != nil {
		return class, site, err
	}
	if err = tx.LockPilot(class.PilotID); err != nil { // whose quota of a province it may take
		return class, site, err
	}
	if site, err = tx.Site(to.Site); err != nil {
		return class, site, office.RefuseField("site", "session.bad_site")
	}
	if class, err = tx.LockClass(id, site.ID); err != nil {
		return class, site, err
	}
	if err = replans(by, class); err != nil {
		return class, site, err
	}
	if class.SiteID == site.ID {
		return class, site, office.RefuseField("site", "move.same_site", "Site", site.Code)
	}
	if err = fits(class, class.SiteID, site); err != nil {
		return class, site, err
	}
	return class, site, seating.Rehomes(tx, class, site)
}

// sessionsAhead are those of a class that are to be at its site and have not begun, the
// cancelled ones too: they may be scheduled again.
func sessionsAhead(tx *store.Tx, by office.Actor, class models.Class) (ahead []models.Session, err error) {
	all, err := tx.SessionsOf(class.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.SiteID != class.SiteID || s.StartsAt <= tx.Now() {
			continue
		}
		happened, err := tx.SessionHasEvents(s.ID)
		if err != nil {
			return nil, err
		}
		if happened && by.Provider != nil { // see change.store
			return nil, office.RefuseField("reason", "session.happened")
		}
		ahead = append(ahead, s)
	}
	return ahead, nil
}

// moveAll moves sessions from one site to another, and lists those that are to be held.
func moveAll(sessions []models.Session, was, site models.Site, room string, now models.Millis) (out Row) {
	const anyDay = models.LocalDate("2026-01-01")
	shift := anyDay.Start(site.Zone) - anyDay.Start(was.Zone)
	for i := range sessions {
		s := &sessions[i]
		s.SiteID, s.Room, s.UpdatedAt = site.ID, strings.TrimSpace(room), now
		s.StartsAt, s.EndsAt = s.StartsAt+shift, s.EndsAt+shift
		if s.Status == models.SessionPlanned {
			out = append(out, Meeting{Session: *s, Day: site.Zone.Date(s.StartsAt)})
		}
	}
	return out
}
