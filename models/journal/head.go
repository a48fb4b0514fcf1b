package journal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
)

// Head says how far a journal goes: its last event's number and hash. Seq 0
// with a zero hash is a journal with no events.
type Head struct {
	Agent uuid.UUID
	Epoch models.Epoch
	Seq   uint64
	Hash  models.Hash
}

// GapError says that an event does not continue the journal: the events between them are
// missing.
type GapError struct {
	Agent     uuid.UUID
	Want, Got uint64
}

func (e *GapError) Error() string {
	return fmt.Sprintf("journal of agent %s: want event %d, got %d", e.Agent, e.Want, e.Got)
}

// ForkError says that an event names another history than the stored one: somebody
// rewrote the journal, or two copies of a disk continued it.
type ForkError struct {
	Agent uuid.UUID
	Seq   uint64
}

func (e *ForkError) Error() string {
	return fmt.Sprintf("journal of agent %s: event %d continues another past", e.Agent, e.Seq)
}

// Follow checks that e continues h and returns the head after it. canonical are
// e's bytes. The error is a *GapError, a *ForkError or ErrEvent.
func (h Head) Follow(e Event, canonical []byte) (Head, error) {
	switch {
	case e.Agent != h.Agent || e.Epoch != h.Epoch:
		return h, fmt.Errorf("%w: of another journal", ErrEvent)
	case e.Seq != h.Seq+1:
		return h, &GapError{Agent: h.Agent, Want: h.Seq + 1, Got: e.Seq}
	case e.Prev != h.Hash:
		return h, &ForkError{Agent: h.Agent, Seq: e.Seq}
	}
	return Head{Agent: h.Agent, Epoch: h.Epoch, Seq: e.Seq, Hash: HashOf(canonical)}, nil
}

// Statement is what an agent signs at every contact: its head, and the time, by its
// clock, up to which that head has everything that happened at its desks.
type Statement struct {
	Head
	AsOf models.Millis
}

const statementLabel = "bukti-hadir/head/1\n"

func (s Statement) message() []byte {
	var b bytes.Buffer
	b.WriteString(statementLabel)
	b.Write(s.Agent[:])
	b.Write(s.Epoch[:])
	b.Write(s.Hash[:])
	fmt.Fprintf(&b, "%d\n%d\n", s.Seq, s.AsOf)
	return b.Bytes()
}

// Sign signs the statement with the agent's key (Ed25519, RFC 8032).
func (s Statement) Sign(key ed25519.PrivateKey) []byte { return ed25519.Sign(key, s.message()) }

// ErrStatement says that a statement was not signed by the agent's key.
var ErrStatement = errors.New("journal head not signed by this agent")

// Verify checks the agent's signature.
func (s Statement) Verify(key ed25519.PublicKey, signature []byte) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, s.message(), signature) {
		return ErrStatement
	}
	return nil
}

// Receipt is the server's word that it durably holds a journal up to Head. It
// travels as a signed note (golang.org/x/mod/sumdb/note).
type Receipt struct {
	Head
	At models.Millis // when the server stored it, by its clock
}

const receiptOrigin = "bukti-hadir/receipt/1"

// ErrReceipt is wrapped by every refusal of OpenReceipt.
var ErrReceipt = errors.New("not a receipt of this server")

// Sign makes the note.
func (r Receipt) Sign(signer note.Signer) ([]byte, error) {
	text := strings.Join([]string{
		receiptOrigin, r.Agent.String(), r.Epoch.String(), strconv.FormatUint(r.Seq, 10),
		base64.StdEncoding.EncodeToString(r.Hash[:]), strconv.FormatInt(int64(r.At), 10), "",
	}, "\n")
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign receipt: %w", err)
	}
	return signed, nil
}

// OpenReceipt verifies a note against the pinned key of the server and reads it.
func OpenReceipt(signed []byte, server note.Verifier) (Receipt, error) {
	n, err := note.Open(signed, note.VerifierList(server))
	if err != nil {
		return Receipt{}, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 7 || lines[0] != receiptOrigin {
		return Receipt{}, fmt.Errorf("%w: unknown text", ErrReceipt)
	}
	var r Receipt
	var errs [5]error
	var at int64
	r.Agent, errs[0] = uuid.Parse(lines[1])
	errs[1] = fill(r.Epoch[:], lines[2], hex.DecodeString)
	r.Seq, errs[2] = strconv.ParseUint(lines[3], 10, 64)
	errs[3] = fill(r.Hash[:], lines[4], base64.StdEncoding.DecodeString)
	at, errs[4] = strconv.ParseInt(lines[5], 10, 64)
	r.At = models.Millis(at)
	if err := errors.Join(errs[:]...); err != nil {
		return Receipt{}, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	return r, nil
}

func fill(dst []byte, text string, decode func(string) ([]byte, error)) error {
	b, err := decode(text)
	if err != nil {
		return err
	}
	if len(b) != len(dst) {
		return fmt.Errorf("want %d bytes, got %d", len(dst), len(b))
	}
	copy(dst, b)
	return nil
}
