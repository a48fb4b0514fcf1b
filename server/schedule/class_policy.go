package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// badPolicy refuses a policy at the number that makes no sense.
func badPolicy(err error) error {
	e, ok := errors.AsType[*models.PolicyError](err)
	if !ok {
		return err
	}
	return refuse("plan.bad_policy", "Name", e.Field, "Most", e.Most).at(string(e.Field))
}

// SetClassPolicy gives a class a policy of its own, for a reason; nil gives it its
// pilot's again. Its results are derived anew, and its site is told. The version of an
// own policy is higher than any that the class has been judged by so far.
func (p *Planner) SetClassPolicy(ctx context.Context, by Actor, class uuid.UUID, own *models.Policy, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return refuse("plan.reason_needed").at("reason")
	}
	if own != nil {
		if err := own.Check(); err != nil {
			return badPolicy(err)
		}
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Class(class)
		if err != nil {
			return err
		}
		if err := by.replans(c); err != nil {
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
		before := store.PolicyOf(c, pilot)
		if own == nil && c.Policy == nil {
			return refuse("class_policy.is_pilots")
		}
		if c.Policy = own; own != nil {
			policy := *own
			policy.Version = before.Version
			if policy == before {
				return refuse("class_policy.same")
			}
			policy.Version = max(c.OwnVersion, pilot.Policy.Version) + 1
			c.Policy, c.OwnVersion = &policy, policy.Version
		}
		c.UpdatedAt = tx.Now()
		if err := tx.SaveClasses([]models.Class{c}); err != nil {
			return err
		}
		if err := refoldClasses(tx, []models.Class{c}); err != nil {
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
		return by.record(tx, "class.policy", "class", c.ID.String(), string(detail), reason)
	})
}
