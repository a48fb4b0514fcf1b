package ledger

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/journal"
)

// Finding names what is wrong with an export.
type Finding string

// These are the findings of a verification.
const (
	FoundUnreadable Finding = "unreadable"  // a line cannot be read, or stands at a wrong place
	FoundOtherKey   Finding = "other_key"   // the head, a receipt or the seal was not signed with the server's key
	FoundCut        Finding = "cut"         // the export ends before its seal
	FoundUnsealed   Finding = "unsealed"    // lines were changed after the server has sealed them
	FoundRecord     Finding = "record"      // a record is not the one in the log
	FoundMissing    Finding = "missing"     // records of the log are missing
	FoundOrder      Finding = "order"       // a record stands twice, or out of order
	FoundRoot       Finding = "root"        // all records together don't give the log's head
	FoundChain      Finding = "chain"       // an event does not continue its agent's journal
	FoundReceipt    Finding = "receipt"     // a journal's end is not what the server has countersigned
	FoundClock      Finding = "clock"       // an event's corrected time is not what its journal gives
	FoundPerson     Finding = "person"      // an event was given to another person
	FoundResult     Finding = "result"      // a result is not what the events give
	FoundResultGone Finding = "result_gone" // events give a result that is missing
	FoundNoSession  Finding = "no_session"  // a result of a session that the export lacks
)

// Findings lists every finding.
func Findings() []Finding {
	return []Finding{
		FoundUnreadable, FoundOtherKey, FoundCut, FoundUnsealed, FoundRecord, FoundMissing, FoundOrder, FoundRoot, FoundChain, FoundReceipt,
		FoundClock, FoundPerson, FoundResult, FoundResultGone, FoundNoSession,
	}
}

// Difference is one thing that is wrong, at a line that counts from 1; 0 is the whole export.
type Difference struct {
	Line  int     `json:"line"`
	What  Finding `json:"found"`
	Where string  `json:"where"`
}

// Verdict is what a verification ends with. The export is proven if Differences is
// empty and the key is one that the reader trusts.
type Verdict struct {
	Header
	Checkpoint
	Events, Corrections, Journals, Results int // corrections and other decisions of the office, papers that it issued too
	Differences                            []Difference
	More                                   int // differences beyond those
}

const mostDifferences = 20

type verifier struct {
	Verdict
	key      note.Verifier
	line     int
	tree     frontier
	next     int64 // position after the last record
	agents   map[uuid.UUID]AgentLine
	sessions map[uuid.UUID]SessionLine
	revoked  map[models.Ref]models.Millis
	heads    map[journalKey]journal.Head
	receipts map[journalKey]bool
	anchors  map[uuid.UUID]map[uuid.UUID][]attendance.Anchor // by agent and boot
	events   []counted
	decided  map[person][]attendance.Correction
	results  map[person]resultAt
	named    map[person]bool // by a decision that gave somebody an event; of no session where it didn't say which
}

type journalKey struct {
	agent uuid.UUID
	epoch models.Epoch
}

type person struct{ session, enrollment uuid.UUID }

type resultAt struct {
	models.Attendance
	line int
}

// counted is the part of an event that is kept until the end, when all clocks are known.
type counted struct {
	line        int
	at          person
	boot        uuid.UUID
	mono        int64
	corrected   models.Millis
	sure, folds bool
	set         bool // by a phone whose clock was set meanwhile
	given       bool // to whom it counts, a decision has said
	attendance.Record
}

