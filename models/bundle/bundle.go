// Package bundle wraps messages that travel as a file: it encrypts a bundle to its
// receiver (age, https://age-encryption.org/v1), opens one, and writes files atomically.
// It cannot say who made a bundle, because age does not authenticate the sender. The
// signature is therefore part of the content (models/exchange).
package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Key opens what was sealed to its recipient.
type Key struct {
	Identity  string // AGE-SECRET-KEY-1…, a secret
	Recipient string // age1…, to be given away
}

// NewKey draws a key.
func NewKey() (Key, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return Key{}, fmt.Errorf("make age key: %w", err)
	}
	return Key{id.String(), id.Recipient().String()}, nil
}

// KeyFrom is the key that a secret seed of 32 bytes stands for.
func KeyFrom(seed []byte) (Key, error) {
	id, err := age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", seed)))
	if err != nil {
		return Key{}, fmt.Errorf("derive age key: %w", err)
	}
	return Key{id.String(), id.Recipient().String()}, nil
}

// ValidRecipient says whether something can be sealed to this recipient.
func ValidRecipient(recipient string) bool {
	_, err := age.ParseX25519Recipient(recipient)
	return err == nil
}

// The reasons for which a bundle isn't opened.
var (
	ErrNoBundle   = errors.New("this file is no bundle")
	ErrNotForUs   = errors.New("this bundle was made for somebody else")
	ErrIncomplete = errors.New("this bundle is cut off or damaged")
	ErrTooLarge   = errors.New("this bundle is too large")
)

// Seal encrypts to a recipient.
func Seal(plain []byte, recipient string) ([]byte, error) {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, fmt.Errorf("seal to %q: %w", recipient, err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

// Overhead is more than what encryption adds to some 200 MB.
const Overhead = 64 << 10

// magic begins every age file of this format.
const magic = "age-encryption.org/v1\n"

// Open decrypts with whichever key fits. It gives nothing of a bundle that
// doesn't end as it was sealed, or holds more than limit bytes.
func Open(sealed []byte, limit int, keys ...Key) ([]byte, error) {
	switch {
	case len(sealed) > limit+Overhead:
		return nil, ErrTooLarge
	case !bytes.HasPrefix(sealed, []byte(magic)):
		return nil, ErrNoBundle
	}
	ids := make([]age.Identity, 0, len(keys))
	for _, k := range keys {
		id, err := age.ParseX25519Identity(k.Identity)
		if err != nil {
			return nil, fmt.Errorf("age key: %w", err)
		}
		ids = append(ids, id)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), ids...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok || len(ids) == 0 {
		return nil, ErrNotForUs
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrIncomplete, err)
	case len(plain) > limit:
		return nil, ErrTooLarge
	}
	return plain, nil
}
