package exchange

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// Batch is a run of an agent's journal, in seq order. An empty one still tells
// the server that the agent lives, and how far its journal goes.
type Batch struct {
	Protocol  int           `cbor:"0,keyasint"`
	Agent     uuid.UUID     `cbor:"1,keyasint"`
	Epoch     models.Epoch  `cbor:"2,keyasint"`
	First     uint64        `cbor:"3,keyasint"` // seq of the first row; of an empty batch the next to come
	Prev      models.Hash   `cbor:"4,keyasint"` // hash of the event before it
	Rows      []row         `cbor:"5,keyasint"`
	AsOf      models.Millis `cbor:"6,keyasint"` // see journal.Statement; only the last batch of a contact says now
	Signature []byte        `cbor:"7,keyasint"` // over the statement after the last row
	Version   string        `cbor:"8,keyasint"`
	Unsent    uint64        `cbor:"9,keyasint"`           // events that the agent still holds after this batch
	Now       models.Millis `cbor:"10,keyasint"`          // the best that the agent knows of the time at sending; AsOf is by the same clock
	Roster    uint64        `cbor:"11,keyasint"`          // the roster revision that the agent has
	Wall      models.Millis `cbor:"12,keyasint,omitzero"` // its machine's clock at sending
	Sure      bool          `cbor:"13,keyasint,omitzero"` // Now is what the server, or staff, said in this boot
	// Past are the agent's epochs that came to an end, in the last batch of a contact:
	// a server that was put back from a backup may lack some of them.
	Past []Past `cbor:"14,keyasint,omitempty"`
	// Disk is that of the agent's data, where it could be measured.
	Disk *Disk `cbor:"15,keyasint,omitempty"`
	// Witness asks for the head of the server's log, with the proof that it continues the
	// newest head that the agent has seen: 1 + that head's size. Zero asks for nothing.
	Witness int64 `cbor:"20,keyasint,omitzero"`
	// PastHashes are those of Past's last events, in the same order. Older programs know none.
	PastHashes []models.Hash `cbor:"21,keyasint,omitempty"`
}

// SetPast states the epochs that came to an end.
func (b *Batch) SetPast(past []Past) {
	b.Past, b.PastHashes = past, nil
	for _, p := range past {
		b.PastHashes = append(b.PastHashes, p.Hash)
	}
}

// Ended is Past with its hashes.
func (b *Batch) Ended() []Past {
	for i, h := range b.PastHashes[:min(len(b.PastHashes), len(b.Past))] {
		b.Past[i].Hash = h
	}
	return b.Past
}

// Past is an epoch that has ended, and the last event that agent and server had in common.
// The events after it were recorded again in the next epoch.
type Past struct {
	_     struct{} `cbor:",toarray"`
	Epoch models.Epoch
	Until uint64
	Hash  models.Hash `cbor:"-"` // of that event: another copy of the disk may have filled its place since; zero from an older program
}

// Disk is the room on the disk of an agent's data, in bytes.
type Disk struct {
	_     struct{} `cbor:",toarray"`
	Free  uint64
	Total uint64
}

// row is an event without the values that the batch states once; times are differences.
type row struct {
	_          struct{} `cbor:",toarray"`
	Format     uint8
	Occurred   int64 // since the row before; the first is absolute
	Wall       int64 // minus occurred
	Mono       int64 // wall minus mono: the same for a whole boot
	Boot       []byte
	Confidence models.Confidence
	Kind       models.EventKind
	Verdict    models.Verdict
	Method     models.Method
	Class      []byte
	Session    []byte
	Enrollment []byte
	Ticket     []byte
	Desk       string
	Staff      []byte
	Reason     string
	Target     uint64
	Spot       models.SpotOutcome
	RosterRev  uint64
	RosterAge  int64
	Raw        []byte
	Overrules  models.Verdict
	Bounds     uint8
	Late       map[uint64]cbor.RawMessage // fields that a later version added, by their key in the event
}

func packID(id uuid.UUID) []byte {
	if id == uuid.Nil {
		return nil
	}
	return id[:]
}

