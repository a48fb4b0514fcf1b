package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// anchorsOf gives the anchors that the events themselves carry.
func anchorsOf(events []exchange.Stored) []models.BootAnchor {
	var out []models.BootAnchor
	for _, e := range events {
		if e.Kind != models.EventClock || e.Boot == uuid.Nil || e.Server == 0 && e.Confirmed == 0 {
			continue
		}
		a := models.BootAnchor{AgentID: e.Agent, Epoch: e.Epoch, Seq: int64(e.Seq), //nolint:gosec // counts from 1
			Boot: e.Boot, Mono: e.Mono, At: e.Server, Met: true}
		if a.At == 0 {
			a.At, a.Met = e.Confirmed, false
		}
		out = append(out, a)
	}
	return out
}

// correct gives rows about to be stored the time they are judged by, and corrects
// what was stored of the same boots before it was known. It returns the rows from
// before whose time has changed: the attendance that they are part of is another now.
func (t *Tx) correct(agent uuid.UUID, rows []models.ScanEvent, fresh []models.BootAnchor) ([]models.ScanEvent, error) {
	if len(fresh) > 0 {
		if err := t.db.CreateInBatches(fresh, chunk).Error; err != nil {
			return nil, translate(err)
		}
	}
	boots := map[uuid.UUID]bool{}
	for _, r := range rows {
		if r.Boot != nil {
			boots[*r.Boot] = true
		}
	}
	anchors, err := t.anchors(agent, boots)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		correctRow(&rows[i], anchors)
	}
	var changed []models.ScanEvent
	news := map[uuid.UUID]bool{}
	for _, a := range fresh {
		news[a.Boot] = true
	}
	for boot := range news {
		before, err := all[models.ScanEvent](t.db.Omit("bytes").Where("agent_id = ? AND boot = ?", agent, boot))
		if err != nil {
			return nil, err
		}
		for _, r := range before {
			was, sure := r.Corrected, r.Sure
			if correctRow(&r, anchors); r.Corrected == was && r.Sure == sure {
				continue
			}
			changed = append(changed, r)
			if err := t.setEvent(r, map[string]any{"corrected": r.Corrected, "sure": r.Sure}); err != nil {
				return nil, err
			}
		}
	}
	return changed, nil
}

func correctRow(r *models.ScanEvent, anchors map[uuid.UUID][]attendance.Anchor) {
	r.Corrected, r.Sure = r.Occurred, false
	if r.Boot != nil {
		r.Corrected, r.Sure = attendance.Correct(r.Occurred, r.Mono, anchors[*r.Boot])
		r.Sure = r.Sure && r.Doubt&uint8(journal.DoubtClock) == 0 // whatever the agent's clock, the phone's was set
	}
}

// anchors reads what is known of the clocks of some of an agent's boots.
func (q Queries) anchors(agent uuid.UUID, boots map[uuid.UUID]bool) (map[uuid.UUID][]attendance.Anchor, error) {
	var keys []uuid.UUID
	for b := range boots {
		keys = append(keys, b)
	}
	rows, err := in[models.BootAnchor](q.db.Where("agent_id = ?", agent), "boot", keys)
	out := map[uuid.UUID][]attendance.Anchor{}
	for _, a := range rows {
		out[a.Boot] = append(out[a.Boot], attendance.Anchor{Mono: a.Mono, Time: a.At, Met: a.Met})
	}
	return out, err
}
