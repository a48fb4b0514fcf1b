package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// globals are the options of every command.
type globals struct {
	Data string         `help:"Folder with this agent's data." default:"data-agent" env:"BUKTI_HADIR_AGENT_DATA" type:"path"`
	Lang templates.Lang `help:"Language of messages: id or en." default:"id" enum:"id,en"`
}

// app is what commands work with.
type app struct {
	globals
	ctx    context.Context //nolint:containedctx // an app lives within one run
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	log    *slog.Logger
	pages  *templates.Set
	clock  desk.Clock
	store  *store.Store
}

func openApp(ctx context.Context, g globals, stdin io.Reader, stdout, stderr io.Writer) (*app, error) {
	a := &app{globals: g, ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, log: slog.New(slog.NewTextHandler(stderr, nil))}
	var err error
	if a.pages, err = templates.New("agent", "stand"); err != nil {
		return nil, err
	}
	if a.clock, err = desk.SystemClock(); err != nil {
		return nil, err
	}
	return a, nil
}

// open opens the agent's data, if the command works with it.
func (a *app) open() (err error) {
	a.store, err = store.Open(a.ctx, a.Data)
	return a.explain(err)
}

func (a *app) close() error {
	if a.store == nil {
		return nil
	}
	return a.store.Close()
}

// disk measures the disk that the agent's data lie on.
func (a *app) disk() models.Disk { return diskOf(a.Data) }

// openDesk opens the desk of an enrolled agent, on a file that holds together: a
// damaged index lies long before a row does.
func (a *app) openDesk() (*desk.Desk, error) {
	if err := a.store.QuickCheck(a.ctx); err != nil {
		return nil, a.explain(err)
	}
	d, err := desk.Open(a.ctx, a.store, a.clock, a.log)
	return d, a.explain(err)
}

// explain puts what a user can do something about into the user's language.
func (a *app) explain(err error) error {
	if store.Damaged(err) {
		a.log.Error("the agent's data", "error", err)
		if errors.Is(err, store.ErrStranger) {
			return errors.New(a.text("salvage.stranger"))
		}
		return errors.New(a.text("salvage.damaged"))
	}
	for cause, key := range map[error]string{
		store.ErrNotEnrolled: "terminal.not_enrolled",
		store.ErrEnrolled:    "terminal.enrolled",
		store.ErrNewer:       "terminal.newer",
		store.ErrTampered:    "terminal.tampered",
		store.ErrSealed:      "terminal.sealed",
		store.ErrServed:      "terminal.served",
	} {
		if errors.Is(err, cause) {
			return errors.New(a.text(key))
		}
	}
	return a.explainLine(err)
}

func (a *app) text(key string, args ...any) string { return a.pages.Texts.T(a.Lang, key, args...) }

func (a *app) say(key string, args ...any) error {
	_, err := fmt.Fprintln(a.stdout, a.text(key, args...))
	return err
}

// writeLine answers a command with --json: one object a line.
func writeLine[T scanAnswer | statusAnswer | enrollAnswer | syncAnswer | exportAnswer | takenAnswer | checkAnswer](a *app, v T) error {
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	_, err = a.stdout.Write(append(line, '\n'))
	return err
}

// local writes an instant as RFC 3339 in the site's zone; zero is empty.
func local(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(zone.Location()).Format(time.RFC3339)
}