// Stored is an event with its bytes as the journal keeps them.
type Stored struct {
	journal.Event
	Canonical []byte
	Hash      models.Hash
}

// ErrBatch is wrapped where a batch is readable but not one journal's next run.
var ErrBatch = errors.New("batch refused")

// NewBatch makes the batch that continues head with the given events, which
// must follow it without a gap, and signs the statement after them.
func NewBatch(head journal.Head, events []journal.Event, asOf models.Millis, key ed25519.PrivateKey) (Batch, error) {
	b := Batch{Protocol: Protocol, Agent: head.Agent, Epoch: head.Epoch, First: head.Seq + 1, Prev: head.Hash, AsOf: asOf}
	if len(events) > MaxBatch {
		return b, fmt.Errorf("%w: %d events, at most %d", ErrBatch, len(events), MaxBatch)
	}
	var before models.Millis
	for _, e := range events {
		canonical, err := e.Bytes()
		if err != nil {
			return b, err
		}
		if head, err = head.Follow(e, canonical); err != nil {
			return b, fmt.Errorf("%w: %w", ErrBatch, err)
		}
		r, err := rowOf(e, before)
		if err != nil {
			return b, err
		}
		b.Rows = append(b.Rows, r)
		before = e.Occurred
	}
	b.Signature = journal.Statement{Head: head, AsOf: asOf}.Sign(key)
	return b, nil
}

func rowOf(e journal.Event, before models.Millis) (row, error) {
	late, err := e.Late()
	r := row{
		Format: e.Format, Occurred: int64(e.Occurred - before), Wall: int64(e.Wall - e.Occurred),
		Mono: int64(e.Wall) - e.Mono, Boot: packID(e.Boot), Confidence: e.Confidence, Kind: e.Kind, Verdict: e.Verdict,
		Method: e.Method, Class: packID(e.Class), Session: packID(e.Session), Enrollment: packID(e.Enrollment),
		Desk: e.Desk, Staff: packID(e.Staff), Reason: e.Reason, Target: e.Target, Spot: e.Spot,
		RosterRev: e.RosterRev, RosterAge: e.RosterAge, Raw: e.Raw, Overrules: e.Overrules, Bounds: e.Bounds, Late: late,
	}
	if !e.Ticket.IsZero() {
		r.Ticket = e.Ticket[:]
	}
	return r, err
}

// Expand recomputes the events, their canonical bytes and hashes, checks the
// chain from Prev on, and the signature of the agent's key. Whether Prev is the
// journal's head is for the store to say.
func (b Batch) Expand(key ed25519.PublicKey) ([]Stored, journal.Statement, error) {
	if b.First == 0 || len(b.Rows) > MaxBatch {
		return nil, journal.Statement{}, fmt.Errorf("%w: %d rows from %d", ErrBatch, len(b.Rows), b.First)
	}
	head := journal.Head{Agent: b.Agent, Epoch: b.Epoch, Seq: b.First - 1, Hash: b.Prev}
	out := make([]Stored, 0, len(b.Rows))
	var before models.Millis
	for i, r := range b.Rows {
		e, err := r.event(head, before)
		if err != nil {
			return nil, journal.Statement{}, fmt.Errorf("%w: row %d: %w", ErrBatch, i, err)
		}
		canonical, err := e.Bytes()
		if err != nil {
			return nil, journal.Statement{}, fmt.Errorf("%w: row %d: %w", ErrBatch, i, err)
		}
		if head, err = head.Follow(e, canonical); err != nil {
			return nil, journal.Statement{}, fmt.Errorf("%w: row %d: %w", ErrBatch, i, err)
		}
		out = append(out, Stored{Event: e, Canonical: canonical, Hash: head.Hash})
		before = e.Occurred
	}
	s := journal.Statement{Head: head, AsOf: b.AsOf}
	if err := s.Verify(key, b.Signature); err != nil {
		return nil, s, fmt.Errorf("%w: %w", ErrBatch, err)
	}
	return out, s, nil
}

