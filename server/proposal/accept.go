package proposal

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// Accept makes classes out of a proposal: those with the given numbers, or without
// numbers all that are left. Each class is made as a whole, with sessions, enrollments
// and, if tickets may be issued, tickets. A class that cannot be made is refused with the
// reasons, and the others continue. People who got a place in the pilot since then are
// left out.
func (p *Service) Accept(ctx context.Context, by office.Actor, plan uuid.UUID, seqs []int, progress office.Progress) error {
	row, err := p.markWanted(ctx, by, plan, seqs)
	if err != nil {
		return err
	}
	return p.accept(ctx, by, row, progress)
}

// markWanted marks the classes that are to become real.
func (p *Service) markWanted(ctx context.Context, by office.Actor, plan uuid.UUID, seqs []int) (row models.AutoPlan, err error) {
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		if row, err = tx.AutoPlan(plan); err != nil {
			return err
		}
		if row.State != ProposalReady {
			return office.Refuse("autoplan.not_ready")
		}
		n, err := tx.WantProposedClasses(plan, seqs)
		if err != nil {
			return err
		}
		if n == 0 {
			return office.Refuse("autoplan.nothing_chosen")
		}
		row.State, row.ActorID = ProposalAccepting, by.ID
		if err := tx.SaveAutoPlan(row); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "autoplan.accept", Entity: "autoplan", ID: plan.String(), Detail: strconv.FormatInt(n, 10)})
	})
	return row, err
}

// together is how many classes are made in one transaction: quotas are counted
// once for them, and a site's uploads still never wait for long.
const together = 16

// accept makes the wanted classes real, several in a transaction. If a rule refuses one
// of them, it tries each alone, so that the others succeed.
func (p *Service) accept(ctx context.Context, by office.Actor, row models.AutoPlan, progress office.Progress) error {
	seqs, err := p.st.Read(ctx).WantedClasses(row.ID)
	if err != nil {
		return err
	}
	a := acceptance{by: by, plan: row, last: map[string]int{}}
	done := 0
	for part := range slices.Chunk(seqs, together) {
		if progress != nil {
			progress(done, len(seqs))
		}
		done += len(part)
		err := p.st.Write(ctx, func(tx *store.Tx) error { return a.classes(tx, part) })
		if r := (*office.Refusal)(nil); err == nil || !errors.As(err, &r) {
			if err != nil {
				return err
			}
			continue
		}
		for _, seq := range part {
			if err := p.st.Write(ctx, func(tx *store.Tx) error { return a.classes(tx, []int{seq}) }); err != nil {
				if err := p.refuseClass(ctx, row.ID, seq, err); err != nil {
					return err
				}
			}
		}
	}
	row.State = ProposalReady
	return p.st.Write(ctx, func(tx *store.Tx) error { return tx.SaveAutoPlan(row) })
}

// refuseClass stores why a class cannot be made. It returns an error that is not a
// refusal.
func (p *Service) refuseClass(ctx context.Context, plan uuid.UUID, seq int, err error) error {
	problems, err := office.ProblemsOf(err)
	if err != nil {
		return err
	}
	text, err := json.Marshal(problems)
	if err != nil {
		return fmt.Errorf("problems: %w", err)
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		return tx.SettleProposedClass(models.ProposedClass{PlanID: plan, Seq: seq, State: models.ProposalRefused, Problem: string(text)})
	})
}

// acceptance is one run of Accept.
type acceptance struct {
	by   office.Actor
	plan models.AutoPlan
	last map[string]int // number of the last class by course and site
}

// classes makes classes of proposed ones, all or none.
func (a acceptance) classes(tx *store.Tx, seqs []int) error {
	if err := tx.LockPilot(a.plan.PilotID); err != nil { // two who look at once would both find people idle
		return err
	}
	people := map[uuid.UUID][]uuid.UUID{}
	for _, seq := range seqs {
		proposed, err := tx.ProposedClass(a.plan.ID, seq)
		if err != nil {
			return err
		}
		idle, err := a.stillIdle(tx, proposed.People)
		if err != nil {
			return err
		}
		c, err := a.class(tx, proposed)
		if err != nil {
			return err
		}
		people[c.ID] = idle
		proposed.State, proposed.ClassID = models.ProposalAccepted, &c.ID
		if err := tx.SettleProposedClass(proposed); err != nil {
			return err
		}
		if err := a.by.Record(tx, office.Done{
			Action: "class.add", Entity: "class", ID: c.ID.String(), Detail: fmt.Sprintf("%s, %d", c.Code, len(idle))}); err != nil {
			return err
		}
	}
	_, _, err := seating.Enroll(tx, people)
	return err
}

