package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/uplink"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

type bundleCmd struct {
	Export bundleExportCmd `cmd:"" help:"Write everything that the server has not receipted yet into a file to take there."`
	Import bundleImportCmd `cmd:"" help:"Import the server's reply: receipts and the roster."`
}

type bundleExportCmd struct {
	File string `arg:"" help:"Where to write the bundle." type:"path"`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// exportAnswer is what bundle export says with --json. Its names are stable.
type exportAnswer struct {
	File   string `json:"file"`
	Bytes  int    `json:"bytes"`
	Events uint64 `json:"events"`
	Left   uint64 `json:"left"`
}

// Run writes a bundle. It does not change the store: the content counts as delivered when
// the reply has come.
func (c *bundleExportCmd) Run(a *app) error {
	b, err := a.uplink().Export(a.ctx)
	if err != nil {
		return a.explain(err)
	}
	if err := bundle.Write(c.File, b.File); err != nil {
		return a.explain(err)
	}
	if c.JSON {
		return writeLine(a, exportAnswer{c.File, len(b.File), b.Events, b.Left})
	}
	if err := a.say("bundle.exported", "Count", b.Events, "File", c.File); err != nil || b.Left == 0 {
		return err
	}
	return a.say("bundle.left", "Count", b.Left)
}

type bundleImportCmd struct {
	File string `arg:"" help:"The reply file." type:"existingfile"`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// takenAnswer is what bundle import says with --json. Its names are stable.
type takenAnswer struct {
	Agent    uuid.UUID `json:"agent"`
	Enrolled bool      `json:"enrolled"`
	Sent     uint64    `json:"sent"`
	Unsent   uint64    `json:"unsent"`
	Items    int       `json:"roster_items"`
	Revision uint64    `json:"roster_revision"`
	Stale    bool      `json:"stale"`
	Revoked  bool      `json:"revoked"`
}

// Run takes in a reply. The same one again, or an older one, changes nothing.
func (c *bundleImportCmd) Run(a *app) error {
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("read the reply: %w", err)
	}
	if info.Size() > page.MaxReply {
		return a.explain(bundle.ErrTooLarge)
	}
	file, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read the reply: %w", err)
	}
	got, err := a.uplink().Import(a.ctx, file)
	if err != nil {
		return a.explain(err)
	}
	if c.JSON {
		return writeLine(a, takenAnswer{got.Identity.Agent, got.Enrolled, got.Sent, got.Unsent, got.Items, got.Revision, got.Stale, got.Revoked})
	}
	for _, t := range takenWords(got) {
		if err := a.say(t.Key, t.Args...); err != nil {
			return err
		}
	}
	return nil
}

// takenWords says what a reply has brought.
func takenWords(got uplink.Taken) []templates.Text {
	var words []templates.Text
	if got.Enrolled {
		words = append(words, templates.Say("bundle.taken_enrolled", "Name", got.Identity.Name, "Site", got.Identity.Site.Name))
	}
	switch {
	case got.Sent > 0:
		words = append(words, templates.Say("bundle.taken", "Count", got.Sent))
	case !got.Enrolled:
		words = append(words, templates.Say("bundle.taken_none"))
	}
	if got.Items > 0 {
		words = append(words, templates.Say("bundle.taken_items", "Count", got.Items))
	}
	if got.Unsent > 0 {
		words = append(words, templates.Say("bundle.taken_unsent", "Count", got.Unsent))
	}
	if got.Resend {
		words = append(words, templates.Say("bundle.taken_resend"))
	}
	if got.Stale {
		words = append(words, templates.Say("bundle.taken_stale"))
	}
	if got.Revoked {
		words = append(words, templates.Say("terminal.revoked"))
	}
	return words
}

// request writes a request to become the agent that an invitation is for.
func (c *enrollCmd) request(a *app) error {
	text, err := os.ReadFile(c.Invite)
	if err != nil {
		return fmt.Errorf("read the invitation: %w", err)
	}
	invite, err := exchange.ParseInvite(string(text))
	if err != nil {
		return errors.New(a.text("bundle.error_invite"))
	}
	file, err := a.uplink().Request(a.ctx, invite)
	if err != nil {
		return a.explain(err)
	}
	if err := bundle.Write(c.Out, file); err != nil {
		return a.explain(err)
	}
	return a.say("bundle.requested", "File", c.Out)
}

// bundleFailure is the text key for a fault of a bundle or a reply; "" for another error.
func bundleFailure(err error) string {
	for cause, key := range map[error]string{
		bundle.ErrNoBundle: "no_bundle", bundle.ErrNotForUs: "not_for_us", bundle.ErrIncomplete: "incomplete", bundle.ErrTooLarge: "too_large",
		bundle.ErrReadBack: "read_back", uplink.ErrNotAReply: "no_reply", uplink.ErrNoRecipient: "no_recipient",
	} {
		if errors.Is(err, cause) {
			return "bundle.error_" + key
		}
	}
	return ""
}

// carrier is what the desk's pages do with bundles.
func (a *app) carrier(up *uplink.Uplink) *page.Carrier {
	return &page.Carrier{
		Export: func(ctx context.Context) ([]byte, error) {
			b, err := up.Export(ctx)
			return b.File, err
		},
		Import: func(ctx context.Context, file []byte) ([]templates.Text, error) {
			got, err := up.Import(ctx, file)
			return takenWords(got), err
		},
		Explain: func(err error) templates.Text {
			if key := bundleFailure(err); key != "" {
				return templates.Say(key)
			}
			return templates.Say("bundle.error_other")
		},
	}
}
