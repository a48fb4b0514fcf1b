package main

import (
	"errors"
	"fmt"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web/station"
)

type doctorCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per check."`
}

// checkAnswer is what doctor says of one need with --json. Its names are stable.
type checkAnswer struct {
	Need  desk.Need     `json:"need"`
	Grade desk.Grade    `json:"grade"`
	Count int           `json:"count"`
	Of    int           `json:"of,omitempty"`
	AtMS  models.Millis `json:"at_ms,omitempty"`
	Says  string        `json:"says"`
}

// Run says how the desk stands, in the words of its pages. It ends with an error if
// something is bad.
func (c *doctorCmd) Run(a *app) error {
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := a.store.Verify(a.ctx); err != nil {
		return fmt.Errorf("%s: %w", a.text("terminal.tampered"), err)
	}
	r, err := d.Readiness(a.ctx, desk.Machine{Disk: a.disk(), Battery: desk.ReadBattery(), Phones: station.Addresses()})
	if err != nil {
		return err
	}
	for i, l := range station.Lines(r, a.pages.Texts.Formats(a.Lang)) {
		says := a.text(l.Says.Key, l.Says.Args...)
		if c.JSON {
			k := r.Checks[i]
			err = writeLine(a, checkAnswer{k.Need, k.Grade, k.Count, k.Of, k.At, says})
		} else {
			_, err = fmt.Fprintf(a.stdout, "%s %-24s %-20s %s\n", sign(r.Checks[i].Grade), a.text(l.Need.Key), a.text(l.Badge.Text.Key), says)
		}
		if err != nil {
			return err
		}
	}
	if r.Grade() == desk.Bad {
		return errors.New(a.text("ready.bad"))
	}
	return nil
}

// sign is a grade at a glance, in characters that every terminal has.
func sign(g desk.Grade) string {
	switch g {
	case desk.Good:
		return "[+]"
	case desk.Warn:
		return "[!]"
	case desk.Bad:
		return "[x]"
	case desk.Unknown:
	}
	return "[?]"
}
