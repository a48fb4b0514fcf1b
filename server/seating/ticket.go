package seating

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// ErrNoTicketYet says that no ticket can be issued now: the pilot's gate is
// closed, or the class has no session yet.
var ErrNoTicketYet = errors.New("no ticket can be issued yet")

func noTicketYet(r *office.Refusal) error { return fmt.Errorf("%w: %w", ErrNoTicketYet, r) }

// Issue signs tickets for enrollments without a ticket. It does not publish.
func Issue(tx *store.Tx, rows []models.Enrollment) (int, error) {
	var ids []uuid.UUID
	for _, e := range rows {
		ids = append(ids, e.ID)
	}
	have, err := tx.TicketsOf(ids...)
	if err != nil {
		return 0, err
	}
	valid := map[uuid.UUID]bool{}
	for _, t := range have {
		valid[t.EnrollmentID] = valid[t.EnrollmentID] || t.RevokedAt == 0
	}
	s := signer{tx: tx, classes: map[uuid.UUID]signClass{}}
	var tickets []models.Ticket
	for _, e := range rows {
		if valid[e.ID] || e.Status != models.EnrollmentActive {
			continue
		}
		t, err := s.sign(e)
		if err != nil {
			return 0, err
		}
		tickets = append(tickets, t)
	}
	return len(tickets), tx.AddTickets(tickets)
}

type signClass struct {
	models.Class
	live        bool
	from, until models.LocalDate
}

type signer struct {
	tx      *store.Tx
	classes map[uuid.UUID]signClass
	names   map[uuid.UUID]string
	key     ed25519.PrivateKey
}

// graceDays is how long after the last session a ticket stays valid: a class
// that is put off or gets another session needs no new tickets.
const graceDays = 60

func (s *signer) class(id uuid.UUID) (signClass, error) {
	if c, ok := s.classes[id]; ok {
		return c, nil
	}
	row, err := s.tx.Class(id)
	if err != nil {
		return signClass{}, err
	}
	pilot, err := s.tx.Pilot(row.PilotID)
	if err != nil {
		return signClass{}, err
	}
	if !pilot.Phase.Open() {
		return signClass{}, noTicketYet(office.Refuse("plan.gate_closed", "Pilot", pilot.Code, "Phase", pilot.Phase))
	}
	site, err := s.tx.Site(row.SiteID)
	if err != nil {
		return signClass{}, err
	}
	sessions, err := s.tx.SessionsOf(id)
	if err != nil {
		return signClass{}, err
	}
	if len(sessions) == 0 {
		return signClass{}, noTicketYet(office.Refuse("plan.class_without_sessions", "Class", row.Code))
	}
	c := signClass{Class: row, live: store.PolicyOf(row, pilot).LiveOnly, from: site.Zone.Date(s.tx.Now())}
	for _, x := range sessions {
		c.from, c.until = min(c.from, site.Zone.Date(x.StartsAt)), max(c.until, site.Zone.Date(x.EndsAt))
	}
	c.until = max(c.until, c.from).AddDays(graceDays)
	s.classes[id] = c
	return c, s.load(id)
}

// load reads the names of everybody in a class at once.
func (s *signer) load(class uuid.UUID) error {
	if s.names == nil {
		s.names = map[uuid.UUID]string{}
	}
	rows, err := s.tx.EnrollmentsOf(class)
	if err != nil {
		return err
	}
	names, err := s.tx.Names(rows)
	for id, name := range names {
		s.names[id] = name
	}
	return err
}

func (s *signer) sign(e models.Enrollment) (models.Ticket, error) {
	c, err := s.class(e.ClassID)
	if err != nil {
		return models.Ticket{}, err
	}
	if s.key == nil {
		if s.key, err = s.tx.TicketKey(); err != nil {
			return models.Ticket{}, err
		}
	}
	var id models.Ref
	rand.Read(id[:])
	token, err := ticket.Sign(ticket.Ticket{
		ID: id, Class: c.Ref, Print: !c.live, Live: c.live, Name: s.names[e.ID], ValidFrom: dayOf(c.from), ValidUntil: dayOf(c.until),
	}, s.key)
	if err != nil {
		return models.Ticket{}, err
	}
	signed, err := ticket.Parse(token)
	return models.Ticket{
		ID: id, EnrollmentID: e.ID, ClassID: e.ClassID, KeyID: signed.Key[:], Live: c.live, ValidFrom: c.from, ValidUntil: c.until,
		Token: token, IssuedAt: s.tx.Now(),
	}, err
}

