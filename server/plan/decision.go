package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Decision is what the committee decided about a pilot.
type Decision struct {
	Number       string
	Date         models.LocalDate
	FirstDay     models.LocalDate // no session before it
	FileName     string           // of the document
	FileType     string
	FileContents []byte
}

// check refuses what no decision can be.
func (d Decision) check(now models.Millis) error {
	switch {
	case strings.TrimSpace(d.Number) == "" || !d.Date.Valid() || !d.FirstDay.Valid():
		return office.Refuse("plan.decision_incomplete")
	case d.FirstDay < d.Date:
		return office.RefuseField("first_day", "plan.first_day_too_early")
	case d.Date > models.ZoneWIT.Date(now): // where the day begins first
		return office.RefuseField("date", "plan.decision_to_come")
	}
	return nil
}

// keep stores the decision, with its document if there is one.
func (d Decision) keep(tx *store.Tx, by office.Actor, row *models.Pilot) error {
	row.DecisionNumber, row.DecisionDate, row.FirstDay = strings.TrimSpace(d.Number), d.Date, d.FirstDay
	if len(d.FileContents) == 0 {
		return nil
	}
	id, err := store.NewID()
	if err != nil {
		return err
	}
	row.DecisionFile = d.FileName
	return tx.AddDocument(models.Document{
		ID: id, Entity: "pilot", EntityID: row.ID, Kind: models.DocumentDecision, FileName: d.FileName, MediaType: d.FileType,
		Content: d.FileContents, SHA256: sha256.Sum256(d.FileContents), AuthorID: by.ID,
	})
}

// Decide records the committee's decision: the pilot is approved from then on.
func (p *Service) Decide(ctx context.Context, by office.Actor, pilot uuid.UUID, d Decision) error {
	return p.changePilot(ctx, by, pilot, func(tx *store.Tx, row *models.Pilot) error {
		if err := d.check(tx.Now()); err != nil {
			return err
		}
		if len(d.FileContents) == 0 {
			return office.RefuseField("document", "plan.document_needed")
		}
		before := office.DecisionFacts(*row)
		if row.Phase == models.PhasePreparing {
			row.Phase = models.PhaseAwaitingDecision
		}
		if !row.Phase.MayBecome(models.PhaseApproved) {
			return office.Refuse("plan.phase_order", "From", row.Phase, "To", models.PhaseApproved)
		}
		row.Phase = models.PhaseApproved
		if err := d.keep(tx, by, row); err != nil {
			return err
		}
		return by.RecordChanges(tx, "pilot.approve", row.ID, office.DecisionFacts(*row).Since(before))
	})
}

// CorrectDecision corrects what was recorded of the committee's decision, for a reason. What
// is empty stays as it is. The history keeps the old values, and the pilot its old document. A
// first day that planned sessions are before is refused.
func (p *Service) CorrectDecision(ctx context.Context, by office.Actor, pilot uuid.UUID, d Decision, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return office.ReasonNeeded()
	}
	return p.changePilot(ctx, by, pilot, func(tx *store.Tx, row *models.Pilot) error {
		if row.DecisionNumber == "" {
			return office.Refuse("plan.decision_needed")
		}
		d.Number, d.Date, d.FirstDay = cmp.Or(strings.TrimSpace(d.Number), row.DecisionNumber), cmp.Or(d.Date, row.DecisionDate), cmp.Or(d.FirstDay, row.FirstDay)
		if err := d.check(tx.Now()); err != nil {
			return err
		}
		if d.FirstDay > row.FirstDay {
			if err := nothingBefore(tx, row.ID, d.FirstDay); err != nil {
				return err
			}
		}
		before, file := office.DecisionFacts(*row), row.DecisionFile
		if err := d.keep(tx, by, row); err != nil {
			return err
		}
		changes := office.DecisionFacts(*row).Since(before)
		if len(d.FileContents) > 0 && row.DecisionFile == file { // another document by the same name
			changes = append(changes, office.Change{Field: "decision:document", From: file, To: file})
		}
		if len(changes) == 0 {
			return office.Refuse("class_policy.same")
		}
		return by.Because(reason).RecordChanges(tx, "pilot.decision", row.ID, changes)
	})
}

// mostListed is how many sessions a refusal lists; it counts all.
const mostListed = 10

// nothingBefore refuses a first day that planned sessions of a pilot are before, and lists
// them.
func nothingBefore(tx *store.Tx, pilot uuid.UUID, first models.LocalDate) error {
	sessions, err := tx.SessionsBetween(0, first.Start(models.ZoneWIB)) // where the day begins last
	if err != nil {
		return err
	}
	known, err := KnownFor(tx.Queries, sessions)
	if err != nil {
		return err
	}
	var early []string
	for _, s := range sessions {
		class := known.Classes[s.ClassID]
		if day := known.Sites[s.SiteID].Zone.Date(s.StartsAt); class.PilotID == pilot && day < first {
			early = append(early, fmt.Sprintf("%s %d (%s)", class.Code, s.Seq, day))
		}
	}
	if len(early) == 0 {
		return nil
	}
	list := strings.Join(early[:min(len(early), mostListed)], ", ")
	if len(early) > mostListed {
		list += ", …"
	}
	return office.RefuseField("first_day", "plan.sessions_before", "Day", string(first), "Count", len(early), "List", list)
}
