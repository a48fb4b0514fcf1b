// Package ticket is the token in a participant's QR code. It says who issued it, which
// enrollment it is for and until when it is valid. It is signed with Ed25519, so a desk
// can check it without a network.
//
// The main type is Ticket. Sign makes a token's text; Parse and Keys.Verify read it back.
// The page of a live ticket appends a rotating Tail every 30 seconds. The package has no
// clock, no randomness and no storage. Verdicts belong to models/attendance.
//
// # Text
//
// "BH1", then Crockford Base32 (https://www.crockford.com/base32.html, upper
// case, no padding) of payload ‖ signature, then for a live ticket 13 more
// characters for the tail. Only 0-9 and A-Z, so a QR code stays in its
// alphanumeric mode: at most 178 characters fit version 7 at level M, with the
// tail 191 fit version 7 at level L (ISO/IEC 18004, table 7).
//
// # Payload
//
//	key id       4  first bytes of SHA-256 of the public key
//	header       1  bit 7 print, bit 6 live, bit 5 zero, bits 4-0 length of the name
//	ticket       8  random
//	class        8  random
//	valid from   2  big endian, days since 1970-01-01, in the site's zone
//	valid until  2  the last valid day
//	name      0-20  UTF-8
//
// The signature is over "BH1" ‖ payload.
package ticket

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"buktihadir/models"
)

const (
	// Prefix opens every token; its digit is the version of the format.
	Prefix = "BH1"
	// MaxName is the longest name in a token, in bytes.
	MaxName = 20
	// MaxText is the length of the longest token with its tail.
	MaxText = len(Prefix) + (fixedSize+MaxName+ed25519.SignatureSize)*8/5 + 1 + tailText

	// maxBefore and maxAfter are how many bytes a scanner may put around a code.
	maxBefore, maxAfter = 16, 6

	fixedSize = 4 + 1 + models.RefSize + models.RefSize + 2 + 2
	flagPrint = 1 << 7
	flagLive  = 1 << 6
	flagZero  = 1 << 5
	nameMask  = 1<<5 - 1
)

var crockford = base32.NewEncoding(models.CodeAlphabet).WithPadding(base32.NoPadding)

// ErrMalformed is wrapped by every refusal of Parse: not a ticket of ours.
var ErrMalformed = errors.New("malformed ticket")

// ErrUnknownKey says that no key of the desk has the token's key id.
var ErrUnknownKey = errors.New("unknown ticket key")

// ErrBadSignature says that the token was not signed by the key it names.
var ErrBadSignature = errors.New("bad ticket signature")

// KeyID names a signing key: the first four bytes of the SHA-256 sum of its
// public half.
type KeyID [4]byte

// KeyIDOf computes the id of a public key.
func KeyIDOf(pub ed25519.PublicKey) KeyID {
	sum := sha256.Sum256(pub)
	return KeyID(sum[:4])
}

func (k KeyID) String() string { return hex.EncodeToString(k[:]) }

// Day counts days since 1970-01-01.
type Day uint16

// DayOf returns the calendar day of t in t's own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400) //nolint:gosec // years 1970 to 2149
}

// Ticket is what a token says. The zero value is not a valid ticket.
type Ticket struct {
	Key        KeyID
	Print      bool // drawn on paper
	Live       bool // shown by a page that appends a rotating tail
	ID         models.Ref
	Class      models.Ref
	ValidFrom  Day
	ValidUntil Day // the last valid day
	Name       string
}

// payload gives the bytes that are signed, without the prefix.
func (t Ticket) payload() []byte {
	b := make([]byte, 0, fixedSize+len(t.Name))
	b = append(b, t.Key[:]...)
	header := byte(len(t.Name)) & nameMask //nolint:gosec // check holds names to MaxName
	if t.Print {
		header |= flagPrint
	}
	if t.Live {
		header |= flagLive
	}
	b = append(b, header)
	b = append(b, t.ID[:]...)
	b = append(b, t.Class[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(t.ValidFrom))
	b = binary.BigEndian.AppendUint16(b, uint16(t.ValidUntil))
	return append(b, t.Name...)
}

func signed(payload []byte) []byte { return append([]byte(Prefix), payload...) }

// Sign makes the token's text. The key id is set from the key, the name is
// shortened to MaxName bytes at a rune's boundary.
func Sign(t Ticket, key ed25519.PrivateKey) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", errors.New("sign ticket: not an Ed25519 private key")
	}
	t.Key, t.Name = KeyIDOf(ed25519.PublicKey(key[ed25519.SeedSize:])), ShortName(t.Name)
	if err := t.check(); err != nil {
		return "", fmt.Errorf("sign ticket: %w", err)
	}
	p := t.payload()
	return Prefix + crockford.EncodeToString(append(p, ed25519.Sign(key, signed(p))...)), nil
}

func (t Ticket) check() error {
	switch {
	case t.ID.IsZero() || t.Class.IsZero():
		return fmt.Errorf("%w: no ticket or class id", ErrMalformed)
	case t.ValidUntil < t.ValidFrom:
		return fmt.Errorf("%w: ends before it starts", ErrMalformed)
	case len(t.Name) > MaxName || !utf8.ValidString(t.Name):
		return fmt.Errorf("%w: name", ErrMalformed)
	}
	return nil
}

