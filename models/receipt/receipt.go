// Package receipt is the proof that a participant takes away from the desk: a short code of
// what has just been recorded, from which the office can tell later whether it has arrived.
//
// # The code
//
// Seven characters of Crockford Base32 are the first 35 bits of
// HMAC-SHA-256(k, whose ‖ direction ‖ minute), where k is HMAC-SHA-256(secret of the class,
// "bukti-hadir/receipt/1"), whose names the person by their enrollment, or by the ticket
// where the desk knew no enrollment, and minute counts since the Unix epoch, by the desk's clock. An
// eighth character is a check of the others.
//
// The code is drawn from what the event says and not from the event's hash: a phone without its
// desk has no journal to hash yet, and whoever drops an event takes its hash with it. So the office, which
// knows the class's secret, finds what a code says by trying the minutes at which somebody
// may have come (see Find), whether or not the event has ever arrived. Of a class that meets
// daily for two months that is some 500,000 codes of 34 billion: one in 60,000 guessed codes is believed.
// Whoever holds the secret, the desks of the class, can draw receipts of what never was. That opens a case for a
// person to decide, and counts for nobody by itself.
//
// A code names nobody. The package is pure: no clock, no storage, no randomness.
package receipt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// Address is where the office's server tells participants of their receipts; a code follows it.
// Browsers don't send what follows a #: what is kept on a phone is nobody's else to log.
const Address = "/t/receipt#"

const (
	keyLabel = "bukti-hadir/receipt/1"
	drawn    = 7 // characters before the check
	minute   = 60_000
)

// Code is a receipt as it is stored and compared: eight characters without a hyphen.
type Code string

// String writes it in two groups, as it is shown and read out: K7PM-3X2Q.
func (c Code) String() string {
	if len(c) != drawn+1 {
		return string(c)
	}
	return string(c[:4] + "-" + c[4:])
}

// ErrMistyped says that a text is no receipt: a character is wrong, missing or too many.
var ErrMistyped = errors.New("not a receipt: a character is wrong or missing")

// Parse reads a receipt as people type it and as a camera reads its address: in either
// case, with blanks and hyphens, O for 0, I and L for 1.
func Parse(text string) (Code, error) {
	if len(text) > 256 {
		return "", ErrMistyped
	}
	text = text[strings.LastIndexByte(text, '#')+1:]
	text = models.TypedCode(text)
	if len(text) != drawn+1 {
		return "", ErrMistyped
	}
	check, ok := checkOf(text[:drawn])
	if !ok || text[drawn] != check {
		return "", ErrMistyped
	}
	return Code(text), nil
}

// checkOf is the sum of the characters, each times a power of its place, in the field of 32
// elements: it finds every single wrong character, and every two that were exchanged.
func checkOf(text string) (byte, bool) {
	sum := 0
	for i := range len(text) {
		digit := strings.IndexByte(models.CodeAlphabet, text[i])
		if digit < 0 {
			return 0, false
		}
		sum = times2(sum ^ digit)
	}
	return models.CodeAlphabet[sum], true
}

// times2 multiplies by x modulo x^5 + x^2 + 1.
func times2(n int) int {
	if n <<= 1; n&32 != 0 {
		n ^= 0b100101
	}
	return n
}

// Key draws the codes of one class.
type Key struct {
	mac hash.Hash
	sum []byte
}

// KeyOf derives a class's key from its secret. A Key is not safe for concurrent use.
func KeyOf(classSecret []byte) *Key {
	m := hmac.New(sha256.New, classSecret)
	m.Write([]byte(keyLabel))
	return &Key{mac: hmac.New(sha256.New, m.Sum(nil))}
}

// Says is what a receipt says.
type Says struct {
	Whose     Whose
	Direction models.Direction // in or out
	At        models.Millis    // the start of the minute, by the desk's clock
}

// Whose names the person: see OfPerson and OfTicket.
type Whose [17]byte

// OfPerson names somebody by their enrollment.
func OfPerson(enrollment uuid.UUID) (w Whose) {
	copy(w[1:], enrollment[:])
	return w
}

// OfTicket names somebody by their ticket.
func OfTicket(ticket models.Ref) (w Whose) {
	w[0] = 1
	copy(w[1:], ticket[:])
	return w
}

// Of draws the code of something at a moment.
func (k *Key) Of(s Says) Code {
	k.mac.Reset()
	var b [26]byte
	copy(b[:], s.Whose[:])
	if s.Direction == models.DirectionOut {
		b[17] = 1
	}
	binary.BigEndian.PutUint64(b[18:], uint64(s.At/minute)) //nolint:gosec // as bits
	k.mac.Write(b[:])
	k.sum = k.mac.Sum(k.sum[:0])
	bits := binary.BigEndian.Uint64(k.sum)
	var text [drawn + 1]byte
	for i := range drawn {
		text[i] = models.CodeAlphabet[bits>>(59-5*i)&31]
	}
	text[drawn], _ = checkOf(string(text[:drawn]))
	return Code(text[:])
}

// OfEvent draws the receipt of an event of a class with this secret; "" of one that recorded nobody's
// coming or leaving.
func OfEvent(classSecret []byte, e journal.Event) Code {
	if len(classSecret) == 0 || !e.Verdict.Accepted() || !e.Kind.Attends() {
		return ""
	}
	s := Says{Whose: OfPerson(e.Enrollment), Direction: e.Verdict.Direction(), At: e.At()}
	if e.Enrollment == uuid.Nil {
		s.Whose = OfTicket(e.Ticket)
	}
	return KeyOf(classSecret).Of(s)
}

// Span is a time in which somebody may have come: from its start to before its end.
type Span struct{ From, To models.Millis }

// Find says what a code says: the first of all that these people may have done in these spans. It tries two codes
// a minute and person; whoever asks bounds the spans.
func (k *Key) Find(code Code, whose []Whose, spans []Span) (Says, bool) {
	for _, span := range spans {
		for at := span.From - span.From%minute; at < span.To; at += minute {
			for _, w := range whose {
				for _, d := range []models.Direction{models.DirectionIn, models.DirectionOut} {
					if s := (Says{w, d, at}); k.Of(s) == code {
						return s, true
					}
				}
			}
		}
	}
	return Says{}, false
}
