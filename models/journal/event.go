// Package journal is the record that an agent keeps of what happened at its
// desks: events in deterministic CBOR, numbered without gaps and chained by
// SHA-256, heads signed by the agent's key and countersigned by the server.
//
// The types are Event (one thing that happened), Head (how far a journal goes) and
// Receipt (the server's word that it holds a journal up to a head). The package has no
// clock, no randomness and no storage. The store decides who may append, and
// models/attendance what an event means.
//
// # Bytes
//
// An event is one CBOR map with small integer keys in the core deterministic
// encoding of RFC 8949 §4.2.1: shortest forms, keys sorted, no indefinite
// lengths, no duplicates. Zero fields are left out. Keys that a reader doesn't
// know are kept, so that a newer agent's journal survives an older server.
// hash(n) = SHA-256(bytes of n), and event n carries prev = hash(n-1); the first
// event of an epoch carries no prev.
package journal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"

	"buktihadir/models"
)

const (
	// Format is the version of the event format that this package writes.
	Format = 1
	// MaxRaw is how much of an unreadable code an event keeps, in bytes.
	MaxRaw = 256
	// MaxText bounds a reason or a desk's name, in bytes.
	MaxText = 500
	// MaxEvent bounds the bytes of one event.
	MaxEvent = 4096
)

// Event is one thing that happened at a desk. It is never changed and never
// deleted; a void is an event too.
type Event struct {
	Format uint8        `cbor:"0,keyasint"`
	Agent  uuid.UUID    `cbor:"1,keyasint"`
	Epoch  models.Epoch `cbor:"2,keyasint"`
	Seq    uint64       `cbor:"3,keyasint"` // from 1, no gaps within (Agent, Epoch)
	Prev   models.Hash  `cbor:"4,keyasint,omitzero"`

	// Occurred is the later of the agent's wall clock and the event before, so
	// that time never runs backwards in a journal; Wall is the clock's own
	// reading. Mono counts milliseconds since the boot named by Boot.
	Occurred   models.Millis     `cbor:"5,keyasint"`
	Wall       models.Millis     `cbor:"6,keyasint"`
	Boot       uuid.UUID         `cbor:"7,keyasint,omitzero"`
	Mono       int64             `cbor:"8,keyasint,omitzero"`
	Confidence models.Confidence `cbor:"9,keyasint,omitzero"`

	Kind    models.EventKind `cbor:"10,keyasint"`
	Verdict models.Verdict   `cbor:"11,keyasint,omitzero"`
	Method  models.Method    `cbor:"12,keyasint,omitzero"`

	Class      uuid.UUID  `cbor:"13,keyasint,omitzero"`
	Session    uuid.UUID  `cbor:"14,keyasint,omitzero"`
	Enrollment uuid.UUID  `cbor:"15,keyasint,omitzero"` // zero if the roster has no enrollment for the ticket
	Ticket     models.Ref `cbor:"16,keyasint,omitzero"` // zero where no ticket was read

	Desk   string    `cbor:"17,keyasint,omitzero"`
	Staff  uuid.UUID `cbor:"18,keyasint,omitzero"` // the officer at the desk
	Reason string    `cbor:"19,keyasint,omitzero"`

	Target    uint64             `cbor:"20,keyasint,omitzero"` // the seq that a void undoes, in the same epoch
	Spot      models.SpotOutcome `cbor:"21,keyasint,omitzero"`
	RosterRev uint64             `cbor:"22,keyasint,omitzero"`  // roster revision that was judged by
	RosterAge int64              `cbor:"23,keyasint,omitzero"`  // seconds since that roster was confirmed
	Raw       []byte             `cbor:"24,keyasint,omitempty"` // an unreadable code, cut to MaxRaw
	Overrules models.Verdict     `cbor:"25,keyasint,omitzero"`  // the refusal that a supervisor overrode
	Bounds    uint8              `cbor:"26,keyasint,omitzero"`  // see StaleTail and EntryUnseen

	// TargetEpoch is the epoch of a void's target; zero means the void's own. A void
	// that was renewed in another epoch may point back into the one before.
	TargetEpoch models.Epoch `cbor:"32,keyasint,omitzero"`

	// Of a clock event: the time that the server said at a meeting, or that staff
	// confirmed, at Mono of Boot.
	Server    models.Millis `cbor:"33,keyasint,omitzero"`
	Confirmed models.Millis `cbor:"34,keyasint,omitzero"`

	// These are of an event that an offline phone queued until it found its agent again,
	// see Offline. Occurred is the time of the hand-over, and Verdict what the phone
	// showed. Happened is the time of the event, by the agent's clock; Age is how long
	// before Mono it was, in ms.
	Happened models.Millis  `cbor:"35,keyasint,omitzero"`
	Age      int64          `cbor:"36,keyasint,omitzero"`
	Phone    uuid.UUID      `cbor:"37,keyasint,omitzero"` // which phone, as of one sign-in
	Doubt    Doubt          `cbor:"38,keyasint,omitzero"`
	Other    models.Verdict `cbor:"39,keyasint,omitzero"` // the agent's own for that moment, where it is another; see DoubtTicket

	// Attached is the hash of the Attachment that belongs to the event. The attachment
	// travels separately: it can be erased, because it names or shows a person. An event
	// cannot be erased.
	Attached models.Hash             `cbor:"44,keyasint,omitzero"`
	Noted    models.AttendanceStatus `cbor:"45,keyasint,omitzero"` // of a note: excused or sick
	// Written is the time that an attendance sheet says. The sheet was keyed in later;
	// Occurred is the time of that.
	Written models.Millis `cbor:"46,keyasint,omitzero"`

	// Extra holds the keys that this version doesn't know, as they came.
	Extra map[uint64]cbor.RawMessage `cbor:"-"`
}

