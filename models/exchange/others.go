package exchange

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

const (
	// MostJournals bounds the journals that one question names, and that one answer tells of.
	MostJournals = 64
	// MostTold bounds the scans of one answer.
	MostTold = 1000
)

// OthersAsk asks what the other agents of the site have told the server. Known says how far
// that is known of each of their journals: seq has no gaps, so nothing is ever passed over.
type OthersAsk struct {
	Protocol int       `cbor:"0,keyasint"`
	Agent    uuid.UUID `cbor:"1,keyasint"`
	Known    []Known   `cbor:"2,keyasint,omitempty"`
}

// Known is how far somebody knows a journal.
type Known struct {
	_     struct{} `cbor:",toarray"`
	Agent uuid.UUID
	Epoch models.Epoch
	Seq   uint64
}

// OthersAnswer is what they have told since.
type OthersAnswer struct {
	Protocol int           `cbor:"0,keyasint"`
	Now      models.Millis `cbor:"1,keyasint"` // the server's clock
	Heard    []Heard       `cbor:"2,keyasint,omitempty"`
	Tails    []Tail        `cbor:"3,keyasint,omitempty"`
	More     bool          `cbor:"4,keyasint,omitzero"` // ask again for the rest
}

// Heard is when the server last met an agent.
type Heard struct {
	_     struct{} `cbor:",toarray"`
	Agent uuid.UUID
	At    models.Millis
}

// Tail is what one journal tells of who came and went, after what was known of it, up to Seq.
type Tail struct {
	_     struct{} `cbor:",toarray"`
	Agent uuid.UUID
	Epoch models.Epoch
	Seq   uint64
	Marks []Mark
}

// Mark is an accepted scan, or what takes one back: then Voids is its seq, in VoidsIn.
type Mark struct {
	_          struct{} `cbor:",toarray"`
	Seq        uint64
	Out        bool
	At         models.Millis
	Session    []byte
	Enrollment []byte // empty if nobody knows whose the ticket is
	Ticket     []byte
	Desk       string
	Voids      uint64
	VoidsIn    []byte // the epoch; empty: the journal's own
}
