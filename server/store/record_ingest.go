package store

import (
	"crypto/sha256"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// Ingested says what became of a batch.
type Ingested struct {
	Head        journal.Head
	Fresh       int // events that were not here yet
	Receipt     []byte
	Common      journal.Head // see exchange.PushAnswer
	Conflict    exchange.Conflict
	Quarantined []exchange.Quarantined
}

// Ingest stores events that continue an agent's journal, folds them into
// attendance, moves the site's watermark and signs the receipt, all in this
// transaction. Repeats are ignored. The events are verified already: chain and
// signature hold. O(batch).
func (t *Tx) Ingest(agent models.Agent, events []exchange.Stored, s journal.Statement) (Ingested, error) {
	var out Ingested
	var about []uuid.UUID
	for _, e := range events {
		about = append(about, e.Session)
	}
	if err := t.lockSitesOf([]uuid.UUID{agent.SiteID}, about); err != nil {
		return out, err
	}
	row, err := t.lockJournal(agent.ID, s.Epoch)
	if err != nil {
		return out, err
	}
	head := journal.Head{Agent: agent.ID, Epoch: s.Epoch, Seq: uint64(row.HeadSeq), Hash: row.HeadHash} //nolint:gosec // counts from 1
	if row.Receipt == nil && s.Epoch != agent.Epoch {
		if err := t.newEpoch(agent, s.Epoch); err != nil {
			return out, err
		}
	}
	fresh, common, conflict, err := t.continues(head, events, s)
	if err != nil {
		return out, err
	}
	out.Common, out.Conflict, out.Fresh = common, conflict, len(fresh)
	var rows []models.ScanEvent
	for _, e := range fresh {
		rows = append(rows, rowOf(agent, e, t.now))
		head.Seq, head.Hash = e.Seq, e.Hash
	}
	if err := t.resolve(rows); err != nil {
		return out, err
	}
	for _, r := range rows {
		if r.Quarantine != "" {
			out.Quarantined = append(out.Quarantined, exchange.Quarantined{Seq: uint64(r.Seq), Reason: r.Quarantine}) //nolint:gosec // counts from 1
		}
	}
	if err := t.keep(agent, rows, anchorsOf(fresh)); err != nil {
		return out, err
	}
	out.Head = head
	if conflict == exchange.ConflictNone {
		if err := t.reported(agent, s.AsOf); err != nil {
			return out, err
		}
	}
	signer, _, err := t.NoteKey()
	if err != nil {
		return out, err
	}
	if out.Receipt, err = (journal.Receipt{Head: head, At: t.now}).Sign(signer); err != nil {
		return out, err
	}
	row.HeadSeq, row.HeadHash, row.Receipt = int64(head.Seq), head.Hash, out.Receipt //nolint:gosec // counts from 1
	return out, translate(t.db.Save(&row).Error)
}

// Lacks names those of an agent's past epochs that are not here as far as the agent
// had once brought them: this server was put back from a backup, and perhaps got another
// past of the same epoch since, from another copy of the agent's disk.
func (q Queries) Lacks(agent uuid.UUID, past []exchange.Past) (lacks []models.Epoch, err error) {
	const most = 1000 // no disk is put back as often
	for _, p := range past[:min(len(past), most)] {
		e, err := q.Event(agent, p.Epoch, int64(min(p.Until, math.MaxInt64)))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		if p.Until > 0 && (e.Hash.IsZero() || !p.Hash.IsZero() && e.Hash != p.Hash) {
			lacks = append(lacks, p.Epoch)
		}
	}
	return lacks, nil
}

// lockJournal makes batches of one journal wait for each other.
func (t *Tx) lockJournal(agent uuid.UUID, epoch models.Epoch) (models.Journal, error) {
	fresh := models.Journal{AgentID: agent, Epoch: epoch}
	if err := t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
		return fresh, translate(err)
	}
	return one[models.Journal](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "agent_id = ? AND epoch = ?", agent, epoch)
}

// keep stores new rows, and derives what follows from them.
func (t *Tx) keep(agent models.Agent, rows []models.ScanEvent, anchors []models.BootAnchor) error {
	if len(rows) == 0 {
		return nil
	}
	again, err := t.correct(agent.ID, rows, anchors)
	if err != nil {
		return err
	}
	touched, err := t.reweigh(again)
	if err != nil {
		return err
	}
	if err := t.weigh(rows); err != nil {
		return err
	}
	if err := t.db.CreateInBatches(rows, chunk).Error; err != nil {
		return translate(err)
	}
	t.logEvents(rows)
	if err := t.openCases(casesOf(rows)); err != nil {
		return err
	}
	all := append(again, rows...)
	reopened, err1 := t.openWaiting(rows)
	missed, err2 := t.missed(all)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if err := t.settleOwed(rows); err != nil {
		return err
	}
	pairs := pairsOf(all)
	for _, more := range []map[pair]bool{touched, reopened, missed} {
		maps.Copy(pairs, more)
	}
	if err := t.foldPairs(pairs); err != nil {
		return err
	}
	return t.settleWaiting(all)
}

