package ticket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"buktihadir/models"
)

const (
	// StepLength is how long one rotating code is shown.
	StepLength = 30 * time.Second
	// MaxOffset is the largest clock difference, in steps, that a desk may learn.
	MaxOffset = int(10 * time.Minute / StepLength)

	tailSize  = 2 + macSize
	tailText  = 13
	macSize   = 6
	tailLabel = "bukti-hadir/tail/1"
	keyLabel  = "bukti-hadir/tail-key/1"
)

// Tail is the rotating end of a live code: the low 16 bits of the step it was
// drawn in, and a MAC that only the holder of the ticket's key can make.
type Tail struct {
	Step uint16
	MAC  [macSize]byte
}

// StepAt counts 30-second steps since the Unix epoch.
func StepAt(at models.Millis) int64 { return int64(at) / StepLength.Milliseconds() }

// TailKey derives a ticket's key from its class's secret (HMAC-SHA-256, RFC 2104).
// The page of the participant holds this key, a desk the class's secret.
func TailKey(classSecret []byte, id models.Ref) []byte {
	m := hmac.New(sha256.New, classSecret)
	m.Write([]byte(keyLabel))
	m.Write(id[:])
	return m.Sum(nil)
}

// TailAt draws the tail for a step.
func TailAt(tailKey []byte, id models.Ref, step int64) Tail {
	t := Tail{Step: uint16(step)} //nolint:gosec // the low 16 bits are what is meant
	m := hmac.New(sha256.New, tailKey)
	m.Write([]byte(tailLabel))
	m.Write(id[:])
	m.Write(binary.BigEndian.AppendUint16(nil, t.Step))
	copy(t.MAC[:], m.Sum(nil))
	return t
}

// Text gives the 13 characters that follow the token.
func (t Tail) Text() string {
	return crockford.EncodeToString(append(binary.BigEndian.AppendUint16(nil, t.Step), t.MAC[:]...))
}

// Offset verifies the tail and says how many steps it lies from now: negative
// for an old one. ok is false if the MAC is not the ticket's.
func (t Tail) Offset(tailKey []byte, id models.Ref, now int64) (steps int, ok bool) {
	want := TailAt(tailKey, id, int64(t.Step))
	return int(int16(t.Step - uint16(now))), hmac.Equal(want.MAC[:], t.MAC[:]) //nolint:gosec // the difference modulo 2^16 is what is meant
}

func parseTail(text []byte) (*Tail, error) {
	raw, err := decode(text)
	if err != nil || len(raw) != tailSize {
		return nil, fmt.Errorf("%w: tail", ErrMalformed)
	}
	t := &Tail{Step: binary.BigEndian.Uint16(raw)}
	copy(t.MAC[:], raw[2:])
	return t, nil
}
