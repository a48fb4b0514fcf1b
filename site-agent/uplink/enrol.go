package uplink

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"buktihadir/models/exchange"
	"buktihadir/site-agent/store"
)

// Enrol makes this data directory an agent of the server, with a one-time code. One
// that is an agent already stays the same one: it makes itself known to its server
// again, which was put back from a backup of before.
func (u *Uplink) Enrol(ctx context.Context, server, code string) (store.Identity, error) {
	base, err := url.Parse(strings.TrimRight(server, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return store.Identity{}, fmt.Errorf("server %q: want an address such as https://hadir.example.id", server)
	}
	was, err := u.st.Identity(ctx)
	if err == nil {
		err = u.forgotten(ctx, was, base.String())
	}
	if err != nil && !errors.Is(err, store.ErrNotEnrolled) {
		return store.Identity{}, err
	}
	pub, ok := u.st.DeviceKey().Public().(ed25519.PublicKey)
	if !ok {
		return store.Identity{}, errors.New("device key is no Ed25519 key")
	}
	epoch := was.Epoch
	if epoch.IsZero() {
		rand.Read(epoch[:])
	}
	req := exchange.EnrolRequest{Protocol: exchange.Protocol, Code: code, PublicKey: pub, Version: exchange.Version, Epoch: epoch, Was: was.Agent, At: was.Site.ID}
	body, err := exchange.Pack(req)
	if err != nil {
		return store.Identity{}, err
	}
	ans, err := call[exchange.EnrolAnswer](ctx, u, base.String(), "", http.MethodPost, exchange.PathEnrol, body)
	if err != nil {
		return store.Identity{}, err
	}
	if _, err := note.NewVerifier(ans.ServerKey); err != nil || ans.Agent == uuid.Nil {
		return store.Identity{}, ErrNotOurServer
	}
	if was.Agent != uuid.Nil && (ans.Agent != was.Agent || ans.ServerKey != was.ServerKey) {
		return store.Identity{}, ErrNotOurServer
	}
	wall, _, _ := u.clock()
	id := store.Identity{
		Agent: ans.Agent, Epoch: epoch, Name: ans.Name, Token: ans.Token, ServerURL: base.String(), ServerKey: ans.ServerKey, Recipient: ans.Recipient,
		Site: ans.Site, EnrolledAt: wall,
	}
	if err := u.st.SaveIdentity(ctx, id); err != nil {
		return id, err
	}
	return id, u.met(ctx, ans.Now)
}

// forgotten says no error where an agent's own server knows it no more.
func (u *Uplink) forgotten(ctx context.Context, id store.Identity, server string) error {
	if id.ServerURL != server {
		return store.ErrEnrolled
	}
	err := u.renew(ctx)
	if refused, ok := errors.AsType[*RefusedError](err); ok && refused.Code == "unknown_agent" {
		return nil
	}
	if err == nil {
		return store.ErrEnrolled
	}
	return err
}