// dayOf counts a calendar day, which is the same number in every zone.
func dayOf(d models.LocalDate) ticket.Day { return ticket.DayOf(d.Start("").Time()) }

// IssueTickets signs tickets for all people of classes who have none, and returns how
// many it issued.
func (p *Service) IssueTickets(ctx context.Context, by office.Actor, classes ...uuid.UUID) (issued int, err error) {
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.EnrollmentsOf(classes...)
		if err != nil {
			return err
		}
		if issued, err = Issue(tx, rows); err != nil || issued == 0 {
			return err
		}
		if err := tx.PublishEnrollments(rows...); err != nil {
			return err
		}
		for _, c := range classes {
			if err := by.Record(tx, office.Done{Action: "ticket.issue", Entity: "class", ID: c.String(), Detail: fmt.Sprint(issued)}); err != nil {
				return err
			}
		}
		return nil
	})
	return issued, err
}

// renewBatch is how many tickets are renewed in one transaction.
const renewBatch = 500

// RenewTickets signs new tickets in the place of those that classes don't take at all of
// their sessions (store.UnfitTickets), and says how many. The old ones are revoked; each
// person's link stays. It works in batches: who was interrupted calls it again.
func (p *Service) RenewTickets(ctx context.Context, by office.Actor, classes ...uuid.UUID) (renewed int, err error) {
	for _, class := range classes {
		for n := renewBatch; n == renewBatch; renewed += n {
			if n, err = p.renewSome(ctx, by, class); err != nil {
				return renewed, err
			}
		}
	}
	return renewed, nil
}

func (p *Service) renewSome(ctx context.Context, by office.Actor, class uuid.UUID) (renewed int, err error) {
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.UnfitTickets(class, renewBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		if renewed, err = replace(tx, "renewed", rows...); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "ticket.renew", Entity: "class", ID: class.String(), Detail: fmt.Sprint(renewed)})
	})
	return renewed, err
}

// replace revokes the tickets of enrollments, signs new ones and tells the sites.
func replace(tx *store.Tx, reason string, rows ...models.Enrollment) (signed int, err error) {
	ids := make([]uuid.UUID, len(rows))
	for i, e := range rows {
		ids[i] = e.ID
	}
	if err := tx.RevokeTickets(reason, ids...); err != nil {
		return 0, err
	}
	if signed, err = Issue(tx, rows); err != nil {
		return 0, err
	}
	return signed, tx.PublishEnrollments(rows...)
}

// IssuePilotTickets signs tickets for all people of a pilot who have none and whose class
// has a session. It returns how many it issued.
func (p *Service) IssuePilotTickets(ctx context.Context, by office.Actor, pilot uuid.UUID) (issued int, err error) {
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.LackingTickets(pilot)
		if err != nil || len(rows) == 0 {
			return err
		}
		if issued, err = Issue(tx, rows); err != nil {
			return err
		}
		if err := tx.PublishEnrollments(rows...); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "ticket.issue", Entity: "pilot", ID: pilot.String(), Detail: fmt.Sprint(issued)})
	})
	return issued, err
}

// RevokeTicket makes a ticket invalid. The place stays, without a ticket.
func (p *Service) RevokeTicket(ctx context.Context, by office.Actor, id models.Ref, reason string) error {
	return p.endTicket(ctx, by, id, reason, "ticket.revoke", func(*store.Tx, models.Enrollment) error { return nil })
}

// ReissueTicket makes a ticket invalid, and signs a new one in its place.
func (p *Service) ReissueTicket(ctx context.Context, by office.Actor, id models.Ref, reason string) error {
	return p.endTicket(ctx, by, id, reason, "ticket.reissue", func(tx *store.Tx, e models.Enrollment) error {
		_, err := Issue(tx, []models.Enrollment{e})
		return err
	})
}

func (p *Service) endTicket(ctx context.Context, by office.Actor, id models.Ref, reason, action string, then func(*store.Tx, models.Enrollment) error) error {
	if strings.TrimSpace(reason) == "" {
		return office.Refuse("plan.reason_needed")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(id)
		if err != nil {
			return err
		}
		if t.RevokedAt != 0 {
			return office.Refuse("plan.already_revoked")
		}
		e, err := tx.Enrollment(t.EnrollmentID)
		if err != nil {
			return err
		}
		if err := tx.RevokeTickets(reason, e.ID); err != nil {
			return err
		}
		if err := then(tx, e); err != nil {
			return err
		}
		if err := tx.PublishEnrollments(e); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: action, Entity: "enrollment", ID: e.ID.String(), Detail: id.String(), Reason: reason})
	})
}
