package exchange

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Invite is what a program needs to become an agent without ever meeting the
// server: the text that a person carries to it.
type Invite struct {
	Server    string // where the server would be met
	Code      string // one-time code
	Recipient string // the key that bundles are encrypted to (age)
	ServerKey string // verifier key of the server's notes
}

const (
	inviteHead = "bukti-hadir/invite/1"
	maxInvite  = 4 << 10
)

// String writes the invitation, a line for each thing.
func (i Invite) String() string {
	return strings.Join([]string{inviteHead, i.Server, i.Code, i.Recipient, i.ServerKey, ""}, "\n")
}

// ParseInvite reads what String wrote, also after a messenger or an editor has
// changed the ends of its lines.
func ParseInvite(text string) (Invite, error) {
	if len(text) > maxInvite {
		return Invite{}, fmt.Errorf("%w: an invitation of %d bytes", ErrMessage, len(text))
	}
	lines := strings.Fields(strings.TrimPrefix(text, "\ufeff"))
	if len(lines) != 5 || lines[0] != inviteHead {
		return Invite{}, fmt.Errorf("%w: no invitation", ErrMessage)
	}
	i := Invite{Server: lines[1], Code: lines[2], Recipient: lines[3], ServerKey: lines[4]}
	if u, err := url.Parse(i.Server); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Invite{}, fmt.Errorf("%w: server %q", ErrMessage, i.Server)
	}
	if _, err := note.NewVerifier(i.ServerKey); err != nil {
		return Invite{}, fmt.Errorf("%w: server key: %w", ErrMessage, err)
	}
	return i, nil
}
