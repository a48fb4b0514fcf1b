package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/ledger"
)

// Scope is what an export is of: a pilot, a class, or everything where it is zero.
type Scope struct{ Pilot, Class uuid.UUID }

func (s Scope) whole() bool { return s == Scope{} }

// classes selects the classes of the scope.
func (s Scope) classes(db *gorm.DB) *gorm.DB {
	db = db.Session(&gorm.Session{NewDB: true}).Model(&models.Class{}).Select("id")
	switch {
	case s.Class != uuid.Nil:
		return db.Where("id = ?", s.Class)
	case s.Pilot != uuid.Nil:
		return db.Where("pilot_id = ?", s.Pilot)
	}
	return db
}

func (s Scope) sessions(db *gorm.DB) *gorm.DB {
	return db.Session(&gorm.Session{NewDB: true}).Model(&models.Session{}).Select("id").Where("class_id IN (?)", s.classes(db))
}

// ExportLog writes the log's records and what is needed to derive attendance from
// them anew, as it is at the head that it signs first. Ingest goes on meanwhile.
func (s *Store) ExportLog(ctx context.Context, scope Scope, name string, out *ledger.Writer) error {
	snapshot := s.read.WithContext(ctx).Begin(snapshotOf(s.read))
	if snapshot.Error != nil {
		return translate(snapshot.Error)
	}
	defer snapshot.Rollback()
	var head LogHead
	var signer note.Signer
	err := s.Write(ctx, func(t *Tx) (err error) {
		if head, err = t.SignLog(); err != nil {
			return err
		}
		if signer, _, err = t.NoteKey(); err != nil {
			return err
		}
		// The log's row is locked: what the snapshot sees from its first statement on is this head's state.
		seen, err := one[logState](snapshot, "id = 1")
		if err == nil && seen.Size != head.Size {
			err = errors.New("the snapshot is not of the log's head")
		}
		return err
	})
	if err != nil {
		return err
	}
	e := exporter{Queries{db: snapshot, vault: s.vault}, scope, head, out, map[[2]int64][]byte{}}
	h := ledger.Header{
		Format: ledger.ExportFormat, Of: name, Whole: scope.whole(), At: s.now(), Head: string(head.Note), Verifier: head.Verifier,
	}
	if err := out.Write(ledger.Line{Header: &h}); err != nil {
		return err
	}
	for _, part := range []func() error{e.agents, e.sessions, e.tickets, e.records, e.journals, e.results} {
		if err := part(); err != nil {
			return err
		}
	}
	return out.Seal(signer)
}

type exporter struct {
	Queries
	scope Scope
	head  LogHead
	out   *ledger.Writer
	tiles map[[2]int64][]byte // by level and number
}

// reporters selects the agents that have reported anything of the scope.
func (e exporter) reporters() *gorm.DB {
	db := e.fresh().Model(&models.ScanEvent{}).Select("agent_id")
	if e.scope.whole() {
		return db
	}
	return db.Where("class_id IN (?) OR session_id IN (?) OR given_session IN (?)", e.scope.classes(e.db), e.scope.sessions(e.db), e.scope.sessions(e.db))
}

func (e exporter) fresh() *gorm.DB { return e.db.Session(&gorm.Session{NewDB: true}) }

func (e exporter) agents() error {
	return each(e.fresh().Model(&models.Agent{}).Where("id IN (?)", e.reporters()).Order("id"), func(a models.Agent) error {
		return e.out.Write(ledger.Line{Agent: &ledger.AgentLine{ID: a.ID, Site: a.SiteID, PublicKey: a.PublicKey}})
	})
}

func (e exporter) sessions() error {
	list, err := all[models.Session](e.fresh().Where("id IN (?)", e.scope.sessions(e.db)).Order("starts_at, id"))
	if err != nil {
		return err
	}
	marks, byID := map[uuid.UUID]models.Millis{}, map[uuid.UUID]models.Session{}
	for _, s := range list {
		byID[s.ID] = s
	}
	rules, err := e.rules(byID)
	if err != nil {
		return err
	}
	classes := map[uuid.UUID]models.Class{}
	for _, s := range list {
		class, err1 := cached(classes, s.ClassID, e.Class)
		mark, err2 := cached(marks, s.SiteID, e.watermark)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		line := ledger.SessionLine{ID: s.ID, Class: class.Code, Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Policy: rules[s.ID].Policy, Was: rules[s.ID].Was}
		stage := attendance.StageAt(rules[s.ID].Session, line.Policy, mark)
		line.Closed, line.Leaving, line.Cancelled = stage >= attendance.Over, stage < attendance.Final, s.Status == models.SessionCancelled
		if err := e.out.Write(ledger.Line{Session: &line}); err != nil {
			return err
		}
	}
	return nil
}

func (e exporter) tickets() error {
	db := e.fresh().Model(&models.Ticket{}).Where("revoked_at <> 0")
	if !e.scope.whole() {
		db = db.Where("class_id IN (?)", e.scope.classes(e.db))
	}
	return each(db.Order("id"), func(t models.Ticket) error {
		return e.out.Write(ledger.Line{Ticket: &ledger.TicketLine{ID: t.ID, RevokedAt: t.RevokedAt}})
	})
}