// ShortName fits a person's name into a token: whole words where they fit, never
// half a rune, no control characters.
func ShortName(name string) string {
	name = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, ""), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if len(name) <= MaxName {
		return name
	}
	cut := MaxName
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	if i := strings.LastIndexByte(name[:cut+1], ' '); i > MaxName/2 {
		cut = i
	}
	return strings.TrimSpace(name[:cut])
}

// Scanned is a token as read from a code: parsed, not yet verified.
type Scanned struct {
	Ticket
	Tail *Tail // nil if the code has no tail

	payload, signature []byte
}

// Parse reads a token's text as a camera, a keyboard or a person gives it: any
// case, Crockford's look-alikes (O for 0, I and L for 1), and around it blanks and what
// scanners add (see cleaned). Every other text is ErrMalformed.
func Parse(text string) (Scanned, error) {
	body, found := cleaned(text, Prefix)
	if !found || len(body) == 0 {
		return Scanned{}, fmt.Errorf("%w: no %s token", ErrMalformed, Prefix)
	}
	head, err := decode(body[:min(len(body), 8)])
	if err != nil || len(head) < 5 {
		return Scanned{}, fmt.Errorf("%w: header", ErrMalformed)
	}
	size := fixedSize + int(head[4]&nameMask) + ed25519.SignatureSize
	textSize := crockford.EncodedLen(size)
	if len(body) != textSize && len(body) != textSize+tailText {
		return Scanned{}, fmt.Errorf("%w: length", ErrMalformed)
	}
	raw, err := decode(body[:textSize])
	if err != nil {
		return Scanned{}, err
	}
	s, err := parsePayload(raw[:size-ed25519.SignatureSize], raw[size-ed25519.SignatureSize:])
	if err != nil || len(body) == textSize {
		return s, err
	}
	s.Tail, err = parseTail(body[textSize:])
	return s, err
}

// cleaned maps a text to the alphabet's own characters, and gives what follows the prefix.
// Scanners are set to put things around a code: a symbology mark ("]Q1", ISO/IEC 15424), an
// ECI ("\\000026"), quotes, a byte order mark, control characters, a letter of their own. The
// few bytes before the prefix may be anything; those after the code are neither letter nor digit.
func cleaned(text, prefix string) (body []byte, found bool) {
	text = strings.TrimSpace(text)
	body = []byte(text[:min(len(text), maxBefore+MaxText+maxAfter+1)])
	for i, c := range body {
		body[i] = canonical(c)
	}
	before, body, found := bytes.Cut(body, []byte(prefix))
	code := bytes.TrimRightFunc(body, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(body)-len(code) <= maxAfter {
		body = code
	}
	return body, found && len(before) <= maxBefore && len(prefix)+len(body) <= MaxText
}

// canonical maps a character as typed to the alphabet's own.
func canonical(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	switch c {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	}
	return c
}

// decode refuses what encodes differently: spare bits set would give one ticket
// many texts.
func decode(text []byte) ([]byte, error) {
	raw := make([]byte, crockford.DecodedLen(len(text)))
	if n, err := crockford.Decode(raw, text); err != nil || n != len(raw) {
		return nil, fmt.Errorf("%w: not Base32", ErrMalformed)
	}
	if !bytes.Equal(crockford.AppendEncode(nil, raw), text) {
		return nil, fmt.Errorf("%w: not canonical", ErrMalformed)
	}
	return raw, nil
}

func parsePayload(p, signature []byte) (Scanned, error) {
	header := p[4]
	s := Scanned{payload: p, signature: signature, Ticket: Ticket{
		Key:        KeyID(p[:4]),
		Print:      header&flagPrint != 0,
		Live:       header&flagLive != 0,
		ID:         models.Ref(p[5:13]),
		Class:      models.Ref(p[13:21]),
		ValidFrom:  Day(binary.BigEndian.Uint16(p[21:])),
		ValidUntil: Day(binary.BigEndian.Uint16(p[23:])),
		Name:       string(p[fixedSize:]),
	}}
	if header&flagZero != 0 {
		return Scanned{}, fmt.Errorf("%w: header", ErrMalformed)
	}
	if err := s.check(); err != nil {
		return Scanned{}, err
	}
	return s, nil
}

// Keys are the public keys a desk or the server verifies tickets with. Several
// are valid at a time, so that rotating a key strands no ticket.
type Keys map[KeyID]ed25519.PublicKey

// NewKeys indexes public keys by their id.
func NewKeys(pubs ...ed25519.PublicKey) Keys {
	k := make(Keys, len(pubs))
	for _, p := range pubs {
		k[KeyIDOf(p)] = p
	}
	return k
}

// Verify checks the signature; the error is ErrUnknownKey or ErrBadSignature.
func (k Keys) Verify(s Scanned) error {
	pub, ok := k[s.Key]
	if !ok || len(pub) != ed25519.PublicKeySize {
		return ErrUnknownKey
	}
	if !ed25519.Verify(pub, signed(s.payload), s.signature) {
		return ErrBadSignature
	}
	return nil
}
