package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/ledger"
)

// The server's record as a log: what is stored of the agents and of the office
// gets its leaf in the transaction that stores it, see package ledger.

type logState struct {
	ID   int `gorm:"primaryKey;autoIncrement:false"`
	Size int64
}

func (logState) TableName() string { return "log_state" }

// logRecord says what stands at a position: an event, or what the office has said.
type logRecord struct {
	Pos          int64 `gorm:"primaryKey;autoIncrement:false"`
	AgentID      *uuid.UUID
	Epoch        *models.Epoch
	Seq          *int64
	CorrectionID *uuid.UUID
	DecisionID   *uuid.UUID
	DocumentID   *uuid.UUID
}

type logTile struct {
	Level  int   `gorm:"primaryKey;autoIncrement:false"`
	N      int64 `gorm:"primaryKey;autoIncrement:false"`
	Hashes []byte
}

type logHead struct {
	Size int64 `gorm:"primaryKey;autoIncrement:false"`
	Note []byte
	At   models.Millis
}

// logEntry waits for its position until the transaction ends.
type logEntry struct {
	row  logRecord
	leaf []byte
}

func (t *Tx) logEvents(rows []models.ScanEvent) {
	for _, r := range rows {
		t.logged = append(t.logged, logEntry{
			logRecord{AgentID: &r.AgentID, Epoch: &r.Epoch, Seq: &r.Seq}, ledger.EventRecord(headOf(r)),
		})
	}
}

func headOf(r models.ScanEvent) journal.Head {
	return journal.Head{Agent: r.AgentID, Epoch: r.Epoch, Seq: uint64(r.Seq), Hash: r.Hash} //nolint:gosec // counts from 1
}

func (t *Tx) logCorrection(c models.Correction) {
	t.logged = append(t.logged, logEntry{logRecord{CorrectionID: &c.ID}, ledger.CorrectionRecord(c)})
}

func (t *Tx) logDecision(d models.CaseDecision) {
	t.logged = append(t.logged, logEntry{logRecord{DecisionID: &d.ID}, ledger.DecisionRecord(d)})
}

func (t *Tx) logDocument(d models.Document) {
	t.logged = append(t.logged, logEntry{logRecord{DocumentID: &d.ID}, ledger.DocumentRecord(d)})
}

// flushLog appends what the transaction has stored. Its row is locked last of all,
// so that transactions wait for each other here only.
func (t *Tx) flushLog() error {
	if len(t.logged) == 0 {
		return nil
	}
	state, err := t.lockLog()
	if err != nil {
		return err
	}
	rows, leaves := make([]logRecord, len(t.logged)), make([][]byte, len(t.logged))
	for i, e := range t.logged {
		rows[i], leaves[i] = e.row, e.leaf
		rows[i].Pos = state.Size + int64(i)
	}
	grown, err := ledger.Grow(state.Size, leaves, t.logTile)
	if err != nil {
		return err
	}
	tiles := make([]logTile, len(grown))
	for i, g := range grown {
		tiles[i] = logTile{g.Level, g.N, g.Data}
	}
	if err := t.db.CreateInBatches(rows, chunk).Error; err != nil {
		return translate(err)
	}
	err = t.db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "level"}, {Name: "n"}}, DoUpdates: clause.AssignmentColumns([]string{"hashes"}),
	}).CreateInBatches(tiles, chunk).Error
	if err != nil {
		return translate(err)
	}
	state.Size += int64(len(rows))
	return translate(t.db.Save(&state).Error)
}

func (t *Tx) lockLog() (logState, error) {
	return one[logState](t.db.Clauses(clause.Locking{Strength: "UPDATE"}), "id = 1")
}

func (q Queries) logTile(level int, n int64) ([]byte, error) {
	tile, err := one[logTile](q.db, "level = ? AND n = ?", level, n)
	if errors.Is(err, ErrNotFound) {
		return nil, nil // a tile that was never stored has no hashes: the ledger says what it misses
	}
	return tile.Hashes, err
}

