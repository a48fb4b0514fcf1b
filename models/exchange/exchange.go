// Package exchange is what travels between the server and its agents, the same
// over HTTP and in a bundle: batches of events up, pages of the roster down,
// and the messages around them, in deterministic CBOR (RFC 8949 §4.2.1)
// compressed with zstd (RFC 8878).
//
// A Batch carries events in rows, without the values that the receiver can compute again:
// the hashes, and values that are equal in all events. Expand gives back the canonical
// bytes and the chain. A RosterPage carries Items in the order of the site's revision; a
// Digest proves that a copy is complete. The package has no clock, no randomness and no
// network.
package exchange

import (
	"errors"
	"fmt"
	"io"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"

	"buktihadir/models"
)

const (
	// Protocol is the version of the agents' protocol; the server serves this one
	// and, once there is one, the one before.
	Protocol = 1
	// Version is the version of the protocol that an agent of this release speaks. Both
	// programs come from one release: an agent with another version must be updated.
	Version = "1"
	// MaxBatch is how many events one push carries at most.
	MaxBatch = 1000
	// MaxBatchBytes bounds a push on the wire.
	MaxBatchBytes = 256 << 10
	// MaxMessage bounds any message once it is decompressed.
	MaxMessage = 8 << 20
	// ContentType is the media type of every message.
	ContentType = "application/vnd.buktihadir.v1+cbor-zstd"
)

// These are the paths of the server's API for agents.
const (
	PathEnrol  = "/api/agent/v1/enrol"
	PathEvents = "/api/agent/v1/events"
	PathRoster = "/api/agent/v1/roster"
	PathAttach = "/api/agent/v1/attachments"
	PathOthers = "/api/agent/v1/others"
	PathRenew  = "/api/agent/v1/renew" // a bundle with no batch there, a reply with the token back
)

// ErrMessage is wrapped by every refusal to read a message.
var ErrMessage = errors.New("unreadable message")

type codec struct {
	enc  cbor.EncMode
	dec  cbor.DecMode
	zenc *zstd.Encoder
	zdec *zstd.Decoder
}

// wire keeps no state between calls: EncodeAll and DecodeAll run concurrently.
var wire = func() codec {
	eo := cbor.CoreDetEncOptions()
	eo.ByteArray = cbor.ByteArrayToByteSlice
	enc, err1 := eo.EncMode()
	dec, err2 := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		TagsMd: cbor.TagsForbidden, MaxArrayElements: 16 << 10,
		MaxNestedLevels: 11, // an event's own 8 (models/journal), and 3 around it in a batch
		UTF8:            cbor.UTF8RejectInvalid,
	}.DecMode()
	// A better compression is not worth it: this one's tables take 4 MB of a small
	// computer's memory at the first message, those of the best one 34 MB, and that saves
	// at most one percent of a message. A larger window does not help either.
	zenc, err3 := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<18),
		zstd.WithLowerEncoderMem(true))
	zdec, err4 := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxMessage), zstd.WithDecoderConcurrency(0))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		panic(err) // constants above are wrong: a build that never worked
	}
	return codec{enc, dec, zenc, zdec}
}()

// Message is what Pack and Unpack carry.
type Message interface {
	EnrolRequest | EnrolAnswer | Batch | PushAnswer | RosterPage | Attachments | AttachAnswer | OthersAsk | OthersAnswer | TailAsk
}

// Pack encodes and compresses a message.
func Pack[M Message](m M) ([]byte, error) {
	b, err := wire.enc.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("pack %T: %w", m, err)
	}
	return wire.zenc.EncodeAll(b, nil), nil
}

// Unpack reads what Pack made. Every refusal is ErrMessage.
func Unpack[M Message](b []byte) (M, error) {
	var m M
	raw, err := wire.zdec.DecodeAll(b, nil)
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if err := wire.dec.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return m, nil
}

// ReadMessage unpacks a stream of at most MaxMessage bytes.
func ReadMessage[M Message](r io.Reader) (M, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxMessage))
	if err != nil {
		var m M
		return m, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return Unpack[M](b)
}

// EnrolRequest asks to become the agent that a one-time code was made for.
type EnrolRequest struct {
	Protocol  int          `cbor:"0,keyasint"`
	Code      string       `cbor:"1,keyasint"`
	PublicKey []byte       `cbor:"2,keyasint"` // Ed25519; its private half never leaves the agent
	Version   string       `cbor:"3,keyasint"` // of the program, for the programme office
	Epoch     models.Epoch `cbor:"4,keyasint"` // of the journal that the agent will keep

	// These fields say who the agent was, and where. A server that was restored from an
	// older backup may not know the agent any more. With them its journal stays its own.
	Was uuid.UUID `cbor:"5,keyasint,omitzero"`
	At  uuid.UUID `cbor:"6,keyasint,omitzero"`
}

// EnrolAnswer makes the agent one.
type EnrolAnswer struct {
	Protocol  int           `cbor:"0,keyasint"`
	Agent     uuid.UUID     `cbor:"1,keyasint"`
	Name      string        `cbor:"2,keyasint"`
	Token     string        `cbor:"3,keyasint"` // bearer token for push and pull
	ServerKey string        `cbor:"4,keyasint"` // verifier key of the server's notes, pinned from now on
	Site      Site          `cbor:"5,keyasint"`
	Now       models.Millis `cbor:"6,keyasint"`           // the server's clock
	Recipient string        `cbor:"7,keyasint,omitempty"` // the key that bundles to the server are encrypted to (age)
}

// Problem is the JSON body of every answer that is not 2xx. Code is stable and
// names a text in the user's language; Detail is English, for a log.
type Problem struct {
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
}
