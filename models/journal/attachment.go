package journal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"buktihadir/models"
)

// Attachment is a part of an event that must not stay for ever: a name, a picture. The
// event holds its hash (Event.Attached). So a change of the attachment is noticed like a
// change of the event, and yet it can be erased. Its bytes are one CBOR map, like an
// event's.
type Attachment struct {
	// Salt keeps anybody from finding out by trial whose name a hash is of.
	Salt   []byte `cbor:"0,keyasint"`
	Name   string `cbor:"1,keyasint,omitzero"` // of a walk-in: what the person said
	Number string `cbor:"2,keyasint,omitzero"` // last digits of a walk-in's ID card, or a registration number
	// Photo is a JPEG file: of an ID card, a doctor's letter, an attendance sheet.
	Photo []byte `cbor:"3,keyasint,omitempty"`
}

const (
	// SaltSize is the length of an attachment's salt, in bytes.
	SaltSize = 16
	// MaxPhoto bounds a picture, in bytes: a page of A4 is readable in it.
	MaxPhoto = 400 << 10
	// MaxAttachment bounds the bytes of an attachment.
	MaxAttachment = MaxPhoto + 2*MaxText
	// MaxNumber bounds what a walk-in is found again by.
	MaxNumber = 40
)

// ErrAttachment is wrapped by every refusal to make or read an attachment.
var ErrAttachment = errors.New("not an attachment")

// jpeg is how a JPEG file begins (ISO/IEC 10918-1, B.1.1.3: SOI, then another marker).
const jpeg = "\xff\xd8\xff"

func (a Attachment) check() error {
	switch {
	case len(a.Salt) != SaltSize:
		return fmt.Errorf("%w: a salt of %d bytes", ErrAttachment, len(a.Salt))
	case len(a.Name) > MaxText || len(a.Number) > MaxNumber || len(a.Photo) > MaxPhoto:
		return fmt.Errorf("%w: too long", ErrAttachment)
	case !utf8.ValidString(a.Name + a.Number):
		return fmt.Errorf("%w: not text", ErrAttachment)
	case len(a.Photo) > 0 && !strings.HasPrefix(string(a.Photo[:min(len(a.Photo), len(jpeg))]), jpeg):
		return fmt.Errorf("%w: the picture is no JPEG file", ErrAttachment)
	case a.Name == "" && len(a.Photo) == 0:
		return fmt.Errorf("%w: empty", ErrAttachment)
	}
	return nil
}

// Bytes gives the attachment's canonical bytes and their hash.
func (a Attachment) Bytes() ([]byte, models.Hash, error) {
	if err := a.check(); err != nil {
		return nil, models.Hash{}, err
	}
	b, err := cborModes.enc.Marshal(a)
	if err != nil {
		return nil, models.Hash{}, fmt.Errorf("%w: %w", ErrAttachment, err)
	}
	return b, sha256.Sum256(b), nil
}

// ReadAttachment reads what Bytes made, and refuses every other encoding.
func ReadAttachment(b []byte) (Attachment, models.Hash, error) {
	var a Attachment
	if len(b) > MaxAttachment {
		return a, models.Hash{}, fmt.Errorf("%w: %d bytes, at most %d", ErrAttachment, len(b), MaxAttachment)
	}
	if err := cborModes.dec.Unmarshal(b, &a); err != nil {
		return Attachment{}, models.Hash{}, fmt.Errorf("%w: %w", ErrAttachment, err)
	}
	again, sum, err := a.Bytes()
	if err == nil && !bytes.Equal(again, b) {
		err = fmt.Errorf("%w: not the deterministic encoding", ErrAttachment)
	}
	if err != nil {
		return Attachment{}, models.Hash{}, err
	}
	return a, sum, nil
}
