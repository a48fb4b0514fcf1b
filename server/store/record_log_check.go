package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/models/ledger"
)

// LogFault names what is wrong at a position of the log.
type LogFault string

// What a check of the log finds.
const (
	LogRecordMissing     LogFault = "record_missing"     // a position without a record
	LogEventMissing      LogFault = "event_missing"      // an event was deleted
	LogEventChanged      LogFault = "event_changed"      // an event's bytes or hash were changed
	LogColumnsChanged    LogFault = "columns_changed"    // an event's columns don't say what its bytes say
	LogCorrectionMissing LogFault = "correction_missing" // a correction was deleted
	LogCorrectionChanged LogFault = "correction_changed" // a correction was changed
	LogDecisionMissing   LogFault = "decision_missing"   // a decision about a case was deleted
	LogDecisionChanged   LogFault = "decision_changed"   // a decision about a case was changed
	LogDocumentMissing   LogFault = "document_missing"   // a paper that was issued was deleted
	LogDocumentChanged   LogFault = "document_changed"   // a paper that was issued was changed
	LogUnlogged          LogFault = "unlogged"           // an event or a word of the office that never went through the log
	LogTreeChanged       LogFault = "tree_changed"       // the stored tree is not the one whose head was signed
	LogHeadChanged       LogFault = "head_changed"       // the signed head was changed
	LogAttendanceChanged LogFault = "attendance_changed" // a result is not what the events give
	LogResultMissing     LogFault = "result_missing"     // nothing says how somebody was at a session, who was expected there
	LogUncounted         LogFault = "uncounted"          // an accepted event is in no result, and nobody was asked about it
)

// LogProblem is one thing that was changed behind the server's back.
type LogProblem struct {
	Pos   int64 // in the log; -1 where it has none
	What  LogFault
	Where string // the row, for a log
}

func (p LogProblem) String() string { return fmt.Sprintf("%s at %d %s", p.What, p.Pos, p.Where) }

// LogError says that the database does not hold what its log says.
type LogError struct{ Problems []LogProblem }

func (e *LogError) Error() string {
	return fmt.Sprintf("the database is not what its log says: %v and %d more", e.Problems[0], len(e.Problems)-1)
}

// maxProblems is how many problems a check names.
const maxProblems = 20

type loggedRow struct {
	Record logRecord `gorm:"embedded"`
	Hash   []byte
	Bytes  []byte
}

// checkRecords reads again what stands at positions from..to-1, and compares it
// with the tree's leaves.
func (q Queries) checkRecords(from, to int64) (found []LogProblem, err error) {
	for ; from < to && len(found) < maxProblems; from += chunk {
		until := min(from+chunk, to)
		leaves, err := ledger.Leaves(from, until, q.logTile)
		if errors.Is(err, ledger.ErrTree) {
			return append(found, LogProblem{Pos: from, What: LogTreeChanged, Where: err.Error()}), nil
		}
		if err != nil {
			return found, err
		}
		var rows []loggedRow
		err = q.db.Table("log_records r").Select("r.*, e.hash, e.bytes").
			Joins("LEFT JOIN scan_events e ON e.agent_id = r.agent_id AND e.epoch = r.epoch AND e.seq = r.seq").
			Where("r.pos >= ? AND r.pos < ?", from, until).Order("r.pos").Scan(&rows).Error
		if err != nil {
			return found, translate(err)
		}
		said, err := q.saidByTheOffice(rows)
		if err != nil {
			return found, err
		}
		at := map[int64]loggedRow{}
		for _, r := range rows {
			at[r.Record.Pos] = r
		}
		for pos := from; pos < until && len(found) < maxProblems; pos++ {
			r, ok := at[pos]
			if !ok {
				found = append(found, LogProblem{Pos: pos, What: LogRecordMissing})
				continue
			}
			if p, bad := r.check(said, leaves[pos-(until-int64(len(leaves)))]); bad {
				found = append(found, p)
			}
		}
	}
	return found, nil
}

