package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
	"buktihadir/templates"
)

// patience is how long one request may take: a batch of 256 KiB on a 2G line.
const patience = 3 * time.Minute

// silence is how long the other end of a connection may say nothing at all, not even
// that it has received something.
const silence = 12 * time.Second

func (a *app) uplink() *uplink.Uplink {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // that is what it is, see package net/http
	transport.ResponseHeaderTimeout = time.Minute
	transport.DialContext = (&net.Dialer{
		Timeout: silence, Control: giveUpOnSilence,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 3, Interval: silence / 3, Count: 2},
	}).DialContext
	client := &http.Client{Transport: transport, Timeout: patience}
	up := uplink.New(a.store, client, func() (models.Millis, int64, uuid.UUID) {
		r := a.clock()
		return r.Wall, r.Mono, r.Boot
	}, a.log)
	up.Measure(a.disk)
	return up
}

type enrollCmd struct {
	Server string `xor:"way" and:"online" help:"Address of the server." placeholder:"URL"`
	Code   string `and:"online" help:"The one-time code from the server for this site."`
	Invite string `xor:"way" and:"offline" help:"Without a network: the enrolment file from the server." type:"existingfile" placeholder:"FILE"`
	Out    string `and:"offline" help:"Without a network: where to write the request to take to the server." type:"path" placeholder:"FILE"`
	JSON   bool   `name:"json" help:"Print one JSON object."`
}

// Validate asks for one of the two ways.
func (c *enrollCmd) Validate() error {
	if c.Server == "" && c.Invite == "" {
		return errors.New("missing flags: --server=URL and --code=CODE, or without a network --invite=FILE and --out=FILE")
	}
	return nil
}

// enrollAnswer is what enroll says with --json. Its names are stable.
type enrollAnswer struct {
	Agent uuid.UUID `json:"agent"`
	Name  string    `json:"name"`
	Site  string    `json:"site"`
	Items int       `json:"roster_items"`
}

// Run makes this data directory an agent's, and takes the roster home at once.
func (c *enrollCmd) Run(a *app) error {
	if c.Invite != "" {
		return c.request(a)
	}
	up := a.uplink()
	id, err := up.Enrol(a.ctx, c.Server, c.Code)
	if err != nil {
		return a.explain(err)
	}
	rep, err := up.Sync(a.ctx)
	if err != nil {
		return errors.Join(errors.New(a.text("terminal.enrolled_without_roster")), a.explain(err))
	}
	if c.JSON {
		return writeLine(a, enrollAnswer{id.Agent, id.Name, id.Site.Code, rep.Items})
	}
	return a.say("terminal.enrol_done", "Name", id.Name, "Site", id.Site.Name)
}

type syncCmd struct {
	JSON bool `name:"json" help:"Print one JSON object."`
}

// syncAnswer is what sync says with --json. Its names are stable.
type syncAnswer struct {
	Sent     uint64 `json:"sent"`
	Unsent   uint64 `json:"unsent"`
	Items    int    `json:"roster_items"`
	Revision uint64 `json:"roster_revision"`
	Revoked  bool   `json:"revoked"`
	NewEpoch bool   `json:"new_epoch"`
}

// Run brings the journal to the server and takes the roster home, once.
func (c *syncCmd) Run(a *app) error {
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	up := a.uplink()
	up.WhenMet(d.NoteClock)
	rep, err := up.Sync(a.ctx)
	if err != nil {
		return a.explain(err)
	}
	if c.JSON {
		return writeLine(a, syncAnswer{rep.Sent, rep.Unsent, rep.Items, rep.Revision, rep.Revoked, rep.NewEpoch})
	}
	if rep.NewEpoch {
		if err := a.say("terminal.fork"); err != nil {
			return err
		}
	}
	if rep.Revoked {
		return a.say("terminal.revoked")
	}
	return a.say("terminal.synced", "Sent", rep.Sent, "Items", rep.Items)
}

// syncNow is what the desk's pages call.
func syncNow(up *uplink.Uplink) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := up.Sync(ctx)
		return err
	}
}

// explainLine puts what may be wrong with the line into the user's language.
func (a *app) explainLine(err error) error {
	if key := lineFailure(err); key != "" {
		a.log.Debug("exchange", "error", err)
		return errors.New(a.text(key))
	}
	if refused, ok := errors.AsType[*uplink.RefusedError](err); ok {
		text := refusedText(refused)
		return errors.New(a.text(text.Key, text.Args...))
	}
	return err
}

// lineFailure is the text key for a fault of the line or a bundle; "" for another error.
func lineFailure(err error) string {
	for cause, key := range map[error]string{
		uplink.ErrOffline: "terminal.offline", uplink.ErrNotOurServer: "terminal.not_our_server",
		store.ErrDigest: "terminal.digest",
	} {
		if errors.Is(err, cause) {
			return key
		}
	}
	return bundleFailure(err)
}

func refusedText(refused *uplink.RefusedError) templates.Text {
	if slices.Contains([]string{"bad_code", "too_many_codes", "unknown_agent"}, refused.Code) {
		return templates.Say("terminal." + refused.Code)
	}
	return templates.Say("terminal.refused", "Code", refused.Code)
}
