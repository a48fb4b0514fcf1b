package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
)

type clockCmd struct {
	Right bool   `help:"Confirm that this machine's clock is right." xor:"clock"`
	Set   string `help:"The right time, in the site's zone." placeholder:"\"2026-01-31 08:00\"" xor:"clock"`
}

// Run prints the desk's time, or records the time that staff confirm.
func (c *clockCmd) Run(a *app) error {
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	status, err := d.Status(a.ctx)
	if err != nil {
		return err
	}
	at := d.Now()
	if c.Set != "" {
		t, err := time.ParseInLocation("2006-01-02 15:04", c.Set, status.Site.Zone.Location())
		if err != nil {
			return errors.New(a.text("clock.unreadable"))
		}
		at = models.MillisOf(t)
	}
	if c.Right || c.Set != "" {
		err := d.ConfirmTime(a.ctx, at, uuid.Nil)
		if errors.Is(err, desk.ErrTime) {
			return errors.New(a.text("clock.unreadable"))
		}
		if err != nil {
			return err
		}
		return a.say("clock.terminal_set", "Time", a.timeIn(d.Now(), status.Site.Zone))
	}
	return a.say("clock.terminal_says", "Time", a.timeIn(at, status.Site.Zone), "Confidence", a.text("confidence."+string(status.Clock)))
}

func (a *app) timeIn(at models.Millis, zone models.Zone) string {
	return a.pages.Texts.Formats(a.Lang).DateTime(at, zone)
}

// warnOfClock warns on standard error that nobody has confirmed the clock yet. Standard
// output is for the results of scans.
func (a *app) warnOfClock(d *desk.Desk) error {
	if !d.AsksForTime() {
		return nil
	}
	status, err := d.Status(a.ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stderr, a.text("clock.terminal", "Time", a.timeIn(d.Now(), status.Site.Zone)))
	return err
}