func (r row) event(head journal.Head, before models.Millis) (journal.Event, error) {
	e := journal.Event{
		Format: r.Format, Agent: head.Agent, Epoch: head.Epoch, Seq: head.Seq + 1, Prev: head.Hash,
		Occurred: before + models.Millis(r.Occurred), Confidence: r.Confidence, Kind: r.Kind, Verdict: r.Verdict,
		Method: r.Method, Desk: r.Desk, Reason: r.Reason, Target: r.Target, Spot: r.Spot, RosterRev: r.RosterRev,
		RosterAge: r.RosterAge, Raw: r.Raw, Overrules: r.Overrules, Bounds: r.Bounds,
	}
	e.Wall = e.Occurred + models.Millis(r.Wall)
	e.Mono = int64(e.Wall) - r.Mono
	return e, errors.Join(e.SetLate(r.Late),
		fill(e.Boot[:], r.Boot), fill(e.Class[:], r.Class), fill(e.Session[:], r.Session),
		fill(e.Enrollment[:], r.Enrollment), fill(e.Staff[:], r.Staff), fill(e.Ticket[:], r.Ticket))
}

func fill(dst, src []byte) error {
	if len(src) != 0 && len(src) != len(dst) {
		return fmt.Errorf("identifier of %d bytes, want %d", len(src), len(dst))
	}
	copy(dst, src)
	return nil
}

// PushAnswer says what the server now durably holds. Only a receipt that
// verifies counts as delivered: any 200 may be a captive portal's.
type PushAnswer struct {
	Protocol    int           `cbor:"0,keyasint"`
	Seq         uint64        `cbor:"1,keyasint"` // highest contiguous seq that is durable
	Receipt     []byte        `cbor:"2,keyasint"` // a journal.Receipt as a signed note
	Quarantined []Quarantined `cbor:"3,keyasint"` // stored, although it was refused
	Conflict    Conflict      `cbor:"4,keyasint,omitzero"`
	Now         models.Millis `cbor:"5,keyasint"` // the server's clock
	Revoked     bool          `cbor:"6,keyasint,omitzero"`
	// Common is up to where the agent's statement and the server's copy are the same
	// journal. Where the receipt goes another way from there, the agent goes on in a
	// new epoch.
	Common uint64 `cbor:"7,keyasint,omitzero"`
	// CommonHash is the hash of that event. A reply in a file may belong to another state
	// of the agent's disk than the present one; the hash tells.
	CommonHash models.Hash `cbor:"9,keyasint,omitzero"`
	Token      string      `cbor:"8,keyasint,omitzero"` // the bearer token to use from now on; empty: keep the present one
	// Lacks are the past epochs of the batch that must be sent again, each from its first
	// event. Until then the server treats nothing as complete.
	Lacks []models.Epoch `cbor:"10,keyasint,omitempty"`
	// Checkpoint is the signed head of the server's log, where the agent has asked for
	// it; History proves that it continues the head that the agent has seen (RFC 9162 §2.1.4).
	Checkpoint []byte        `cbor:"20,keyasint,omitempty"`
	History    []models.Hash `cbor:"21,keyasint,omitempty"`
	// Seen is the size of the head that History begins at: the one asked about.
	Seen int64 `cbor:"22,keyasint,omitzero"`
	// Restores says, with a checkpoint, each time that the server was put back from a
	// backup, the oldest first (ledger.Restore, signed).
	Restores [][]byte `cbor:"23,keyasint,omitempty"`
	// Wants names attachments of events that are here, and are not: the server was put
	// back from a backup, or they never came.
	Wants []models.Hash `cbor:"24,keyasint,omitempty"`
}

// Quarantined names an event that the server stores but does not count yet.
type Quarantined struct {
	_      struct{} `cbor:",toarray"`
	Seq    uint64
	Reason string
}

// Conflict is what keeps a batch from continuing the server's copy of the journal.
type Conflict string

// The conflicts. The batch is kept by the server in each case but a gap.
const (
	ConflictNone Conflict = ""
	ConflictGap  Conflict = "gap"  // events before the batch are missing: send from Seq+1
	ConflictFork Conflict = "fork" // the server holds another past under the same numbers
)