// newEpoch notes that an agent goes on in another epoch: its disk was restored or
// copied, or its file was salvaged. The office is told by the history.
func (t *Tx) newEpoch(agent models.Agent, epoch models.Epoch) error {
	err := t.db.Model(&models.Agent{}).Where("id = ?", agent.ID).Update("epoch", epoch).Error
	if err != nil {
		return translate(err)
	}
	subject := agent.ID.String() + "/" + epoch.String()
	err = t.openCases([]models.Case{{Kind: models.CaseEpoch, Subject: subject, SiteID: agent.SiteID, AgentID: &agent.ID, Epoch: &epoch}})
	if err != nil {
		return err
	}
	return t.Record(models.HistoryEntry{Actor: "agent " + agent.Name, Action: "agent.epoch", Entity: "agent", EntityID: agent.ID.String(), Detail: epoch.String()})
}

// continues gives those of the events that are new, or says why none may be taken,
// and up to where the agent's journal and the server's copy are the same.
func (t *Tx) continues(head journal.Head, events []exchange.Stored, s journal.Statement) (fresh []exchange.Stored, common journal.Head,
	conflict exchange.Conflict, err error) {
	first := s.Seq + 1 - uint64(len(events))
	if first > head.Seq+1 {
		return nil, common, exchange.ConflictGap, nil
	}
	// What the server has of the same numbers must be the same past.
	known, err := all[models.ScanEvent](t.db.Select("seq", "hash").
		Where("agent_id = ? AND epoch = ? AND seq >= ? AND seq <= ?", head.Agent, head.Epoch, int64(first)-1, int64(s.Seq))) //nolint:gosec // counts from 1
	if err != nil {
		return nil, common, "", err
	}
	hashes := map[uint64]models.Hash{0: {}}
	for _, k := range known {
		hashes[uint64(k.Seq)] = k.Hash //nolint:gosec // counts from 1
	}
	before := s.Hash
	if len(events) > 0 {
		before = events[0].Prev
	}
	if hashes[first-1] != before {
		return nil, common, exchange.ConflictFork, nil
	}
	common.Seq, common.Hash = first-1, before
	for _, e := range events {
		switch have, ok := hashes[e.Seq]; {
		case !ok:
			fresh = append(fresh, e)
		case have != e.Hash:
			return nil, common, exchange.ConflictFork, nil
		}
		common.Seq, common.Hash = e.Seq, e.Hash
	}
	return fresh, common, exchange.ConflictNone, nil
}