// office is what the office has said, by id.
type office struct {
	corrections map[uuid.UUID]models.Correction
	decisions   map[uuid.UUID]models.CaseDecision
	documents   map[uuid.UUID]models.Document // without their content; zero where that is not what its hash says
}

func (q Queries) saidByTheOffice(rows []loggedRow) (office, error) {
	var corrections, decisions []uuid.UUID
	for _, r := range rows {
		if r.Record.CorrectionID != nil {
			corrections = append(corrections, *r.Record.CorrectionID)
		}
		if r.Record.DecisionID != nil {
			decisions = append(decisions, *r.Record.DecisionID)
		}
	}
	o := office{map[uuid.UUID]models.Correction{}, map[uuid.UUID]models.CaseDecision{}, map[uuid.UUID]models.Document{}}
	for _, r := range rows {
		if r.Record.DocumentID == nil {
			continue
		}
		d, err := q.Document(*r.Record.DocumentID) // one at a time: a paper is large
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return o, err
		}
		if sha256.Sum256(d.Content) != d.SHA256 {
			d = models.Document{}
		}
		d.Content = nil
		o.documents[*r.Record.DocumentID] = d
	}
	list, err1 := in[models.Correction](q.db, "id", corrections)
	for _, c := range list {
		o.corrections[c.ID] = c
	}
	decided, err2 := in[models.CaseDecision](q.db, "id", decisions)
	for _, d := range decided {
		o.decisions[d.ID] = d
	}
	return o, errors.Join(err1, err2)
}

func (r loggedRow) check(said office, leaf ledger.Hash) (LogProblem, bool) {
	if id := r.Record.CorrectionID; id != nil {
		p := LogProblem{Pos: r.Record.Pos, What: LogCorrectionChanged, Where: "correction " + id.String()}
		c, ok := said.corrections[*id]
		if !ok {
			p.What = LogCorrectionMissing
		}
		return p, tlog.RecordHash(ledger.CorrectionRecord(c)) != leaf
	}
	if id := r.Record.DecisionID; id != nil {
		p := LogProblem{Pos: r.Record.Pos, What: LogDecisionChanged, Where: "decision " + id.String()}
		d, ok := said.decisions[*id]
		if !ok {
			p.What = LogDecisionMissing
		}
		return p, tlog.RecordHash(ledger.DecisionRecord(d)) != leaf
	}
	if id := r.Record.DocumentID; id != nil {
		p := LogProblem{Pos: r.Record.Pos, What: LogDocumentChanged, Where: "document " + id.String()}
		d, ok := said.documents[*id]
		if !ok {
			p.What = LogDocumentMissing
		}
		return p, tlog.RecordHash(ledger.DocumentRecord(d)) != leaf
	}
	p := LogProblem{Pos: r.Record.Pos, What: LogEventChanged}
	if r.Record.AgentID == nil || r.Record.Epoch == nil || r.Record.Seq == nil {
		p.What = LogRecordMissing
		return p, true
	}
	p.Where = fmt.Sprintf("event %d of agent %s, epoch %s", *r.Record.Seq, r.Record.AgentID, r.Record.Epoch)
	if len(r.Bytes) == 0 {
		p.What = LogEventMissing
		return p, true
	}
	hash := sha256.Sum256(r.Bytes)
	h := journal.Head{Agent: *r.Record.AgentID, Epoch: *r.Record.Epoch, Seq: uint64(*r.Record.Seq), Hash: hash} //nolint:gosec // counts from 1
	return p, !bytes.Equal(hash[:], r.Hash) || tlog.RecordHash(ledger.EventRecord(h)) != leaf
}

// CheckLog compares everything that is stored with the log: records with leaves,
// columns with bytes, results with events, the tree with the head that was signed
// last. It names at most 20 problems.
func (t *Tx) CheckLog() ([]LogProblem, error) {
	state, err := t.lockLog()
	if err != nil {
		return nil, err
	}
	found, err := t.checkRecords(0, state.Size)
	for _, more := range []func() ([]LogProblem, error){t.checkHead, t.checkRestores, t.checkUnlogged, t.checkColumns, t.checkAttendance,
		t.checkConserved, t.checkExpected} {
		if err != nil || len(found) >= maxProblems {
			break
		}
		var some []LogProblem
		some, err = more()
		found = append(found, some...)
	}
	return found[:min(len(found), maxProblems)], err
}

