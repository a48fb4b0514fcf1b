package exchange

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
)

// RosterPage is one page of changes. An agent moves its cursor to To only in the
// transaction that stores the page.
type RosterPage struct {
	Protocol int           `cbor:"0,keyasint"`
	Scope    []byte        `cbor:"1,keyasint"` // server epoch and site; another one than the cursor's means: start over
	From     uint64        `cbor:"2,keyasint"`
	To       uint64        `cbor:"3,keyasint"` // the cursor after this page
	Latest   uint64        `cbor:"4,keyasint"` // the site's revision when the page was read
	Items    []Item        `cbor:"5,keyasint"` // by revision
	Digest   *Digest       `cbor:"6,keyasint"` // of the whole, on the last page
	Reset    bool          `cbor:"7,keyasint"` // forget what you have: this is the first page of a full copy
	Now      models.Millis `cbor:"8,keyasint"`
	Revoked  bool          `cbor:"9,keyasint,omitzero"` // erase the roster once the journal is taken
}

// ItemKind says what an Item's body is.
type ItemKind uint8

// The kinds of items. Their numbers are part of the wire format.
const (
	KindSite       ItemKind = 1
	KindKey        ItemKind = 2 // key: the ticket key's id
	KindClass      ItemKind = 3
	KindSession    ItemKind = 4
	KindEnrollment ItemKind = 5
	KindRevocation ItemKind = 6 // key: the ticket
	KindOfficer    ItemKind = 7
	KindAgent      ItemKind = 8
	KindElsewhere  ItemKind = 9  // key: the session's
	KindRhythm     ItemKind = 10 // key: the site. An agent that lacks it has the default
)

// Item is one thing that a site knows, as of a revision. Key is the entity's id.
type Item struct {
	_    struct{} `cbor:",toarray"`
	Kind ItemKind
	Key  []byte
	Body []byte // deterministic CBOR of a Body; nil for a tombstone
}

// Body is what an Item can carry.
type Body interface {
	Site | TicketKey | Class | Session | Enrollment | Revocation | Officer | Agent | Elsewhere | Rhythm
}

// NewItem encodes a body.
func NewItem[B Body](kind ItemKind, key []byte, body B) (Item, error) {
	raw, err := wire.enc.Marshal(body)
	if err != nil {
		return Item{}, fmt.Errorf("encode %T: %w", body, err)
	}
	return Item{Kind: kind, Key: key, Body: raw}, nil
}

// BodyOf decodes an item's body.
func BodyOf[B Body](it Item) (B, error) {
	var b B
	if err := wire.dec.Unmarshal(it.Body, &b); err != nil {
		return b, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return b, nil
}

// Gone says that the item is a tombstone: the entry was removed.
func (it Item) Gone() bool { return len(it.Body) == 0 }

// Site is the place that the agent serves.
type Site struct {
	_    struct{} `cbor:",toarray"`
	ID   uuid.UUID
	Code string
	Name string
	Zone models.Zone
}

// TicketKey is a key that tickets are verified with.
type TicketKey struct {
	_      struct{} `cbor:",toarray"`
	Public []byte
}

// Class is a class held at the site.
type Class struct {
	_        struct{}   `cbor:",toarray"`
	Ref      models.Ref // the reference that tickets name it by
	Code     string
	Course   string
	Provider string
	Phase    models.Phase
	Policy   models.Policy
	Secret   []byte // of its rotating codes
}

// Session is one meeting.
type Session struct {
	_         struct{} `cbor:",toarray"`
	Class     uuid.UUID
	Seq       int
	Start     models.Millis
	End       models.Millis
	Room      string
	Cancelled bool
}

// Elsewhere is a session of a class that the site knows, held at another site.
type Elsewhere struct {
	_         struct{} `cbor:",toarray"`
	Class     uuid.UUID
	Seq       int
	Start     models.Millis
	End       models.Millis
	Cancelled bool
	Site      string // its name
	Room      string
}

// Enrollment is a person of a class: no more than a desk needs to know somebody by.
type Enrollment struct {
	_         struct{} `cbor:",toarray"`
	Class     uuid.UUID
	Role      models.PersonRole
	Name      string
	Number    string // registration number
	NIK4      string // last four digits of the ID card's number
	Ticket    []byte // the valid ticket's 8 bytes; nil while no ticket is issued
	Cancelled bool
}

// Revocation says that a ticket is no longer valid.
type Revocation struct {
	_          struct{} `cbor:",toarray"`
	Class      uuid.UUID
	At         models.Millis
	Enrollment uuid.UUID // whose it was: desks count by person
}

// Officer may work the site's desks.
type Officer struct {
	_          struct{} `cbor:",toarray"`
	Name       string
	PINHash    string // argon2id, in PHC string format
	Supervisor bool
}

// Agent is one of the site's agents: the others know it by its key, whether or not the server
// is near. An agent that was revoked is on no roster.
type Agent struct {
	_      struct{} `cbor:",toarray"`
	Name   string
	Public []byte // Ed25519
}

// Rhythm is how the site brings its journal home.
type Rhythm struct {
	_      struct{} `cbor:",toarray"`
	Rhythm models.Rhythm
}

// Digest proves a copy of a roster complete: how many items are alive, and the
// exclusive or of their hashes, which both sides can keep up to date item by item.
type Digest struct {
	_     struct{} `cbor:",toarray"`
	Count uint64
	Sum   models.Hash
}

// Add counts an item in, or out again: the sum is its own inverse.
func (d *Digest) Add(it Item) { d.Count++; d.toggle(it) }

// Remove counts an item out.
func (d *Digest) Remove(it Item) { d.Count--; d.toggle(it) }

func (d *Digest) toggle(it Item) {
	h := sha256.New()
	h.Write([]byte{byte(it.Kind)})
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(it.Key)))) //nolint:gosec // keys are short
	h.Write(it.Key)
	h.Write(it.Body)
	for i, b := range h.Sum(nil) {
		d.Sum[i] ^= b
	}
}
