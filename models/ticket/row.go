package ticket

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// RowPrefix opens the code of a row of a printed attendance sheet; its digit is the
// version of the format.
//
// # A row's code
//
// "BHR1", then 55 characters of Crockford Base32 as in a ticket, of
//
//	session     16
//	enrollment  16
//	checksum     2  first bytes of SHA-256 of "BHR1" ‖ session ‖ enrollment
//
// A text has 59 characters, which fit QR version 3 at level M. It saves typing and does
// not prove anything: Parse refuses it, so it never admits anybody.
const RowPrefix = "BHR1"

const (
	rowSum  = 2
	rowSize = 16 + 16 + rowSum
)

// ErrNoRow is wrapped by every refusal of ParseRow.
var ErrNoRow = errors.New("not a row of an attendance sheet")

// Row names the row of a session's sheet by session and enrollment.
type Row struct{ Session, Enrollment uuid.UUID }

func (r Row) bytes() []byte {
	sum := sha256.Sum256(append(append([]byte(RowPrefix), r.Session[:]...), r.Enrollment[:]...))
	return append(append(r.Session[:], r.Enrollment[:]...), sum[:rowSum]...)
}

// Text is what the row's code says.
func (r Row) Text() string { return RowPrefix + crockford.EncodeToString(r.bytes()) }

// Ours says whether a text begins like a ticket or like a row. What doesn't is none of our
// business: it may be the password of somebody's Wi-Fi.
func Ours(text string) bool {
	head := []byte(strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	head = head[:min(len(head), len("Q1")+len(RowPrefix))]
	for i, c := range head {
		head[i] = canonical(c)
	}
	if len(head) > 2 && head[0] == 'Q' { // of a symbology mark
		head = head[2:]
	}
	return bytes.HasPrefix(head, []byte(Prefix)) || bytes.HasPrefix(head, []byte(RowPrefix))
}

// ParseRow reads a row's code as tolerantly as Parse reads a ticket's. Every other
// text is ErrNoRow.
func ParseRow(text string) (Row, error) {
	body, found := cleaned(text, RowPrefix)
	if !found || len(body) != crockford.EncodedLen(rowSize) {
		return Row{}, fmt.Errorf("%w: no %s code", ErrNoRow, RowPrefix)
	}
	raw, err := decode(body)
	if err != nil {
		return Row{}, fmt.Errorf("%w: %w", ErrNoRow, err)
	}
	r := Row{uuid.UUID(raw[:16]), uuid.UUID(raw[16:32])}
	if r.Text() != RowPrefix+string(body) {
		return Row{}, fmt.Errorf("%w: checksum", ErrNoRow)
	}
	return r, nil
}