// checkHead compares the tree with the head that was signed last.
func (t *Tx) checkHead() ([]LogProblem, error) {
	_, key, err := t.NoteKey()
	if err != nil {
		return nil, err
	}
	last, err := t.lastHead(key)
	if bad, ok := errors.AsType[*LogError](err); ok {
		return bad.Problems, nil
	}
	if err != nil || last.Size == 0 {
		return nil, err
	}
	root, err := ledger.Root(last.Size, t.logTile)
	if errors.Is(err, ledger.ErrTree) || err == nil && root != last.Root {
		return []LogProblem{{Pos: last.Size - 1, What: LogTreeChanged}}, nil
	}
	return nil, err
}

func (t *Tx) checkUnlogged() (found []LogProblem, err error) {
	var events []models.ScanEvent
	err = t.db.Table("scan_events e").Select("e.agent_id, e.epoch, e.seq").
		Joins("LEFT JOIN log_records r ON e.agent_id = r.agent_id AND e.epoch = r.epoch AND e.seq = r.seq").
		Where("r.pos IS NULL").Limit(maxProblems).Scan(&events).Error
	for _, e := range events {
		found = append(found, LogProblem{-1, LogUnlogged, fmt.Sprintf("event %d of agent %s, epoch %s", e.Seq, e.AgentID, e.Epoch)})
	}
	for _, said := range []struct{ name, table, where string }{
		{"correction", "corrections", "r.pos IS NULL"},
		{"decision", "case_decisions", "r.pos IS NULL"},
		{"document", "documents", "r.pos IS NULL AND x.class_id IS NOT NULL"},
	} {
		if err != nil {
			break
		}
		var ids []uuid.UUID
		err = t.db.Table(said.table+" x").Joins("LEFT JOIN log_records r ON x.id = r."+said.name+"_id").
			Where(said.where).Limit(maxProblems).Pluck("x.id", &ids).Error
		for _, id := range ids {
			found = append(found, LogProblem{-1, LogUnlogged, said.name + " " + id.String()})
		}
	}
	return found, translate(err)
}

