package models

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Millis is an instant as milliseconds since the Unix epoch, UTC. Zero means
// "not set". Integers sort alike in every database and every time zone.
type Millis int64

// MillisOf converts a time.Time, dropping what is finer than a millisecond.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time returns the instant in UTC.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }

// Add returns the instant moved by d.
func (m Millis) Add(d time.Duration) Millis { return m + Millis(d.Milliseconds()) }

// Sub returns the duration from o to m.
func (m Millis) Sub(o Millis) time.Duration { return time.Duration(m-o) * time.Millisecond }

// RefSize is the length of a Ref in bytes.
const RefSize = 8

// Ref identifies a ticket or a class in a QR code: 64 random bits, short enough for a
// small code and too many to guess. Its text is 16 hex digits.
type Ref [RefSize]byte

// IsZero says that no reference is set.
func (r Ref) IsZero() bool { return r == Ref{} }

func (r Ref) String() string { return hex.EncodeToString(r[:]) }

// ParseRef reads the text form.
func ParseRef(s string) (Ref, error) {
	var r Ref
	return r, r.UnmarshalText([]byte(s))
}

// MarshalText gives the hex form.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the hex form.
func (r *Ref) UnmarshalText(b []byte) error {
	if len(b) != 2*RefSize {
		return fmt.Errorf("reference %q: want %d hex digits", b, 2*RefSize)
	}
	if _, err := hex.Decode(r[:], b); err != nil {
		return fmt.Errorf("reference %q: %w", b, err)
	}
	return nil
}

// Value stores the reference as its 8 bytes.
func (r Ref) Value() (driver.Value, error) { return r[:], nil }

// Scan reads the 8 bytes.
func (r *Ref) Scan(src any) error { return scanFixed(r[:], src) }

// Hash is a SHA-256 sum, as the journal chains them.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText gives the hex form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the hex form.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 2*len(h) {
		return fmt.Errorf("hash %q: want %d hex digits", b, 2*len(h))
	}
	if _, err := hex.Decode(h[:], b); err != nil {
		return fmt.Errorf("hash %q: %w", b, err)
	}
	return nil
}

// Value stores the hash as its 32 bytes.
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads the 32 bytes.
func (h *Hash) Scan(src any) error { return scanFixed(h[:], src) }

// Epoch names one life of an agent's journal. It has 128 random bits and is drawn again
// when a restored disk would otherwise write a second history.
type Epoch [16]byte

// IsZero says that the hash is not set.
func (h Hash) IsZero() bool { return h == Hash{} }

// IsZero says that no epoch is named.
func (e Epoch) IsZero() bool { return e == Epoch{} }

func (e Epoch) String() string { return hex.EncodeToString(e[:]) }

// MarshalText gives the hex form.
func (e Epoch) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the hex form.
func (e *Epoch) UnmarshalText(b []byte) error {
	if len(b) != 2*len(e) {
		return fmt.Errorf("epoch %q: want %d hex digits", b, 2*len(e))
	}
	if _, err := hex.Decode(e[:], b); err != nil {
		return fmt.Errorf("epoch %q: %w", b, err)
	}
	return nil
}

// Value stores the epoch as its 16 bytes.
func (e Epoch) Value() (driver.Value, error) { return e[:], nil }

// Scan reads the 16 bytes.
func (e *Epoch) Scan(src any) error { return scanFixed(e[:], src) }

func scanFixed(dst []byte, src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(dst) {
		return fmt.Errorf("want %d bytes from the database, got %T", len(dst), src)
	}
	copy(dst, b)
	return nil
}

// CodeAlphabet is Crockford's Base32 (https://www.crockford.com/base32.html): no I, L, O or U.
const CodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// TypedCode is a code of that alphabet as it is compared, however people type it: in capitals, without
// groups, its look-alikes mended.
func TypedCode(text string) string {
	return strings.NewReplacer("-", "", " ", "", "\u00a0", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(text)))
}
