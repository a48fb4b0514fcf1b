package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	door "buktihadir/server/exchange"
	"buktihadir/server/store"
	"buktihadir/server/web/sites"
)

type bundleCmd struct {
	Import bundleImportCmd `cmd:"" help:"Import a bundle from a site without a network, and write the reply."`
}

type bundleImportCmd struct {
	File  string `arg:"" type:"existingfile" help:"The bundle that an agent wrote."`
	Reply string `help:"Where to write the reply for the agent; default: beside the bundle." type:"path" placeholder:"FILE"`
	JSON  bool   `name:"json" help:"Print one JSON object."`
}

// Run imports a bundle. The same one again changes nothing and gives a new reply.
func (c *bundleImportCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	file, err := readAtMost(c.File, exchange.MaxBundle+bundle.Overhead)
	if err != nil {
		return err
	}
	got, err := a.exchange(st).Import(a.ctx, byCLI(), file)
	if err != nil {
		return err
	}
	if c.Reply == "" {
		ext := filepath.Ext(c.File)
		c.Reply = strings.TrimSuffix(c.File, ext) + "-reply" + ext
	}
	if err := bundle.Write(c.Reply, got.Reply); err != nil {
		return err
	}
	entry, err := st.Read(a.ctx).Carried(got.ID)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.JSON(bundleLine{entry.AgentID, entry.SiteCode, entry.Enrolled, entry.Events, entry.Rejected, entry.Conflict, entry.Items, entry.Revoked, c.Reply})
	}
	for _, t := range sites.CarriedWords(entry) {
		fmt.Fprintln(a.Stdout, a.Say(t.Key, t.Args...))
	}
	fmt.Fprintln(a.Stdout, a.Say("bundle.reply_written", "File", c.Reply))
	return nil
}

// bundleLine is what bundle import says with --json. Its names are stable.
type bundleLine struct {
	Agent    uuid.UUID `json:"agent"`
	Site     string    `json:"site"`
	Enrolled bool      `json:"enrolled"`
	Events   int       `json:"events"`
	Rejected int       `json:"strays"`
	Conflict string    `json:"trouble,omitempty"`
	Items    int       `json:"roster_items"`
	Revoked  bool      `json:"revoked"`
	Reply    string    `json:"reply"`
}

func (a *app) exchange(st *store.Store) *door.Service {
	return door.NewService(st, slog.New(slog.NewTextHandler(a.Stderr, nil)))
}

// writeInvite writes what a program needs to become an agent without a network.
func (a *app) writeInvite(st *store.Store, path, server, code string) error {
	if server == "" {
		return errors.New(a.Say("bundle.invite_url"))
	}
	invite, err := a.exchange(st).Invite(a.ctx, server, code)
	if err != nil {
		return err
	}
	if _, err := exchange.ParseInvite(invite.String()); err != nil {
		return errors.New(a.Say("bundle.invite_url"))
	}
	if err := bundle.Write(path, []byte(invite.String())); err != nil {
		return err
	}
	fmt.Fprintln(a.Stderr, a.Say("bundle.invite_written", "File", path))
	return nil
}