// StaleTail is the bit of Bounds for a stale rotating code that the policy lets pass.
const StaleTail = 1

// EntryUnseen is the bit of Bounds for a check-out of somebody whom the agent never saw come.
const EntryUnseen = 2

// These are the keys that this version knows: the keys of the first version, and later
// ones. The numbers between them were never used.
const (
	lastFirst           = 26
	firstLate, lastLate = 32, 39
	firstNote, lastNote = 44, 46
)

func hasMeaning(key uint64) bool {
	return key <= lastFirst || firstLate <= key && key <= lastLate || firstNote <= key && key <= lastNote
}

// ErrEvent is wrapped by every refusal of Decode and Bytes.
var ErrEvent = errors.New("not an event")

// modes are built once; the options are constants, so building can't fail.
type modes struct {
	enc cbor.EncMode
	dec cbor.DecMode
}

var cborModes = func() modes {
	eo := cbor.CoreDetEncOptions()
	eo.ByteArray = cbor.ByteArrayToByteSlice
	enc, err1 := eo.EncMode()
	dec, err2 := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		TagsMd: cbor.TagsForbidden, MaxNestedLevels: 8, MaxArrayElements: MaxEvent, MaxMapPairs: MaxEvent,
		UTF8: cbor.UTF8RejectInvalid,
	}.DecMode()
	if err := errors.Join(err1, err2); err != nil {
		panic(err) // constants above are wrong: a build that never worked
	}
	return modes{enc, dec}
}()

// Bytes gives the event's canonical bytes, the ones that are hashed.
func (e Event) Bytes() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	b, err := cborModes.enc.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	if len(e.Extra) > 0 {
		if b, err = withExtra(b, e.Extra); err != nil {
			return nil, err
		}
	}
	if len(b) > MaxEvent {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrEvent, len(b), MaxEvent)
	}
	return b, nil
}

func (e Event) check() error {
	switch {
	case e.Agent == uuid.Nil || e.Seq == 0 || e.Format == 0:
		return fmt.Errorf("%w: format, agent and seq are needed", ErrEvent)
	case e.Kind == "":
		return fmt.Errorf("%w: no kind", ErrEvent)
	case len(e.Raw) > MaxRaw || len(e.Reason) > MaxText || len(e.Desk) > MaxText:
		return fmt.Errorf("%w: a field is too long", ErrEvent)
	}
	return nil
}

func withExtra(known []byte, extra map[uint64]cbor.RawMessage) ([]byte, error) {
	all := map[uint64]cbor.RawMessage{}
	if err := cborModes.dec.Unmarshal(known, &all); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	for k := range extra {
		if hasMeaning(k) || k > math.MaxInt64 { // the decoder knows no larger keys
			return nil, fmt.Errorf("%w: extra key %d has a meaning or is too large", ErrEvent, k)
		}
	}
	maps.Copy(all, extra)
	b, err := cborModes.enc.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	return b, nil
}

// Decode reads an event's bytes and refuses every encoding but the canonical
// one: the same event never has two hashes.
func Decode(b []byte) (Event, error) {
	var e Event
	if len(b) > MaxEvent {
		return e, fmt.Errorf("%w: %d bytes, at most %d", ErrEvent, len(b), MaxEvent)
	}
	if err := cborModes.dec.Unmarshal(b, &e); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	all := map[uint64]cbor.RawMessage{}
	if err := cborModes.dec.Unmarshal(b, &all); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	e.keepExtra(all)
	again, err := e.Bytes()
	if err != nil {
		return Event{}, err
	}
	if !bytes.Equal(again, b) {
		return Event{}, fmt.Errorf("%w: not the deterministic encoding", ErrEvent)
	}
	return e, nil
}

// HashOf is the hash that the next event carries as prev.
func HashOf(canonical []byte) models.Hash { return sha256.Sum256(canonical) }
