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

// AttachAnswer names what the server durably holds of what was brought. It has no use
// for the others: no event of the agent's names them, as far as its journal is here.
type AttachAnswer struct {
	Protocol int           `cbor:"0,keyasint"`
	Held     []models.Hash `cbor:"1,keyasint"`
}