// LogHead is a signed head of the log.
type LogHead struct {
	ledger.Checkpoint
	Note     []byte // the signed note, see ledger.OpenCheckpoint
	At       models.Millis
	Verifier string // the key that the note verifies with
}

// ErrEmptyLog says that nothing was recorded yet: an empty log has no head.
var ErrEmptyLog = errors.New("nothing was recorded yet")

// SignLog gives the signed head of the log as it is now. Before a head is signed,
// what was stored since the last one is read again and hashed: a server whose rows
// were changed behind its back signs nothing, and says *LogError.
func (t *Tx) SignLog() (LogHead, error) {
	state, err := t.lockLog()
	if err != nil {
		return LogHead{}, err
	}
	if state.Size == 0 {
		return LogHead{}, ErrEmptyLog
	}
	signer, key, err := t.NoteKey()
	if err != nil {
		return LogHead{}, err
	}
	last, err := t.lastHead(key)
	if err != nil || last.Size == state.Size {
		return last, err
	}
	problems, err := t.checkRecords(last.Size, state.Size)
	if err != nil {
		return LogHead{}, err
	}
	if len(problems) > 0 {
		return LogHead{}, &LogError{problems}
	}
	head := LogHead{Checkpoint: ledger.Checkpoint{Size: state.Size}, At: t.now, Verifier: key}
	if head.Root, err = ledger.Root(state.Size, t.logTile); err == nil && last.Size > 0 {
		err = t.provesItself(last.Checkpoint, head.Checkpoint)
	}
	if errors.Is(err, ledger.ErrTree) {
		return LogHead{}, &LogError{[]LogProblem{{Pos: last.Size, What: LogTreeChanged}}}
	}
	if err != nil {
		return LogHead{}, err
	}
	if head.Note, err = head.Sign(signer); err != nil {
		return LogHead{}, err
	}
	return head, translate(t.db.Create(&logHead{head.Size, head.Note, head.At}).Error)
}

// SignedHead is SignLog in a transaction of its own.
func (s *Store) SignedHead(ctx context.Context) (head LogHead, err error) {
	return head, s.Write(ctx, func(t *Tx) (err error) {
		head, err = t.SignLog()
		return err
	})
}

// provesItself proves to ourselves what a witness will ask for.
func (q Queries) provesItself(from, to ledger.Checkpoint) error {
	proof, err := ledger.ProveHistory(from.Size, to.Size, q.logTile)
	if err != nil {
		return err
	}
	return ledger.CheckHistory(from, to, proof)
}

// lastHead is the newest head that was signed; zero where there is none.
func (q Queries) lastHead(key string) (LogHead, error) {
	var rows []logHead
	if err := q.db.Order("size DESC").Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return LogHead{}, translate(err)
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return LogHead{}, fmt.Errorf("note key: %w", err)
	}
	c, err := ledger.OpenCheckpoint(rows[0].Note, verifier)
	if err != nil || c.Size != rows[0].Size {
		return LogHead{}, &LogError{[]LogProblem{{Pos: rows[0].Size, What: LogHeadChanged}}}
	}
	return LogHead{Checkpoint: c, Note: rows[0].Note, At: rows[0].At, Verifier: key}, nil
}

// LogHistory proves to who has seen the head at a size that a later one continues it.
func (q Queries) LogHistory(from, to int64) ([]ledger.Hash, error) {
	return ledger.ProveHistory(from, to, q.logTile)
}

// fillLog gives what was stored before there was a log its leaves.
func (t *Tx) fillLog() error {
	state, err := t.lockLog()
	if err != nil || state.Size > 0 {
		return err
	}
	var rows []models.ScanEvent
	err = t.db.Select("agent_id", "epoch", "seq", "hash").Order("received, agent_id, epoch, seq").
		FindInBatches(&rows, chunk, func(*gorm.DB, int) error {
			t.logEvents(rows)
			return nil
		}).Error
	if err != nil {
		return translate(err)
	}
	corrections, err := all[models.Correction](t.db.Order("created_at, id"))
	for _, c := range corrections {
		t.logCorrection(c)
	}
	return err
}
