package exchange

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// MostAttached bounds the attachments of one message, and MaxAttached their bytes: a
// line that is slow and cut often still brings one after the other. One alone may be larger.
const (
	MostAttached = 50
	MaxAttached  = 128 << 10
)

// Attachments brings what belongs to events of an agent's journal, each as
// journal.Attachment.Bytes made it. The journal holds the hashes: it needs no signature.
type Attachments struct {
	Protocol int       `cbor:"0,keyasint"`
	Agent    uuid.UUID `cbor:"1,keyasint"`
	Items    [][]byte  `cbor:"2,keyasint"`
}

// AttachAnswer names the attachments that the server now holds durably. It does not keep
// the others, because no event that it has names them.
type AttachAnswer struct {
	Protocol int           `cbor:"0,keyasint"`
	Held     []models.Hash `cbor:"1,keyasint"`
}
