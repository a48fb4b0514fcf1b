package exchange

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"

	"github.com/google/uuid"

	"buktihadir/models"
)

// PathTail is the address at which agents of one site answer each other.
const PathTail = "/others/tail"

// TailAsk asks another agent of the site, directly, for what its journal has after what is
// known of it. The answer is a Batch, as the server would get it.
type TailAsk struct {
	Protocol int         `cbor:"0,keyasint"`
	Port     int         `cbor:"1,keyasint,omitzero"` // where the asker answers itself; zero: nowhere
	Known    []KnownHead `cbor:"2,keyasint,omitempty"`
}

// KnownHead is how far one epoch of the journal is known.
type KnownHead struct {
	_     struct{} `cbor:",toarray"`
	Epoch models.Epoch
	Seq   uint64
	Hash  models.Hash
}

// Announcement says on a site's network that an agent is there, and at which port it answers
// the others. Whoever repeats it from elsewhere wins nothing: who answers has to have the key.
type Announcement struct {
	Agent uuid.UUID
	Port  uint16
}

const announcementLabel = "bukti-hadir/here/1\n"

// AnnouncementSize is the size of every announcement, in bytes: a mark, the agent, the port and the signature.
const AnnouncementSize = 4 + 16 + 2 + ed25519.SignatureSize

const announcementMark = "BHO1"

// ErrAnnouncement says that bytes are no announcement of the agent that they name.
var ErrAnnouncement = errors.New("not an announcement of a site's agent")

// Sign makes the bytes that are sent.
func (a Announcement) Sign(key ed25519.PrivateKey) []byte {
	b := binary.BigEndian.AppendUint16(append([]byte(announcementMark), a.Agent[:]...), a.Port)
	return append(b, ed25519.Sign(key, append([]byte(announcementLabel), b...))...)
}

// OpenAnnouncement reads what Sign made. keyOf finds the key of an agent; nil: nobody knows it.
func OpenAnnouncement(b []byte, keyOf func(uuid.UUID) ed25519.PublicKey) (Announcement, error) {
	if len(b) != AnnouncementSize || string(b[:4]) != announcementMark {
		return Announcement{}, ErrAnnouncement
	}
	said, signature := b[:AnnouncementSize-ed25519.SignatureSize], b[AnnouncementSize-ed25519.SignatureSize:]
	a := Announcement{Agent: uuid.UUID(said[4:20]), Port: binary.BigEndian.Uint16(said[20:])}
	key := keyOf(a.Agent)
	if len(key) != ed25519.PublicKeySize || a.Port == 0 || !ed25519.Verify(key, append([]byte(announcementLabel), said...), signature) {
		return Announcement{}, ErrAnnouncement
	}
	return a, nil
}