// KeepRejected keeps bytes that no journal takes, once.
func (t *Tx) KeepRejected(agent uuid.UUID, reason string, raw []byte) error {
	id, err := NewID()
	if err != nil {
		return err
	}
	row := models.RejectedBatch{ID: id, AgentID: agent, Received: t.now, Reason: text(reason), Bytes: raw, SHA256: sha256.Sum256(raw)}
	created := t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if created.Error != nil || created.RowsAffected == 0 {
		return translate(created.Error)
	}
	a, err := t.Agent(agent)
	if errors.Is(err, ErrNotFound) { // a bundle of nobody that is known
		return nil
	}
	if err != nil {
		return err
	}
	return t.openCases([]models.Case{{Kind: models.CaseRejected, Subject: row.ID.String(), SiteID: a.SiteID, AgentID: &agent, RejectedID: &row.ID,
		Detail: row.Reason}})
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// text is what an agent wrote as a column can hold it: PostgreSQL takes no NUL,
// and one must not stop a journal. The event's bytes stay as they came.
func text[S ~string](s S) S { return S(strings.ReplaceAll(string(s), "\x00", "\uFFFD")) }

func rowOf(agent models.Agent, e exchange.Stored, now models.Millis) models.ScanEvent {
	r := models.ScanEvent{
		AgentID: agent.ID, Epoch: e.Epoch, Seq: int64(e.Seq), Hash: e.Hash, Bytes: e.Canonical, Received: now, //nolint:gosec // counts from 1
		Occurred: e.At(), Corrected: e.At(), Confidence: text(e.Confidence), Kind: text(e.Kind), Verdict: text(e.Verdict), Method: text(e.Method),
		SiteID: agent.SiteID, ClassID: orNil(e.Class), SessionID: orNil(e.Session), EnrollmentID: orNil(e.Enrollment), Desk: text(e.Desk),
		StaffID: orNil(e.Staff), Reason: text(e.Reason), Target: int64(e.Target), Spot: text(e.Spot), //nolint:gosec // counts from 1
	}
	if !e.Ticket.IsZero() {
		r.TicketID = &e.Ticket
	}
	if boot, mono := e.Clock(); boot != uuid.Nil {
		r.Boot, r.Mono = &boot, mono
	}
	if e.Offline() {
		r.HandedAt, r.Doubt, r.Other = e.Occurred, uint8(e.Doubt), text(e.Other)
	}
	if e.Written != 0 {
		r.KeyedAt = e.Occurred
	}
	if e.Doubtful() && e.Verdict.Accepted() {
		r.Quarantine = quarantineHeld
		if e.Doubt&journal.DoubtUnchecked != 0 {
			r.Quarantine = quarantineUnchecked
		}
	}
	if !e.Attached.IsZero() {
		r.Attached = &e.Attached
	}
	if e.Noted.Noted() {
		r.Noted = e.Noted
	}
	if !e.TargetEpoch.IsZero() {
		r.TargetEpoch = &e.TargetEpoch
	}
	return r
}

// The reasons for which an event is kept but does not count.
const (
	quarantineKind       = "unknown_kind"
	quarantineSession    = "unknown_session"
	quarantineEnrollment = "enrollment_of_another_class"
	quarantineClosed     = "class_closed"
	quarantineUnchecked  = "unchecked"       // nobody could check what a phone had decided
	quarantineHeld       = "impossible_time" // a phone or a sheet says that it was when it can't have been
)

// resolve finds whose ticket an unlisted one is, and quarantines what makes no
// sense here. A class that has moved on, or is gone, makes no event wrong.
func (t *Tx) resolve(rows []models.ScanEvent) error {
	tickets, enrollments, sessions, err := t.mentioned(rows)
	if err != nil {
		return err
	}
	closed, err1 := t.closedAmong(sessions)
	knows, err2 := t.knowingOf(strayed(rows, sessions))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if err := t.followWalkIns(rows); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if r.EnrollmentID == nil && r.TicketID != nil {
			if x, ok := tickets[*r.TicketID]; ok {
				r.EnrollmentID = &x.EnrollmentID
			}
		}
		switch {
		case !slices.Contains(models.EventKinds(), r.Kind) || !slices.Contains(models.Verdicts(), r.Verdict):
			r.Quarantine = quarantineKind
		case !r.Kind.Decides(r.Verdict):
		case r.SessionID != nil && r.EnrollmentID != nil && closed[sessions[*r.SessionID].ClassID]:
			r.Quarantine = quarantineClosed // from now on only the office changes attendance: it decides
		case r.Kind == models.EventVoid, r.SessionID == nil && r.Kind == models.EventNote:
		case r.SessionID == nil:
			r.Quarantine = quarantineSession
		case r.EnrollmentID != nil:
			e, known := enrollments[*r.EnrollmentID]
			s, planned := sessions[*r.SessionID]
			// Who was seen where the session is not held waits, see doubtAbout; a note would count.
			foreign := r.Kind == models.EventNote && planned && s.SiteID != r.SiteID && !knows[s.ClassID].Class[r.SiteID]
			if known && planned && e.ClassID != s.ClassID || foreign {
				r.Quarantine = quarantineEnrollment
			}
		}
	}
	return nil
}

// closedAmong says which of the sessions' classes are closed.
func (q Queries) closedAmong(sessions map[uuid.UUID]models.Session) (map[uuid.UUID]bool, error) {
	var ids []uuid.UUID
	for _, s := range sessions {
		ids = append(ids, s.ClassID)
	}
	rows, err := in[models.Class](q.db.Select("id").Where("closed_at <> 0"), "id", ids)
	closed := map[uuid.UUID]bool{}
	for _, c := range rows {
		closed[c.ID] = true
	}
	return closed, err
}

func (q Queries) mentioned(rows []models.ScanEvent) (map[models.Ref]models.Ticket, map[uuid.UUID]models.Enrollment, map[uuid.UUID]models.Session, error) {
	var refs []models.Ref
	var enrollments, sessions []uuid.UUID
	for _, r := range rows {
		if r.TicketID != nil {
			refs = append(refs, *r.TicketID)
		}
		if r.EnrollmentID != nil {
			enrollments = append(enrollments, *r.EnrollmentID)
		}
		if r.SessionID != nil {
			sessions = append(sessions, *r.SessionID)
		}
	}
	found, err1 := in[models.Ticket](q.db, "id", refs)
	tickets := map[models.Ref]models.Ticket{}
	for _, x := range found {
		tickets[x.ID] = x
		enrollments = append(enrollments, x.EnrollmentID)
	}
	people, err2 := in[models.Enrollment](q.db, "id", enrollments)
	byID := map[uuid.UUID]models.Enrollment{}
	for _, e := range people {
		byID[e.ID] = e
	}
	plan, err3 := in[models.Session](q.db, "id", sessions)
	bySession := map[uuid.UUID]models.Session{}
	for _, s := range plan {
		bySession[s.ID] = s
	}
	return tickets, byID, bySession, errors.Join(err1, err2, err3)
}