// class stores a class with its sessions, without its people.
func (a acceptance) class(tx *store.Tx, of models.ProposedClass) (models.Class, error) {
	c, err := a.newClass(tx, of)
	if err != nil {
		return c, err
	}
	sessions, err := a.sessions(tx, c, of)
	if err != nil {
		return c, err
	}
	if err := errors.Join(tx.SaveClasses([]models.Class{c}), tx.SaveSessions(sessions)); err != nil {
		return c, err
	}
	if err := a.collide(tx, of, c.ID); err != nil {
		return c, err
	}
	return c, errors.Join(tx.PublishClasses(c), tx.PublishSessions(sessions...))
}

// stillIdle are the people who have no place in the pilot now.
func (a acceptance) stillIdle(tx *store.Tx, people []uuid.UUID) ([]uuid.UUID, error) {
	places, err := tx.EnrollmentsOfParticipants(people...)
	if err != nil {
		return nil, err
	}
	placed := map[uuid.UUID]bool{}
	for _, e := range places {
		if e.Status != models.EnrollmentActive {
			continue
		}
		c, err := tx.Class(e.ClassID)
		if err != nil {
			return nil, err
		}
		if c.PilotID == a.plan.PilotID {
			placed[*e.ParticipantID] = true
		}
	}
	var idle []uuid.UUID
	for _, id := range people {
		if !placed[id] {
			idle = append(idle, id)
		}
	}
	if len(idle) == 0 {
		return nil, office.Refuse("autoplan.nobody_left")
	}
	return idle, nil
}

// newClass makes the class, under the next code that its course has at the site.
func (a acceptance) newClass(tx *store.Tx, of models.ProposedClass) (models.Class, error) {
	c := models.Class{PilotID: a.plan.PilotID, CourseID: of.CourseID, SiteID: of.SiteID, Capacity: of.Seats, UpdatedAt: tx.Now()}
	course, err := tx.Course(of.CourseID)
	if err != nil {
		return c, err
	}
	site, err := tx.Site(of.SiteID)
	if err != nil {
		return c, err
	}
	c.ProviderID = course.ProviderID
	stem := course.Code + "-" + site.Code + "-"
	for c.Code == "" {
		a.last[stem]++
		code := stem + strconv.Itoa(a.last[stem])
		if _, err := tx.ClassByCode(code); errors.Is(err, store.ErrNotFound) {
			c.Code = code
		} else if err != nil {
			return c, err
		}
	}
	if c.ID, err = store.NewID(); err != nil {
		return c, err
	}
	rand.Read(c.Ref[:])
	c.Secret, err = tx.NewClassSecret(c.ID)
	return c, err
}

func (a acceptance) sessions(tx *store.Tx, c models.Class, of models.ProposedClass) ([]models.Session, error) {
	pilot, err := tx.Pilot(a.plan.PilotID)
	if err != nil {
		return nil, err
	}
	site, err := tx.Site(c.SiteID)
	if err != nil {
		return nil, err
	}
	var rows []models.Session
	for i, m := range of.Meetings {
		s := models.Session{ClassID: c.ID, SiteID: c.SiteID, Seq: i + 1, StartsAt: m[0], EndsAt: m[1], Status: models.SessionPlanned, UpdatedAt: tx.Now()}
		if site.Zone.Date(s.StartsAt) < pilot.FirstDay {
			return nil, office.Refuse("autoplan.before_first_day", "Day", string(pilot.FirstDay))
		}
		if s.StartsAt <= tx.Now() {
			return nil, office.Refuse("autoplan.past_window")
		}
		if s.ID, err = store.NewID(); err != nil {
			return nil, err
		}
		rows = append(rows, s)
	}
	return rows, nil
}

// collide refuses a class that does not fit into the present plan. enroll finds people
// who would be in two sessions at once.
func (a acceptance) collide(tx *store.Tx, of models.ProposedClass, class uuid.UUID) error {
	site, err := tx.Site(of.SiteID)
	if err != nil {
		return err
	}
	if of.Seats > site.Capacity { // it was larger when the class was proposed
		return office.Refuse("autoplan.conflict_capacity", "What", site.Code)
	}
	beside, err := tx.SessionsAt(of.SiteID, of.StartsAt, of.EndsAt)
	if err != nil {
		return err
	}
	found, err := plan.ConflictsAmong(tx.Queries, beside)
	if err != nil {
		return err
	}
	for _, c := range found {
		if c.Session.ClassID == class || c.Other.ClassID == class {
			return office.Refuse("autoplan.conflict_"+string(c.Kind), "What", c.What)
		}
	}
	return nil
}
