package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// actor is the name in the history for changes on the command line.
const actor = "cli"

// globals are the flags that every command takes, before or after its name.
type globals struct {
	Data     string         `help:"Data directory: the database and its master key." default:"./data-server" type:"path" env:"BUKTI_HADIR_DATA"`
	Database string         `help:"PostgreSQL to use instead of SQLite in the data directory: postgres://user@host/name" placeholder:"URL" env:"BUKTI_HADIR_DATABASE"`
	Lang     templates.Lang `help:"Language of messages: id or en." enum:"id,en" default:"id" env:"BUKTI_HADIR_LANG"`
}

// publicFlag is the flag of commands that print links.
type publicFlag struct {
	PublicURL string `help:"Public address of the server, for links; without it, the one it was last started with." placeholder:"URL" env:"BUKTI_HADIR_PUBLIC_URL"`
}

// address is where people reach the server, without a slash at its end; "" if that isn't known.
func (f publicFlag) address(a *app, st *store.Store) (string, error) {
	if f.PublicURL != "" {
		return strings.TrimRight(f.PublicURL, "/"), nil
	}
	public, err := st.Read(a.ctx).PublicURL()
	return strings.TrimRight(public, "/"), err
}

// app is what a command works with. Its store is opened on first use and closed
// when the command has ended.
type app struct {
	globals
	ctx            context.Context
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() models.Millis

	texts *templates.Texts
	store *store.Store
}

func newApp(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{
		ctx: ctx, Stdin: stdin, Stdout: stdout, Stderr: stderr,
		Now: func() models.Millis { return models.MillisOf(time.Now()) },
	}
}

// Open opens the database, made and brought up to date where needed.
func (a *app) Open() (*store.Store, error) {
	if a.store != nil {
		return a.store, nil
	}
	if err := os.MkdirAll(a.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	st, err := store.Open(a.ctx, store.Config{Dir: a.Data, URL: a.Database, Now: a.Now})
	if err != nil {
		return nil, err
	}
	a.store = st
	return st, nil
}

func (a *app) close() error {
	if a.store == nil {
		return nil
	}
	return a.store.Close()
}

// JSON writes one object on a line of its own.
func (a *app) JSON(v any) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// Table writes aligned columns under a head.
func (a *app) Table(head []string, rows [][]string) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{head}, rows...) {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// Say gives a text in the chosen language; without texts, its key.
func (a *app) Say(key string, args ...any) string {
	if a.texts == nil {
		set, err := templates.New()
		if err != nil {
			return key
		}
		a.texts = set.Texts
	}
	return a.texts.T(a.Lang, key, a.texts.Named(a.Lang, args)...)
}

// explain is an error as a sentence: in the chosen language where the domain
// refused something, else as it is.
func (a *app) explain(err error) string {
	if r, ok := office.RefusalOf(err); ok {
		return a.Say(r.Key, r.Args...)
	}
	return err.Error()
}