// checkColumns decodes every event again: what is counted are its columns.
func (t *Tx) checkColumns() (found []LogProblem, err error) {
	sites := map[uuid.UUID]models.Agent{}
	agents, err := all[models.Agent](t.db)
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		sites[a.ID] = a
	}
	anchors, said, err := t.allAnchors()
	if err != nil {
		return nil, err
	}
	enough := errors.New("enough problems")
	err = each(t.db.Model(&models.ScanEvent{}).Order("agent_id, epoch, seq"), func(r models.ScanEvent) error {
		judged := r
		correctRow(&judged, anchors[r.AgentID])
		if !sameColumns(sites[r.AgentID], r) || judged.Corrected != r.Corrected || judged.Sure != r.Sure || !sameAnchor(said, r) {
			found = append(found, LogProblem{-1, LogColumnsChanged, fmt.Sprintf("event %d of agent %s, epoch %s", r.Seq, r.AgentID, r.Epoch)})
		}
		if len(found) >= maxProblems {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return found, err
}

// allAnchors reads what is known of all clocks, by agent and boot, and by event.
func (q Queries) allAnchors() (map[uuid.UUID]map[uuid.UUID][]attendance.Anchor, map[journal.Head]models.BootAnchor, error) {
	rows, err := all[models.BootAnchor](q.db)
	byBoot, byEvent := map[uuid.UUID]map[uuid.UUID][]attendance.Anchor{}, map[journal.Head]models.BootAnchor{}
	for _, a := range rows {
		if byBoot[a.AgentID] == nil {
			byBoot[a.AgentID] = map[uuid.UUID][]attendance.Anchor{}
		}
		byBoot[a.AgentID][a.Boot] = append(byBoot[a.AgentID][a.Boot], attendance.Anchor{Mono: a.Mono, Time: a.At, Met: a.Met})
		byEvent[journal.Head{Agent: a.AgentID, Epoch: a.Epoch, Seq: uint64(a.Seq)}] = a //nolint:gosec // counts from 1
	}
	return byBoot, byEvent, err
}

// sameAnchor says whether what an event's bytes say of the clock is what is gone by.
func sameAnchor(said map[journal.Head]models.BootAnchor, r models.ScanEvent) bool {
	e, err := journal.Decode(r.Bytes)
	if err != nil {
		return false
	}
	have, ok := said[journal.Head{Agent: r.AgentID, Epoch: r.Epoch, Seq: uint64(r.Seq)}] //nolint:gosec // counts from 1
	want := anchorsOf([]exchange.Stored{{Event: e}})
	return !ok && len(want) == 0 || ok && len(want) == 1 && have == want[0]
}

// sameColumns says whether a row's columns are what its bytes decode to. What the
// server itself decides (corrected time, quarantine, whose ticket it is) is left out.
func sameColumns(agent models.Agent, r models.ScanEvent) bool {
	e, err := journal.Decode(r.Bytes)
	if err != nil {
		return false
	}
	want := rowOf(agent, exchange.Stored{Event: e, Canonical: r.Bytes, Hash: journal.HashOf(r.Bytes)}, r.Received)
	return r.AgentID == e.Agent && r.Epoch == e.Epoch && r.Seq == want.Seq && r.Occurred == want.Occurred && r.Confidence == want.Confidence &&
		r.Kind == want.Kind && r.Verdict == want.Verdict && r.Method == want.Method && r.SiteID == want.SiteID && same(r.ClassID, want.ClassID) &&
		same(r.SessionID, want.SessionID) && (want.EnrollmentID == nil || same(r.EnrollmentID, want.EnrollmentID)) && r.Desk == want.Desk &&
		same(r.StaffID, want.StaffID) && r.Reason == want.Reason && r.Target == want.Target && same(r.TargetEpoch, want.TargetEpoch) &&
		r.Spot == want.Spot && same(r.Boot, want.Boot) && r.Mono == want.Mono &&
		r.HandedAt == want.HandedAt && r.Doubt == want.Doubt && r.Other == want.Other &&
		same(r.Attached, want.Attached) && r.Noted == want.Noted && r.KeyedAt == want.KeyedAt
}

// same says whether both are nil, or both say the same.
func same[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// checkAttendance derives every result anew.
func (t *Tx) checkAttendance() (found []LogProblem, err error) {
	rows, err := all[models.Attendance](t.db.Order("session_id, enrollment_id"))
	if err != nil {
		return nil, err
	}
	for len(rows) > 0 && len(found) < maxProblems {
		n := 1
		for n < len(rows) && rows[n].SessionID == rows[0].SessionID {
			n++
		}
		var people []uuid.UUID
		have := map[uuid.UUID]models.Attendance{}
		for _, r := range rows[:n] {
			people = append(people, r.EnrollmentID)
			r.UpdatedAt = 0
			have[r.EnrollmentID] = r
		}
		// What was closed stays so when an agent comes to the site that has not reported yet.
		j, err := t.judged(rows[0].SessionID)
		if errors.Is(err, ErrNotFound) { // it is gone from the plan
			rows = rows[n:]
			continue
		}
		var stages [][]models.Attendance
		for _, stage := range []attendance.Stage{j.stage, attendance.Over, attendance.Final} {
			var as []models.Attendance
			if j.stage = stage; err == nil {
				as, err = t.folded(j, people)
			}
			stages = append(stages, as)
		}
		if err != nil {
			return found, err
		}
		for i, w := range stages[0] {
			if !slices.ContainsFunc(stages, func(as []models.Attendance) bool { return as[i] == have[w.EnrollmentID] }) {
				found = append(found, LogProblem{-1, LogAttendanceChanged, fmt.Sprintf("session %s, enrollment %s", w.SessionID, w.EnrollmentID)})
			}
		}
		rows = rows[n:]
	}
	return found, nil
}
