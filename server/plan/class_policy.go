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
	"buktihadir/server/store"
)

// badPolicy refuses a policy at the number that makes no sense.
func badPolicy(err error) error {
	e, ok := errors.AsType[*models.PolicyError](err)
	if !ok {
		return err
	}
	if e.Most == 0 {
		return office.RefuseField(string(e.Field), "plan.bad_choice", "Name", e.Field, "Choices", models.HoursRules())
	}
	return office.RefuseField(string(e.Field), "plan.bad_policy", "Name", e.Field, "Most", e.Most)
}

// SetClassPolicy gives a class its own policy, for a reason; nil gives it its pilot's
// policy again. The results are derived again and tickets renewed, as far as the actor agrees
// (see WouldShift), and the site is told. The version of the policy is higher than all versions that the class was judged by before.
func (p *Service) SetClassPolicy(ctx context.Context, by office.Actor, class uuid.UUID, own *models.Policy, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return office.ReasonNeeded()
	}
	if own != nil {
		if err := own.Check(); err != nil {
			return badPolicy(err)
		}
	}
	var now rules
	err := p.st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Class(class)
		if err != nil {
			return err
		}
		if err := replans(by, c); err != nil {
			return err
		}
		if err := tx.LockPilot(c.PilotID); err != nil { // two who count versions at once would count to the same
			return err
		}
		if c, err = tx.Class(class); err != nil {
			return err
		}
		pilot, err := tx.Pilot(c.PilotID)
		if err != nil {
			return err
		}
		was, before := c, store.PolicyOf(c, pilot)
		if c, err = withPolicy(c, pilot, own); err != nil {
			return err
		}
		c.UpdatedAt = tx.Now()
		if err := tx.SaveClasses([]models.Class{c}); err != nil {
			return err
		}
		now = rules{pilot, []models.Class{c}}
		if err := rejudge(tx, by, rules{pilot, []models.Class{was}}, now); err != nil {
			return err
		}
		if err := tx.PublishClasses(c); err != nil {
			return err
		}
		detail, err := json.Marshal(struct {
			From, To models.Policy
			Own      bool
		}{before, store.PolicyOf(c, pilot), own != nil})
		if err != nil {
			return fmt.Errorf("describe a policy: %w", err)
		}
		return by.Record(tx, office.Done{Action: "class.policy", Entity: "class", ID: c.ID.String(), Detail: string(detail), Reason: reason})
	})
	if err != nil {
		return err
	}
	return p.renewRefused(ctx, by, now)
}

// withPolicy is a class with a policy of its own that it hasn't yet, or with its pilot's.
func withPolicy(c models.Class, pilot models.Pilot, own *models.Policy) (models.Class, error) {
	if own == nil && c.Policy == nil {
		return c, office.Refuse("class_policy.is_pilots")
	}
	before := store.PolicyOf(c, pilot)
	if c.Policy = own; own != nil {
		policy := *own
		policy.Version = before.Version
		if policy == before {
			return c, office.Refuse("class_policy.same")
		}
		policy.Version = max(c.OwnVersion, pilot.Policy.Version) + 1
		c.Policy, c.OwnVersion = &policy, policy.Version
	}
	return c, nil
}