type exported struct {
	Record       logRecord `gorm:"embedded"`
	Bytes        []byte
	Received     models.Millis
	Corrected    models.Millis
	Sure         bool
	Quarantine   string
	EnrollmentID *uuid.UUID
	Proven       bool

	GivenSession, GivenEnrollment *uuid.UUID
}

// records writes what stands in the log, in its order. A part also takes what the
// journals say of the clocks: times are corrected by it.
func (e exporter) records() error {
	db := e.fresh().Table("log_records r").
		Select("r.*, e.bytes, e.received, e.corrected, e.sure, e.quarantine, e.enrollment_id, e.given_session, e.given_enrollment, a.sha256 IS NOT NULL AS proven").
		Joins("LEFT JOIN scan_events e ON e.agent_id = r.agent_id AND e.epoch = r.epoch AND e.seq = r.seq").
		Joins("LEFT JOIN attachments a ON a.sha256 = e.attached")
	if !e.scope.whole() {
		sessions := e.scope.sessions(e.db)
		db = db.Joins("LEFT JOIN corrections c ON c.id = r.correction_id").
			Joins("LEFT JOIN case_decisions d ON d.id = r.decision_id").Joins("LEFT JOIN cases k ON k.id = d.case_id").
			Joins("LEFT JOIN documents o ON o.id = r.document_id").
			Where(`o.class_id IN (?) OR e.class_id IN (?) OR e.session_id IN (?) OR e.given_session IN (?) OR c.session_id IN (?) OR k.session_id IN (?)
				OR e.kind = ? AND e.agent_id IN (?)`,
				e.scope.classes(e.db), e.scope.classes(e.db), sessions, sessions, sessions, sessions, models.EventClock, e.reporters())
	}
	for from := int64(0); from < e.head.Size; from += chunk {
		until := min(from+chunk, e.head.Size)
		var rows []exported
		err := db.Session(&gorm.Session{}).Where("r.pos >= ? AND r.pos < ?", from, until).Order("r.pos").Scan(&rows).Error
		if err != nil {
			return translate(err)
		}
		leaves, err := ledger.Leaves(from, until, e.logTile)
		if err != nil {
			return err
		}
		logged := make([]loggedRow, len(rows))
		for i, r := range rows {
			logged[i].Record = r.Record
		}
		said, err := e.saidByTheOffice(logged)
		if err != nil {
			return err
		}
		for _, r := range rows {
			at := ledger.Place{Pos: r.Record.Pos}
			if e.scope.whole() {
				at.Leaf = &leaves[r.Record.Pos-from]
			} else if at.Proof, err = ledger.ProveRecord(e.head.Size, r.Record.Pos, e.cachedTile); err != nil {
				return err
			}
			if err := e.out.Write(r.line(at, said)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r exported) line(at ledger.Place, said office) ledger.Line {
	switch {
	case r.Record.CorrectionID != nil:
		return ledger.Line{Correction: &ledger.CorrectionLine{Place: at, Said: said.corrections[*r.Record.CorrectionID]}}
	case r.Record.DecisionID != nil:
		return ledger.Line{Decision: &ledger.DecisionLine{Place: at, Said: said.decisions[*r.Record.DecisionID]}}
	case r.Record.DocumentID != nil:
		return ledger.Line{Document: &ledger.DocumentLine{Place: at, Said: said.documents[*r.Record.DocumentID]}}
	}
	return ledger.Line{Event: &ledger.EventLine{
		Place: at, Bytes: r.Bytes, Received: r.Received, Corrected: r.Corrected, Sure: r.Sure, Quarantine: r.Quarantine,
		Enrollment: r.EnrollmentID, Attached: r.Proven, GivenSession: r.GivenSession, GivenEnrollment: r.GivenEnrollment,
	}}
}

// cachedTile reads each tile once: proofs of neighbours share nearly all of theirs.
func (e exporter) cachedTile(level int, n int64) ([]byte, error) {
	key := [2]int64{int64(level), n}
	if tile, ok := e.tiles[key]; ok {
		return tile, nil
	}
	tile, err := e.logTile(level, n)
	if err == nil {
		e.tiles[key] = tile
	}
	return tile, err
}

func (e exporter) journals() error {
	db := e.fresh().Model(&models.Journal{})
	if !e.scope.whole() {
		db = db.Where("agent_id IN (?)", e.reporters())
	}
	return each(db.Order("agent_id, epoch"), func(j models.Journal) error {
		return e.out.Write(ledger.Line{Journal: &ledger.JournalLine{Agent: j.AgentID, Epoch: j.Epoch, Receipt: string(j.Receipt)}})
	})
}

func (e exporter) results() error {
	db := e.fresh().Model(&models.Attendance{}).Where("session_id IN (?)", e.scope.sessions(e.db))
	return each(db.Order("session_id, enrollment_id"), func(a models.Attendance) error {
		a.UpdatedAt = 0
		return e.out.Write(ledger.Line{Result: &a})
	})
}
