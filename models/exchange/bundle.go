package exchange

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
)

// MaxBundle bounds a bundle or a reply before it is encrypted.
const MaxBundle = 24 << 20

// Bundle is what an agent sends without a network: the same messages that it would send
// over HTTP, packed. Its file is an age file whose plaintext is made by Sign.
type Bundle struct {
	Protocol  int           `cbor:"0,keyasint"`
	Agent     uuid.UUID     `cbor:"1,keyasint"` // zero in a request to become an agent
	Enrol     []byte        `cbor:"2,keyasint,omitempty"`
	Batches   [][]byte      `cbor:"3,keyasint,omitempty"` // in the journal's order
	Since     uint64        `cbor:"4,keyasint"`           // the cursor of the agent's roster
	Scope     []byte        `cbor:"5,keyasint"`
	Recipient string        `cbor:"6,keyasint"`           // the key that the reply is encrypted to (age)
	Made      models.Millis `cbor:"7,keyasint"`           // by the agent's clock: for people to tell bundles apart
	Attached  [][]byte      `cbor:"8,keyasint,omitempty"` // of events in this bundle or before it, see Attachments
}

// Reply is what the server sends back: the answers to the messages of a bundle, and the
// pages of the roster after its cursor. Its file is an age file whose plaintext is made
// by Sign.
type Reply struct {
	Protocol int           `cbor:"0,keyasint"`
	Agent    uuid.UUID     `cbor:"1,keyasint"`
	Enrol    []byte        `cbor:"2,keyasint,omitempty"`
	Answers  [][]byte      `cbor:"3,keyasint,omitempty"`
	Since    uint64        `cbor:"4,keyasint"` // the cursor that the pages follow
	Scope    []byte        `cbor:"5,keyasint"`
	Pages    [][]byte      `cbor:"6,keyasint,omitempty"`
	Now      models.Millis `cbor:"7,keyasint"`            // the server's clock: of two replies, the later counts
	Held     []models.Hash `cbor:"8,keyasint,omitempty"`  // see AttachAnswer
	Token    string        `cbor:"12,keyasint,omitempty"` // the bearer token, where the agent proves by its key alone who it is
}

// The forms of a plaintext, said in its first element and in what is signed.
const (
	formBundle = "bukti-hadir/bundle/1"
	formReply  = "bukti-hadir/reply/1"
)

// envelope is a plaintext: content and its signature.
type envelope struct {
	_         struct{} `cbor:",toarray"`
	Form      string
	Content   []byte
	Signature []byte
}

func (e envelope) bytes() ([]byte, error) {
	raw, err := wire.enc.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", e.Form, err)
	}
	if len(raw) > MaxBundle {
		return nil, fmt.Errorf("%w: %s of %d bytes, at most %d", ErrMessage, e.Form, len(raw), MaxBundle)
	}
	return raw, nil
}

func open[C Bundle | Reply](form string, plain []byte) (C, envelope, error) {
	var c C
	var e envelope
	if len(plain) > MaxBundle {
		return c, e, fmt.Errorf("%w: %d bytes", ErrMessage, len(plain))
	}
	if err := wire.dec.Unmarshal(plain, &e); err != nil {
		return c, e, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if e.Form != form {
		return c, e, fmt.Errorf("%w: %.40q, want %s", ErrMessage, e.Form, form)
	}
	if err := wire.dec.Unmarshal(e.Content, &c); err != nil {
		return c, e, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return c, e, nil
}

// Sign makes the plaintext of a bundle, signed as a whole with the agent's key.
func (b Bundle) Sign(key ed25519.PrivateKey) ([]byte, error) {
	content, err := wire.enc.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encode bundle: %w", err)
	}
	return envelope{Form: formBundle, Content: content, Signature: ed25519.Sign(key, bundleMessage(content))}.bytes()
}

func bundleMessage(content []byte) []byte { return append([]byte(formBundle+"\n"), content...) }

// ErrProof says that the signature of a bundle or a reply is not by the party that it
// names.
var ErrProof = errors.New("not signed by whom it names")

// Proof is the signature of a bundle that was read. Nothing in the bundle counts
// before it is verified.
type Proof struct{ e envelope }

// Verify checks the signature of the agent's key.
func (p Proof) Verify(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, bundleMessage(p.e.Content), p.e.Signature) {
		return fmt.Errorf("bundle: %w", ErrProof)
	}
	return nil
}

// ReadBundle reads what Bundle.Sign made. It returns the agent that the bundle names; the
// caller knows that agent's key and checks the proof.
func ReadBundle(plain []byte) (Bundle, Proof, error) {
	b, e, err := open[Bundle](formBundle, plain)
	return b, Proof{e}, err
}

// Sign makes the plaintext of a reply. The server's signature is a note over the
// agent and the content's hash.
func (r Reply) Sign(server note.Signer) ([]byte, error) {
	content, err := wire.enc.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode reply: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: replyText(r.Agent, content)}, server)
	if err != nil {
		return nil, fmt.Errorf("sign reply: %w", err)
	}
	return envelope{Form: formReply, Content: content, Signature: signed}.bytes()
}

func replyText(agent uuid.UUID, content []byte) string {
	sum := sha256.Sum256(content)
	return formReply + "\n" + agent.String() + "\n" + base64.StdEncoding.EncodeToString(sum[:]) + "\n"
}

// OpenReply reads a reply and verifies it against the pinned key of the server.
func OpenReply(plain []byte, server note.Verifier) (Reply, error) {
	r, e, err := open[Reply](formReply, plain)
	if err != nil {
		return r, err
	}
	n, err := note.Open(e.Signature, note.VerifierList(server))
	if err != nil {
		return r, fmt.Errorf("reply: %w: %w", ErrProof, err)
	}
	if n.Text != replyText(r.Agent, e.Content) {
		return r, fmt.Errorf("reply: %w", ErrProof)
	}
	return r, nil
}
