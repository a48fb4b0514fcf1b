package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// nearby is how far from now a session lies whose scans the agents of one site tell each other.
const nearby = 12 * time.Hour

// mostOthers bounds the other agents of a site that one agent is told of.
const mostOthers = 16

// Others reads what the other active agents of a site have recorded since what an agent knows
// of their journals: accepted scans at the sessions of these hours, and what voids them. Where
// there is nothing new it costs two look-ups by key.
func (s *Store) Others(ctx context.Context, agent models.Agent, known []exchange.Known) (exchange.OthersAnswer, error) {
	q, now := s.Read(ctx), s.now()
	out := exchange.OthersAnswer{Protocol: exchange.Protocol, Now: now}
	agents, err := all[models.Agent](q.db.Where("site_id = ? AND id <> ? AND status = ?", agent.SiteID, agent.ID, models.AgentActive).
		Order("last_contact DESC").Limit(mostOthers))
	if err != nil || len(agents) == 0 {
		return out, err
	}
	var ids []uuid.UUID
	for _, a := range agents {
		ids = append(ids, a.ID)
		out.Heard = append(out.Heard, exchange.Heard{Agent: a.ID, At: a.LastContact})
	}
	journals, err := all[models.Journal](q.db.Select("agent_id", "epoch", "head_seq").Where("agent_id IN ?", ids).Order("agent_id, epoch"))
	if err != nil {
		return out, err
	}
	var sessions []uuid.UUID
	room := exchange.MostTold
	for _, j := range journals {
		after := knownSeq(known, j)
		if j.HeadSeq <= after {
			continue
		}
		if room == 0 || len(out.Tails) == exchange.MostJournals {
			out.More = true
			break
		}
		if sessions == nil {
			if sessions, err = q.sessionsNear(agent.SiteID, now); err != nil {
				return out, err
			}
		}
		tail, err := q.tail(j, after, sessions, room)
		if err != nil {
			return out, err
		}
		out.Tails, out.More = append(out.Tails, tail), out.More || int64(tail.Seq) < j.HeadSeq //nolint:gosec // counts from 1
		room -= len(tail.Marks)
	}
	return out, nil
}

func knownSeq(known []exchange.Known, j models.Journal) int64 {
	if i := slices.IndexFunc(known, func(k exchange.Known) bool { return k.Agent == j.AgentID && k.Epoch == j.Epoch }); i >= 0 {
		return int64(min(known[i].Seq, uint64(j.HeadSeq))) //nolint:gosec // counts from 0
	}
	return 0
}

// sessionsNear lists a site's sessions of these hours; never nil.
func (q Queries) sessionsNear(site uuid.UUID, now models.Millis) ([]uuid.UUID, error) {
	ids := []uuid.UUID{}
	err := q.db.Model(&models.Session{}).Where("site_id = ? AND starts_at BETWEEN ? AND ? AND ends_at > ?",
		site, now.Add(-2*nearby), now.Add(nearby), now.Add(-nearby)).Pluck("id", &ids).Error
	return ids, translate(err)
}

// tail reads what a journal tells after an event, as far as there is room for it.
func (q Queries) tail(j models.Journal, after int64, sessions []uuid.UUID, room int) (exchange.Tail, error) {
	t := exchange.Tail{Agent: j.AgentID, Epoch: j.Epoch, Seq: uint64(j.HeadSeq)} //nolint:gosec // counts from 0
	kinds := slices.DeleteFunc(models.EventKinds(), func(k models.EventKind) bool { return !k.Attends() && k != models.EventVoid })
	rows, err := all[models.ScanEvent](q.db.Where("agent_id = ? AND epoch = ? AND seq > ? AND seq <= ?", j.AgentID, j.Epoch, after, j.HeadSeq).
		Where("session_id IN ? AND quarantine = '' AND kind IN ?", sessions, kinds).Order("seq").Limit(room + 1))
	if err != nil {
		return t, err
	}
	if len(rows) > room {
		rows = rows[:room]
		t.Seq = uint64(rows[room-1].Seq) //nolint:gosec // counts from 1
	}
	for _, r := range rows {
		if r.Kind != models.EventVoid && !r.Verdict.Accepted() {
			continue
		}
		m := exchange.Mark{Seq: uint64(r.Seq), Out: r.Verdict == models.VerdictAcceptedOut, At: r.Corrected, Session: r.SessionID[:], //nolint:gosec // counts from 1
			Desk: r.Desk, Voids: uint64(r.Target)} //nolint:gosec // counts from 0
		if r.EnrollmentID != nil {
			m.Enrollment = r.EnrollmentID[:]
		}
		if r.TicketID != nil {
			m.Ticket = r.TicketID[:]
		}
		if r.TargetEpoch != nil {
			m.VoidsIn = r.TargetEpoch[:]
		}
		t.Marks = append(t.Marks, m)
	}
	return t, nil
}

// fillAgents publishes the agents that a database of an earlier version has told nobody of.
func (t *Tx) fillAgents() error {
	agents, err := all[models.Agent](t.db.Where("status = ?", models.AgentActive))
	if err != nil {
		return err
	}
	told, err := all[models.FeedItem](t.db.Select("key").Where("kind = ?", exchange.KindAgent))
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, it := range told {
		known[string(it.Key)] = true
	}
	for _, a := range agents {
		if !known[string(a.ID[:])] {
			if err := t.publishAgent(a); err != nil {
				return err
			}
		}
	}
	return nil
}
