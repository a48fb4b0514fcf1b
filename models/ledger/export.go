package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// Line is one line of an export, a JSON object with one of these fields. An export
// begins with its header and ends with its seal; in between agents, sessions and
// revoked tickets come first, then the log's records in their order, then journals
// and results. It names people by the random identifiers of their places only.
type Line struct {
	Header     *Header            `json:"header,omitempty"`
	Agent      *AgentLine         `json:"agent,omitempty"`
	Session    *SessionLine       `json:"session,omitempty"`
	Ticket     *TicketLine        `json:"ticket,omitempty"`
	Event      *EventLine         `json:"event,omitempty"`
	Correction *CorrectionLine    `json:"correction,omitempty"`
	Decision   *DecisionLine      `json:"decision,omitempty"`
	Document   *DocumentLine      `json:"document,omitempty"`
	Journal    *JournalLine       `json:"journal,omitempty"`
	Result     *models.Attendance `json:"result,omitempty"`
	Seal       *Seal              `json:"seal,omitempty"`
}

// ExportFormat names this form of an export.
const ExportFormat = "bukti-hadir/export/1"

// Header says what an export is of.
type Header struct {
	Format   string        `json:"format"`
	Of       string        `json:"of"`    // "all", "pilot CODE" or "class CODE"
	Whole    bool          `json:"whole"` // it holds every record of the log
	At       models.Millis `json:"at"`
	Head     string        `json:"head"`     // the log's signed head, see OpenCheckpoint
	Verifier string        `json:"verifier"` // the server's key that signed it
}

// AgentLine is an agent whose events are in the export.
type AgentLine struct {
	ID        uuid.UUID `json:"id"`
	Site      uuid.UUID `json:"site"`
	PublicKey []byte    `json:"public_key"`
}

// SessionLine is a session with the rules that its attendance is derived by.
type SessionLine struct {
	ID     uuid.UUID     `json:"id"`
	Class  string        `json:"class"`
	Seq    int           `json:"seq"`
	Start  models.Millis `json:"start"`
	End    models.Millis `json:"end"`
	Closed bool          `json:"closed"` // every agent of the site has reported past its end
	Policy models.Policy `json:"policy"`

	Was       []attendance.Span `json:"was,omitempty"`       // its earlier times, the newest first
	Cancelled bool              `json:"cancelled,omitempty"` // it did not take place: nobody is absent from it
	Leaving   bool              `json:"leaving,omitempty"`   // not every agent has reported past its check-out time
}

// rule is the session as the rulebook takes it.
func (s SessionLine) rule() attendance.Session {
	return attendance.Session{ID: s.ID, Seq: s.Seq, Start: s.Start, End: s.End, Was: s.Was, Cancelled: s.Cancelled}
}

// stage is how much of the session its site had told.
func (s SessionLine) stage() attendance.Stage {
	switch {
	case !s.Closed:
		return attendance.Ongoing
	case s.Leaving:
		return attendance.Over
	}
	return attendance.Final
}

// TicketLine is a ticket that was revoked.
type TicketLine struct {
	ID        models.Ref    `json:"id"`
	RevokedAt models.Millis `json:"revoked_at"`
}

// Place is where a record is in the log, and the proof of it: its leaf if the export is
// complete, otherwise an inclusion proof.
type Place struct {
	Pos   int64  `json:"pos"`
	Leaf  *Hash  `json:"leaf,omitempty"`
	Proof []Hash `json:"proof,omitempty"`
}

// EventLine is an event: its bytes as the agent wrote them, and what the server says of it.
type EventLine struct {
	Place
	Bytes      []byte        `json:"bytes"`
	Received   models.Millis `json:"received"`
	Corrected  models.Millis `json:"corrected"`
	Sure       bool          `json:"sure,omitempty"`
	Quarantine string        `json:"quarantine,omitempty"`
	Enrollment *uuid.UUID    `json:"enrollment,omitempty"`
	Attached   bool          `json:"attached,omitempty"` // the attachment of the event has arrived, see journal.Attachment

	// Where a decision gave it that says another session or person than it names, or that it was turned away by a wrong clock.
	GivenSession    *uuid.UUID `json:"given_session,omitempty"`
	GivenEnrollment *uuid.UUID `json:"given_enrollment,omitempty"`
}

// CorrectionLine is what the programme office decided about an attendance.
type CorrectionLine struct {
	Place
	Said models.Correction `json:"said"`
}

// DecisionLine is what the programme office decided about a case, such as an event
// that did not count until then.
type DecisionLine struct {
	Place
	Said models.CaseDecision `json:"said"`
}

// DocumentLine is a paper that was issued, without its bytes: their hash is in it.
type DocumentLine struct {
	Place
	Said models.Document `json:"said"`
}

// JournalLine is the server's receipt for an agent's journal.
type JournalLine struct {
	Agent   uuid.UUID    `json:"agent"`
	Epoch   models.Epoch `json:"epoch"`
	Receipt string       `json:"receipt"` // see journal.OpenReceipt
}

// Seal is the server's signature over all lines before it.
type Seal struct {
	Note string `json:"note"`
}

func sealText(lines int, sum []byte) string {
	return fmt.Sprintf("%s\n%d\n%s\n", ExportFormat, lines, base64.StdEncoding.EncodeToString(sum))
}

// Writer writes an export, line by line, and seals it.
type Writer struct {
	out   io.Writer
	sum   hash.Hash
	lines int
}

// NewWriter makes a writer.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out, sum: sha256.New()} }

// Write writes a line.
func (w *Writer) Write(l Line) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("write an export: %w", err)
	}
	w.lines++
	if _, err := io.MultiWriter(w.sum, w.out).Write(append(b, '\n')); err != nil {
		return fmt.Errorf("write an export: %w", err)
	}
	return nil
}

// Seal ends the export.
func (w *Writer) Seal(signer note.Signer) error {
	signed, err := note.Sign(&note.Note{Text: sealText(w.lines, w.sum.Sum(nil))}, signer)
	if err != nil {
		return fmt.Errorf("seal an export: %w", err)
	}
	return w.Write(Line{Seal: &Seal{string(signed)}})
}

// MaxLine bounds a line of an export, in bytes.
const MaxLine = 1 << 16

// ErrLine says that a line is not a line of an export.
var ErrLine = errors.New("not a line of an export")

// ParseLine reads a line.
func ParseLine(b []byte) (Line, error) {
	var l Line
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return l, fmt.Errorf("%w: %w", ErrLine, err)
	}
	if rest, err := io.ReadAll(dec.Buffered()); err != nil || strings.TrimSpace(string(rest)) != "" || dec.More() {
		return l, fmt.Errorf("%w: more than one object", ErrLine)
	}
	n := 0
	for _, set := range []bool{
		l.Header != nil, l.Agent != nil, l.Session != nil,
		l.Ticket != nil, l.Event != nil, l.Correction != nil, l.Decision != nil, l.Document != nil, l.Journal != nil, l.Result != nil, l.Seal != nil,
	} {
		if set {
			n++
		}
	}
	if n != 1 {
		return l, fmt.Errorf("%w: %d things in it, want one", ErrLine, n)
	}
	return l, nil
}
