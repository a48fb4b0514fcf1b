package plan

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// AddPilot plans a pilot. It sets the ID, the phase and, if there is none, the default
// policy.
func (p *Service) AddPilot(ctx context.Context, by office.Actor, pilot models.Pilot, provinces []models.PilotProvince) (models.Pilot, error) {
	pilot.Code, pilot.Name = strings.TrimSpace(pilot.Code), strings.TrimSpace(pilot.Name)
	if pilot.Code == "" || pilot.Name == "" {
		return pilot, office.Refuse("plan.pilot_needs_name")
	}
	for _, pp := range provinces {
		if _, ok := region.ProvinceByCode(pp.Province); !ok {
			return pilot, office.Refuse("plan.unknown_province", "Code", pp.Province)
		}
	}
	if pilot.Policy == (models.Policy{}) {
		pilot.Policy = models.DefaultPolicy()
	}
	if err := pilot.Policy.Check(); err != nil {
		return pilot, badPolicy(err)
	}
	var err error
	if pilot.ID, err = store.NewID(); err != nil {
		return pilot, err
	}
	pilot.Phase = models.PhasePreparing
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.PilotByCode(pilot.Code); err == nil {
			return office.Refuse("plan.code_taken", "Code", pilot.Code)
		}
		if err := tx.SavePilot(pilot, append([]models.PilotProvince{}, provinces...)); err != nil {
			return err
		}
		made := office.QuotaFacts(pilot.Quota, provinces)
		made["code"], made["name"] = pilot.Code, pilot.Name
		return by.RecordChanges(tx, "pilot.add", pilot.ID, made.Since(nil))
	})
	return pilot, err
}

// SetPhase moves a pilot on. Approval needs the decision, see Decide.
func (p *Service) SetPhase(ctx context.Context, by office.Actor, pilot uuid.UUID, next models.Phase, reason string) error {
	return p.changePilot(ctx, by, pilot, func(tx *store.Tx, row *models.Pilot) error {
		switch {
		case next == models.PhaseApproved && row.DecisionNumber == "":
			return office.Refuse("plan.decision_needed")
		case !row.Phase.MayBecome(next):
			return office.Refuse("plan.phase_order", "From", row.Phase, "To", next)
		case (next == models.PhaseSuspended || next == models.PhaseClosed) && strings.TrimSpace(reason) == "":
			return office.Refuse("plan.reason_needed")
		}
		from := row.Phase
		row.Phase = next
		return by.Because(reason).RecordChanges(tx, "pilot.phase", row.ID, office.PhaseFacts(next).Since(office.PhaseFacts(from)))
	})
}

// SetPolicy changes what a pilot's classes are judged by from now on, and raises
// the policy's version. Results that it changes and tickets that it makes useless have to be
// agreed to, see WouldShift; such tickets are then renewed. Closed classes keep theirs.
func (p *Service) SetPolicy(ctx context.Context, by office.Actor, pilot uuid.UUID, policy models.Policy) error {
	if err := policy.Check(); err != nil {
		return badPolicy(err)
	}
	err := p.changePilot(ctx, by, pilot, func(tx *store.Tx, row *models.Pilot) error {
		policy.Version = row.Policy.Version + 1
		before, err1 := office.PolicyFacts(row.Policy)
		after, err2 := office.PolicyFacts(policy)
		row.Policy = policy
		return errors.Join(err1, err2, by.RecordChanges(tx, "pilot.policy", row.ID, after.Since(before)))
	})
	if err != nil {
		return err
	}
	row, err1 := p.st.Read(ctx).Pilot(pilot)
	classes, err2 := p.st.Read(ctx).ClassesOf(pilot)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return p.renewRefused(ctx, by, rules{row, classes})
}

// SetQuota changes how many may take part, in all and by province.
func (p *Service) SetQuota(ctx context.Context, by office.Actor, pilot uuid.UUID, quota int, provinces []models.PilotProvince) error {
	if quota < 0 {
		return office.Refuse("plan.bad_number")
	}
	for _, pp := range provinces {
		if _, ok := region.ProvinceByCode(pp.Province); !ok || pp.Quota < 0 {
			return office.Refuse("plan.unknown_province", "Code", pp.Province)
		}
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockPilot(pilot); err != nil { // the whole row is written back
			return err
		}
		row, err := tx.Pilot(pilot)
		if err != nil {
			return err
		}
		were, err := tx.PilotProvinces(pilot)
		if err != nil {
			return err
		}
		before := office.QuotaFacts(row.Quota, were)
		row.Quota = quota
		if err := tx.SavePilot(row, append([]models.PilotProvince{}, provinces...)); err != nil {
			return err
		}
		return by.RecordChanges(tx, "pilot.quota", pilot, office.QuotaFacts(quota, provinces).Since(before))
	})
}

// changePilot changes a pilot and tells every site that has a class of it.
func (p *Service) changePilot(ctx context.Context, by office.Actor, pilot uuid.UUID, change func(*store.Tx, *models.Pilot) error) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockPilot(pilot); err != nil {
			return err
		}
		row, err := tx.Pilot(pilot)
		if err != nil {
			return err
		}
		was := row
		if err := change(tx, &row); err != nil {
			return err
		}
		if err := tx.SavePilot(row, nil); err != nil {
			return err
		}
		classes, err := tx.ClassesOf(pilot)
		if err != nil {
			return err
		}
		if was.Policy != row.Policy { // results are always what the rules in force give
			if err := rejudge(tx, by, rules{was, classes}, rules{row, classes}); err != nil {
				return err
			}
		}
		return tx.PublishClasses(classes...)
	})
}