// Verify proves an export from the export itself and the server's key. If key is empty it
// uses the key that the export names. It does not need a database. The error is about
// reading; the verdict says what is wrong with the export. It takes O(lines) time; its
// memory grows with the events that are counted.
func Verify(in io.Reader, pinned string) (Verdict, error) {
	v := &verifier{
		agents: map[uuid.UUID]AgentLine{}, sessions: map[uuid.UUID]SessionLine{}, revoked: map[models.Ref]models.Millis{},
		heads: map[journalKey]journal.Head{}, receipts: map[journalKey]bool{}, anchors: map[uuid.UUID]map[uuid.UUID][]attendance.Anchor{},
		decided: map[person][]attendance.Correction{}, results: map[person]resultAt{}, named: map[person]bool{},
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, MaxLine)
	sum, sealed := sha256.New(), false
	for lines.Scan() {
		v.line++
		l, err := ParseLine(lines.Bytes())
		switch {
		case err != nil || sealed || (l.Header != nil) != (v.line == 1):
			v.found(FoundUnreadable, errText(err))
			if v.line == 1 {
				return v.Verdict, nil
			}
		case l.Header != nil:
			if !v.header(*l.Header, pinned) {
				return v.Verdict, nil
			}
		case l.Seal != nil:
			sealed = true
			v.seal(*l.Seal, sum.Sum(nil))
		default:
			v.take(l)
		}
		_, _ = sum.Write(lines.Bytes()) // a hash takes everything
		_, _ = sum.Write([]byte{'\n'})
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		v.line++
		v.found(FoundUnreadable, "")
	} else if err := lines.Err(); err != nil {
		return v.Verdict, fmt.Errorf("read an export: %w", err)
	}
	if !sealed {
		v.found(FoundCut, "")
	}
	if v.line > 0 {
		v.finish()
	}
	return v.Verdict, nil
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (v *verifier) found(what Finding, where string) { v.foundAt(v.line, what, where) }

func (v *verifier) foundAt(line int, what Finding, where string) {
	if len(v.Differences) == mostDifferences {
		v.More++
		return
	}
	v.Differences = append(v.Differences, Difference{line, what, where})
}

// header reads the head; without it nothing can be compared.
func (v *verifier) header(h Header, pinned string) bool {
	v.Header = h
	if h.Format != ExportFormat {
		v.found(FoundUnreadable, h.Format)
		return false
	}
	if pinned == "" {
		pinned = h.Verifier
	}
	key, err := note.NewVerifier(pinned)
	if err == nil {
		v.key = key
		v.Checkpoint, err = OpenCheckpoint([]byte(h.Head), key)
	}
	if err != nil {
		v.found(FoundOtherKey, err.Error())
		return false
	}
	return true
}

func (v *verifier) seal(s Seal, sum []byte) {
	n, err := note.Open([]byte(s.Note), note.VerifierList(v.key))
	switch {
	case err != nil:
		v.found(FoundOtherKey, err.Error())
	case n.Text != sealText(v.line-1, sum):
		v.found(FoundUnsealed, "")
	}
}

func (v *verifier) take(l Line) {
	switch {
	case l.Agent != nil:
		v.agents[l.Agent.ID] = *l.Agent
	case l.Session != nil:
		v.sessions[l.Session.ID] = *l.Session
	case l.Ticket != nil:
		v.revoked[l.Ticket.ID] = l.Ticket.RevokedAt
	case l.Event != nil:
		v.Events++
		v.event(*l.Event)
	case l.Correction != nil:
		v.Corrections++
		c := l.Correction.Said
		v.record(l.Correction.Place, CorrectionRecord(c), "correction "+c.ID.String())
		at := person{c.SessionID, c.EnrollmentID}
		v.decided[at] = append(v.decided[at], attendance.Correction{Order: uint64(max(c.Order, 0)), Status: c.Status, Withdraws: uint64(max(c.Withdraws, 0))})
	case l.Decision != nil:
		v.Corrections++
		v.record(l.Decision.Place, DecisionRecord(l.Decision.Said), "decision "+l.Decision.Said.ID.String())
		if said := l.Decision.Said; said.EnrollmentID != nil {
			at := person{enrollment: *said.EnrollmentID}
			if said.SessionID != nil {
				at.session = *said.SessionID
			}
			v.named[at] = true
		}
	case l.Document != nil:
		v.Corrections++
		v.record(l.Document.Place, DocumentRecord(l.Document.Said), "document "+l.Document.Said.ID.String())
	case l.Journal != nil:
		v.Journals++
		v.receipt(*l.Journal)
	case l.Result != nil:
		v.Results++
		v.results[person{l.Result.SessionID, l.Result.EnrollmentID}] = resultAt{*l.Result, v.line}
	}
}

// record holds a record against the log.
func (v *verifier) record(at Place, record []byte, where string) {
	switch {
	case at.Pos < v.next || at.Pos >= v.Size:
		v.found(FoundOrder, where)
		return
	case v.Whole && at.Pos > v.next:
		v.found(FoundMissing, fmt.Sprintf("%d..%d", v.next, at.Pos-1))
	}
	v.next = at.Pos + 1
	leaf := tlog.RecordHash(record)
	if v.Whole {
		v.tree.add(leaf)
		if at.Leaf == nil || *at.Leaf != leaf {
			v.found(FoundRecord, where)
		}
		return
	}
	if CheckRecord(v.Checkpoint, at.Pos, record, at.Proof) != nil {
		v.found(FoundRecord, where)
	}
}

func (v *verifier) event(l EventLine) {
	e, err := journal.Decode(l.Bytes)
	if err != nil {
		v.found(FoundRecord, err.Error())
		v.next = max(v.next, l.Pos+1)
		return
	}
	head := journal.Head{Agent: e.Agent, Epoch: e.Epoch, Seq: e.Seq, Hash: journal.HashOf(l.Bytes)}
	where := eventName(head)
	v.record(l.Place, EventRecord(head), where)
	v.chain(e, head, where)
	if l.Enrollment != nil && e.Enrollment != uuid.Nil && *l.Enrollment != e.Enrollment || l.Enrollment == nil && e.Enrollment != uuid.Nil {
		v.found(FoundPerson, where)
	}
	if a, ok := AnchorOf(e); ok {
		if v.anchors[e.Agent] == nil {
			v.anchors[e.Agent] = map[uuid.UUID][]attendance.Anchor{}
		}
		v.anchors[e.Agent][e.Boot] = append(v.anchors[e.Agent][e.Boot], a)
	}
	held := models.CaseKind(l.Quarantine).Holds()
	boot, mono := e.Clock()
	c := counted{
		line: v.line, boot: boot, mono: mono, set: e.Doubt&journal.DoubtClock != 0, corrected: l.Corrected, sure: l.Sure,
		folds: (l.Quarantine == "" || held) && l.Enrollment != nil && e.Session != uuid.Nil,
		Record: attendance.Record{
			Agent: e.Agent, Epoch: e.Epoch, Seq: e.Seq, Site: v.agents[e.Agent].Site, Session: e.Session, Said: e.At(), Received: l.Received,
			Kind: e.Kind, Verdict: e.Verdict, Sure: e.Confidence, Target: e.Target, In: e.TargetEpoch, Revoked: v.revoked[e.Ticket],
			Offline: e.Offline(), Differs: e.Differs(), Paper: e.Written != 0, Noted: e.Noted, Proven: l.Attached, Held: held,
		},
	}
	if c.folds {
		c.at = person{e.Session, *l.Enrollment}
	}
	if l.GivenSession != nil && l.GivenEnrollment != nil {
		if e.Kind == models.EventVoid { // it undoes where it was, too
			v.events = append(v.events, c)
		}
		c.folds, c.given, c.at, c.Session = l.Quarantine == "", true, person{*l.GivenSession, *l.GivenEnrollment}, *l.GivenSession
	}
	v.events = append(v.events, c)
}

func eventName(h journal.Head) string {
	return fmt.Sprintf("event %d of agent %s, epoch %s", h.Seq, h.Agent, h.Epoch)
}

// chain holds an event against its agent's journal. A part of the log lacks the
// events of other classes: then only neighbours are chained.
func (v *verifier) chain(e journal.Event, head journal.Head, where string) {
	key := journalKey{e.Agent, e.Epoch}
	last, known := v.heads[key]
	if !known {
		last = journal.Head{Agent: e.Agent, Epoch: e.Epoch}
	}
	v.heads[key] = head
	follows := e.Seq == last.Seq+1
	if e.Seq <= last.Seq || v.Whole && !follows || follows && e.Prev != last.Hash {
		v.found(FoundChain, where)
	}
}

// receipt holds the end of a journal against what the server has countersigned.
func (v *verifier) receipt(l JournalLine) {
	key := journalKey{l.Agent, l.Epoch}
	where := fmt.Sprintf("agent %s, epoch %s", l.Agent, l.Epoch)
	r, err := journal.OpenReceipt([]byte(l.Receipt), v.key)
	if err != nil {
		v.found(FoundOtherKey, where)
		return
	}
	v.receipts[key] = true
	have, ok := v.heads[key]
	if !ok {
		have = journal.Head{Agent: l.Agent, Epoch: l.Epoch}
	}
	same := have == r.Head
	if r.Agent != l.Agent || r.Epoch != l.Epoch || have.Seq > r.Seq || (v.Whole || have.Seq == r.Seq) && !same {
		v.found(FoundReceipt, where)
	}
}
