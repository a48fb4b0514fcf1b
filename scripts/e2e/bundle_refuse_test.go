package e2e

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	door "buktihadir/server/exchange"
	"buktihadir/server/office"
	server "buktihadir/server/store"
	"buktihadir/site-agent/uplink"
)

// refusedBundle hands in a file that must be refused and must not leave a trace in the
// record.
func (l *line) refusedBundle(name, code string, file []byte) {
	l.t.Helper()
	before := l.record()
	_, err := l.counter().Import(l.t.Context(), office.Program("test"), file)
	refused, ok := errors.AsType[*door.RefusedError](err)
	if !ok || refused.Code != code {
		l.t.Errorf("%s: %v, want %s", name, err, code)
	}
	if d := cmp.Diff(before, l.record()); d != "" {
		l.t.Errorf("%s changed the record:\n%s", name, d)
	}
}

func TestWhatIsNoBundleForThisServerIsRefusedInWords(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		other := newLine(t)
		p, foreign := l.enrol("meja"), other.enrol("meja")
		p.happens(2, nil)
		mine := p.export().File
		id, err := p.st.Identity(t.Context())
		p.ok(err)
		content := exchange.Bundle{Protocol: exchange.Protocol, Agent: id.Agent, Recipient: p.st.BundleKey().Recipient}
		sealed := func(b exchange.Bundle, signer *post) []byte {
			plain, err := b.Sign(signer.st.DeviceKey())
			l.ok(err)
			file, err := bundle.Seal(plain, id.Recipient)
			l.ok(err)
			return file
		}
		newer, nobody, mute, stranger := content, content, content, content
		newer.Protocol, nobody.Agent, mute.Recipient, stranger.Enrol = 99, uuid.New(), "age1x", []byte("x")
		noBundle, err := bundle.Seal([]byte("hello"), id.Recipient)
		l.ok(err)
		l.refusedBundle("nothing", "no_bundle", nil)
		l.refusedBundle("a spreadsheet", "no_bundle", []byte("PK\x03\x04"))
		l.refusedBundle("another server's bundle", "not_for_us", foreign.export().File)
		l.refusedBundle("a reply", "not_for_us", l.handIn(p.export().File).Reply)
		l.refusedBundle("half a bundle", "incomplete", mine[:len(mine)-9])
		l.refusedBundle("a letter to this server", "unreadable", noBundle)
		l.refusedBundle("a newer program's bundle", "protocol", sealed(newer, p))
		l.refusedBundle("an unknown agent's bundle", "unknown_agent", sealed(nobody, p))
		l.refusedBundle("another agent's signature", "unverified", sealed(content, foreign))
		l.refusedBundle("no way to answer", "unreadable", sealed(mute, p))
		l.refusedBundle("no request", "unreadable", sealed(stranger, p))
		p.take(l.handIn(p.export().File).Reply)
		p.sameAsServer()
	})
}

func TestAReplyForAnotherAgentIsRefused(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	first, second := l.enrol("meja 1"), l.enrol("meja 2")
	first.happens(1, nil)
	reply := l.handIn(first.export().File).Reply
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"another agent's reply": {reply, bundle.ErrNotForUs}, "a bundle": {first.export().File, bundle.ErrNotForUs},
		"half a reply": {l.handIn(second.export().File).Reply[:300], bundle.ErrIncomplete}, "a picture": {[]byte("\x89PNG"), bundle.ErrNoBundle},
	} {
		if _, err := second.up.Import(t.Context(), c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	// A server that is not this agent's knows its recipient and signs by itself.
	id, err := second.st.Identity(t.Context())
	second.ok(err)
	other := newLine(t)
	if _, err := second.up.Import(t.Context(), other.replyTo(second, id.Agent)); !errors.Is(err, uplink.ErrNotAReply) {
		t.Errorf("another server's reply: %v", err)
	}
	if _, err := second.up.Import(t.Context(), l.replyTo(second, uuid.New())); !errors.Is(err, bundle.ErrNotForUs) {
		t.Errorf("a reply that names another agent: %v", err)
	}
	if _, err := second.up.Import(t.Context(), l.replyTo(second, id.Agent)); err != nil {
		t.Errorf("an empty reply: %v", err)
	}
}

// replyTo makes an empty reply, sealed for somebody, that names an agent.
func (l *line) replyTo(p *post, agent uuid.UUID) []byte {
	l.t.Helper()
	var plain []byte
	l.ok(l.office.Write(l.t.Context(), func(tx *server.Tx) error {
		signer, _, err := tx.NoteKey()
		if err != nil {
			return err
		}
		plain, err = exchange.Reply{Protocol: exchange.Protocol, Agent: agent, Now: l.now}.Sign(signer)
		return err
	}))
	file, err := bundle.Seal(plain, p.st.BundleKey().Recipient)
	l.ok(err)
	return file
}

func TestAFileThatWasChangedOnItsWayIsNeverTaken(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	p.happens(1, nil)
	file := p.export().File
	reply := l.handIn(file).Reply
	service := l.counter()
	for i := 0; i < len(file); i += 7 {
		changed := bytes.Clone(file)
		changed[i] ^= 1
		if got, err := service.Import(t.Context(), office.Actor{}, changed); err == nil {
			t.Fatalf("byte %d of the bundle: %+v", i, got)
		}
	}
	for i := 0; i < len(reply); i += 7 {
		changed := bytes.Clone(reply)
		changed[i] ^= 1
		if got, err := p.up.Import(t.Context(), changed); err == nil {
			t.Fatalf("byte %d of the reply: %+v", i, got)
		}
	}
	if strings.Contains(string(file), "P-1") || p.acked() != 0 {
		t.Error("a bundle can be read, or something was taken")
	}
}
